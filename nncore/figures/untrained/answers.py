"""What a network answers about one input: a probability for every class."""

import pandas as pd
import plotly.graph_objects as go

from nncore.figures.parts.chart import COLORS, GREY, Chart, bar_height, blank
from nncore.figures.parts.traces import add_bars
from nncore.saved.answers import Answer
from nncore.system.errors import InvalidSetting
from nncore.system.wording import percent

MOST_CLASSES = 20  # bars; of more classes the most probable are drawn


def answer_bars(said: Answer, *, truth: int | None = None, key: str) -> Chart:
    """Bars of the probabilities of the classes, the answer in colour; `truth` is named if known.

    Raises InvalidSetting where the answer is a number.
    """
    if said.chances is None:
        raise InvalidSetting("Only classes have probabilities; this network answers a number.")
    classes, chances, best = said.classes, said.chances, said.best
    table = pd.DataFrame({"Class": list(classes), "Probability": chances})
    figure = _draw(table.nlargest(MOST_CLASSES, "Probability").sort_index(), best, key)
    rest = len(table) - MOST_CLASSES
    left_out = f" The {rest} least probable classes are left out." if rest > 0 else ""
    judgement = ""
    if truth is not None:
        judgement = f" It is {classes[truth]}: " + ("right." if truth == best else "wrong.")
    sure = percent(float(chances[best]))
    return Chart(
        figure,
        table,
        f"Bar chart of what the network answers: {classes[best]} with {sure}.{judgement}{left_out}",
        "One bar near 100 %: the network is sure, which doesn't mean that it is right. Several of "
        f"similar length: it hesitates between these classes.{left_out}",
    )


def _draw(drawn: pd.DataFrame, best: int, key: str) -> go.Figure:
    figure = blank("Probability", "Class", key=key, height=min(bar_height(len(drawn)), 520))
    add_bars(
        figure,
        list(drawn["Class"]),
        drawn["Probability"].to_numpy(),
        [COLORS[0] if i == best else GREY for i in drawn.index],
        "%{y}: %{x:.4f}",
        text=[percent(float(p)) for p in drawn["Probability"]],
        textposition="outside",
        cliponaxis=False,
    )
    figure.update_xaxes(range=[0, 1.15], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    figure.update_yaxes(type="category", autorange="reversed")
    return figure
