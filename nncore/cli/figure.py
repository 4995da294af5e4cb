"""`figure`: any chart of the product, as a page, a table or a picture for print."""

import argparse
import sys
from pathlib import Path
from typing import Any

from nncore.analysis.looks import looks_words
from nncore.cli import asked
from nncore.cli.compare import with_tests
from nncore.cli.output import JsonTarget, file_to_write, put, table, write_file
from nncore.export.json import plain
from nncore.export.print import FORMATS, PRINTED, print_figure
from nncore.export.tables import chart_csv
from nncore.figures.named import Figure, Subject, figures
from nncore.figures.parts.chart import Chart
from nncore.system.errors import InvalidSetting
from nncore.system.wording import number

HELP = "draw a chart: HTML, CSV of its numbers, PNG, SVG or PDF for print"
DESCRIPTION = (
    "Draw a chart of a comparison. --out may repeat: .html is the chart, .csv the numbers behind "
    f"it; .png, .svg and .pdf are for print, of {', '.join(PRINTED)}."
)
EXAMPLE = """figure --list
figure learning_curves activations --dataset digits --engine numpy --out curves.html
figure learning_curves 0123456789abcdef --option metric=loss --option log=true --out curves.pdf
figure confusion 0123456789abcdef --of relu --out errors.svg"""
_MOST_ROWS = 40  # of a table on the screen


def add_options(parser: argparse.ArgumentParser) -> None:
    """The chart, the comparison and the files."""
    add = parser.add_argument
    add("name", metavar="NAME", nargs="?", help="a chart; --list names them")
    asked.add_options(parser, needed=False)
    add("--list", action="store_true", help="list the charts with their options")
    add("--of", metavar="LABEL", default="", help="the arm, of charts of one arm (default: best)")
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
    if options.name is None or options.comparison is None:
        raise InvalidSetting("It must be `figure NAME COMPARISON`, or `figure --list`.")
    figure = figures()[options.name]
    chosen = _chosen(figure, options.option)
    paths = [_checked(figure, path) for path in options.out]
    if not figure.needs_training:
        subject, code = Subject(asked.comparison_only(options), arm=options.of), 0
    else:
        reading, code = asked.reading_of(options)
        if reading is None:
            return code
        if figure.shows_tests(chosen):
            reading = with_tests(reading, options.store)
        subject = Subject(reading.snapshot.comparison, reading, options.of)
    chart = figure.draw(subject, chosen)
    for path in paths:
        write_file(path, _file(path, figure, subject, chart, chosen))
    target.write(_json(figure, chart))
    if not target.takes_stdout:
        put(sys.stdout, _text(figure, subject, chart, chosen, paths) + "\n")
    return code


def _list(target: JsonTarget) -> int:
    entries = [
        {"name": f.name, "label": f.label, "options": list(f.options), "print": f.name in PRINTED}
        for f in figures().values()
    ]
    target.write({"figures": entries})
    if not target.takes_stdout:
        rows = [(f.name, ", ".join(f.options), f.label) for f in figures().values()]
        put(sys.stdout, table(("Name", "Options", "Shows"), rows) + "\n")
    return 0


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


def _checked(figure: Figure, name: str) -> Path:
    """A path whose ending says what is wanted. Raises InvalidSetting."""
    path = file_to_write("--out", name, (".html", ".csv", *(f".{fmt}" for fmt in FORMATS)))
    if path.suffix[1:] in FORMATS and figure.name not in PRINTED:
        raise InvalidSetting(
            f"{figure.name} has no form for print: take .html or .csv. For print there are "
            f"{', '.join(PRINTED)}."
        )
    return path


def _file(
    path: Path, figure: Figure, subject: Subject, chart: Chart, chosen: dict[str, str]
) -> bytes:
    match path.suffix:
        case ".html":
            page: str = chart.figure.to_html(include_plotlyjs=True)  # opens without a network
            return page.encode()
        case ".csv":
            return chart_csv(chart.table).encode()
    kind = PRINTED[figure.name]
    wanted = {name: figure.option(name, text) for name, text in chosen.items()}
    if kind == "confusion":
        wanted["arm"] = subject.read_arm().label
    if kind == "curves":
        wanted.setdefault("metric", subject.read().metric)
    return print_figure(subject.read(), kind, path.suffix[1:], **wanted)


def _json(figure: Figure, chart: Chart) -> Any:
    """The JSON form: what the chart shows in words, and a row of `table` per row behind it."""
    rows = chart.table.astype(object).where(chart.table.notna(), None).to_dict("records")
    return plain(
        {"figure": figure.name, "alt": chart.alt, "look_for": chart.look_for, "table": rows}
    )


def _text(
    figure: Figure, subject: Subject, chart: Chart, chosen: dict[str, str], paths: list[Path]
) -> str:
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
    if figure.needs_training and figure.shows_tests(chosen):
        lines += ["", looks_words(subject.read())]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    return number(float(value), 4) if isinstance(value, float) else str(value)
