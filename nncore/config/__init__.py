"""Config: everything one training depends on, its settings, and what can't work together."""
