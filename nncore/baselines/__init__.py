"""Simple models, to stand beside the networks on the same rows."""
