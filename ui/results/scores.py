"""The Scores tab: every seed's validation score, or all parts of the data side by side."""

from nncore.analysis.reading import Reading
from nncore.analysis.side_by_side import measured_everywhere
from nncore.figures.trained.scores import score_points
from nncore.figures.trained.side_by_side import side_bars, side_table
from ui.controls.shown import view
from ui.controls.widgets import one_of
from ui.results.charts import drawn, show, table
from ui.results.looking import tests_shown

_SEEDS = "seeds"


def scores(key: str, reading: Reading) -> None:
    """Draw the view that is chosen."""
    criteria = {criterion.name: criterion for criterion in measured_everywhere(reading)}
    titles = {_SEEDS: "Each seed"} | {
        name: f"{criterion.title} by part" for name, criterion in criteria.items()
    }
    at, widget = view(reading.question, "scores_as", titles, _SEEDS)
    shape = one_of("Scores as", titles, first=at, **widget)
    if shape not in criteria:
        show(drawn(score_points, reading), f"{key}.points")
        return
    tests = tests_shown(key, reading)
    show(drawn(side_bars, reading, criteria[shape], tests=tests), f"{key}.sides")
    if not (rows := side_table(reading, tests=tests)).empty:
        table(rows, f"{key}.sides.both")
