"""Composite low-carbon indices and indicator forms, declared as data."""
