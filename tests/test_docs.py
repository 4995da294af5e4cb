"""What the documents say is so: commands, links, variables, names."""

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def command(name):
    """The command under a marker of README.md."""
    match = re.search(rf"<!-- command: {name} -->\n```bash\n(.+)\n```", README)
    assert match, f"README.md has no command {name!r}"
    return match[1]


def pip_names(file):
    """Package names a requirements file lists."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    names = [re.match(r"[A-Za-z0-9-]+", line) for line in lines if line and line[0] not in "#-"]
    assert names
    return {name[0].lower() for name in names if name}


@pytest.mark.parametrize("name", ["start", "test"])
def test_a_readme_command_does_all_the_set_up_in_one_line(name):
    steps = command(name).split(" && ")
    assert len(steps) == 3
    assert steps[0].endswith("-m venv .venv")
    assert steps[1].startswith(".venv/bin/pip install -r requirements")
    assert (ROOT / steps[1].split()[-1]).is_file()
    assert all(
        subprocess.run(["bash", "-n", "-c", step], check=False).returncode == 0 for step in steps
    )


def test_the_start_command_names_the_entry_point_and_is_what_the_page_advises():
    from ui.guards.reach import CLOSED

    assert command("start").endswith(f"&& {CLOSED}")
    assert CLOSED.split()[:3] == [".venv/bin/streamlit", "run", "dashboard.py"]
    assert (ROOT / "dashboard.py").is_file()


def test_the_check_script_runs_the_readme_test_command_word_for_word():
    """Its own extraction, on this README."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    extraction = re.search(r"^command=\$\((awk .+?)\)$", script, re.DOTALL | re.MULTILINE)
    assert extraction
    done = subprocess.run(
        ["bash", "-c", extraction[1]], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == command("test")
    assert '-c "$command"' in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_picture_is_shown_and_described():
    pictures = [
        (text, (path.parent / target).resolve())
        for path in DOCS
        for text, target in re.findall(r"!\[(.*?)\]\((\S+?)\)", path.read_text(encoding="utf-8"))
    ]
    # what is to be seen, for those who don't see
    assert all(len(text) > 20 for text, _ in pictures)
    there = set((ROOT / "docs" / "images").resolve().iterdir())
    assert {picture for _, picture in pictures} == there


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if "://" not in target:
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_files_that_are_named_exist(path):
    text = path.read_text(encoding="utf-8")
    pattern = r"`((?:nncore|ui|pages|tests|tools|benchmarks|docs)/[\w/.-]+\.\w+)`"
    missing = [name for name in re.findall(pattern, text) if not (ROOT / name).is_file()]
    assert missing == []


def test_every_environment_variable_of_the_program_is_explained():
    sources = [*(ROOT / "nncore").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]
    used = set(re.findall(r"NNLAB_[A-Z_]+", "\n".join(p.read_text("utf-8") for p in sources)))
    assert used == set(re.findall(r"`(NNLAB_[A-Z_]+)`", README.split("## Share and host")[1]))


def test_command_line_examples_are_accepted():
    """Everything but training: compare's examples are checked as far as their comparison."""
    from nncore.cli.compare import comparison_of
    from nncore.cli.main import build_parser

    examples = re.findall(r"^\.venv/bin/python -m nncore (.+)$", README, re.MULTILINE)
    assert len(examples) >= 4
    for example in examples:
        options = build_parser().parse_args(shlex.split(example))
        if options.command == "compare":
            assert comparison_of(options).arms


def test_every_import_is_a_listed_requirement():
    """What the code imports is installed by requirements.txt, and nothing is listed in vain."""
    sources = [path for f in ("nncore", "ui", "pages") for path in (ROOT / f).rglob("*.py")]
    imported = set()
    for node in (node for path in sources for node in ast.walk(ast.parse(path.read_text("utf-8")))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module.split(".")[0])
    outside = imported - set(sys.stdlib_module_names) - {"nncore", "ui", "pages"}
    modules = {"scikit-learn": "sklearn", "pillow": "PIL"}
    for name in ("charset-normalizer", "python-calamine"):
        modules[name] = name.replace("-", "_")
    by_streamlit = {"authlib", "httpx"}  # which imports them for a login
    listed = {modules.get(name, name) for name in pip_names("requirements.txt")}
    assert listed == outside | by_streamlit


@pytest.mark.slow
def test_the_python_example_runs(tmp_path, monkeypatch, capsys):
    """As a notebook would run it, in the NumPy engine."""
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    (code,) = re.findall(r"<!-- example: python -->\n```python\n(.*?)```", README, re.DOTALL)
    assert len([line for line in code.splitlines() if line]) <= 10
    code = code.replace("epochs=5)", 'epochs=1, engine="numpy")').replace(
        'engine="numpy", hidden=[64, 32], epochs=1, engine="numpy"', 'engine="numpy", epochs=1'
    )
    exec(code, {})
    printed = capsys.readouterr().out
    assert "parameters" in printed
    assert "of the test images" in printed
    assert "ReLU" in printed
