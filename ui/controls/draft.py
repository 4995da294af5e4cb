"""From the controls to a comparison: what Run would train, or why it can't."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nncore.analysis.scores import arm_titles
from nncore.config.config import Config
from nncore.declare.params import DRAWN
from nncore.questions.arms import Arm, parse_arm
from nncore.questions.catalogue import Question
from nncore.questions.comparisons import SEEDS, Comparison
from nncore.questions.grids import crossed, parse_crossing
from nncore.system.errors import InvalidSetting
from ui.controls.fields import PLANES, chosen, fields_of, settings_of

ARMS, COUNT, BY = "arms", "seeds", "by"  # the controls that are no setting of a training


@dataclass(frozen=True)
class Draft:
    """What the controls say now; `comparison` is None where that can't be trained.

    `errors`: control name -> what is wrong with it alone. `problem`: the sentence that says
    why Run is off.
    """

    question: Question
    texts: Mapping[str, str]  # the settings in use, by name
    arms: tuple[Arm, ...] = ()
    comparison: Comparison | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    def extra(self, name: str) -> Any:
        """What a control of the page's own chart says; its start while it says nothing usable."""
        field = fields_of(self.question)[name]
        return field.value(field.start if name in self.errors else self.texts.get(name, ""))

    def configs(self) -> dict[str, Config]:
        """The config of every arm, by the title that people see."""
        if self.comparison is None:
            return {}
        shown = arm_titles(self.arms, self.question)
        return {shown[arm.label]: self.comparison.config(arm) for arm in self.arms}

    def definitions(self, kind: str) -> list[Any]:
        """The chosen activations, initializers or optimizers, with the settings of their arms."""
        if self.comparison is None:
            return []
        configs = [self.comparison.config(arm) for arm in self.comparison.arms]
        values = [getattr(config, kind) for config in configs]
        each = [v for value in values for v in (value if isinstance(value, tuple) else (value,))]
        return list(dict.fromkeys(each))


def compose(
    question: Question,
    texts: Mapping[str, str],
    arm_texts: Sequence[str],
    n_seeds: int,
    by: Sequence[str] = (),
) -> Draft:
    """The comparison that the controls describe. Never raises for what a user can set.

    `by`: crossings, as `nncore.questions.grids` reads them.
    """
    fields, errors = fields_of(question), {}
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
    usable = settings_of(chosen(question, texts, arms))
    drawn = texts.get("dataset") in PLANES
    used = {
        name: text
        for name, text in texts.items()
        if (drawn or DRAWN not in fields[name].setting.needs)
        and ((field := fields[name]).of_config or field.extra or (name in usable and text))
    }
    base = {question.factor: question.base[question.factor]} if _has_factor(question) else {}
    for name, text in used.items():
        try:
            value = fields[name].value(text)
        except InvalidSetting as error:
            errors[name] = str(error)
        else:
            if text != fields[name].setting.default and not fields[name].extra:
                base[name] = value
    draft = Draft(question, used, tuple(arms), errors=errors)
    if wrong := [
        text for name, text in errors.items() if name not in fields or not fields[name].extra
    ]:
        return replace(draft, problem=wrong[0])
    try:
        # one network has the seed that is chosen like any other setting
        seeds = tuple(range(n_seeds)) if question.factor else (int(base.pop("seed", 0)),)
        return replace(draft, comparison=Comparison(question.name, base, tuple(arms), seeds))
    except InvalidSetting as error:
        return replace(draft, problem=str(error))


def _has_factor(question: Question) -> bool:
    return question.factor in question.base


def same_trainings(one: Comparison, other: Comparison) -> bool:
    """Whether both train the same configs under the same labels with the same seeds."""
    if set(one.seeds) != set(other.seeds) or len(one.arms) != len(other.arms):
        return False
    pairs = zip(one.arms, other.arms, strict=True)
    return all(a.label == b.label and one.config(a) == other.config(b) for a, b in pairs)
