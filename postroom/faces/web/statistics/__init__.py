"""Numbers over time, as plots that the server draws and tables that everybody can read."""
