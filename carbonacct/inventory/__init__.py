"""The inventory: what every sector has in common."""
