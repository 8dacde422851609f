"""What is kept of tables that were read: so many kinds of table, and none of more cells, or of more texts, than these."""

KEPT = 128
MOST_KEPT = 4000
MOST_LABELS = 400
