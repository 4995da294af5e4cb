"""The library as people install it: built, put into an environment, used outside the checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TRY = """
import nncore, sys
assert "site-packages" in nncore.__file__, nncore.__file__
answer = nncore.compare("activations", ["relu", "linear"], seeds=2, dataset="mnist",
                        engine="numpy", epochs=1, hidden=[16])
print(len(answer.scores), all(trial.status.has_result for trial in answer.snapshot.trials))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Python of an environment that has the built package, and this one's libraries."""
    folder = tmp_path_factory.mktemp("installed")
    source = folder / "source"  # building leaves files beside what is built
    shutil.copytree(ROOT / "nncore", source / "nncore")
    for name in ("pyproject.toml", "requirements.txt", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    run([*build, "-w", str(folder), str(source)], folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    own = run([str(python), "-c", "import site; print(site.getsitepackages()[0])"], folder).strip()
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "-q", "--target", own]
    run([*install, str(wheel)], folder)
    # what requirements.txt names is here already: three gigabytes needn't be fetched again
    (Path(own) / "libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return python


def run(command, folder):
    home = {"NNLAB_HOME": str(folder / "home"), "PYTHONPATH": "", "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env={**os.environ, **home}, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_an_installed_package_trains_on_bundled_data(installed, tmp_path):
    assert run([str(installed), "-c", TRY], tmp_path).split() == ["2", "True"]


@pytest.mark.slow
def test_the_command_is_called_nnlab(installed, tmp_path):
    script = next(installed.parent.parent.rglob("bin/nnlab"))
    assert "Parameters:" in run([str(installed), str(script), "describe"], tmp_path)
