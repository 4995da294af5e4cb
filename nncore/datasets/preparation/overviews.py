"""Overviews made once per data set and split, by a child process, and kept beside the arrays.

    python -m nncore.datasets.preparation.overviews DATASET VARIANT SPLIT

The child loads, checks and keeps the arrays, too; it may need scikit-learn and half a
gigabyte, which the web process mustn't hold.
"""

import sys
from dataclasses import fields
from pathlib import Path

import numpy as np

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.files import read_npz
from nncore.datasets.preparation.cache import prepared_file, raw
from nncore.datasets.preparation.overview import Overview, summarize
from nncore.system.child import run_child
from nncore.system.errors import ChildFailed, DataCorrupt, DataError
from nncore.system.file_ages import oldest_first
from nncore.system.files import replacing
from nncore.system.locks import only_one

SECONDS = 120.0  # for 60,000 images on a busy machine, several times over
_MOST_KEPT = 200  # files; a split is free text, and a disk isn't endless
_FIELDS = tuple(f.name for f in fields(Overview))
_OURS = 3  # exit code of a child whose last line is a sentence for people


def kept_overview(dataset: str, variant: str, split: str) -> Overview | None:
    """The overview, if it was made before. Takes milliseconds."""
    path = _path(dataset, variant, split)
    try:
        return Overview(**read_npz(path, _FIELDS)) if path.is_file() else None
    except DataCorrupt:
        return None


def make_overview(dataset: str, variant: str, split: str) -> Overview:
    """Let a child process prepare the data and its overview: a second or some.

    Raises DataError or ChildFailed with a sentence for people.
    """
    label = DATASETS[dataset].label
    child = run_child(
        "nncore.datasets.preparation.overviews",
        *(dataset, variant, split),
        seconds=SECONDS,
        doing=f"Preparing {label}",
    )
    if child.code == _OURS:
        raise DataError(child.output.decode(errors="replace").strip())
    overview = kept_overview(dataset, variant, split)
    if child.code != 0 or overview is None:
        raise ChildFailed(f"{label} could not be prepared: {child.reason}")
    return overview


def write_overview(dataset: str, variant: str, split: str) -> None:
    """Prepare the arrays and their overview. For child processes; raises DataError, OSError."""
    path = _path(dataset, variant, split)
    with only_one(path):
        data = raw(dataset, variant, split)  # kept, too, which the folder may have lost
        if kept_overview(dataset, variant, split) is not None:
            return  # another process was first
        overview = summarize(DATASETS[dataset], data, split)
        with replacing(path) as unfinished, unfinished.open("wb") as file:
            np.savez(file, **vars(overview))
    _forget_oldest(path)


def _path(dataset: str, variant: str, split: str) -> Path:
    arrays = prepared_file(dataset, variant)
    return arrays.with_name(f"{arrays.stem}-{split.replace(':', '-')}.overview")


def _forget_oldest(newest: Path) -> None:
    others = (path for path in newest.parent.glob("*.overview") if path != newest)
    for path, _ in oldest_first(others)[: 1 - _MOST_KEPT]:
        path.unlink(missing_ok=True)


def main() -> int:
    """Make the overview that the command line names."""
    dataset, variant, split = sys.argv[1:]
    try:
        write_overview(dataset, variant, split)
    except DataError as error:
        print(error)
    except OSError as error:
        print(f"The overview can't be kept ({error}). NNLAB_HOME must name a writable folder.")
    else:
        return 0
    return _OURS


if __name__ == "__main__":
    sys.exit(main())
