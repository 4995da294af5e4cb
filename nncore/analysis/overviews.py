"""Overviews made once per data set and split, by a child process, and kept beside the arrays.

    python -m nncore.analysis.overviews DATASET VARIANT SPLIT

The child loads, checks and keeps the arrays, too; it may need scikit-learn and half a
gigabyte, which the web process mustn't hold.
"""

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np

from nncore.analysis.overview import Overview, summarize
from nncore.child import AGAIN, run_child
from nncore.datasets.cache import only_one, prepared_file, raw
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.errors import DataCorrupt, DataError
from nncore.datasets.files import read_npz
from nncore.file_ages import oldest_first

SECONDS = 120.0  # for 60,000 images on a busy machine, several times over
_MOST_KEPT = 200  # files; a split is free text, and a disk isn't endless
_FIELDS = tuple(f.name for f in fields(Overview))
_OURS = 3  # exit code of a child whose last line is a sentence for people


class OverviewFailed(DataError):
    """The child process gave no overview; the message says why."""


def kept_overview(dataset: str, variant: str, split: str) -> Overview | None:
    """The overview, if it was made before. Takes milliseconds."""
    path = _path(dataset, variant, split)
    try:
        return Overview(**read_npz(path, _FIELDS)) if path.is_file() else None
    except DataCorrupt:
        return None


def make_overview(dataset: str, variant: str, split: str) -> Overview:
    """Let a child process prepare the data and its overview: a second or some.

    Raises DataError with a sentence for people.
    """
    label = DATASETS[dataset].label
    try:
        child = run_child("nncore.analysis.overviews", dataset, variant, split, seconds=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise OverviewFailed(f"Preparing {label} took over {SECONDS:g} seconds. {AGAIN}") from error
    except OSError as error:
        raise OverviewFailed(
            f"A process to prepare {label} can't be started: {error}. {AGAIN}"
        ) from error
    if child.code == _OURS:
        raise OverviewFailed(child.output.decode(errors="replace").strip())
    found = kept_overview(dataset, variant, split)
    if child.code != 0 or found is None:
        raise OverviewFailed(f"{label} could not be prepared: {child.reason}")
    return found


def write_overview(dataset: str, variant: str, split: str) -> None:
    """Prepare the arrays and their overview. For child processes; raises DataError, OSError."""
    path = _path(dataset, variant, split)
    with only_one(path):
        data = raw(dataset, variant)  # kept, too, which the folder may have lost
        if kept_overview(dataset, variant, split) is not None:
            return  # another process was first
        found = summarize(DATASETS[dataset], data, split)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            np.savez(file, **vars(found))
        os.replace(unfinished, path)
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
