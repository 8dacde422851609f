"""Rows x columns -> the meaning of every cell, dim by dim."""
