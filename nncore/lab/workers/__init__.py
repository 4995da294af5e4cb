"""Worker processes, how they start, and how they are talked to."""
