"""A comparison asked, waited for and answered."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.reading import read
from nncore.analysis.verdict import verdict
from nncore.config.settings import SETTINGS
from nncore.figures.trained.curves import learning_curves
from nncore.figures.trained.scores import score_table
from nncore.lab.lab import Lab
from nncore.questions.asking import ask
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot
from nncore.system.errors import InvalidSetting
from nncore.system.owners import OPERATOR

_POLL = 0.2  # seconds between looks at the store


@dataclass(frozen=True)
class Answer:
    """What a comparison has shown."""

    snapshot: Snapshot
    lab: Lab  # whose store it is in

    @property
    def verdict(self) -> str:
        """Who is ahead, by how much and how sure that is, in words."""
        return verdict(read(self.snapshot)).text

    @property
    def scores(self) -> pd.DataFrame:
        """A row per arm: means over seeds with their 95 % intervals."""
        return score_table(read(self.snapshot))

    def test_scores(self) -> pd.DataFrame:
        """The same with test scores; the store counts that they were looked at."""
        self.lab.show_tests(self.snapshot.id, OPERATOR)
        return score_table(read(self.snapshot), tests=True)

    def curves(self, metric: str = "loss") -> go.Figure:
        """Mean learning curves with bands; metric "loss", "accuracy" or "mae"."""
        return learning_curves(read(self.snapshot), metric).figure


def compare(
    question: str | Comparison,
    arms: Sequence[str] = (),
    *,
    by: Mapping[str, Sequence[Any]] | None = None,
    seeds: int = 3,
    lab: Lab | None = None,
    on_progress: Callable[[Snapshot], None] = lambda _: None,
    **settings: Any,
) -> Answer:
    """Train every arm of a question with every seed, and say what that has shown.

        mean difference of two arms, paired by seed, +- q(arms, df) * s / sqrt(2 n)

    q is of the studentized range, for all pairs of arms and all looks together.

    The trainings run in processes of their own and are stored: the same comparison is answered
    at once the next time, here, on a page or on the command line. Interrupting cancels it; what
    was finished stays.

    Parameters
    ----------
    question
        A name of the catalogue (`nncore list comparisons`), or a whole Comparison.
    arms
        Values of what the question varies, or `key=value` pairs; the question's own if empty.
    by
        Settings to cross every arm with: `{"batch_size": [16, 256]}`.
    seeds
        How many: 0, 1, 2, ...
    lab
        Where it is trained and stored; by default the store of this machine's user.
    on_progress
        Hears of the comparison as it stands, some times a second.
    **settings
        What all arms share, in place of the question's own start values.

    Returns
    -------
    Answer
        `verdict` in words, `scores` and `test_scores()` as DataFrames, `curves(metric)` as a
        plotly figure, and the whole `snapshot`.

    Raises
    ------
    InvalidSetting
        With a sentence that says which setting must be what.
    StoreError
        When the store can't be used.

    Examples
    --------
    >>> import nncore
    >>> answer = nncore.compare("activations", ["relu", "linear"], seeds=2,
    ...                         dataset="iris", engine="numpy", epochs=2)
    >>> list(answer.scores["Arm"])
    ['ReLU', 'Linear']

    References
    ----------
    docs/statistics.md says how arms are compared, and from where.
    """
    if isinstance(question, Comparison):
        if arms or by or settings:
            raise InvalidSetting(
                "A whole Comparison brings its arms and settings along: give it alone."
            )
        comparison = question
    else:
        crossings = [
            f"{key}={','.join(map(SETTINGS[key].write, values))}"
            for key, values in (by or {}).items()
        ]
        comparison = ask(
            QUESTIONS[question], list(arms), by=crossings, settings=settings, seeds=seeds
        )
    lab = lab or Lab()
    public_id = lab.submit(comparison, owner=OPERATOR.key)
    try:
        while (snapshot := lab.snapshot(public_id)) is not None and snapshot.active:
            on_progress(snapshot)
            time.sleep(_POLL)
    except KeyboardInterrupt:
        lab.cancel(public_id, OPERATOR)
        raise
    if snapshot is None:
        raise InvalidSetting(f"The comparison {public_id} has gone from the store.")
    return Answer(snapshot, lab)
