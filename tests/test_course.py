"""docs/course.md: its pages exist, and its commands run, made small."""

import ast
import functools
import re
import shlex
from pathlib import Path

import pytest

from nncore.cases.catalogue import CASES
from nncore.cli.main import main
from nncore.questions.catalogue import QUESTIONS
from tests.each import each
from ui.shell import entries

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "course.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if re.match(r"\| \d", line)
]
PLACES = sorted({place for row in ROWS for place in re.findall(r"\*\*(.+?)\*\*", row[2])})
COMMANDS = list(dict.fromkeys(c for row in ROWS for c in re.findall(r"`(python .+?)`", row[3])))
WORDS_OF = {
    "data": ("ui/data",),
    "workshop": ("ui/workshop", "ui/results"),
    "playground": ("ui/playground",),
    **dict.fromkeys(QUESTIONS, ("ui/results", "ui/comparison", "ui/controls")),
}
PARTS_OF = ("ui", "nncore/engines/numpy/one_step.py")


@functools.cache
def words_in(path: Path) -> frozenset[str]:
    """All texts in a file of code."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    return frozenset(value for value in constants if isinstance(value, str))


def words(*places: str) -> set[str]:
    """All texts in the code of these files and folders."""
    files = [ROOT / place for place in places]
    paths = (p for f in files for p in ([f] if f.is_file() else f.rglob("*.py")))
    return set().union(*map(words_in, paths))


def small(command: str) -> list[str]:
    """The arguments of a command on an extract, with one epoch and one seed, mostly in NumPy."""
    first, *rest = shlex.split(command)[3:]
    told = [first]
    for option, word in zip([None, *rest], rest, strict=False):
        text = word.replace("variant=full", "variant=extract").replace("first:5000", "first:1000")
        if option == "--variant":
            text = "extract"
        elif option in ("--epochs", "--seeds"):
            text = "1"
        elif option == "--by" or (option == "--arms" and "epochs" in rest):
            text = re.sub(r"(?<=epochs=)[\d,]+|^[\d,]+$", _few, text)
        else:
            text = re.sub(r"(?<=\bepochs=)\d+", "1", text)
        told.append(text)
    trains = first in ("compare", "errors", "figure")
    asks = next((word for word in rest if trains and word in QUESTIONS), "")
    if (asks or first == "case") and "--seeds" not in told:
        told += ["--seeds", "1"]
    if asks not in ("", "epochs") and "epochs" not in command:
        told += ["--epochs", "1"]
    if asks not in ("", "engines", "models") and "--engine" not in told:
        told += ["--engine", "numpy"]
    if first == "predict" and "model=" not in told[1]:
        told[1] += ",engine=numpy"
    if first == "predict" and "imdb" in told[1]:
        told[1] += ",words=500,tokens=20"
    if first == "compare":
        told += ["--set", "words=500", "--set", "tokens=20"] if "imdb" in told else []
        told += ["--no-baselines"]
    return told


def _few(match: re.Match[str]) -> str:
    return ",".join(str(k + 1) for k in range(match[0].count(",") + 1))


def test_every_item_says_what_where_how_and_when():
    assert len(ROWS) > 60
    for lines, what, where, command, tried in ROWS:
        assert re.fullmatch(r"\d+–\d+(, \d+–\d+)*", lines)
        assert what
        assert "**" in where or where.startswith("By itself: ")
        assert (command == "–") == (tried == "–")
        assert command == "–" or re.fullmatch(r"`python -m nncore [^`]+`", command)
        assert tried == "–" or re.fullmatch(r"\d{4}-\d\d-\d\d", tried)


def test_items_stand_in_the_order_of_their_source():
    for section in PAGE.split("\n## ")[1:]:
        firsts = [int(first) for first in re.findall(r"^\| (\d+)–", section, re.MULTILINE)]
        assert len(firsts) > 5
        assert firsts == sorted(firsts)


@each("place", PLACES)
def test_pages_tabs_and_parts_exist(place):
    page, *inner = place.split(" › ")
    named = {entry.label: entry.name for entry in entries()}
    name = named[page]
    if name == "cases":
        assert inner[0] in CASES
        return
    tab, *part = inner
    assert tab in words(f"pages/{name}.py", *WORDS_OF[name])
    if part:
        assert part[0] in words(f"pages/{name}.py", *PARTS_OF)


def test_small_commands_are_small():
    assert small("python -m nncore compare epochs --arms 30,100 --variant full") == [
        "compare", "epochs", "--arms", "1,2", "--variant", "extract", "--seeds", "1",
        "--engine", "numpy", "--no-baselines",
    ]  # fmt: skip
    assert small("python -m nncore predict dataset=iris,variant=full,epochs=9 test:0") == [
        "predict", "dataset=iris,variant=extract,epochs=1,engine=numpy", "test:0",
    ]  # fmt: skip
    assert "epochs=1,2" in small("python -m nncore compare engines --by epochs=50,250")


@pytest.mark.slow
@pytest.mark.parametrize("command", [c for c in COMMANDS if "imdb" not in c])
def test_a_command_runs(command, tmp_path, monkeypatch, capsys):
    """They share the store and the coordinator of this test process."""
    monkeypatch.chdir(tmp_path)
    assert main(small(command)) == 0
    assert capsys.readouterr().out.strip()


@pytest.mark.slow
@pytest.mark.full_data
@pytest.mark.parametrize("command", [c for c in COMMANDS if "imdb" in c])
def test_a_command_about_reviews_runs(command, tmp_path, monkeypatch, capsys):
    test_a_command_runs(command, tmp_path, monkeypatch, capsys)
