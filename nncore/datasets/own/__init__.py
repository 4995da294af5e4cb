"""Tables that users bring: read, chosen from, kept."""
