"""What is kept of tables that were read: so many kinds of table, none of more cells or texts than these."""

KEPT = 128
MOST_KEPT = 4000
MOST_LABELS = 400
