"""What one text says, dim by dim: a header, a label, a unit, a title."""
