"""Plain Python: what is true of mail hosting, whatever the database, the face or the mail server."""
