"""What a question's controls are: one field per declared hyperparameter, as text.

Every control has one text form, which its setting writes and reads. The URL carries it, and the
command line takes the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nncore.analysis.gaps import THRESHOLDS
from nncore.analysis.judging import CRITERIA
from nncore.analysis.judging import PARAMS as JUDGED
from nncore.analysis.speed import LEVEL
from nncore.config.settings import SETTINGS, Setting
from nncore.datasets.catalogue import DATASETS
from nncore.declare.domains import AUTO, Choice, Flag, Name, Pattern, Range
from nncore.declare.params import CLASSES, DRAWN, Param, params_of
from nncore.declare.registry import Registry
from nncore.definitions.optimizers import RATE
from nncore.figures.trained.axes import AXES
from nncore.figures.trained.cost import QUANTITIES
from nncore.figures.untrained.definitions import MOST_STEPS
from nncore.figures.untrained.surfaces import SURFACES
from nncore.questions.catalogue import QUESTIONS, Question
from nncore.questions.starts import start
from nncore.saved.answers import ROW

PLANES = Registry("dataset", *(data for data in DATASETS.values() if data.drawn))

# the controls that are no setting of a training
ARMS, COUNT, BY, SPLITS = "arms", "seeds", "by", "repeat_splits"
STORED = "c"  # what a link calls the stored comparison whose results are shown
VERSION, NOW = "v", "2"  # what a link calls the start values it counts from, and most today's
OWN = "default: "  # begins the option that leaves a setting to its definition
EXTRAS: dict[str, tuple[Param, ...]] = {  # of a page's own charts: in the link, in no training
    "optimizers": (
        Param(
            "surface",
            "Loss surface",
            Name(SURFACES),
            "ravine",
            help="A loss of two weights, on which every rule goes its own way down.",
        ),
        Param(
            "surface_rate",
            "Learning rate on the surface",
            RATE,
            0.05,
            help="One rate for all shows what sets their ways apart; else each takes its own.",
        ),
        Param(
            "steps",
            "Steps",
            Range(1, MOST_STEPS, integer=True),
            100,
            help="How many updates each rule makes.",
        ),
    ),
    "learning_rate": (
        Param("range", "Range test", Pattern(r"[\w-]{0,64}", "the id of a range test"), ""),
    ),
    "workshop": (
        Param("ask", "Ask about", Choice(("sample", "own", "file")), "sample"),
        Param(
            "sample",
            "Test sample",
            Range(0, 1_000_000, integer=True),
            0,
            help="Its number in the test data, from 0. The network has never learnt from it.",
        ),
        Param("row", "Typed row", ROW, ()),
        Param("text", "Typed review", Pattern(r"[\s\S]{0,3000}", "up to 3,000 characters"), ""),
    ),
}
# how results are looked at: in the link, too, so that who opens it sees the same
_CRITERIA = Choice((AUTO, *CRITERIA))
VIEWS = (
    Param("tab", "Tab", Pattern(r"[\w ]{1,40}", "the name of a tab"), AUTO),
    Param("measure", "What is drawn", Choice((AUTO, "grid", "accuracy", "mae", "loss")), AUTO),
    Param("over", "Horizontal axis", Choice((AUTO, *AXES)), AUTO),
    Param("single", "Single seeds", Flag(), False),
    Param("log", "Logarithmic loss axis", Flag(), False),
    Param("marks", "Marks", Flag(), False),
    Param("gap_of", "Gap in", _CRITERIA, AUTO),
    Param("gap_as", "Gap as", Choice((AUTO, "ends", "epochs")), AUTO),
    Param("scores_as", "Scores as", Choice((AUTO, *CRITERIA, "columns")), AUTO),
    Param("cost_as", "Cost as", Choice((AUTO, *QUANTITIES)), AUTO),
)
# of the charts that all results have: in the link, too
SHOWN: dict[str, Param] = {p.name: p for p in (*THRESHOLDS.values(), LEVEL, *VIEWS)}


def lacking(dataset: str) -> set[str]:
    """What settings may need and this data set hasn't: points that are drawn, or classes."""
    lacks = set() if dataset in PLANES else {DRAWN}
    known = DATASETS.get(dataset)
    if known is not None and known.task == "regression":
        lacks.add(CLASSES)
    return lacks


