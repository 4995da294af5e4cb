"""Where things are kept on this machine. Environment variables are read at each call.

NNLAB_HOME: base folder for everything written; default the user's data folder.
NNLAB_DATA: folder with full data sets that the user placed there; may be read-only.
NNLAB_STORE: SQLAlchemy URL of the store.
"""

import os
from pathlib import Path

from platformdirs import user_data_dir


def home_folder() -> Path:
    """The folder for everything that is written; made by whoever writes into it."""
    named = os.environ.get("NNLAB_HOME")
    return Path(named).expanduser() if named else Path(user_data_dir("nnlab", appauthor=False))


def data_folders() -> list[Path]:
    """Folders searched for full data sets, in this order. They need not exist."""
    named = os.environ.get("NNLAB_DATA")
    own = home_folder() / "data"
    return [Path(named).expanduser(), own] if named else [own]


def prepared_folder() -> Path:
    """Folder of checked arrays that workers read; it may be deleted at any time."""
    return home_folder() / "prepared"


def default_store_url() -> str:
    """SQLAlchemy URL of the store: NNLAB_STORE, else a SQLite file in the home folder."""
    return (
        os.environ.get("NNLAB_STORE") or f"sqlite:///{(home_folder() / 'store.sqlite').resolve()}"
    )
