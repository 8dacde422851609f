"""Official tables: their layouts are data, and each number in them is a sum of entries."""
