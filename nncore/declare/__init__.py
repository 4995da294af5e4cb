"""How a choice and its hyperparameters are declared once: registries, domains, parameters."""
