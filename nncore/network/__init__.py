"""From settings to the list of layers that engines build: architecture, layers, families."""
