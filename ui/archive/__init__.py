"""The page of all results: found, sorted, named, deleted, and laid over each other."""
