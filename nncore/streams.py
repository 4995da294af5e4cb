"""Independent random streams: one per (seed, purpose, layer), the same in every engine.

Adding dropout to a network shifts neither its batch order nor its initial weights,
and two arms with the same seed share whatever their shapes allow.
"""

import numpy as np

_PURPOSES = {"weights": 1, "order": 2, "dropout": 3}


def stream(seed: int, purpose: str, layer: int = 0) -> np.random.Generator:
    """The generator of one purpose ("weights", "order" or "dropout") of a training.

    `layer` counts a network's layers of that purpose from 0: its dense layers for
    weights, its dropout layers for dropout.
    """
    return np.random.default_rng(np.random.SeedSequence((seed, _PURPOSES[purpose], layer)))
