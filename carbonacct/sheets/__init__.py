"""Files -> cells of sheets, whatever the format. Knows no energy."""
