"""A child process that asks a network about every row of a file: 125,000 rows take seconds.

    python -m nncore.export.answering FOLDER

The folder has the job (`job.json`, `network.npz`) and receives `answers.csv`. One child at a time.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from nncore.datasets.own.csv_table import Table, read_table
from nncore.export.answered import answered_csv
from nncore.saved.network import SavedNetwork, from_bytes, to_bytes
from nncore.system.blas import environment
from nncore.system.child import Jobs, serve

_JOBS = Jobs(
    "nncore.export.answering",
    seconds=180.0,
    starved="Take the rows in several files.",
)


def ask_rows(network: SavedNetwork, table: Table) -> str:
    """`answered_csv` by a child process; waits for it.

    Raises InvalidSetting for a table that lacks what the network was trained on, and ChildFailed
    when this machine can't.
    """
    with tempfile.TemporaryDirectory(prefix="nnlab-") as name:
        folder = Path(name)
        (folder / "network.npz").write_bytes(to_bytes(network))
        job = {"table": str(table.folder)}
        doing = f"Asking about {table.filename}"
        _JOBS.ask(folder, job, doing=doing, variables=environment())
        return (folder / "answers.csv").read_text(encoding="utf-8")


def main(folder: Path) -> None:
    """Do the job in `folder`."""

    def work(job: dict[str, Any]) -> int:
        network = from_bytes((folder / "network.npz").read_bytes())
        text = answered_csv(network, read_table(Path(job["table"])))
        return (folder / "answers.csv").write_text(text, encoding="utf-8")

    serve(folder, work)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
