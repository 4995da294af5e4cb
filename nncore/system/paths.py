"""Where things are kept on this machine. Environment variables are read at each call.

NNLAB_HOME: base folder for everything written; default the user's data folder.
NNLAB_DATA: folder with full data sets that the user placed there, or several separated as in
PATH; may be read-only.
NNLAB_DOWNLOAD_URL: a mirror of the files that Keras publishes.
NNLAB_STORE: SQLAlchemy URL of the store.
"""

import os
from pathlib import Path

from platformdirs import user_data_dir

ROOT = Path(__file__).resolve().parents[2]  # the folder that holds the package


def home_folder() -> Path:
    """The folder for everything that is written; made by whoever writes into it."""
    named = os.environ.get("NNLAB_HOME")
    return _absolute(named) if named else Path(user_data_dir("nnlab", appauthor=False))


def data_folders() -> list[Path]:
    """Folders searched for full data sets, in this order. They need not exist."""
    named = os.environ.get("NNLAB_DATA", "").split(os.pathsep)
    folders = [_absolute(folder) for folder in named if folder]
    return list(dict.fromkeys([*folders, home_folder() / "data"]))


def keras_folder() -> Path:
    """Where Keras keeps the data sets it fetched; only ever read."""
    return _absolute(os.environ.get("KERAS_HOME") or "~/.keras") / "datasets"


def search(folders: list[str]) -> None:
    """Let this process find full data sets where the one that asked for a training would."""
    os.environ["NNLAB_DATA"] = os.pathsep.join(folders)


def _absolute(folder: str) -> Path:
    return Path(folder).expanduser().absolute()


def prepared_folder() -> Path:
    """Folder of checked arrays that workers read; it may be deleted at any time."""
    return home_folder() / "prepared"


def default_store_url() -> str:
    """SQLAlchemy URL of the store: NNLAB_STORE, else a SQLite file in the home folder."""
    return (
        os.environ.get("NNLAB_STORE") or f"sqlite:///{(home_folder() / 'store.sqlite').resolve()}"
    )
