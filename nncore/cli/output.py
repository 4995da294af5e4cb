"""Results to where they were asked for: tables to standard output, JSON to a file or to it."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nncore.registry import InvalidSetting

STDOUT = "-"


class JsonTarget:
    """Where `--json` points. A path is tried at once, before minutes of training.

    Raises InvalidSetting when it can't be written.
    """

    def __init__(self, path: str | None) -> None:
        self.path = path
        if path is None or path == STDOUT:
            return
        existed = Path(path).exists()
        try:
            with Path(path).open("a", encoding="utf-8"):
                pass
            if not existed:
                Path(path).unlink()
        except OSError as error:
            raise self._refusal(error) from error

    @property
    def takes_stdout(self) -> bool:
        return self.path == STDOUT

    def write(self, value: Any) -> None:
        """Write `value`, if JSON was asked for. Numbers that aren't finite must be None already."""
        if self.path is None:
            return
        text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        if self.takes_stdout:
            sys.stdout.write(text)
            return
        try:
            Path(self.path).write_text(text, encoding="utf-8")
        except OSError as error:
            raise self._refusal(error) from error

    def _refusal(self, error: OSError) -> InvalidSetting:
        why = error.strerror or str(error)
        return InvalidSetting(f"--json must name a file that can be written; {self.path!r}: {why}.")


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Aligned columns; those counted in `right` (from 0) stand to the right."""
    lines = [list(head), *[list(row) for row in rows]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
