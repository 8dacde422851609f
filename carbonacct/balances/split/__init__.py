"""A sheet -> its cells as arrays, and the places of its tables."""
