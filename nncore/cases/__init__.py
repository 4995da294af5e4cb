"""Published experiments, and what of them holds over seeds."""
