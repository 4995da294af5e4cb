"""Figures of what was trained."""
