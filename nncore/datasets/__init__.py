"""Data sets: the catalogue (light, no arrays) and their preparation (in child processes)."""
