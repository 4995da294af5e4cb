"""The plan of a question: the number of seeds that it was first asked with in this store.

Whoever asks the same again with more seeds has looked before, and the verdict must know.
"""

import json
from dataclasses import replace

from sqlalchemy import Connection, select

from nncore.lab.intent import read_comparison
from nncore.lab.store.schema import COMPARISON
from nncore.questions.comparisons import Comparison
from nncore.system.errors import InvalidSetting


def as_first_planned(connection: Connection, comparison: Comparison) -> Comparison:
    """The comparison with the plan of the first one of the same base and arms.

    Never more than the seeds it has itself: it would never be decided.
    """
    mine = comparison.to_json()
    asked = select(COMPARISON.c.body).order_by(COMPARISON.c.number)
    question = f'"question": {json.dumps(comparison.question)}'
    for (body,) in connection.execute(asked.where(COMPARISON.c.body.contains(question))):
        try:
            first = read_comparison(body)
        except InvalidSetting:
            continue  # of another version of the program
        theirs = first.to_json()
        if all(theirs[part] == mine[part] for part in ("question", "base", "arms")):
            return replace(comparison, plan=min(first.plan, len(comparison.seeds)))
    return comparison
