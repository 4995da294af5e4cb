"""Compiled programs that outlive their process: XLA's work, in the user's data folder.

TensorFlow can leave what XLA compiled in a folder and find it there again, but trusts what it
finds: a damaged file ends the training or the process, and one changed bit in some dozens gives
other numbers without a word. So TensorFlow never sees what is kept here. A process that `keep`s has
an exchange, a folder of its own that is empty but while a program compiles (`outliving`): then this
program's file lies there if its checksum is right, and what TensorFlow leaves there is kept with a
checksum, in one step, so that other processes see all of it or nothing. What can't be read, written
or trusted is compiled anew.

Kept programs differ by folder where the same network would be compiled otherwise: another
TensorFlow, other flags, another processor. TensorFlow itself compares the whole program before it
takes a file for it.
"""

import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from nncore.engines.keras.setup import ENVIRONMENT, set_environment
from nncore.system.file_ages import oldest_first
from nncore.system.files import write_whole
from nncore.system.machine import place
from nncore.system.paths import home_folder

log = logging.getLogger("nncore.engines.keras.compiled")

MOST_TOGETHER = 128 * 2**20  # bytes; one takes 0.2 to 0.6 MB
MOST_OF_ONE = 16 * 2**20
SPACE = 64 * 2**20  # bytes that must be free
PROBE = 2**20  # bytes written to see whether that is possible at all
_FLAGS = "TF_XLA_FLAGS"
_COUNTS = ("TF_ENABLE_ONEDNN_OPTS", _FLAGS, *ENVIRONMENT)  # variables that change what is compiled
_PROCESSOR = (
    *("vendor_id", "cpu family", "model", "model name", "stepping", "flags"),
    *("CPU implementer", "CPU architecture", "CPU variant", "CPU part", "CPU revision", "Features"),
)
_DIGEST = hashlib.sha256().digest_size


class _Kept:
    """What this process knows of programs that outlive it; one, as TensorFlow's flags are."""

    def __init__(self) -> None:
        self.folder: Path | None = None  # of kept programs; None: nothing outlives this process
        self.exchange = Path()
        self.named: set[str] = set()  # programs whose names are taken in this process


_kept = _Kept()


def folder() -> Path:
    """The folder of kept programs, with a folder for each kind of machine; it may be deleted."""
    return home_folder() / "programs"


def keep() -> bool:
    """From now on programs outlive this process; False where that isn't safe.

    Call it before `configure`: that makes TensorFlow read its flags, which it does once.
    """
    if _kept.folder is not None:
        return True
    set_environment()
    machine, flags = _machine(), os.environ.get(_FLAGS, "")
    if machine is None or "persistent_cache" in flags or (flags and not flags.startswith("-")):
        return False
    mine = folder() / machine
    if "'" in str(mine) or not _can_name():
        return False
    try:
        mine.mkdir(parents=True, exist_ok=True)
        mine.chmod(0o700)  # fails where it is somebody else's
        _forget_unfinished()
        name = f"{_place()}.{os.getpid()}."
        exchange = Path(tempfile.mkdtemp(prefix=name, suffix=".part", dir=mine))
        _probe(exchange)
    except OSError as error:
        log.warning("programs are not kept: %s", error)
        return False
    os.environ[_FLAGS] = f"{flags} --tf_xla_persistent_cache_directory='{exchange}'".lstrip()
    _kept.folder, _kept.exchange = mine, exchange
    return True


def is_kept() -> bool:
    """Whether this process keeps programs, and may owe an error to one."""
    return _kept.folder is not None


def forget() -> None:
    """Delete all that is kept, because something of it may be at fault."""
    for path in folder().glob("*/*.xla"):
        with suppress(OSError):
            path.unlink()


