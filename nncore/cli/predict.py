"""`predict`: what a network says of one input, or of every row of a file."""

import argparse
import sys
from pathlib import Path
from typing import Any

from nncore.cli import network_of
from nncore.cli.output import JsonTarget, put, table
from nncore.cli.own_file import read_file, write
from nncore.cli.table import READING, how_said
from nncore.config.config import Config
from nncore.datasets.definition import Dataset
from nncore.datasets.own.alike import alike, said_alike
from nncore.datasets.own.matching import raw_rows
from nncore.datasets.preparation.pictures import ENDINGS, picture_of
from nncore.datasets.preparation.prepare import raw_of
from nncore.datasets.recipe.definition import NUMBER
from nncore.datasets.sets.text import GAP, words
from nncore.declare.domains import Range
from nncore.declare.params import Param
from nncore.export.answered import answered_csv
from nncore.export.json import plain
from nncore.saved.answers import Answer, answer, in_classes, review, row
from nncore.saved.inference import predict
from nncore.saved.network import SavedNetwork
from nncore.system.arrays import Array
from nncore.system.errors import BadNetwork, InvalidSetting, quoted
from nncore.system.wording import number, percent, times

HELP = "ask a network about a row, a picture, a text or a file of rows"
DESCRIPTION = (
    "Ask a network about one input: the probability of every class, or a number. Or about every "
    "row of a file."
)
EXAMPLE = """predict dataset=iris,engine=numpy,epochs=50 5.1,3.5,1.4,0.2
predict mine.npz digit.png
predict 12ab34cd "I watched it twice" --json -
predict dataset=mnist,epochs=5 test:0
predict mine.npz --csv next_month.csv --out answers.csv"""
EPILOG = (
    f"{network_of.EXAMPLES}\n\nINPUT is a row of values in the order of the columns, a PNG or "
    "JPEG file, a text, or\ntest:N for row N of the test data, from 0. A row that begins with a "
    'minus is one word\nwith a space in it: "-1, 0.5". --csv takes a file instead, whose columns '
    "are found by their\nnames, and --out has its rows with the answers."
)
_TEST = "test:"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The network and its input."""
    network_of.add_options(parser)
    add = parser.add_argument
    add("input", metavar="INPUT", nargs="?", help="a row, a picture, a text or test:N")
    add("--csv", metavar="FILE", help="rows to ask about instead")
    add("--out", metavar="FILE", help="CSV file to write, the rows of --csv with their answers")
    add(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help=f"how to read --csv, where not as the network's own file: {READING}; may repeat",
    )


def run(options: argparse.Namespace) -> int:
    """Print or write the answer; 0, or the code of a training that was interrupted."""
    _check_asked(options)
    target = JsonTarget(options.json)
    wanted = network_of.wanted(options)
    if options.csv is not None:
        return _rows(wanted, options)
    x, about = input_of(wanted.config, options.input)  # said before any training
    network, code = wanted.have(options)
    if network is None:
        return code
    said = answered(network, x)
    target.write(answer_json(network, about, said))
    if not target.takes_stdout:
        put(sys.stdout, _text(network, about, said) + "\n")
    return 0


def answered(network: SavedNetwork, x: Any) -> Answer:
    """What a network says of an input. Raises BadNetwork where that is no number."""
    said = answer(network, predict(network, x))
    if said is None:
        raise BadNetwork(
            "The answer is not a number: the input is far outside of what it has seen."
        )
    return said


def _check_asked(options: argparse.Namespace) -> None:
    if (options.input is None) == (options.csv is None):
        raise InvalidSetting("Give either one INPUT or a file of rows by --csv FILE --out FILE.")
    if (options.csv is None) != (options.out is None):
        raise InvalidSetting("--csv and --out belong together: a file to read and one to write.")
    if options.settings and options.csv is None:
        raise InvalidSetting("--set says how to read a file of rows: give one by --csv FILE.")
    if options.csv is not None and options.json is not None:
        raise InvalidSetting("--json is for one INPUT: the rows of a file go to --out as CSV.")


def _rows(wanted: network_of.Wanted, options: argparse.Namespace) -> int:
    """Write the rows of a file with their answers."""
    data = wanted.config.data
    read = read_file(options.csv, **alike(data, **how_said(options.settings)))
    raw_rows(wanted.config.data, read)  # said before any training
    network, code = wanted.have(options)
    if network is None:
        return code
    text = answered_csv(network, read)
    write(options.out, text.encode())
    if told := said_alike(data):
        put(sys.stdout, f"{told}\n")
    put(sys.stdout, f"{times(read.rows, 'row')} with answers: {options.out}\n")
    return 0


def input_of(config: Config, text: str) -> tuple[Any, dict[str, Any]]:
    """A raw input, and what is to be said of it. Raises UserError for what is none."""
    data = config.data
    if text.startswith(_TEST):
        raw = raw_of(config)
        last = len(raw.y_test) - 1
        place = Param("N in test:N", "Row", Range(0, last, integer=True), 0).parse(
            text[len(_TEST) :]
        )
        about = {"kind": "test", "row": place, "truth": in_classes(config, raw.y_test[place])}
        return raw.x_test[place : place + 1], about
    if data.kind == "image":
        path = Path(text)
        if path.suffix.lower() not in ENDINGS:
            raise InvalidSetting(
                f"{data.label} has pictures: INPUT must be a PNG or JPEG file, or test:N for a "
                f"test row; got {quoted(text)}."
            )
        picture = picture_of(path, data)
        changed = {"inverted": picture.inverted, "resized": picture.resized}
        return picture.sample, {"kind": "image", "file": str(path), **changed}
    if data.kind == "text":
        if not text.strip():
            raise InvalidSetting("INPUT must be a text, such as a few sentences about a film.")
        tokens, seen = review(config, text)
        return tokens, {"kind": "text", "read": words(seen)}
    x = row(config, text)
    return x, {"kind": "row", "row": _values(data, x)}


def _values(data: Dataset, x: Array) -> list[float | str | None]:
    """A typed row as it was read; None where a value is missing."""
    if data.recipe is None:
        return list(x.reshape(-1).tolist())
    columns = data.recipe.columns
    texts = [(columns[i], float(x[0, i])) for i in data.recipe.inputs]
    return [v if c.kind == NUMBER and v == v else c.text(v) or None for c, v in texts]


def answer_json(network: SavedNetwork, about: dict[str, Any], said: Answer) -> dict[str, Any]:
    """The JSON form: `probabilities` of classes, or `predicted` with its `unit`."""
    entries: dict[str, Any] = {"config": network.config.flat(), "input": about}
    if said.chances is None:
        entries |= {"predicted": said.number, "unit": network.config.data.unit}
    else:
        entries["answer"] = said.classes[said.best]
        pairs = zip(said.classes, said.chances.tolist(), strict=True)
        entries["probabilities"] = [{"class": c, "probability": p} for c, p in pairs]
    return dict(plain(entries))


def _text(network: SavedNetwork, about: dict[str, Any], said: Answer) -> str:
    data = network.config.data
    lines = [f"{data.label}, {network.config.model.label}: {_seen(about)}", ""]
    if said.chances is None:
        lines.append(f"Predicted {data.target}: {number(said.number, 4)} {data.unit}".rstrip())
    else:
        rows = [(c, percent(p)) for c, p in zip(said.classes, said.chances, strict=True)]
        lines += [table(("Class", "Probability"), rows, right=(1,)), ""]
        lines.append(f"Answer: {said.classes[said.best]}")
    if "truth" in about:
        truth = about["truth"]
        what = truth if isinstance(truth, str) else f"{number(truth, 4)} {data.unit}".rstrip()
        lines.append(f"Truth: {what}")
    return "\n".join(lines)


def _seen(about: dict[str, Any]) -> str:
    match about["kind"]:
        case "test":
            return f"row {about['row']:,} of the test data"
        case "image":
            done = [word for word in ("inverted", "resized") if about[word]]
            return f"{about['file']}{_brackets(done)}"
        case "text":
            return f"{about['read']}\n({GAP} stands for a word that it doesn't know)"
    return "row " + ", ".join(map(_cell, about["row"]))


def _cell(value: float | str | None) -> str:
    if value is None:
        return "(missing)"
    return value if isinstance(value, str) else f"{value:g}"


def _brackets(done: list[str]) -> str:
    return f" ({' and '.join(done)})" if done else ""
