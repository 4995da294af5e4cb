"""Print-quality figures (PNG, SVG, PDF), drawn by seaborn in a child process.

    python -m nncore.export.print < job.json > figure.png

The child keeps matplotlib, which isn't thread-safe and loads slowly, out of the web process.
"""

import json
import sys
from typing import Any

from nncore.analysis.reading import Reading, read
from nncore.export.json import plain, read_snapshot, snapshot_json
from nncore.figures.parts.measures import METRICS
from nncore.figures.trained.cost import checked_quantity
from nncore.system.child import run_child
from nncore.system.errors import ChildFailed, InvalidSetting

FORMATS = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
KINDS = ("curves", "confusion", "cost")
PRINTED = {  # a chart -> the kind that prints it
    "learning_curves": "curves",
    "confusion": "confusion",
    "predicted_actual": "confusion",
    "cost_bars": "cost",
}
SECONDS = 60.0  # seaborn's first import on a busy machine takes several


def print_figure(reading: Reading, kind: str, fmt: str, **options: Any) -> bytes:
    """A figure file for papers and slides. Takes a second or two.

    kind "curves": `metric` ("loss", "accuracy" or "mae"; default loss), `log` (default False)
    kind "confusion": `arm` (default the first), `share` (default False); for a regression,
      which has no classes, predicted against actual values
    kind "cost": `quantity` (default "parameters")
    fmt: "png" (200 dpi), "svg" or "pdf"

    Raises InvalidSetting for another kind, format or option, ChildFailed when drawing fails.
    """
    job = {
        "snapshot": snapshot_json(reading.snapshot),
        "kind": kind,
        "format": _one_of("format", fmt, tuple(FORMATS)),
        "options": _checked(reading, kind, options),
    }
    child = run_child(
        "nncore.export.print",
        seconds=SECONDS,
        doing=f"Drawing the {kind} figure",
        stdin=json.dumps(plain(job), allow_nan=False).encode(),
        variables={"MPLBACKEND": "Agg"},
    )
    if child.code != 0 or not child.output:
        raise ChildFailed(f"The {kind} figure could not be drawn: {child.reason}")
    return child.output


def _checked(reading: Reading, kind: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options of `kind` with their defaults."""
    _one_of("kind", kind, KINDS)
    by_kind: dict[str, dict[str, Any]] = {
        "curves": {"metric": "loss", "log": False},
        "confusion": {"arm": reading.arms[0].label, "share": False},
        "cost": {"quantity": "parameters"},
    }
    defaults = by_kind[kind]
    for name in options:
        _one_of(f"option of {kind}", name, tuple(defaults))
    chosen = defaults | options
    if kind == "curves":
        _one_of("metric", chosen["metric"], METRICS)
    elif kind == "confusion":
        reading.arm(chosen["arm"])
    else:
        checked_quantity(chosen["quantity"])
    return chosen


def _one_of(what: str, value: str, options: tuple[str, ...]) -> str:
    if value not in options:
        raise InvalidSetting(f"{what} must be one of {', '.join(options)}; got {value!r}.")
    return value


def main() -> None:
    """Read a job from standard input, write the file to standard output."""
    from nncore.export.drawing import draw

    job = json.load(sys.stdin)
    reading = read(read_snapshot(job["snapshot"]))
    sys.stdout.buffer.write(draw(reading, job["kind"], job["format"], job["options"]))


if __name__ == "__main__":
    main()
