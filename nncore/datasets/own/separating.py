"""How the lines of a text are cut into cells: separator, quotes, and lines that are no rows."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from nncore.datasets.own.how import How, Step
from nncore.datasets.own.numerals import is_number
from nncore.system.errors import InvalidSetting

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "space"}
_SAMPLE = 200  # lines
_ENOUGH = 0.6  # of the sample's rows are equally wide
_COMMENT = re.compile(r"[#%]|//")
_SEP_LINE = re.compile(r'\s*"?sep=(.)"?[,;\t ]*(?:\n|$)', re.IGNORECASE)


@dataclass(frozen=True)
class Lines:
    """A text whose lines are rows, and how they are cut. Lines that are no rows are blank."""

    text: str
    separator: str
    quote: str
    steps: tuple[Step, ...]


def separated(text: str, filename: str, how: How) -> Lines:
    """How to cut a text. Raises InvalidSetting where nothing cuts it into columns."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    steps = []
    said = _SEP_LINE.match(text)
    separator = ""
    if said and said[1] in SEPARATORS:
        name = SEPARATORS[said[1]]
        steps.append(how.step("sep", f"Take the first line for how columns are separated: {name}"))
        if steps[-1].done:
            separator = said[1]
            text = "\n" + text[said.end() :]
    text, comments = _without_comments(text, separator, how)
    steps += comments
    sample = [line for line in text.split("\n", 2 * _SAMPLE)[: 2 * _SAMPLE] if line.strip()]
    sample = sample[:_SAMPLE]
    quote = _quote(sample)
    separator = separator or _separator(sample, quote)
    if not separator:
        raise InvalidSetting(
            f"{filename} has one column only, but a target and at least one feature are needed. "
            "Columns must be separated by commas, semicolons, tabs, vertical bars or spaces."
        )
    if separator == " ":
        text = "\n".join(line.strip() for line in text.replace("\t", " ").split("\n"))
    if quote == "'":
        steps.append(how.step("quotes", "Take off the quotes ' around values"))
        quote = quote if steps[-1].done else '"'
    return Lines(text, separator, quote, tuple(steps))


def widths(lines: Lines) -> list[int]:
    """How many cells each row has; 0 for blank lines."""
    csv.field_size_limit(2**31 - 1)
    rows = csv.reader(io.StringIO(lines.text), **form(lines.separator, lines.quote))
    return [len(row) for row in rows]


def form(separator: str, quote: str) -> dict[str, Any]:
    """As both csv and pandas take it."""
    return {"delimiter": separator, "quotechar": quote, "skipinitialspace": True}


def _without_comments(text: str, separator: str, how: How) -> tuple[str, list[Step]]:
    """The text with comments before its rows made blank; a comment that names columns stays."""
    lines, rest = [], text
    while True:
        line, end, after = rest.partition("\n")
        if line.strip() and not _COMMENT.match(line.lstrip()):
            break
        lines.append(line)
        rest = after
        if not end:
            return text, []  # nothing but comments
    comments = [i for i, one in enumerate(lines) if one.strip()]
    if not comments:
        return text, []
    names = lines[comments[-1]]
    first = rest.split("\n", 1)[0]
    mark = separator or next((s for s in SEPARATORS if s in first), "")
    if mark and names.count(mark) and names.count(mark) == first.count(mark):
        lines[comments.pop()] = re.sub(r"^\s*(#|%|//)\s*", "", names)
    if not comments:
        return "\n".join([*lines, rest]), []
    step = how.step(
        "comments",
        f"Leave out comments: {len(comments)} before the rows, such as "
        f"{lines[comments[0]].strip()[:40]!r}",
    )
    if step.done:
        for place in comments:
            lines[place] = ""
    return "\n".join([*lines, rest]), [step]


def _quote(sample: list[str]) -> str:
    """The quotes around values: ' where they stand in pairs at the ends of values."""
    text = "\n".join(sample)
    if re.search(r'(?:^|[,;\t| ])"', text, re.MULTILINE):
        return '"'
    pairs = re.findall(r"(?:^|[,;\t| ])\s*'[^'\n]*'\s*(?=$|[,;\t| ])", text, re.MULTILINE)
    return "'" if len(pairs) > len(sample) / 2 else '"'


def _separator(sample: list[str], quote: str) -> str:
    """What cuts most rows into equally many cells that hold no other separator; "" for none."""
    scores: dict[str, tuple[float, int]] = {}
    for separator in SEPARATORS:
        cells = _cut(sample, separator, quote)
        width, times = Counter(map(len, cells)).most_common(1)[0] if cells else (0, 0)
        if width < 2:
            continue
        others = [s for s in SEPARATORS if s not in (separator, " ")]
        flat = [cell.strip() for row in cells for cell in row]
        clean = sum(is_number(c) or not any(s in c for s in others) for c in flat) / len(flat)
        times += separator == " " and len(cells[0]) == width - 1  # names that lack one
        good = any(score >= _ENOUGH for score, _ in scores.values())
        if separator == " " and (good or times < 0.9 * len(cells)):
            continue  # spaces stand in texts, too: only where nothing else cuts
        scores[separator] = (times / len(cells) * clean, width)
    best = max(scores, key=lambda s: scores[s]) if scores else ""
    return " " if best == "," and _are_decimal_commas(sample, quote) else best


def _are_decimal_commas(sample: list[str], quote: str) -> bool:
    """Whether spaces cut lines into numbers, whose commas are decimal then."""
    cells = _cut(sample, " ", quote)
    width, times = Counter(map(len, cells)).most_common(1)[0]
    flat = [cell for row in cells for cell in row]
    numbers = [cell for cell in flat if is_number(cell) and not cell.endswith(",")]
    return width > 1 and times >= 0.9 * len(cells) and len(numbers) >= 0.6 * len(flat)


def _cut(sample: list[str], separator: str, quote: str) -> list[list[str]]:
    lines = [line.replace("\t", " ").strip() for line in sample] if separator == " " else sample
    try:
        rows = csv.reader(io.StringIO("\n".join(lines)), **form(separator, quote))
        return [row for row in rows if row]
    except csv.Error:
        return []
