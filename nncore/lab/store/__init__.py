"""The store: queue, cache and live feed in one database."""
