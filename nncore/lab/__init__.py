"""The lab: where comparisons are stored, queued, trained and followed."""
