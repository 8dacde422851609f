"""The labels of a table -> what its columns and its rows say, each with what stands above it."""
