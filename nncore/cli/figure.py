"""`figure`: any chart of the product, as a page, a table or a picture for print."""

import argparse
import sys
from pathlib import Path
from typing import Any

from nncore.analysis.looks import looks_words
from nncore.cli import asked, figure_of
from nncore.cli.output import JsonTarget, file_to_write, put, table, write_file
from nncore.export.json import plain
from nncore.export.print import FORMATS, print_figure
from nncore.export.tables import chart_csv
from nncore.figures.named import Figure, figures
from nncore.figures.parts.chart import Chart
from nncore.figures.subject import Needs
from nncore.system.errors import InvalidSetting
from nncore.system.wording import number

HELP = "draw a chart: HTML, CSV of its numbers, PNG, SVG or PDF for print"
DESCRIPTION = (
    "Draw a chart. --out may repeat: .html is the chart, .csv the numbers behind it; .png, .svg "
    "and .pdf are for print."
)
EXAMPLE = """figure --list
figure learning_curves activations --dataset digits --engine numpy --out curves.html
figure learning_curves 0123456789abcdef --option metric=loss --option log=true --out curves.pdf
figure confusion 0123456789abcdef --of relu --out errors.svg
figure correlations california_housing --out correlations.png
figure before_after mnist 7
figure weight_map dataset=iris,engine=numpy,epochs=50 --out weights.png
figure answer_bars dataset=iris,engine=numpy,epochs=50 5.1,3.5,1.4,0.2
figure published_and_ours 3 --seeds 3 --out case.pdf"""
_MOST_ROWS = 40  # of a table on the screen
_OF = {
    Needs.DATA: "of a data set",
    Needs.ROW: "of a data set and a row, counted from 0",
    Needs.ARMS: "of a comparison; nothing is trained",
    Needs.TRAININGS: "of a comparison, trained where it isn't stored",
    Needs.RANGE: "of a comparison, whose base is trained with a growing rate",
    Needs.WEIGHTS: "of a network as for `predict`, or of a comparison, trained",
    Needs.ANSWER: "of a network and an input, both as for `predict`",
    Needs.CLAIMS: "of a case, by its number",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """The chart, what it is of and the files."""
    add = parser.add_argument
    add("name", metavar="NAME", nargs="?", help="a chart; --list names them")
    asked.add_options(parser, needed=False)
    add("input", metavar="INPUT", nargs="?", help="of charts of an answer or a row: --list")
    add("--list", action="store_true", help="list the charts, what each shows and what it is of")
    add("--of", metavar="LABEL", default="", help="the arm, of charts of one arm (default: best)")
    add("--level", metavar="SCORE", help="what arms are timed to, as for `compare`")
    add(
        "--option",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="an option of the chart, such as quantity=seconds; may repeat",
    )
    add("--out", action="append", default=[], metavar="PATH", help="file to write; may repeat")


def run(options: argparse.Namespace) -> int:
    """Draw and write it; 0, or the code of a training that failed or was interrupted."""
    target = JsonTarget(options.json)
    if options.list:
        return _list(target)
    if options.name is None:
        raise InvalidSetting("It must be `figure NAME COMPARISON`, or `figure --list`.")
    figure = figures()[options.name]
    chosen = _chosen(figure, options.option)
    endings = (".html", ".csv", *(f".{fmt}" for fmt in FORMATS))
    paths = [file_to_write("--out", path, endings) for path in options.out]
    subject, code = figure_of.subject_of(figure, chosen, options)
    if subject is None:
        return code
    chart = figure.draw(subject, chosen)
    for path in paths:
        write_file(path, _file(path, chart))
    target.write(_json(figure, chart))
    if not target.takes_stdout:
        text = _text(chart, paths)
        if subject.reading is not None and figure.shows_tests(chosen):
            text += f"\n\n{looks_words(subject.reading)}"
        put(sys.stdout, f"{text}\n")
    return code


def _list(target: JsonTarget) -> int:
    entries = [
        {"name": f.name, "label": f.label, "needs": _OF[f.needs], "options": list(f.options)}
        for f in figures().values()
    ]
    target.write({"figures": entries})
    if target.takes_stdout:
        return 0
    lines = ["Each as .html, .csv, .png, .svg and .pdf; in brackets what --option takes.", ""]
    for need, words in _OF.items():
        mine = [f for f in figures().values() if f.needs is need]
        lines.append(f"{words[:1].upper()}{words[1:]}:")
        rows = [(f"  {f.name}", f.label + _brackets(f)) for f in mine]
        widest = max(len(name) for name, _ in rows)
        lines += [f"{name.ljust(widest)}  {label}" for name, label in rows] + [""]
    put(sys.stdout, "\n".join(lines))
    return 0


def _brackets(figure: Figure) -> str:
    return f" [{', '.join(figure.options)}]" if figure.options else ""


def _chosen(figure: Figure, pairs: list[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals:
            raise InvalidSetting(f"--option must be KEY=VALUE, such as log=true; got {pair!r}.")
        if key in chosen:
            raise InvalidSetting(f"--option {key} is given twice.")
        figure.option(key, text)  # said before any training
        chosen[key] = text
    return chosen


def _file(path: Path, chart: Chart) -> bytes:
    match path.suffix:
        case ".html":
            page: str = chart.figure.to_html(include_plotlyjs=True)  # opens without a network
            return page.encode()
        case ".csv":
            return chart_csv(chart.table).encode()
    return print_figure(chart, path.suffix[1:])


def _json(figure: Figure, chart: Chart) -> Any:
    """The JSON form: what the chart shows in words, and a row of `table` per row behind it."""
    rows = chart.table.astype(object).where(chart.table.notna(), None).to_dict("records")
    return plain(
        {"figure": figure.name, "alt": chart.alt, "look_for": chart.look_for, "table": rows}
    )


def _text(chart: Chart, paths: list[Path]) -> str:
    lines = [chart.alt, ""]
    if paths:
        lines += [str(path) for path in paths]
    elif not chart.table.empty:
        shown = chart.table.head(_MOST_ROWS)
        cells = [tuple(map(_cell, row)) for row in shown.itertuples(index=False)]
        right = [i for i, kind in enumerate(shown.dtypes) if kind.kind in "if"]
        lines.append(table(tuple(map(str, shown.columns)), cells, right))
        if (more := len(chart.table) - len(shown)) > 0:
            lines.append(f"... and {more:,} rows more; --out numbers.csv has all.")
    return "\n".join(lines)


def _cell(value: Any) -> str:
    return number(float(value), 4) if isinstance(value, float) else str(value)
