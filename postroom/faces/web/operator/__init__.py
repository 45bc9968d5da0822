"""Pages of those who run this Postroom, and of the administrators of companies; search over everything."""
