"""What a question's controls are: one field per declared hyperparameter, as text.

Every control has one text form, which its setting writes and reads. The URL carries it, and the
command line takes the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nncore.config.agreement import default_loss
from nncore.config.settings import DEFINED, SETTINGS, Setting
from nncore.datasets.catalogue import DATASETS, Dataset
from nncore.declare.domains import AUTO, Choice, Name, Numbers, Pattern, Range
from nncore.declare.params import Param, params_of
from nncore.declare.registry import Registry
from nncore.definitions.optimizers import RATE
from nncore.figures.untrained.definitions import MOST_STEPS
from nncore.figures.untrained.surfaces import SURFACES
from nncore.network.models import MODELS, default_model
from nncore.questions.arms import Arm, parse_arm
from nncore.questions.catalogue import Question
from nncore.questions.comparisons import Comparison
from nncore.system.errors import InvalidSetting

PLANES = Registry("dataset", *(data for data in DATASETS.values() if data.drawn))
EXTRAS: dict[str, tuple[Param, ...]] = {  # of a page's own charts: in the link, in no training
    "optimizers": (
        Param("surface", "Loss surface", Name(SURFACES), "ravine"),
        Param(
            "surface_rate",
            "Learning rate on the surface",
            RATE,
            0.05,
            help="One rate for all shows what sets their ways apart; emptied, each takes its own.",
        ),
        Param("steps", "Steps", Range(1, MOST_STEPS, integer=True), 100),
    ),
    "learning_rate": (
        Param("range", "Range test", Pattern(r"[\w-]{0,64}", "the id of a range test"), ""),
    ),
    "workshop": (
        Param("ask", "Ask about", Choice(("sample", "own")), "sample"),
        Param(
            "sample",
            "Test sample",
            Range(0, 1_000_000, integer=True),
            0,
            help="Its number in the test data, from 0. The network has never learnt from it.",
        ),
        Param("row", "Typed row", Numbers(Range(-1e12, 1e12), most=1000), ()),
        Param("text", "Typed review", Pattern(r"[\s\S]{0,3000}", "up to 3,000 characters"), ""),
    ),
}


@dataclass(frozen=True)
class Field:
    """One control: its setting, and the text it starts with.

    Settings of definitions start with "": each definition keeps its own default.
    """

    setting: Setting
    start: str
    extra: bool = False  # of a page's own chart

    @property
    def name(self) -> str:
        return self.setting.name

    @property
    def of_config(self) -> bool:
        """A field of Config, rather than a setting of some definition."""
        return self.setting.of_config and not self.extra

    @property
    def of_definition(self) -> bool:
        """A setting of some definition; emptied, each definition keeps its own default."""
        return not self.setting.of_config

    def value(self, text: str) -> Any:
        """The plain value `text` stands for; raises InvalidSetting."""
        return None if self.extra and not text else self.setting.parse(text)


def fields_of(question: Question) -> dict[str, Field]:
    """Every control the question may show, by setting name. What it varies has none."""
    fields: dict[str, Field] = {}
    for name, setting in SETTINGS.items():
        if name == question.factor or (name == "seed" and question.factor):
            continue  # seeds are counted, not chosen; but for a page with one network
        start = setting.default
        if name in question.base:
            start = setting.write(question.base[name])
        if name == "dataset" and "frames" in question.observe:
            setting = Setting(replace(setting.param, domain=Name(PLANES)))
        fields[name] = Field(setting, start)
    for param in EXTRAS.get(question.name, ()):
        fields[param.name] = Field(Setting(param), param.domain.text(param.default), extra=True)
    return fields


def arm_text(arm: Arm, factor: str) -> str:
    """What `parse_arm` reads back as this arm."""
    try:
        if parse_arm(arm.label, factor) == arm:
            return arm.label
    except InvalidSetting:
        pass  # a label of the user's own
    pairs = ",".join(f"{key}={SETTINGS[key].write(value)}" for key, value in arm.overrides.items())
    return f"{arm.label}:{pairs}"


def texts_of(comparison: Comparison, question: Question) -> dict[str, str]:
    """The controls' texts that would make `comparison` again."""
    fields = fields_of(question)
    texts = {name: field.setting.default for name, field in fields.items()}
    if not question.factor:
        texts["seed"] = str(comparison.seeds[0])
    return texts | {k: SETTINGS[k].write(v) for k, v in comparison.base.items() if k in fields}


def chosen(question: Question, texts: Mapping[str, str], arms: Iterable[Arm]) -> list[Any]:
    """The definition classes that some arm uses, in registry order; unknown names are skipped."""
    arms = list(arms)
    found: list[Any] = []
    for kind, registry in DEFINED.items():
        write = SETTINGS[kind].write
        values = [write(a.overrides[kind]) for a in arms if kind in a.overrides]
        if len(values) < max(len(arms), 1):
            values.append(texts.get(kind) or write(question.base.get(kind, "")))
        dataset = DATASETS.get(texts.get("dataset", ""))
        if AUTO in values and dataset:
            values = [v for v in values if v != AUTO] + _of_themselves(kind, dataset, found)
        names = {name.strip() for value in values for name in value.replace(",", "-").split("-")}
        found += [registry[name] for name in registry if name in names]
    return found


def _of_themselves(kind: str, dataset: Dataset, before: Iterable[Any]) -> list[str]:
    """What auto stands for; `before` has the chosen models, which may bring their own loss."""
    if kind == "model":
        return [default_model(dataset.kind)]
    models = [d for d in before if d in MODELS.values()]
    return [model.loss or default_loss(dataset.task) for model in models]


def settings_of(definitions: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """Setting name -> {label of the definition that has it: its own default}."""
    found: dict[str, dict[str, Any]] = {}
    for definition in definitions:
        for param in params_of(definition):
            found.setdefault(param.name, {})[definition.label] = param.default
    return found
