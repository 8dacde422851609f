"""Sectors of an inventory: each compiles its own entries; none knows another."""
