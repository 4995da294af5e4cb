"""Data sets: the catalogue (light, no arrays) and their preparation (in child processes)."""

from nncore.datasets.errors import DataCorrupt, DataError, DataMissing

__all__ = ["DataCorrupt", "DataError", "DataMissing"]
