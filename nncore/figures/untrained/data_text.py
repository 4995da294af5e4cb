"""Charts of texts: how long they are, which words come most, which tell the classes apart."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nncore.datasets.definition import Dataset
from nncore.datasets.preparation.overview import Overview
from nncore.figures.parts.chart import GREY, Chart, blank, style
from nncore.figures.parts.text import literal, literals
from nncore.system.arrays import Array
from nncore.system.wording import listing, percent

_BINS = 40
_LONGEST = 0.99  # of the texts fit into the chart; the longest few would squeeze the rest


def text_lengths(about: Dataset, overview: Overview, tokens: int, *, key: str) -> Chart:
    """How many words texts have, by class; a line where a model cuts them."""
    lengths, labels = overview.lengths, overview.labels
    top = max(float(np.quantile(lengths, _LONGEST)), tokens * 1.1)
    edges = np.linspace(0, top, _BINS + 1)
    figure = blank("Words", "Share of the class's texts", key=key)
    table = pd.DataFrame({"From": edges[:-1].round(), "To": edges[1:].round()})
    middles = (edges[1:] + edges[:-1]) / 2
    for i, label in enumerate(about.classes):
        look, mine = style(i), lengths[labels == i]
        counts = np.histogram(mine, edges)[0]
        figure.add_scatter(
            x=middles,
            y=counts / max(len(mine), 1),
            mode="lines",
            line={"shape": "hvh", "color": look.color, "dash": look.dash, "width": 2},
            name=literal(label),
            hovertemplate=f"about %{{x:.0f}} words, {literal(label)}: %{{y:.1%}}<extra></extra>",
        )
        table[label] = counts
    figure.add_vline(
        x=tokens, line={"color": GREY, "dash": "dash"}, annotation_text=f"cut at {tokens}"
    )
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    longer = percent(float((lengths >= tokens).mean()))
    median = int(np.median(lengths))
    return Chart(
        figure,
        table,
        f"Histogram of words per text by class: half have fewer than {median}, the longest "
        f"{int(lengths.max()):,}; {longer} have {tokens} or more.",
        f"Half of the texts have fewer than {median} words, the longest has "
        f"{int(lengths.max()):,}. Models see {tokens} tokens unless told otherwise: {longer} of "
        "the texts are longer and lose their beginning; shorter ones get zeros in front.",
    )


def word_counts(
    about: Dataset, words: Sequence[str], counts: Array, *, telling: bool, key: str
) -> Chart:
    """How often words come in each class; counts: (classes, words)."""
    figure = blank("Times in the training part", "Word", key=key, height=120 + 24 * len(words))
    for i, label in enumerate(about.classes):
        figure.add_bar(
            x=counts[i],
            y=literals(words),
            orientation="h",
            name=literal(label),
            marker_color=style(i).color,
            hovertemplate=f"%{{y}}, {literal(label)}: %{{x:,}} times<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    figure.update_yaxes(type="category", autorange="reversed", dtick=1)
    table = pd.DataFrame({"Word": list(words)})
    for i, label in enumerate(about.classes):
        table[label] = counts[i]
    first = listing(list(words[:3]))
    return Chart(
        figure,
        table,
        f"Bar chart of {'the most one-sided' if telling else 'the commonest'} words by class, "
        f"beginning with {first}.",
        "These words come mostly in one class: counting them would already tell many texts apart."
        if telling
        else "The commonest words come alike in all classes and tell nothing; a model must find "
        "the others.",
    )
