"""Cells of sheets -> labelled rows, each number with its unit and the address of its cell."""
