"""The rules of the house that imports must keep, checked by loading everything."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = sorted((ROOT / "nncore").rglob("*.py"))
ENTRIES = sorted([ROOT / "dashboard.py", *(ROOT / "pages").glob("*.py")])
WEB = sorted([*ENTRIES, *(ROOT / "ui").rglob("*.py")])

# lists of short declarations that know nothing of each other, read one at a time
CATALOGUES = {
    ROOT / "nncore" / f"{kind}.py"
    for kind in (
        *("definitions/activations", "definitions/optimizers", "config/fields"),
        "questions/catalogue",
    )
}

# what the web process must never hold: Streamlit resets Keras and closes pyplot's figures
# after every script run, and scikit-learn and seaborn belong to child processes
FORBIDDEN = ("keras", "tensorflow", "sklearn", "seaborn", "matplotlib.pyplot")


def modules_after(code, *, cwd=ROOT):
    """The names in sys.modules after running `code` in a fresh interpreter."""
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=cwd, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def name_of(path):
    """The dotted module name of a file of the library."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    assert parts[0] == "nncore"
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.slow
def test_the_library_loads_without_streamlit_and_without_what_workers_import():
    names = [name_of(path) for path in LIBRARY if path.name != "__main__.py"]
    loaded = modules_after("\n".join(f"import {name}" for name in names))
    assert {"streamlit", *FORBIDDEN} & loaded == set()


@pytest.mark.slow
def test_the_web_process_loads_without_what_workers_import():
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "ui").rglob("*.py")
        if path.name != "__init__.py"
    ]
    assert names
    loaded = modules_after("\n".join(f"import {name}" for name in names))
    assert set(FORBIDDEN) & loaded == set()


@pytest.mark.parametrize("path", ENTRIES, ids=lambda path: path.name)
def test_pages_import_what_they_call_and_not_each_other(path):
    """Pages and the entry point are no packages, so import-linter doesn't see them."""
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module.split(".")[0])
    assert imported - set(sys.stdlib_module_names) <= {"nncore", "ui", "streamlit"}


@pytest.mark.slow
def test_import_linter_sees_a_floor_broken(tmp_path):
    """The contracts in pyproject.toml bite: an arrow back up, for types or inside a function."""
    for part in ("nncore", "ui"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("*.npz"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert lint(tmp_path).returncode == 0
    wrong = {
        "nncore/system/paths.py": "def f():\n    from nncore.config import config\n",
        "nncore/config/fields.py": "if TYPE_CHECKING:\n    from nncore.config import config\n",
        "nncore/lab/lab.py": "import streamlit\n",
        "nncore/analysis/cost.py": "import keras\n",
    }
    for name, code in wrong.items():
        path = tmp_path / name
        before = path.read_text(encoding="utf-8")
        path.write_text(f"{before}\n{code}", encoding="utf-8")
        done = lint(tmp_path)
        assert done.returncode == 1, name
        assert "BROKEN" in done.stdout
        path.write_text(before, encoding="utf-8")


def lint(folder):
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def test_the_root_of_the_library_and_of_the_dashboard_stay_empty():
    assert {path.name for path in (ROOT / "nncore").glob("*.py")} == {"__init__.py", "__main__.py"}
    assert len(list((ROOT / "ui").glob("*.py"))) <= 6


def test_modules_stay_readable():
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in LIBRARY + WEB}
    assert len(lines) > 400
    too_long = {
        str(path.relative_to(ROOT)): count
        for path, count in lines.items()
        if count > (600 if path in CATALOGUES else 300)
    }
    assert too_long == {}


def test_ruff_refuses_streamlit_in_the_library():
    """The rule in pyproject.toml bites: it names the line before any test runs."""
    offender = "import streamlit\n\nprint(streamlit)\n"
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--no-cache"]
    refused = {}
    for place in ("nncore/offender.py", "ui/offender.py"):
        done = subprocess.run(
            [*command, "--stdin-filename", place, "-"],
            input=offender, capture_output=True, text=True, cwd=ROOT, check=False,
        )  # fmt: skip
        refused[place] = "nncore must not import streamlit" in done.stdout
    assert refused == {"nncore/offender.py": True, "ui/offender.py": False}
