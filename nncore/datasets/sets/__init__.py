"""The data sets themselves, a module per sort."""
