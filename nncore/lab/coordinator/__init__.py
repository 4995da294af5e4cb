"""The coordinator: one process per store that picks what is trained next."""
