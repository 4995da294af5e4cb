"""Prepared arrays, ready for an engine."""

from dataclasses import dataclass

from nncore.system.arrays import Array


@dataclass(frozen=True)
class Data:
    """One data set, split and preprocessed; what was fitted was fitted on the training part.

    Validation rows judge. Where there is a selection part, it chooses when to stop and which epoch
    is best; else validation rows do that, too.

    x_*: (n, features) float32, flattened; texts: (n, tokens) int32 word indices, 0 is padding.
    y_*: (n,), int64 class labels or float64 targets (on the scale trained on).
    raw target = y * target_scale + target_offset.
    w_train: (n,) how much each training row counts, 1 on average; None where all count alike.
    """

    task: str  # "binary", "multiclass" or "regression"
    classes: tuple[str, ...]
    x_train: Array
    y_train: Array
    x_val: Array
    y_val: Array
    x_test: Array
    y_test: Array
    target_scale: float = 1.0
    target_offset: float = 0.0
    x_selection: Array | None = None
    y_selection: Array | None = None
    w_train: Array | None = None
