"""Checked raw arrays on disk, so that workers need neither scikit-learn nor hashing again.

A file's name holds its data's fingerprint: what was prepared from other data, or by another
version, is never read. The folder may be deleted at any time.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import ROWS, Dataset, Raw, Variant
from nncore.datasets.files import EXTRACTS, find, fingerprint, map_array, read_npz
from nncore.datasets.own.csv_table import MOST_ABSOLUTE
from nncore.datasets.ragged import Ragged
from nncore.datasets.split_form import published
from nncore.datasets.splits import as_published
from nncore.system.arrays import Array
from nncore.system.errors import DataCorrupt, DataMissing
from nncore.system.files import replacing
from nncore.system.locks import only_one
from nncore.system.paths import prepared_folder


def available(dataset: str, variant: str) -> bool:
    """Whether the arrays can be had without asking the user for a file. Cheap."""
    form = DATASETS[dataset].variants.get(variant)
    if form is None:
        return False
    return form.bundled or find(form.file) is not None or _path(DATASETS[dataset], form).is_file()


def raw(dataset: str, variant: str, split: str = "none") -> Raw:
    """The arrays of a data set, from the prepared folder if they are there.

    Otherwise they are loaded and checked, by one process at a time, and kept. Their test part is
    that of a published `split`, see `nncore.datasets.splits.as_published`. Raises DataMissing or
    DataCorrupt.
    """
    data = DATASETS[dataset]
    form = data.variants[variant]
    path = _path(data, form)
    kept = _read(data, form, path)
    if kept is not None and not _lacks_rows(form, kept, split):
        return as_published(kept, split)
    with only_one(path):
        kept = _read(data, form, path)  # another process may have been first
        if kept is None or _lacks_rows(form, kept, split):
            kept = load_checked(data, form)
            with suppress(OSError):  # a full or read-only disk costs time, not the training
                _write(path, kept)
    if _lacks_rows(form, kept, split):
        raise DataMissing(
            f"{data.label} was kept by a version of NN Lab that didn't write down the order of its "
            f"rows, which the split {split} draws from: upload its file again, or take another "
            "split."
        )
    return as_published(kept, split)


def mapped(dataset: str, variant: str, split: str = "none") -> Raw | None:
    """The prepared arrays, read row by row as they are used; None before they are prepared.

    For the web process, which shows a few rows and shouldn't hold all of them. Under a published
    `split` it does, unless the test part came with the data; those that it draws are small.
    """
    path = prepared_file(dataset, variant)
    data = DATASETS[dataset]
    form = data.variants[variant]
    names = [*data.array_names, *((ROWS,) if _draws_test(form, split) else ())]
    try:
        if not path.is_file():
            return None
        kept = Raw.of({name: map_array(path, name) for name in names})
    except DataCorrupt:
        return None
    return as_published(kept, split) if _fits(data, form, kept) else None


def _draws_test(form: Variant, split: str) -> bool:
    return published(split) is not None and not form.test_given


def _lacks_rows(form: Variant, kept: Raw, split: str) -> bool:
    """Whether a published split can't be drawn, as with files from before there were any."""
    return kept.rows is None and _draws_test(form, split)


def prepared_file(dataset: str, variant: str) -> Path:
    """Where the checked arrays of a data set are kept, whether or not they are there yet."""
    return _path(DATASETS[dataset], DATASETS[dataset].variants[variant])


def load_checked(data: Dataset, form: Variant) -> Raw:
    """Load from the source; DataCorrupt when the arrays are not the ones the catalogue knows."""
    arrays = form.load()
    is_known = fingerprint(arrays.arrays()) == form.sha256
    if not is_known or (data.own and not _is_sound(data, form, arrays)):
        raise DataCorrupt(_other_arrays(data, form))
    return arrays


def _is_sound(data: Dataset, form: Variant, arrays: Raw) -> bool:
    """Whether an own set is one that could have been made here: who wrote it wrote its hash."""
    may_lack = data.recipe is not None
    return _fits(data, form, arrays) and all(
        bool((np.abs(numbers) <= MOST_ABSOLUTE)[~np.isnan(numbers) if may_lack else ...].all())
        for numbers in arrays.arrays().values()
    )


def _fits(data: Dataset, form: Variant, arrays: Raw) -> bool:
    """Whether arrays have the rows, the shapes and the kinds of values that the catalogue says."""
    parts = (
        (form.train, arrays.x_train, arrays.y_train),
        (form.test, arrays.x_test, arrays.y_test),
    )
    return _is_order(arrays.rows, form) and all(_part_fits(data, *part) for part in parts)


def _is_order(rows: Array | None, form: Variant) -> bool:
    n = form.train + form.test
    return rows is None or np.array_equal(np.sort(rows), np.arange(n))


def _part_fits(data: Dataset, rows: int, x: Any, y: Array) -> bool:
    if isinstance(x, Ragged):
        has_rows = x.is_whole and len(x) == rows
    else:
        is_number = x.dtype.kind in ("iu" if data.kind == "image" else "f")
        has_rows = is_number and x.shape == (rows, *data.input_shape)
    if not has_rows or y.shape != (rows,):
        return False
    if data.task == "regression":
        return y.dtype.kind == "f"
    return y.dtype.kind == "i" and y.min() >= 0 and y.max() < len(data.classes)


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


def _read(data: Dataset, form: Variant, path: Path) -> Raw | None:
    """What is kept, or None when it is absent or damaged (zip checks its own sums)."""
    try:
        kept = Raw.of(read_npz(path, data.array_names, more=(ROWS,))) if path.is_file() else None
    except DataCorrupt:
        return None
    return kept if kept is not None and _fits(data, form, kept) else None


def _write(path: Path, arrays: Raw) -> None:
    with replacing(path) as unfinished, unfinished.open("wb") as file:
        np.savez(file, **arrays.kept())
