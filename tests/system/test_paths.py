"""Where things are kept: the environment decides, at every call."""

from pathlib import Path

import pytest

from nncore.system import paths


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    monkeypatch.delenv("NNLAB_DATA", raising=False)
    monkeypatch.delenv("NNLAB_STORE", raising=False)
    return tmp_path


def test_everything_written_is_below_home(home):
    assert paths.home_folder() == home
    assert home in paths.prepared_folder().parents
    assert paths.default_store() == str(home.resolve() / "store.sqlite")


def test_without_home_it_is_the_users_data_folder(home, monkeypatch):
    monkeypatch.delenv("NNLAB_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    assert paths.home_folder().name == "nnlab"
    assert paths.home_folder().is_absolute()


def test_nnlab_data_is_searched_first(home, monkeypatch):
    assert paths.data_folders() == [home / "data"]
    monkeypatch.setenv("NNLAB_DATA", "/somewhere/else")
    assert paths.data_folders() == [Path("/somewhere/else"), home / "data"]


def test_a_process_is_told_folders_whose_names_hold_what_separates_them(home, monkeypatch):
    monkeypatch.setenv("NNLAB_DATA", "/somewhere/else")  # so that it is taken back
    folders = [str(home / "a:b"), str(home / "[c]")]
    paths.search(folders)
    assert paths.data_folders() == [*map(Path, folders), home / "data"]
    paths.search([])
    assert paths.data_folders() == [home / "data"]
    monkeypatch.setenv("NNLAB_DATA", '["no list')
    assert paths.data_folders() == [Path.cwd() / '["no list', home / "data"]


def test_a_home_of_nobody_is_a_folder_like_any_other(home, monkeypatch):
    monkeypatch.setenv("NNLAB_HOME", "~nobody-of-that-name/lab")
    assert paths.home_folder() == Path.cwd() / "~nobody-of-that-name" / "lab"


def test_a_tilde_is_the_users_folder(home, monkeypatch):
    monkeypatch.setenv("NNLAB_DATA", "~/sets")
    assert paths.data_folders()[0] == Path.home() / "sets"


def test_the_store_can_be_named(home, monkeypatch):
    monkeypatch.setenv("NNLAB_STORE", "postgresql://db/lab")
    assert paths.default_store() == "postgresql://db/lab"


def test_no_folder_is_made_by_asking(home):
    paths.data_folders(), paths.prepared_folder(), paths.default_store()
    assert list(home.iterdir()) == []
