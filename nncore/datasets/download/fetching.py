"""One file from a server to a disk: time-outs, size, hash, and what went wrong in a sentence."""

import errno
import hashlib
import http.client
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nncore.system.errors import DataError
from nncore.system.printable import one_line

SILENCE = 30.0  # seconds to connect, and without a byte, until a server counts as silent
_BLOCK = 1 << 18  # bytes
_SLACK = 1.5  # a file this much larger than the published one is another one


@dataclass(frozen=True)
class Part:
    """A file that a server publishes."""

    name: str
    size: int  # bytes, for the progress; the hash decides
    sha256: str = ""  # "" where none is published: the arrays are checked


def fetch(
    part: Part,
    url: str,
    to: Path,
    on_bytes: Callable[[int], None],
    credentials: Mapping[str, str] | None = None,
) -> None:
    """Write the file to `to`; `on_bytes` hears of every block.

    `credentials`: headers for this server only, not for one that it leads to. Raises DataError
    with the reason in a sentence; what has been written so far is removed.
    """
    try:
        _fetch(part, url, to, on_bytes, credentials or {})
    except DataError:
        to.unlink(missing_ok=True)
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        to.unlink(missing_ok=True)
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # it is the answer, too
        raise DataError(reason(error, url, to)) from error


def sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_space(folder: Path, needed: int) -> None:
    """Raise DataError when the disk hasn't that many bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DataError(
            f"The disk of {folder} is nearly full: {needed / 2**20:.0f} MB are needed and "
            f"{free / 2**20:.0f} MB are free."
        )


def reason(error: Exception, url: str, to: Path) -> str:
    """What an error of the network or of the disk means; nothing in it is a server's own words."""
    host = url.partition("//")[2].partition("/")[0]
    if isinstance(error, urllib.error.HTTPError):
        so = "wants another user or password" if error.code == 401 else f"doesn't have {url}"
        return f"The server {host} answers {_answer(error.code)}: it {so}."
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return f"The server {host} is silent: nothing came for {SILENCE:.0f} seconds."
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of {to.parent} is full."
    if isinstance(error, urllib.error.URLError):
        why = getattr(cause, "strerror", None) or cause  # without the number in front
        if match := re.match(r"Tunnel connection failed: (\d{3})", str(why)):
            why = f"a proxy answers {_answer(int(match[1]))}"
        return f"The server {host} can't be reached ({one_line(str(why))}): is this machine online?"
    if isinstance(error, ConnectionError):
        return f"The server {host} broke off the connection."
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} can't be written: {error.strerror}."
    return f"The answer of the server {host} can't be read ({type(error).__name__})."


def _answer(code: int) -> str:
    """A status in our own words: what follows the number in an answer can be anything."""
    return f"{code} {http.client.responses.get(code, '')}".strip()


def _fetch(
    part: Part,
    url: str,
    to: Path,
    on_bytes: Callable[[int], None],
    credentials: Mapping[str, str],
) -> None:
    digest, received = hashlib.sha256(), 0
    request = urllib.request.Request(url, headers={"User-Agent": "NN Lab"})
    for name, value in credentials.items():
        request.add_unredirected_header(name, value)
    with urllib.request.urlopen(request, timeout=SILENCE) as answer, to.open("wb") as file:
        announced = max(int(answer.headers.get("Content-Length") or 0), 0)
        _check_size(part, announced, url)
        while block := answer.read1(_BLOCK):  # what is there: a slow server can be watched
            file.write(block)
            digest.update(block)
            received += len(block)
            on_bytes(len(block))
            _check_size(part, received, url)
    if announced and received != announced:
        raise DataError(
            f"The download was cut off: {received:,} of {announced:,} bytes of {part.name} came."
        )
    if part.sha256 and digest.hexdigest() != part.sha256:
        kind = "was cut off" if received < part.size else "is another file"
        raise DataError(
            f"What came from {url} {kind}: {received:,} bytes instead of {part.size:,}, and "
            "another SHA-256 than published, so it was thrown away."
        )


def _check_size(part: Part, size: int, url: str) -> None:
    if size > _SLACK * part.size + _BLOCK:
        raise DataError(
            f"{url} is another file: it has more than the {part.size:,} bytes of {part.name}."
        )
