"""Where things are kept on this machine. Environment variables are read at each call.

NNLAB_HOME: base folder for everything written; default the user's data folder.
NNLAB_DATA: folder with full data sets that the user placed there, or several separated as in
PATH; may be read-only.
NNLAB_DOWNLOAD_URL: a mirror of the files that Keras publishes.
NNLAB_STORE: the store, an SQLAlchemy URL or a file.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from platformdirs import user_data_dir

ROOT = Path(__file__).resolve().parents[2]  # the folder that holds the package


def home_folder() -> Path:
    """The folder for everything that is written; made by whoever writes into it."""
    named = os.environ.get("NNLAB_HOME")
    return absolute(named) if named else Path(user_data_dir("nnlab", appauthor=False))


def data_folders() -> list[Path]:
    """Folders searched for full data sets, in this order. They need not exist."""
    folders = [absolute(folder) for folder in _named_folders() if folder]
    return list(dict.fromkeys([*folders, home_folder() / "data"]))


def keras_folder() -> Path:
    """Where Keras keeps the data sets it fetched; only ever read."""
    return absolute(os.environ.get("KERAS_HOME") or "~/.keras") / "datasets"


def search(folders: list[str]) -> None:
    """Let this process find full data sets where the one that asked for a training would."""
    os.environ["NNLAB_DATA"] = json.dumps(folders) if folders else ""


def _named_folders() -> list[str]:
    """What NNLAB_DATA lists. Programs write JSON: a folder's name may hold what separates them."""
    named = os.environ.get("NNLAB_DATA", "")
    if named.startswith('["'):
        with suppress(ValueError):
            return list(json.loads(named))
    return named.split(os.pathsep)


def absolute(path: str) -> Path:
    """A path from the outside, independent of the folder a process works in."""
    return Path(os.path.expanduser(path)).absolute()  # Path's own may raise


def prepared_folder() -> Path:
    """Folder of checked arrays that workers read; it may be deleted at any time."""
    return home_folder() / "prepared"


def default_store() -> str:
    """The store: NNLAB_STORE, else a SQLite file in the home folder."""
    return os.environ.get("NNLAB_STORE") or str((home_folder() / "store.sqlite").resolve())
