"""Which columns matter, from a file to the numbers, by real trainings in both engines."""

import json

import numpy as np
import pytest

from nncore.cli.main import main
from tests.in_process import read_here

pytestmark = pytest.mark.slow


@pytest.fixture
def file(tmp_path, monkeypatch):
    """One column decides, one is its copy but for a little, one is noise."""
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NNLAB_DATA", "")
    read_here(monkeypatch)
    rng = np.random.default_rng(5)
    decides, noise = rng.normal(size=(2, 500))
    copy = 3 * decides + 7 + 0.1 * rng.normal(size=500)
    lines = [
        f"{d:.4f},{c:.4f},{n:.4f},{'yes' if d > 0 else 'no'}"
        for d, c, n in zip(decides, copy, noise, strict=True)
    ]
    path = tmp_path / "invented.csv"
    path.write_text("\n".join(["decides,copy,noise,answer", *lines]))
    return path


def measured(file, features, capsys, arms="numpy,keras"):
    """What `compare --json` says of the columns, by arm."""
    store = f"sqlite:///{file.parent / 'store.sqlite'}"
    words = ("compare", "engines", "--csv", file, "--target", "answer", "--features", features,
             "--arms", arms, "--seeds", "4", "--epochs", "15", "--no-baselines",
             "--store", store, "--json", "-")  # fmt: skip
    code = main([*map(str, words)])
    said = capsys.readouterr()
    assert code == 0, said.err
    return {
        arm["arm"]: (arm, {c["column"]: c for c in arm["columns"]})
        for arm in json.loads(said.out)["importance"]
    }


def test_a_copy_shares_and_noise_is_told_from_nothing(file, capsys):
    found = measured(file, "decides,copy,noise", capsys)
    assert set(found) == {"numpy", "keras"}
    alone, columns = measured(file, "decides,noise", capsys, arms="numpy")["numpy"]
    assert alone["nearly_decides"] == "decides"
    assert columns["decides"]["low"] > 0.3
    assert columns["noise"]["low"] <= 0 <= columns["noise"]["high"]
    for arm, three in found.values():
        assert arm["nearly_decides"] is None
        assert (arm["rows"], arm["repeats"], arm["seeds"]) == (80, 5, 4)
        assert three["noise"]["low"] <= 0 <= three["noise"]["high"]
        for name in ("decides", "copy"):  # the other still tells
            assert 0.05 < three[name]["mean"] < columns["decides"]["mean"] - 0.1
    (_, one), (_, other) = found.values()  # the same networks, shuffled by the same orders
    for name, column in one.items():
        assert column["mean"] == pytest.approx(other[name]["mean"], abs=0.01)
