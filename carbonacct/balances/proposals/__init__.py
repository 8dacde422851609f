"""A mapping file for a table that does not read: what its unknown labels may be."""
