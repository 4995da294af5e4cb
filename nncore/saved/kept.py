"""Where trained networks are kept: a file per training in the user's data folder.

Named by the training's key, or for an uploaded file by its content. Written atomically; when
all files together exceed MOST_TOGETHER, those not used for longest are deleted.
"""

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path

from nncore.saved.network import SavedNetwork, from_bytes, to_bytes
from nncore.system.errors import BadNetwork
from nncore.system.file_ages import oldest_first
from nncore.system.files import write_whole
from nncore.system.paths import home_folder

MOST_TOGETHER = 2**30  # bytes
_REFUSED = (".keras", ".h5", ".hdf5", ".pkl", ".pickle", ".joblib", ".pt", ".pth")
_KEY = re.compile(r"[0-9a-f]{64}")


class NotKept(BadNetwork):
    """The network of a training is not on this machine any more, or not as it was."""

    @classmethod
    def absent(cls) -> "NotKept":
        """One that isn't there; said of what others keep for themselves, too."""
        return cls(
            "The weights of this training are not here for you: they are not on this machine any "
            "more, or kept private by whoever trained it. Press Retrain, under More, to have a "
            "network of your own."
        )


def folder() -> Path:
    """The folder of kept networks; it may be deleted at any time."""
    return home_folder() / "networks"


def keep(network: SavedNetwork, key: str) -> int:
    """Keep a network under its training's key; the bytes of its file.

    Raises BadNetwork when it is too large, OSError when it can't be written.
    """
    data = to_bytes(network)
    path = _path(key)
    write_whole(path, data)
    prune(spared=path)
    return len(data)


def from_file(filename: str, data: bytes) -> SavedNetwork:
    """The network in a file of that name. Raises BadNetwork with one sentence."""
    if filename.lower().endswith(_REFUSED):
        raise BadNetwork(
            "This kind of file can carry code that runs when it is opened, so NN Lab never loads "
            "it. Load the network's .npz file, which holds numbers and a text only."
        )
    return from_bytes(data)


def keep_file(filename: str, data: bytes) -> str:
    """Check a file from outside and keep its network; the key it is kept under.

    Raises BadNetwork with one sentence when it can't be used.
    """
    network = from_file(filename, data)
    key = hashlib.sha256(data).hexdigest()
    try:
        keep(network, key)
    except OSError as error:
        raise BadNetwork(
            f"The network can't be kept in {folder()} ({error.strerror or error}). "
            "Free some space or name another folder with NNLAB_HOME."
        ) from error
    return key


def find(key: str) -> Path | None:
    """The file of a kept network; None when there is none."""
    path = _path(key)
    return path if path.is_file() else None


def kept(key: str) -> SavedNetwork:
    """A kept network. Raises NotKept when it isn't there, or can't be used any more."""
    try:
        data = _path(key).read_bytes()
    except OSError as error:
        raise NotKept.absent() from error
    with suppress(OSError):
        os.utime(_path(key))  # it is used: prune others first
    try:
        return from_bytes(data)
    except BadNetwork as error:
        raise NotKept(
            f"What was kept of this network can't be used any more. {error} Press Retrain, under "
            "More, to have it again, or load its file once more."
        ) from error


def keys() -> list[str]:
    """The keys of all networks on this machine, those used last first."""
    files = [path for path, _ in oldest_first(folder().glob("*.npz"))]
    return [path.stem for path in reversed(files) if _KEY.fullmatch(path.stem)]


def prune(most: int = MOST_TOGETHER, spared: Path | None = None) -> None:
    """Delete what was not used for longest until all files together have at most `most` bytes.

    `spared` stays in any case.
    """
    files = oldest_first(folder().glob("*.npz"))
    together = sum(about.st_size for _, about in files)
    for path, about in files:
        if together <= most:
            return
        if path == spared:
            continue
        with suppress(OSError):
            path.unlink()
            path.with_suffix(".shared").unlink(missing_ok=True)
        together -= about.st_size


def beside(key: str, suffix: str) -> Path:
    """A file beside that of a network, which goes with it. Raises NotKept for what is no key."""
    return _path(key).with_suffix(suffix)


def _path(key: str) -> Path:
    if not _KEY.fullmatch(key):  # it names a file
        raise NotKept(f"{key!r} is no key of a training.")
    return folder() / f"{key}.npz"
