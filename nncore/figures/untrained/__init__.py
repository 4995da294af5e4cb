"""Figures of what can be seen without training."""
