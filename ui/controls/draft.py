"""From what controls say to a comparison: what Run would train, or why it can't."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nncore.config.agreement import default_loss
from nncore.config.settings import DEFINED, SETTINGS
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import Dataset
from nncore.declare.domains import AUTO
from nncore.network.models import MODELS, default_model
from nncore.questions.arms import Arm, parse_arm
from nncore.questions.catalogue import Question
from nncore.questions.comparisons import SEEDS, Comparison
from nncore.questions.grids import crossed, parse_crossing
from nncore.system.errors import InvalidSetting
from ui.controls.fields import ARMS, BY, COUNT, Blank, lacking, settings_of


@dataclass(frozen=True)
class Draft:
    """What a form comes to; `comparison` is None where that can't be trained.

    `errors`: control name -> what is wrong with it alone. `problem`: the sentence that says
    why Run is off.
    """

    texts: Mapping[str, str]  # of the controls in use, by name
    arms: tuple[Arm, ...] = ()
    chosen: tuple[Any, ...] = ()  # the definition classes that some arm uses
    owned: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # their settings
    comparison: Comparison | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def compose(
    blank: Blank,
    texts: Mapping[str, str],
    arm_texts: Sequence[str],
    n_seeds: int,
    by: Sequence[str] = (),
    repeats: bool = False,
) -> Draft:
    """The comparison that the controls describe. Never raises for what a user can set.

    `by`: crossings, as `nncore.questions.grids` reads them. `repeats`: every seed has its
    own split.
    """
    question, fields = blank.question, blank.fields
    errors: dict[str, str] = {}
    if question is None:
        return Draft(texts)
    arms: list[Arm] = []
    for text in arm_texts:
        try:
            arms.append(parse_arm(text, question.factor))
        except InvalidSetting as error:
            errors[ARMS] = str(error)
    try:
        arms = list(crossed(arms, question.factor, [parse_crossing(text) for text in by]))
    except InvalidSetting as error:
        errors[BY] = str(error)
    if not arm_texts:
        errors[ARMS] = "Choose at least one to compare."
    if n_seeds not in SEEDS:
        errors[COUNT] = f"The number of seeds must be {SEEDS}; got {n_seeds}."
    definitions = _chosen(question, texts, arms)
    owned = settings_of(definitions)
    lacks = lacking(texts.get("dataset", ""))
    used = {
        name: text
        for name, text in texts.items()
        if not lacks & set(fields[name].setting.needs)
        and (not fields[name].of_definition or name in owned)
        and not (repeats and name == "split_seed")  # it follows the seed
    }
    unvaried = blank.start(texts.get("dataset", "")).factor
    base = {} if unvaried is None else {question.factor: unvaried}
    for name, text in used.items():
        try:
            value = fields[name].value(text)
        except InvalidSetting as error:
            errors[name] = str(error)
        else:
            if text != fields[name].setting.default and not fields[name].extra:
                base[name] = value
    draft = Draft(used, tuple(arms), tuple(definitions), owned, errors=errors)
    if wrong := [
        text for name, text in errors.items() if name not in fields or not fields[name].extra
    ]:
        return replace(draft, problem=wrong[0])
    try:
        # one network has the seed that is chosen like any other setting
        seeds = tuple(range(n_seeds)) if question.factor else (int(base.pop("seed", 0)),)
        made = Comparison(question.name, base, tuple(arms), seeds, repeat_splits=repeats)
        return replace(draft, comparison=made)
    except InvalidSetting as error:
        return replace(draft, problem=str(error))


def _chosen(question: Question, texts: Mapping[str, str], arms: Iterable[Arm]) -> list[Any]:
    """The definition classes that some arm uses, in registry order; unknown names are skipped."""
    arms = list(arms)
    chosen: list[Any] = []
    for kind, registry in DEFINED.items():
        write = SETTINGS[kind].write
        values = [write(a.overrides[kind]) for a in arms if kind in a.overrides]
        if len(values) < max(len(arms), 1):
            values.append(texts.get(kind) or write(question.base.get(kind, "")))
        dataset = DATASETS.get(texts.get("dataset", ""))
        if AUTO in values and dataset:
            values = [v for v in values if v != AUTO] + _of_themselves(kind, dataset, chosen)
        names = {name.strip() for value in values for name in value.replace(",", "-").split("-")}
        chosen += [registry[name] for name in registry if name in names]
    return chosen


def _of_themselves(kind: str, dataset: Dataset, before: Iterable[Any]) -> list[str]:
    """What auto stands for; `before` has the chosen models, which may bring their own loss."""
    if kind == "model":
        return [default_model(dataset.kind)]
    models = [d for d in before if d in MODELS.values()]
    return [model.loss or default_loss(dataset.task) for model in models]
