"""Engines turn a Config and data into records and weights, driven by one shared loop."""
