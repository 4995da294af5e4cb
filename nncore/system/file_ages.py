"""Files by when they were last used, for whoever keeps only some of them."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_SKEW = 60.0  # seconds that the clock of a file server may be ahead of ours


def oldest_first(paths: Iterable[Path]) -> list[tuple[Path, os.stat_result]]:
    """The files that are there, those not used for longest first.

    A time that is yet to come was stamped before the clock was set back: before all others.
    """
    files = []
    for path in paths:
        with suppress(OSError):  # another process may have been first
            files.append((path, path.stat()))
    now = time.time() + _SKEW
    return sorted(files, key=lambda file: (file[1].st_mtime <= now, file[1].st_mtime))
