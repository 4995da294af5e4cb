"""A child process for users' files: reading 50 MB takes up to a gigabyte, which it gives back.

    python -m nncore.datasets.own.child FOLDER

The folder has the job (`job.json`, and the bytes of the file, or the table read before) and
receives the answer. One child at a time.
"""

import json
import resource
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from nncore.system.blas import environment
from nncore.system.child import AGAIN, run_child
from nncore.system.errors import DataError, InvalidSetting

SECONDS = 180.0  # 50 MB take 10; on a busy machine several times that
MOST_MEMORY = 3 * 2**30  # bytes of a child; three times what 50 MB were seen to take
_ONE = threading.Lock()
_BUSY = "The machine is busy: reading {0} took over {1:g} seconds. Try again later."
_LARGE = (
    "There is not enough memory to read {0}. Take a random part of its rows, or only the columns "
    "that matter."
)


def ask(folder: Path, filename: str, job: dict[str, Any]) -> str:
    """Have a child process do a job in `folder`, and wait; its answer.

    Raises InvalidSetting when the file or the choices can't be used, and DataError when this
    machine can't do it, in sentences.
    """
    (folder / "job.json").write_text(json.dumps({**job, "filename": filename}))
    if not _ONE.acquire(timeout=SECONDS):
        raise DataError(_BUSY.format(filename, SECONDS))
    try:
        code, last_words = _start(folder)
    except subprocess.TimeoutExpired as error:
        raise DataError(_BUSY.format(filename, SECONDS)) from error
    except OSError as error:
        raise DataError(
            f"A process to read {filename} can't be started: {error}. {AGAIN}"
        ) from error
    finally:
        _ONE.release()
    if code < 0 or "MemoryError" in last_words:  # most likely ended for want of memory
        raise DataError(_LARGE.format(filename))
    if code != 0:
        raise DataError(f"{filename} can't be read: {last_words or f'exit code {code}'}.")
    answer = json.loads((folder / "answer.json").read_bytes())
    if "refused" in answer:
        raise InvalidSetting(answer["refused"])
    if "trouble" in answer:
        raise DataError(answer["trouble"])
    return str(answer["done"])


def _start(folder: Path) -> tuple[int, str]:
    """Exit code and last line of a child process."""
    child = run_child(
        "nncore.datasets.own.child", str(folder), seconds=SECONDS, variables=environment()
    )
    return child.code, child.last_words


def limit() -> None:
    """Let this process have no more than MOST_MEMORY: a MemoryError is better than a full machine.

    Only what it may write to counts, not the libraries.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))


def work(folder: Path) -> tuple[int, str]:
    """Do the job in `folder`, in this process; what `_start` returns."""
    job = json.loads((folder / "job.json").read_bytes())
    try:
        answer = {"done": _inspect(folder, **job) if "header" in job else _add(folder, **job)}
    except InvalidSetting as error:
        answer = {"refused": str(error)}
    except DataError as error:
        answer = {"trouble": str(error)}
    except OSError as error:
        answer = {"trouble": f"{folder} can't be written: {error.strerror or error}."}
    (folder / "answer.json").write_text(json.dumps(answer))
    return 0, ""


def _inspect(folder: Path, filename: str, header: bool | None) -> str:
    from nncore.datasets.own.csv_columns import store_table  # pandas

    store_table((folder / "file").read_bytes(), filename, header, folder)
    return filename


def _add(folder: Path, filename: str, **choices: Any) -> str:
    from nncore.datasets.own.arrays import make
    from nncore.datasets.own.csv_table import read_table

    return make(read_table(folder), **choices).name


if __name__ == "__main__":
    limit()
    sys.exit(work(Path(sys.argv[1]))[0])
