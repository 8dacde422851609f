"""What a balance must keep, why it does not, and what its totals have beyond their parts."""
