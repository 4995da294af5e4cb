"""A child process for users' files: reading 50 MB takes up to a gigabyte, which it gives back.

    python -m nncore.datasets.own.child FOLDER

The folder has the job (`job.json`, and the bytes of the file, or the table read before) and
receives the answer. Two children at a time, one of them for small jobs alone: they take some
seconds, so nobody waits for somebody else's 50 MB. Together they take no more than 4 GB.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from nncore.system.blas import environment
from nncore.system.child import Jobs, serve
from nncore.system.errors import DataError

MOST_MEMORY = 3 * 2**30  # bytes of a child; three times what 50 MB were seen to take
SMALL_MEMORY = 2**30  # of one that does a small job; twice what 5 MB were seen to take
_JOBS = Jobs(
    "nncore.datasets.own.child",
    seconds=180.0,  # 50 MB take 10; on a busy machine several times that
    starved="Take a random part of its rows, or only the columns that matter.",
)


def ask(folder: Path, filename: str, job: dict[str, Any], small: bool = False) -> str:
    """Have a child process do a job in `folder`, and wait; its answer. small: of some seconds.

    Raises InvalidSetting when the file or the choices can't be used, and DataError or ChildFailed
    when this machine can't do it, in sentences.
    """
    asked = {**job, "filename": filename, "memory": SMALL_MEMORY if small else MOST_MEMORY}
    done = _JOBS.ask(
        folder,
        asked,
        doing=f"Reading {filename}",
        variables=environment(),
        lane="small" if small else "",
    )
    return str(done)


def limit(most: int = MOST_MEMORY) -> None:
    """Let this process have no more bytes: a MemoryError is better than a full machine.

    Only what it may write to counts, not the libraries.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def work(folder: Path, job: dict[str, Any]) -> str:
    """Do a job in `folder`, in this process."""
    asked = {key: value for key, value in job.items() if key != "memory"}
    try:
        return _inspect(folder, **asked) if "how" in asked else _add(folder, **asked)
    except OSError as error:
        raise DataError(f"{folder} can't be written: {error.strerror or error}.") from error


def _inspect(folder: Path, filename: str, how: dict[str, Any]) -> str:
    from nncore.datasets.own.csv_columns import store_table  # pandas
    from nncore.datasets.own.csv_table import read_table
    from nncore.datasets.own.how import How
    from nncore.datasets.own.profile import write_profiles

    store_table((folder / "file").read_bytes(), filename, How(**how), folder)
    write_profiles(read_table(folder))
    return filename


def _add(
    folder: Path, filename: str, wished: dict[str, Any], label: str, owner: str, test_file: str
) -> str:
    from nncore.datasets.own.arrays import make
    from nncore.datasets.own.csv_table import read_table
    from nncore.datasets.own.wish import Wish

    test = read_table(Path(test_file)) if test_file else None
    return make(read_table(folder), Wish(**wished), label, owner, test).name


if __name__ == "__main__":
    limit(json.loads((Path(sys.argv[1]) / "job.json").read_bytes())["memory"])
    serve(Path(sys.argv[1]), lambda job: work(Path(sys.argv[1]), job))