@dataclass(frozen=True)
class Field:
    """One control: its setting, and the text it starts with.

    Settings of definitions start with "": each definition keeps its own default.
    """

    setting: Setting
    start: str
    extra: bool = False  # of the page itself: in the link, in no training

    @property
    def name(self) -> str:
        return self.setting.name

    @property
    def of_config(self) -> bool:
        """A field of Config, rather than a setting of some definition."""
        return self.setting.of_config and not self.extra

    @property
    def of_definition(self) -> bool:
        """A setting of some definition; without a text, each keeps its own default."""
        return not self.setting.of_config

    @property
    def of_results(self) -> bool:
        """Whether it says how results are judged or drawn, rather than what the page adds."""
        return self.extra and self.name in JUDGED.keys() | SHOWN.keys()

    @property
    def may_be_empty(self) -> bool:
        """Whether "" is a text of it, rather than nothing said."""
        unset = not self.start or self.setting.domain is RATE
        return self.of_definition or (self.extra and unset)

    def value(self, text: str) -> Any:
        """The plain value `text` stands for; raises InvalidSetting."""
        return None if not text and self.may_be_empty else self.setting.parse(text)

    def said(self, value: Any, text: str) -> str:
        """The text of what its widget holds; `text` stays where that says nothing."""
        if value is None:
            return text
        if value == [] and self.may_be_empty:
            return ""
        said = self.setting.write(value).strip()
        if said.startswith(OWN) and self.may_be_empty:
            return ""
        return said if said or self.may_be_empty else text


@dataclass(frozen=True)
class Blank:
    """What a page asks for: its controls by name, each with its start, and the question it asks."""

    name: str
    fields: Mapping[str, Field]
    question: Question | None = None
    besides: tuple[str, ...] = ()  # which of ARMS, BY, COUNT, SPLITS and STORED its link has, too
    results_by: str = ""  # the control whose every value has stored results of its own

    @property
    def factor(self) -> str:
        """The setting that an arm's bare value sets; "" where nothing varies."""
        return self.question.factor if self.question else ""

    @property
    def version(self) -> str:
        """What links of today call the start values of the page."""
        return self.question.starts if self.question else NOW

    @property
    def dataset(self) -> str:
        """The data set the page starts on; "" where its start depends on none."""
        return str(self.question.base["dataset"]) if self.question else ""

    def start(self, dataset: str = "") -> "Start":
        """Where the page starts on a data set; on its own where there is none of that name."""
        if self.question is None:
            return Start({name: control.start for name, control in self.fields.items()})
        begins = start(self.question, dataset if dataset in DATASETS else self.dataset)
        texts = {n: f.start if f.extra else f.setting.default for n, f in self.fields.items()}
        given = {key: value for key, value in begins.values.items() if key in self.fields}
        texts |= {key: SETTINGS[key].write(value) for key, value in given.items()}
        return Start(texts, begins.arms, begins.values.get(self.factor))


@dataclass(frozen=True)
class Start:
    """Where the controls of a page stand at first, as text."""

    texts: Mapping[str, str]  # by control
    arms: tuple[str, ...] = ()
    factor: Any = None  # the plain value of what is varied, in arms that leave it alone


def blank_of(question: Question) -> Blank:
    """The controls of a question's page."""
    besides = (ARMS, COUNT, BY, STORED, *([SPLITS] if question.factor else []))
    return Blank(question.name, fields_of(question), question, besides)


def fields_of(question: Question) -> dict[str, Field]:
    """Every control the question may show, by setting name. What it varies has none."""
    fields: dict[str, Field] = {}
    for name, setting in SETTINGS.items():
        if name == question.factor or (name == "seed" and question.factor):
            continue  # seeds are counted, not chosen; but for a page with one network
        start = setting.default
        if name in question.base:
            start = setting.write(question.base[name])
        if name == "dataset" and question.draws_the_plane:
            setting = Setting(replace(setting.param, domain=Name(PLANES)))
        fields[name] = Field(setting, start)
    judged = JUDGED.values() if question.name in QUESTIONS else ()
    for param in (*EXTRAS.get(question.name, ()), *judged):
        text = "" if param.default is None else param.domain.text(param.default)
        fields[param.name] = Field(Setting(param), text, extra=True)
    for param in SHOWN.values():
        fields[param.name] = Field(Setting(param), Setting(param).default, extra=True)
    return fields


def settings_of(definitions: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """Setting name -> {label of the definition that has it: its own default}."""
    defaults: dict[str, dict[str, Any]] = {}
    for definition in definitions:
        for param in params_of(definition):
            defaults.setdefault(param.name, {})[definition.label] = param.default
    return defaults
