"""Years of work: series spliced, inventories compared by cause, and a project with its store."""
