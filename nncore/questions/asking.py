"""From a question, arms and settings as people write them to a comparison."""

from collections.abc import Mapping, Sequence
from typing import Any

from nncore.config.settings import SETTINGS
from nncore.declare.params import Param
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import Question
from nncore.questions.comparisons import SEEDS, Comparison
from nncore.questions.grids import crossed, parse_crossing
from nncore.questions.starts import start
from nncore.system.errors import InvalidSetting

TIME_LIMIT = 1800.0  # seconds


def ask(
    question: Question,
    arms: Sequence[str] = (),
    *,
    by: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    seeds: int = 3,
    time_limit: float = TIME_LIMIT,
    repeat_splits: bool = False,
) -> Comparison:
    """The comparison that asks `question` with these arms, or with its own.

    by: crossings, as `nncore.questions.grids` reads them. settings: what all arms share, texts or
    values. repeat_splits: every seed draws its own validation rows. Raises InvalidSetting for the
    first mistake.
    """
    shared = {key: _value(key, value) for key, value in (settings or {}).items()}
    if question.factor in shared:
        raise InvalidSetting(
            f"{question.factor} is what the arms of {question.name!r} differ in: "
            "give its values as arms."
        )
    if "seed" in shared:
        raise InvalidSetting("seed differs within every arm: give the number of seeds instead.")
    begins = start(question, str(shared.get("dataset", question.base["dataset"])))
    parsed = [parse_arm(text, question.factor) for text in arms or begins.arms]
    return Comparison(
        question=question.name,
        base={**begins.values, **shared},
        arms=crossed(parsed, question.factor, [parse_crossing(text) for text in by]),
        seeds=tuple(range(Param("seeds", "Seeds", SEEDS, 3).clean(seeds))),
        time_limit=time_limit,
        repeat_splits=repeat_splits,
    )


def _value(key: str, value: Any) -> Any:
    if isinstance(value, str):
        return SETTINGS[key].parse(value)
    return list(value) if isinstance(value, tuple) else value
