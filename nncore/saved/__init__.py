"""Trained networks as files: their format, where they are kept, and what can be asked of them."""
