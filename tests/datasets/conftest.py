"""What tests of users' own tables share."""

import pytest

from nncore.datasets.preparation import prepare
from tests.in_process import read_here


@pytest.fixture
def home_of_tables(tmp_path, monkeypatch):
    """A data folder of its own, whose files are read in this process; nothing prepared before."""
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    monkeypatch.setenv("NNLAB_DATA", "")
    read_here(monkeypatch)
    prepare._prepared.cache_clear()
    yield tmp_path
    prepare._prepared.cache_clear()
