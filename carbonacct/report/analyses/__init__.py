"""Results of analyses as files that can be handed in: page, document, workbook, pictures."""
