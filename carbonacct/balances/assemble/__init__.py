"""Cells of all tables -> one balance: one number for each place."""
