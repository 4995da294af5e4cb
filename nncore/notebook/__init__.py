"""What a notebook calls: compare, train and describe in a line each."""
