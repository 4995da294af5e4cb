"""Print-quality figures (PNG, SVG, PDF), drawn by seaborn in a child process.

    python -m nncore.export.print < job.json > figure.png

The child keeps matplotlib, which isn't thread-safe and loads slowly, out of the web process.
"""

import base64
import json
import re
import sys
from typing import Any

import numpy as np
import pandas as pd

from nncore.figures.parts.chart import Chart
from nncore.system.child import run_child
from nncore.system.errors import ChildFailed, InvalidSetting
from nncore.system.wording import times

FORMATS = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
SECONDS = 60.0  # seaborn's first import on a busy machine takes several
_SENTENCE = re.compile(r"(?<=[.])\s+(?=[A-Z])")


def print_figure(chart: Chart, fmt: str) -> bytes:
    """A chart as a file for papers and slides. Takes a second or two.

    fmt: "png" (200 dpi), "svg" or "pdf"

    Raises InvalidSetting for another format, ChildFailed when drawing fails.
    """
    if fmt not in FORMATS:
        raise InvalidSetting(f"format must be one of {', '.join(FORMATS)}; got {fmt!r}.")
    job = {"format": fmt, "plot": plain_plot(chart), "caption": caption(chart)}
    child = run_child(
        "nncore.export.print",
        seconds=SECONDS,
        doing="Drawing the figure",
        stdin=json.dumps(job).encode(),
        variables={"MPLBACKEND": "Agg"},
    )
    if child.code != 0 or not child.output:
        raise ChildFailed(f"The figure could not be drawn: {child.reason}")
    return child.output


def plain_plot(chart: Chart) -> dict[str, Any]:
    """The figure as lists and dicts; None for what is no number."""
    plot = json.loads(chart.figure.to_json())
    plot["layout"].pop("template", None)  # the looks of the screen
    plain: dict[str, Any] = _plain(plot)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if not isinstance(value, dict):
        return value
    if "bdata" in value:  # as plotly packs arrays
        array = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"])
        if "shape" in value:
            array = array.reshape([int(n) for n in value["shape"].split(",")])
        numbers = array.astype(object)
        numbers[~np.isfinite(array)] = None
        return numbers.tolist()
    return {key: _plain(part) for key, part in value.items()}


def caption(chart: Chart) -> str:
    """What stands under it, as it will stand alone: what is shown, and of how many seeds."""
    if chart.table.empty:
        return ""
    said = _SENTENCE.split(chart.alt)
    words = [said[0], *(part for part in said[1:] if part.startswith("Diverged"))]
    table = chart.table
    seeds = table["Seeds"] if {"Low", "Seeds"} <= set(table.columns) else pd.Series(dtype=float)
    if seeds.max() > 1:
        low, high = int(seeds[seeds > 0].min()), int(seeds.max())
        count = times(high, "seed") if low == high else f"{low} to {times(high, 'seed')}"
        spans = any(map(_spans, chart.figure.data))
        words.insert(1, f"{'95 % intervals' if spans else 'Means'} over {count}.")
    return " ".join(words)


def _spans(trace: Any) -> bool:
    """Whether it shows from where to where a mean may lie."""
    if getattr(trace, "fill", None) == "toself":
        return True
    ends = [getattr(trace, f"error_{way}", None) for way in ("x", "y")]
    return any(e is not None and e.array is not None and e.visible is not False for e in ends)


def main() -> None:
    """Read a job from standard input, write the file to standard output."""
    from nncore.export.drawing import draw

    job = json.load(sys.stdin)
    sys.stdout.buffer.write(draw(job["plot"], job["caption"], job["format"]))


if __name__ == "__main__":
    main()
