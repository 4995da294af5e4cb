"""Simple models beside the arms, as a table and as marks in the chart of scores."""

import pandas as pd

from nncore.analysis.beside import (
    NO_SCORE,
    WHEN_IDLE,
    Beside,
    beside,
    by_data,
    fewest_splits,
    remarks,
    scored_on,
    written,
)
from nncore.analysis.digits import spread
from nncore.analysis.reading import Reading
from nncore.results.simple import Fitted
from nncore.system.wording import times

COLUMNS = ("Beside simple models", "Validation", "Trained on", "Seconds")


def beside_table(reading: Reading) -> pd.DataFrame:
    """A row per simple model in texts that people read, the trivial one first.

    Columns: Beside simple models; Validation, the score with its 95 % interval over validation
    rows or splits, or when there will be one; Trained on; Seconds. Where arms have different data,
    a row for each, named by the arms that have it.
    """
    rows = [
        (
            f"{model.label}, data of {titles}" if titles else model.label,
            reached(reading, model),
            _trained_on(model),
            "" if model.seconds is None else spread([model.seconds], "s"),
        )
        for arm, titles in by_data(reading)
        for model in beside(reading, arm=arm)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def explained(reading: Reading) -> str:
    """What the scores and their brackets are, as sentences."""
    models = [model for arm, _ in by_data(reading) for model in beside(reading, arm=arm)]
    known = any(model.low is not None for model in models)
    what = "Brackets are 95 % intervals of the score" if known else "Scores are"
    on = f"{what} {scored_on(reading, fewest_splits(models))}."
    return " ".join([on, *remarks(models)])


def reached(reading: Reading, model: Beside) -> str:
    """ "95.8 % [92.8, 97.6]", or when there will be a score."""
    metric = model.metric.removeprefix("val_")
    if model.score is None:
        return WHEN_IDLE if model.state is Fitted.WAITING else NO_SCORE
    text = written(reading, metric, model.score)
    if model.low is None or model.high is None:
        return text
    ends = (written(reading, metric, end) for end in (model.low, model.high))
    low, high = (end.removesuffix(reading.data.unit).removesuffix("%").strip() for end in ends)
    return f"{text} [{low}, {high}]"


def _trained_on(model: Beside) -> str:
    if model.trained_on is None:
        return ""
    if model.trained_on == model.of:
        return times(model.of, "row")
    return f"{model.trained_on:,} of {times(model.of, 'row')}"
