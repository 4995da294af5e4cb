"""Charts and tables: pure functions of a Snapshot or of definitions. They never train."""
