"""What a balance holds: amounts with their labels, units and trees, and the cell that each came from."""