def key_of(compiled: Mapping[str, Any], rows: int) -> str:
    """What the program of a Config's compiled settings over so many rows is kept under."""
    text = json.dumps([dict(compiled), rows], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def begin_names() -> None:
    """Let Keras's automatic names begin anew: they become part of a program.

    Names like `adam_3` would tell what the process built before, and no other would find the
    program again.
    """
    if is_kept():
        import keras

        keras.utils.clear_session(free_memory=False)


@contextmanager
def outliving(key: str) -> Iterator[None]:
    """Trace and compile the program of `key` inside: it is taken from here and left here.

    The second time in a process it is as if nothing were kept: its names are taken.
    """
    if _kept.folder is None:
        yield
        return
    _clear()
    try:
        if key in _kept.named:
            yield
            return
        _kept.named.add(key)
        path = _kept.folder / f"{key}.xla"
        entry = _read(path)
        if entry is not None:
            _put(*entry)
        with _names(key):
            yield
        _take(path, entry[0] if entry else "")
    finally:
        _clear()


def prune(most: int = MOST_TOGETHER, spared: Path | None = None) -> None:
    """Delete what was not used for longest until all together has at most `most` bytes."""
    files = oldest_first(folder().glob("*/*.xla"))
    together = sum(about.st_size for _, about in files)
    for path, about in files:
        if together <= most:
            return
        if path != spared:
            with suppress(OSError):
                path.unlink()
            together -= about.st_size


def _machine() -> str | None:
    """A name for all that decides how XLA compiles here; None where that can't be known."""
    try:
        lines = Path("/proc/cpuinfo").read_text().partition("\n\n")[0].splitlines()
    except OSError:
        return None
    fields = {name.strip(): value.strip() for name, _, value in (la.partition(":") for la in lines)}
    if not fields.keys() & {"flags", "Features"}:
        return None
    about = [
        [version("tensorflow"), version("keras")],
        {name: os.environ.get(name) for name in _COUNTS},
        {name: fields.get(name) for name in _PROCESSOR},
        len(os.sched_getaffinity(0)),  # among so many XLA divides the work
    ]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:16]


def _can_name() -> bool:
    """Whether TensorFlow numbers functions where `_names` expects it: it is no public name."""
    from tensorflow.python.framework import ops

    return callable(getattr(ops, "uid", None))


@contextmanager
def _names(key: str) -> Iterator[None]:
    """Number functions from the program's key on, not from what was traced before.

    Names must differ within a process, those of other programs and TensorFlow's own included:
    there are 2^20 numbers for each of 2^40 programs, above all that TensorFlow will count to.
    """
    from tensorflow.python.framework import ops

    numbers = count((1 << 60) + (int(key[:10], 16) << 20))
    counted = ops.uid
    ops.uid = lambda: next(numbers)
    try:
        yield
    finally:
        ops.uid = counted


def _read(path: Path) -> tuple[str, bytes] | None:
    """The (name, content) that TensorFlow wrote; None, and the file is gone, if it is damaged."""
    try:
        if path.stat().st_size <= MOST_OF_ONE:
            data = path.read_bytes()
            if hashlib.sha256(data[_DIGEST:]).digest() == data[:_DIGEST]:
                os.utime(path)  # it is used: prune others first
                name, _, content = data[_DIGEST:].partition(b"\n")
                return name.decode(), content
        log.warning("a kept program was damaged: %s", path)
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("a kept program can't be read: %s", error)
    with suppress(OSError):
        path.unlink()
    return None


def _put(name: str, content: bytes) -> None:
    """Lay a program where TensorFlow looks for it."""
    goal = _kept.exchange / name
    try:
        _kept.exchange.mkdir(mode=0o700, exist_ok=True)
        goal.write_bytes(content)
    except OSError as error:
        log.warning("a kept program can't be used: %s", error)
        goal.unlink(missing_ok=True)  # half of one would end the training


def _take(path: Path, known: str) -> None:
    """Keep what TensorFlow has left, if that isn't what is kept already."""
    try:
        left = list(_kept.exchange.iterdir())
        new = [file for file in left if file.name != known]
        if len(new) != 1 or new[0].stat().st_size > MOST_OF_ONE:
            return
        content = new[0].name.encode() + b"\n" + new[0].read_bytes()
        write_whole(path, hashlib.sha256(content).digest() + content)
        prune(spared=path)
    except OSError as error:
        log.warning("a program can't be kept: %s", error)


def _clear() -> None:
    with suppress(OSError):
        for file in list(_kept.exchange.iterdir()):
            file.unlink()


def _probe(exchange: Path) -> None:
    """Raise OSError where programs can't be written: TensorFlow would fail the training."""
    if shutil.disk_usage(exchange).free < SPACE:
        raise OSError(f"less than {SPACE / 2**20:.0f} MB are free in {exchange}")
    probe = exchange / "probe"
    try:
        probe.write_bytes(bytes(PROBE))
    finally:
        probe.unlink(missing_ok=True)


def _place() -> str:
    """Where a process number means the same as here; another container may share the folder."""
    return hashlib.sha256(place().encode()).hexdigest()[:8]


def _forget_unfinished() -> None:
    """Delete what processes that have ended left half written, and their exchanges."""
    theirs = re.compile(rf"(?:{_place()}|\w+\.xla)\.(\d+)\.\w+\.part")
    for left in folder().glob("*/*.part"):
        writer = theirs.fullmatch(left.name)
        if writer is not None and not psutil.pid_exists(int(writer[1])):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                with suppress(OSError):
                    left.unlink()
