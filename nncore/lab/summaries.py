"""The rows of lists: what a comparison asks, and, once it has ended, what came of it.

What is asked is written when it is asked. What came of it is written by the coordinator when
nothing is unfinished any more; whatever changes a comparison says in the same transaction that its
summary no longer holds (`outdate` in `nncore.lab.intent`). Reading never writes.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, insert, or_, select, update

from nncore.config.engine_names import ENGINES
from nncore.datasets.catalogue import DATASETS
from nncore.lab.intent import read_comparison
from nncore.lab.store.compared import compared_in
from nncore.lab.store.outcomes import Outcome, parsed
from nncore.lab.store.schema import COMPARISON, SUMMARY, TRAINING, WANTED
from nncore.lab.store.store import Store
from nncore.lab.trials import trial_of, wanted_rows
from nncore.lab.watched import WATCHED
from nncore.questions.catalogue import EVERY_QUESTION, titles
from nncore.questions.comparisons import Comparison
from nncore.results.results import Result
from nncore.results.snapshots import UNREADABLE, Snapshot, Status, Trial

Stand = tuple[Any, ...]  # what differs whenever a summary may differ
_UNFINISHED = (Status.QUEUED.value, Status.RUNNING.value)
_OUTCOME = (*("state", "winner", "leader", "place", "metric", "unit", "score", "half", "seconds"),)
_MOST_NAME = 80  # characters of a name that a column has room for
_MOST_SEARCHED = 4_000  # characters of what is asked: of very many arms, the first are found


def under_way() -> Select[Any]:
    """The ids of comparisons of which something is queued or running."""
    return (
        select(WANTED.c.comparison_id)
        .join(TRAINING, TRAINING.c.id == WANTED.c.training_id)
        .where(WANTED.c.dropped.is_(None), TRAINING.c.status.in_(_UNFINISHED))
    )


def add(connection: Connection, public_id: str, comparison: Comparison) -> None:
    """The row of a new comparison."""
    connection.execute(insert(SUMMARY), {"comparison_id": public_id, **asked(comparison)})


def enlarged(connection: Connection, public_id: str, comparison: Comparison) -> None:
    """A comparison is under way again, with more seeds: nobody is in front."""
    values = {**dict.fromkeys(_OUTCOME), "version": "", **asked(comparison)}
    connection.execute(update(SUMMARY).where(SUMMARY.c.comparison_id == public_id).values(values))


def due(connection: Connection, version: str, limit: int, *, ended: bool) -> list[str]:
    """Ids of comparisons to sum up, the newest first; what is only watched isn't.

    `ended`: those that have just ended; else those that another `version` has summed up.
    """
    other = SUMMARY.c.version == ""
    if not ended:  # as two ranges, which an index has
        other = or_(SUMMARY.c.version < version, SUMMARY.c.version > version)
    query = (
        select(SUMMARY.c.comparison_id)
        .join(COMPARISON, COMPARISON.c.id == SUMMARY.c.comparison_id)
        .where(other, SUMMARY.c.comparison_id.not_in(under_way()))
        .where(or_(SUMMARY.c.question.is_(None), SUMMARY.c.question.not_in(WATCHED)))
        .order_by(COMPARISON.c.number.desc())
    )
    return list(connection.execute(query.limit(limit)).scalars())


def unreadable(connection: Connection, version: str, limit: int) -> list[str]:
    """Ids of comparisons that this version couldn't read: their data may be there again."""
    query = select(SUMMARY.c.comparison_id).where(
        SUMMARY.c.state == UNREADABLE, SUMMARY.c.version == version
    )
    return list(connection.execute(query.limit(limit)).scalars())


def stand(connection: Connection, public_id: str) -> Stand:
    """What a comparison's trainings stand at."""
    body = select(COMPARISON.c.body).where(COMPARISON.c.id == public_id)
    rows = wanted_rows(connection, public_id)
    trainings = [(r.id, r.status, r.dropped is None, r.finished_at) for r in rows]
    return connection.execute(body).scalar(), tuple(trainings)


def pieces(store: Store, public_id: str) -> Iterator[dict[str, Any] | None]:
    """The values of a comparison's row, read training by training: None after each.

    One training is held at a time: what lists say needs its scores, not its course. Whatever is
    damaged makes the row say so.
    """
    from nncore.analysis.reading import read  # loads SciPy: not before anything has ended
    from nncore.analysis.summary import summarize

    with store.read() as connection:
        about = connection.execute(select(COMPARISON).where(COMPARISON.c.id == public_id)).one()
        rows = wanted_rows(connection, public_id)
    comparison = read_comparison(about.body)
    trials = []
    for row in rows:
        with store.read() as connection:
            trials.append(_scored(connection, row))
        yield None
    summary = summarize(read(Snapshot(public_id, comparison, tuple(trials), about.created_at)))
    yield {**asked(comparison), **_values(vars(summary))}


def unreadable_values(body: str | None) -> dict[str, Any]:
    """The values of a row whose comparison can't be read; what is asked as far as it can be."""
    known: dict[str, Any] = {}
    try:
        flat = json.loads(body or "")
        known["question"] = str(flat["question"])[:40]
        known["dataset"] = str(flat["base"].get("dataset", "digits"))[:_MOST_NAME]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    return {**dict.fromkeys(_OUTCOME), **known, "state": UNREADABLE}


def write(connection: Connection, public_id: str, version: str, values: Mapping[str, Any]) -> None:
    """Store what came of a comparison."""
    row = update(SUMMARY).where(SUMMARY.c.comparison_id == public_id)
    connection.execute(row.values({**values, "version": version}))


def searched(*texts: str) -> str:
    """Texts as they are searched in: small letters, and one space between words."""
    return " ".join(" ".join(texts).casefold().split())


def _scored(connection: Connection, row: Any) -> Trial:
    outcome = Outcome((), None)
    if row.finished_at is not None:
        columns = select(TRAINING.c.records, TRAINING.c.result).where(TRAINING.c.id == row.id)
        outcome = parsed(*connection.execute(columns).one())
    result = None if outcome.result is None else _light(outcome.result)
    return trial_of(row, replace(outcome, records=(), result=result))


def _light(result: Result) -> Result:
    return replace(
        result, weights=None, outputs=None, predictions=None, observed={}, importance=None
    )


def asked(comparison: Comparison) -> dict[str, Any]:
    """The values of a row that say what a comparison asks."""
    question = EVERY_QUESTION[comparison.question]
    configs = [comparison.config(arm, comparison.seeds[0]) for arm in comparison.arms]
    engines = sorted({config.engine for config in configs})
    data = DATASETS[configs[0].dataset]
    names = titles(comparison.arms, question)
    words = (question.label, data.label, data.name, *(ENGINES[name].label for name in engines))
    return {
        "question": question.name,
        "dataset": data.name,
        "engines": f",{','.join(engines)},",
        "arms": len(comparison.arms),
        "seeds": len(comparison.seeds),
        "asked": searched(*words, *names.values(), *names)[:_MOST_SEARCHED],
        "compared": compared_in(json.dumps(comparison.to_json())),
    }


def _values(summary: Mapping[str, Any]) -> dict[str, Any]:
    """As columns have it: nothing rather than an empty text."""
    return {name: None if summary[name] == "" else summary[name] for name in _OUTCOME}
