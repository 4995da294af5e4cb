"""Results to where they were asked for: tables to standard output, JSON to a file or to it."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from nncore.system.errors import InvalidSetting
from nncore.system.files import write_whole

STDOUT = "-"


def set_up_streams() -> None:
    """Standard streams that take any text, also where they are closed or know only ASCII."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the shell: `>&-`
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  stays open
            setattr(sys, name, nowhere)
        getattr(sys, name).reconfigure(errors="backslashreplace")


def put(stream: TextIO, text: str) -> None:
    """Write at once. Who has stopped reading (`| head`) is no error and misses the rest.

    Raises InvalidSetting when standard output can't be written for another reason.
    """
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # what is left in the buffer must go somewhere
        os.close(nowhere)
        if stream is sys.stdout and not isinstance(error, BrokenPipeError):
            raise InvalidSetting(f"Standard output can't be written: {error.strerror}.") from error


def file_to_write(option: str, name: str, endings: Sequence[str]) -> Path:
    """The path that an option names; its ending says what is written.

    Raises InvalidSetting for another ending, or a folder that isn't there.
    """
    path = Path(name)
    if path.suffix not in endings:
        raise InvalidSetting(f"{option} must end in one of {', '.join(endings)}; got {name!r}.")
    if not path.absolute().parent.is_dir():
        raise InvalidSetting(f"{name} can't be written: there is no folder {path.parent}.")
    return path


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole. Raises InvalidSetting when it can't be written."""
    try:
        write_whole(path, content)
    except OSError as error:
        why = error.strerror or str(error)
        raise InvalidSetting(f"{path} can't be written: {why}.") from error


class JsonTarget:
    """Where `--json` points. A path is tried at once, before minutes of training.

    Raises InvalidSetting when it can't be written.
    """

    def __init__(self, path: str | None) -> None:
        self.path = path
        if path is None or path == STDOUT:
            return
        existed = os.path.lexists(path)  # a link that leads nowhere yet is kept, too
        try:
            with Path(path).open("a", encoding="utf-8"):
                pass
            if not existed:
                Path(path).unlink()
        except OSError as error:
            raise self._refusal(error) from error

    @property
    def is_wanted(self) -> bool:
        return self.path is not None

    @property
    def takes_stdout(self) -> bool:
        return self.path == STDOUT

    def write(self, value: Any) -> None:
        """Write `value`, if JSON was asked for. Numbers that aren't finite must be None already."""
        if self.path is None:
            return
        # ASCII on standard output, whose encoding is the terminal's
        text = json.dumps(value, indent=2, ensure_ascii=self.takes_stdout, allow_nan=False) + "\n"
        if self.takes_stdout:
            put(sys.stdout, text)
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
