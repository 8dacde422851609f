"""Low-carbon indices of cities."""
