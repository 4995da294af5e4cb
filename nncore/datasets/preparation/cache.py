"""Checked raw arrays on disk, so that workers need neither scikit-learn nor hashing again.

A file's name holds its data's fingerprint: what was prepared from other data, or by another
version, is never read. The folder may be deleted at any time.
"""

from contextlib import suppress
from pathlib import Path

import numpy as np

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import Dataset, Raw, Variant
from nncore.datasets.files import EXTRACTS, find, fingerprint, map_array, read_npz
from nncore.system.errors import DataCorrupt
from nncore.system.files import replacing
from nncore.system.locks import only_one
from nncore.system.paths import prepared_folder


def available(dataset: str, variant: str) -> bool:
    """Whether the arrays can be had without asking the user for a file. Cheap."""
    form = DATASETS[dataset].variants.get(variant)
    if form is None:
        return False
    return form.bundled or find(form.file) is not None or _path(DATASETS[dataset], form).is_file()


def raw(dataset: str, variant: str) -> Raw:
    """The arrays of a data set, from the prepared folder if they are there.

    Otherwise they are loaded and checked, by one process at a time, and kept. Raises
    DataMissing or DataCorrupt.
    """
    data = DATASETS[dataset]
    form = data.variants[variant]
    path = _path(data, form)
    kept = _read(data, path)
    if kept is not None:
        return kept
    with only_one(path):
        kept = _read(data, path)  # another process may have been first
        if kept is None:
            kept = load_checked(data, form)
            with suppress(OSError):  # a full or read-only disk costs time, not the training
                _write(path, kept)
    return kept


def mapped(dataset: str, variant: str) -> Raw | None:
    """The prepared arrays, read row by row as they are used; None before they are prepared.

    For the web process, which shows a few rows and shouldn't hold all of them.
    """
    path = prepared_file(dataset, variant)
    try:
        if not path.is_file():
            return None
        return Raw.of({name: map_array(path, name) for name in DATASETS[dataset].array_names})
    except DataCorrupt:
        return None


def prepared_file(dataset: str, variant: str) -> Path:
    """Where the checked arrays of a data set are kept, whether or not they are there yet."""
    return _path(DATASETS[dataset], DATASETS[dataset].variants[variant])


def load_checked(data: Dataset, form: Variant) -> Raw:
    """Load from the source; DataCorrupt when the arrays are not the ones the catalogue knows."""
    arrays = form.load()
    if fingerprint(arrays.arrays()) != form.sha256:
        raise DataCorrupt(_other_arrays(data, form))
    return arrays


def _other_arrays(data: Dataset, form: Variant) -> str:
    if data.own:
        return f"The copy of {data.label} is damaged: delete it and upload its file again."
    if form.file:
        return (
            f"{find(form.file)} holds other arrays than {data.label} ({form.note}), so it is not "
            f"used. Replace it by the original {form.file}; NN Lab neither changed nor deleted it."
        )
    bundled = EXTRACTS / f"{data.name}.npz"
    if bundled.is_file():
        return f"{bundled} is part of NN Lab but holds other arrays: install NN Lab again."
    import sklearn

    return (
        f"scikit-learn {sklearn.__version__} with NumPy {np.__version__} gives another "
        f"{data.label} data set than this version of NN Lab was made for, so results could not "
        "be compared. Install the versions that requirements.txt names."
    )


def _path(data: Dataset, form: Variant) -> Path:
    return prepared_folder() / f"{data.name}-{form.sha256[:16]}.npz"


def _read(data: Dataset, path: Path) -> Raw | None:
    """What is kept, or None when it is absent or damaged (zip checks its own sums)."""
    try:
        return Raw.of(read_npz(path, data.array_names)) if path.is_file() else None
    except DataCorrupt:
        return None


def _write(path: Path, arrays: Raw) -> None:
    with replacing(path) as unfinished, unfinished.open("wb") as file:
        np.savez(file, **arrays.arrays())
