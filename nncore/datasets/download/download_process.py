"""The process that fetches a data set: `python -m nncore.datasets.download.download_process NAME`.

Started by `nncore.datasets.download.downloads.start`. It holds a lock while it lives.
"""

import logging
import os
import shutil
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import Raw
from nncore.datasets.download.downloads import (
    CANCELLED,
    DONE,
    FAILED,
    PATIENCE,
    RUNNING,
    Progress,
    state_file,
    write_progress,
)
from nncore.datasets.download.fetching import Part, check_space, fetch, reason, sha256
from nncore.datasets.download.sources import (
    DOWNLOADS,
    Download,
    Target,
    base_url,
    by_hand,
    credentials,
    place_for_files,
)
from nncore.datasets.files import fingerprint
from nncore.datasets.sets.images import images
from nncore.datasets.sets.reviews import reviews
from nncore.system.errors import DataError
from nncore.system.files import move_durably
from nncore.system.locks import take
from nncore.system.paths import data_folders, keras_folder

log = logging.getLogger(__name__)

_ROOM = 3  # times the size to fetch: the files, ours made from them, and what workers keep
_INTERVAL = 0.2  # seconds between two reports, and between two looks whether to stop


class Fetching:
    """One download from start to end, with its reports."""

    def __init__(self, download: Download) -> None:
        self.download = download
        self.total = sum(part.size for t in download.missing() for part in t.parts)
        self.received = 0
        self.text = "Starting."
        self.is_over = False
        self.refused: list[Path] = []  # published files found here that aren't what they seem
        self.scratch = state_file(download.name, ".part")  # a folder beside the data folder
        self.ending = threading.Lock()  # held by whoever ends it: the result or the cancel

    def run(self) -> Progress:
        """Fetch, check, turn into our files, put in place; how it ended."""
        try:
            self._clear()
            self.scratch.mkdir(parents=True)
            place_for_files().mkdir(parents=True, exist_ok=True)
            check_space(self.scratch, _ROOM * self.total)
            for target in self.download.missing():
                self._make(target)
            with self.ending:
                self._place()
            report = Progress(DONE, self.total, self.total, f"{self.download.label} is there.")
        except DataError as error:
            report = self._failed(str(error))
        except OSError as error:
            report = self._failed(reason(error, base_url(), self.scratch))
        with self.ending:
            self.is_over = True
            self._clear()
            write_progress(self.download.name, report)
        return report

    def watch(self) -> None:
        """Report, and end this process when somebody wishes so, whatever it is waiting for."""
        wish = state_file(self.download.name, ".cancel")
        while True:
            time.sleep(_INTERVAL)
            with self.ending:
                if self.is_over:
                    return
                received = min(self.received, self.total)
                report = Progress(RUNNING, received, self.total, self.text)
                if wish.exists():
                    self._clear()
                    says = "The download was cancelled; nothing is left of it."
                    report = Progress(CANCELLED, 0, self.total, says)
                with suppress(OSError):  # a full disk is noticed by what is fetched next
                    write_progress(self.download.name, report)
                if report.state == CANCELLED:
                    wish.unlink(missing_ok=True)
                    os._exit(0)

    def _make(self, target: Target) -> None:
        """One of our files, checked, in the scratch folder."""
        paths = [self._get(part) for part in target.parts]
        self.text = f"Checking {target.file}."
        made = self.scratch / f"{target.file}.made"
        if target.read is None:
            shutil.copyfile(paths[0], made)
        else:
            arrays = target.read(paths)
            self._check(arrays)
            with made.open("wb") as file:
                np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    def _place(self) -> None:
        for target in self.download.missing():  # the user may have been faster
            goal = place_for_files() / target.file
            if not os.path.lexists(goal):
                move_durably(self.scratch / f"{target.file}.made", goal)

    def _get(self, part: Part) -> Path:
        """The published file: from here if somebody has it, else from the server."""
        if local := self._local(part):
            self._count(part.size)
            return local
        to = self.scratch / part.name
        self.text = f"Fetching {part.name}."
        fetch(part, base_url() + part.name, to, self._count, credentials())
        return to

    def _local(self, part: Part) -> Path | None:
        folders = [*data_folders(), keras_folder(), keras_folder() / "fashion-mnist"]
        for path in (folder / part.name for folder in folders):
            if not path.is_file():
                continue
            is_size = path.stat().st_size == part.size
            if is_size and part.sha256 in ("", sha256(path)):
                return path
            self.refused.append(path)
        return None

    def _check(self, arrays: dict[str, np.ndarray]) -> None:
        """Raise DataError unless these are the arrays that the catalogue knows."""
        data = DATASETS[self.download.name]
        raw: Raw = (reviews if data.kind == "text" else images)(arrays)
        if fingerprint(raw.arrays()) != data.variants["full"].sha256:
            raise DataError(
                f"The files were read, but hold other arrays than {data.label}, so they were "
                "thrown away."
            )

    def _failed(self, why: str) -> Progress:
        log.error("%s", why)
        also = ""
        if self.refused:
            paths = ", ".join(map(str, self.refused))
            also = f" {paths} was found, but is not the published file; it was left as it is."
        text = f"{why}{also} {by_hand(self.download)}"
        return Progress(FAILED, self.received, self.total, text)

    def _count(self, received: int) -> None:
        self.received += received

    def _clear(self) -> None:
        shutil.rmtree(self.scratch, ignore_errors=True)


def main(name: str) -> None:
    """Fetch what is missing of a data set, unless another process is at it."""
    lock = take(state_file(name, ".lock"), PATIENCE)
    if lock is None:
        return
    fetching = Fetching(DOWNLOADS[name])
    threading.Thread(target=fetching.watch, daemon=True).start()
    fetching.run()


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    main(sys.argv[1])
