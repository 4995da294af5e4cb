"""Charts of texts: how long they are, which words come most, which tell the classes apart."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.datasets.definition import Dataset
from nncore.datasets.preparation.overview import Overview
from nncore.datasets.sets.text import vocabulary
from nncore.figures.parts.chart import GREY, Chart, blank, style
from nncore.figures.parts.text import literal, literals
from nncore.figures.parts.traces import add_steps
from nncore.system.arrays import Array
from nncore.system.wording import listing, percent

_BINS = 40
_LONGEST = 0.99  # of the texts fit into the chart; the longest few would squeeze the rest


class _Lengths(NamedTuple):
    """How many texts of each class have so many words; the longest few are left out."""

    edges: Array  # (bins + 1,)
    counts: Array  # (classes, bins)
    shares: Array  # of all texts of the class


def text_lengths(about: Dataset, overview: Overview, tokens: int, *, key: str) -> Chart:
    """How many words texts have, by class; a line where a model cuts them."""
    bins = _read_lengths(about, overview, tokens)
    figure = _draw_lengths(about, bins, tokens, key)
    return _tell_lengths(about, overview, bins, tokens, figure)


def _read_lengths(about: Dataset, overview: Overview, tokens: int) -> _Lengths:
    lengths, labels = overview.lengths, overview.labels
    top = max(float(np.quantile(lengths, _LONGEST)), tokens * 1.1)
    edges = np.linspace(0, top, _BINS + 1)
    each = [lengths[labels == i] for i in range(len(about.classes))]
    counts = np.array([np.histogram(mine, edges)[0] for mine in each])
    return _Lengths(edges, counts, counts / np.array([[max(len(mine), 1)] for mine in each]))


def _draw_lengths(about: Dataset, bins: _Lengths, tokens: int, key: str) -> go.Figure:
    figure = blank("Words", "Share of the class's texts", key=key)
    middles = (bins.edges[1:] + bins.edges[:-1]) / 2
    for i, label in enumerate(literals(about.classes)):
        hover = f"about %{{x:.0f}} words, {label}: %{{y:.1%}}"
        add_steps(figure, style(i), middles, bins.shares[i], str(label), hover)
    figure.add_vline(
        x=tokens, line={"color": GREY, "dash": "dash"}, annotation_text=f"cut at {tokens}"
    )
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return figure


def _tell_lengths(
    about: Dataset, overview: Overview, bins: _Lengths, tokens: int, figure: go.Figure
) -> Chart:
    lengths = overview.lengths
    table = pd.DataFrame({"From": bins.edges[:-1].round(), "To": bins.edges[1:].round()})
    for label, counts in zip(about.classes, bins.counts, strict=True):
        table[label] = counts
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


def word_counts(about: Dataset, overview: Overview, *, telling: bool = False, key: str) -> Chart:
    """How often the commonest words come in each class.

    `telling`: those that tell the classes apart instead. Raises DataMissing or DataCorrupt when
    the file of words is not to be read.
    """
    known = vocabulary().word
    indices = overview.telling if telling else overview.words
    words = [known.get(int(i), f"word {i}") for i in indices]
    counts = overview.telling_counts if telling else overview.word_counts
    figure = _draw_words(about, words, counts, key)
    table = pd.DataFrame({"Word": words})
    for i, label in enumerate(about.classes):
        table[label] = counts[i]
    first = listing(words[:3])
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


def _draw_words(about: Dataset, words: Sequence[str], counts: Array, key: str) -> go.Figure:
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
    return figure
