"""Runs a program where nothing can be written, which root can't simply be forbidden. Linux only.

python tests/unwritable.py PLACE FOLDER PROGRAM ARGUMENT ...
"""

import ctypes
import os
import resource
import shutil
import sys
from pathlib import Path

PLACES = ("folder", "mount", "disk", "file size")
NO_MOUNTS = 77  # exit code: this machine doesn't let us mount

_LIBC = ctypes.CDLL(None, use_errno=True)
_MINE, _PRIVATE, _BIND, _READ_ONLY, _REMOUNT = 0x20000, 0x44000, 0x1000, 0x1, 0x20
_DROP, _POWERS = 24, (1, 2, 3)  # PR_CAPBSET_DROP; root's rights over the files of others


def enter(place, folder):
    """Make `folder` unwritable in this way, for this process and what it becomes."""
    match place:
        case "folder":
            for path in (*folder.iterdir(), folder):
                path.chmod(path.stat().st_mode & 0o555)
            for power in _POWERS if os.getuid() == 0 else ():
                _check(_LIBC.prctl(_DROP, power, 0, 0, 0))
        case "mount":
            _own_mounts()
            _mount(folder, folder, None, _BIND)
            _mount(None, folder, None, _REMOUNT | _BIND | _READ_ONLY)
        case "disk":
            _own_mounts()
            files = {path.name: path.read_bytes() for path in folder.iterdir()}
            size = sum(map(len, files.values())) + 2**20
            _mount(Path("none"), folder, b"tmpfs", 0, f"size={size}".encode())
            for name, data in files.items():
                (folder / name).write_bytes(data)
            _fill(folder / "filler")
        case "file size":
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _own_mounts():
    if _LIBC.unshare(_MINE):
        sys.exit(NO_MOUNTS)
    _mount(None, Path("/"), None, _PRIVATE)  # what is mounted here is seen by nobody else


def _mount(source, target, kind, flags, data=None):
    _check(
        _LIBC.mount(
            str(source).encode() if source else None, str(target).encode(), kind,
            ctypes.c_ulong(flags), data,
        )
    )  # fmt: skip


def _check(failed):
    if failed:
        sys.exit(NO_MOUNTS)


def _fill(path):
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            assert shutil.disk_usage(path.parent).free == 0


def main():
    place, folder, *command = sys.argv[1:]
    if place != "entered":
        enter(place, Path(folder))
        # root gives up a right with the next program only
        command = [__file__, "entered", folder, *command]
    elif _can_write(Path(folder, "new")):
        sys.exit(f"{folder} can be written all the same")
    os.execv(sys.executable, [sys.executable, *command])


def _can_write(path):
    try:
        path.write_bytes(bytes(5000))
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
