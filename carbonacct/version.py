"""The version of this program, which results bear."""

__version__ = "0.1.0"
