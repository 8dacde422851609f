"""Cells of sheets -> labelled rows and pages: each number with its labels, unit and address."""
