"""Every chart by name, found by what it says of itself: for the command line and for print.

A chart is a public function under `figures` that returns a `Chart`. What it takes is told by the
types and names of its parameters: a reading, an arm, configs, a data set, an answer, claims, ...;
what else it may be given are its options, and the first line of its docstring says what it shows.
So a new chart has its name here once it is written.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from inspect import Parameter
from types import ModuleType
from typing import Any, get_args, get_origin

from nncore.analysis.judging import CRITERIA, Criterion
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.speed import Speed, speed
from nncore.analysis.weights import Weights
from nncore.config.config import Config
from nncore.datasets.definition import Dataset
from nncore.datasets.preparation.overview import Overview
from nncore.declare.domains import Choice, Domain, Flag, Pattern, Range
from nncore.declare.params import Param
from nncore.declare.registry import Registry
from nncore.definitions.activations import Activation
from nncore.definitions.initializers import Initializer
from nncore.definitions.optimizers import Optimizer
from nncore.figures import trained, untrained
from nncore.figures.parts.chart import Chart
from nncore.figures.subject import Needs, Subject
from nncore.figures.trained.claims import Claims
from nncore.figures.untrained.rows import Example, Points
from nncore.questions.grids import Axis, axes
from nncore.saved.answers import Answer
from nncore.system.errors import InvalidSetting, suggestion

_OF_TESTS = ("confusion", "predicted_actual")  # what they show is measured on test rows
_RANGE = "range_chart"  # of trainings, but of others than those asked
_ROOMS = (trained, untrained)
_ONLY_OF: Mapping[str, tuple[str, Callable[[Dataset], bool]]] = {  # else there is nothing to draw
    **dict.fromkeys(
        ("pixel_maps", "pixel_values", "before_after"), ("images", lambda d: d.kind == "image")
    ),
    **dict.fromkeys(("text_lengths", "word_counts"), ("texts", lambda d: d.kind == "text")),
    "plane_points": ("points of the plane", lambda d: d.kind == "plane"),
    "class_counts": ("classes", lambda d: d.task != "regression"),
    "target_histogram": ("a number to predict", lambda d: d.task == "regression"),
}
_DEFAULTS = {
    **{"quantity": "flops_total", "surface": "ravine", "over": "epochs"},
    **{"metric": "", "criterion": ""},  # what the comparison is scored by
}
_DOMAINS: Mapping[Any, Domain] = {
    bool: Flag(),
    int: Range(0, 1_000_000, integer=True),
    float: Range(-1e12, 1e12),
    str: Pattern(r".{0,200}", "up to 200 characters"),
    Criterion: Choice(tuple(CRITERIA)),
}

_BY_TYPE: Mapping[Any, Callable[[Subject], Any]] = {
    Reading: Subject.read,
    ReadArm: Subject.read_arm,
    Mapping[str, Config]: Subject.configs,
    Sequence[Activation]: lambda subject: subject.definitions("activation"),
    Sequence[Initializer]: lambda subject: subject.definitions("initializer"),
    Sequence[Optimizer]: lambda subject: subject.definitions("optimizer"),
    Activation: lambda subject: subject.config.activation[0],
    Config: lambda subject: subject.config,
    Dataset: lambda subject: subject.config.data,
    Overview: Subject.overview,
    Speed: lambda subject: speed(subject.read(), subject.level),
    Weights: Subject.weights,
    Answer: Subject.answer,
    Claims: Subject.claims,
    Points: Subject.points,
    Example: Subject.example,
}
_BY_NAME: Mapping[str, Callable[[Subject], Any]] = {
    "key": lambda subject: "figure",
    "truth": lambda subject: subject.truth,
    "split": lambda subject: subject.config.split,
    "tokens": lambda subject: subject.config.data.input_shape[0],
    "width": lambda s: max(s.config.hidden, default=s.config.data.n_features),
    "depth": lambda subject: max(len(subject.config.hidden), 1),
}
_AXES: Mapping[str, Callable[[Subject], Any]] = {
    "x": lambda subject: subject.axis(1),
    "y": lambda subject: subject.axis(0),
}
_BY_NEED: Mapping[Needs, tuple[Any, ...]] = {  # the first whose types a chart takes
    Needs.TRAININGS: (Reading, ReadArm, Speed),
    Needs.WEIGHTS: (Weights,),
    Needs.CLAIMS: (Claims,),
    Needs.ANSWER: (Answer,),
    Needs.ROW: (Example,),
    Needs.DATA: (Dataset, Overview, Points),
}


@dataclass(frozen=True)
class Figure:
    """A chart by its name."""

    name: str
    label: str  # what it shows, in a line
    draws: Callable[..., Chart]
    given: Mapping[str, Callable[[Subject], Any]]  # parameters that come from the subject
    options: Mapping[str, Parameter] = field(default_factory=dict)
    needs: Needs = Needs.TRAININGS

    def shows_tests(self, options: Mapping[str, str]) -> bool:
        """Whether it shows what was measured on test rows."""
        return self.name in _OF_TESTS or options.get("tests", "false") not in ("false", "")

    def option(self, name: str, text: str) -> Any:
        """The value of an option written as text. Raises InvalidSetting."""
        if name not in self.options:
            known = ", ".join(self.options) or "none"
            raise InvalidSetting(
                f"{self.name} has no option {name!r}.{suggestion(name, self.options)} "
                f"Known: {known}."
            )
        kind = _kind(self.options[name])
        if kind is Collection:
            return tuple(part.strip() for part in text.split(",") if part.strip())
        value = Param(name, name, _DOMAINS[kind], None).parse(text)
        return CRITERIA[value] if kind is Criterion else value

    def draw(self, subject: Subject, options: Mapping[str, str]) -> Chart:
        """The chart of a subject, with options as text.

        Raises InvalidSetting where it can't be drawn of that, or for an option it hasn't.
        """
        what, shows = _ONLY_OF.get(self.name, ("", bool))
        if not shows(subject.config.data):
            raise InvalidSetting(f"{self.name} shows {what}; {subject.config.data.label} has none.")
        chosen = {name: self.option(name, text) for name, text in options.items()}
        for name, option in self.options.items():
            if name not in chosen and option.default is Parameter.empty:
                chosen[name] = self.option(name, _DEFAULTS[name] or subject.read().metric)
        return self.draws(**{name: give(subject) for name, give in self.given.items()}, **chosen)


@cache
def figures() -> Registry[Figure]:
    """All charts by name."""
    found = [figure for room in _ROOMS for figure in _of_room(room)]
    return Registry("figure", *sorted(found, key=lambda figure: figure.name))


def _of_room(room: ModuleType) -> list[Figure]:
    found = []
    for entry in pkgutil.iter_modules(room.__path__):
        module = importlib.import_module(f"{room.__name__}.{entry.name}")
        for name, draws in vars(module).items():
            mine = inspect.isfunction(draws) and draws.__module__ == module.__name__
            if mine and not name.startswith("_") and (figure := _figure(name, draws)):
                found.append(figure)
    return found


def _figure(name: str, draws: Callable[..., Any]) -> Figure | None:
    """None where it is no chart, or takes what nobody could give it."""
    signature = inspect.signature(draws, eval_str=True)
    if signature.return_annotation is not Chart:
        return None
    given: dict[str, Callable[[Subject], Any]] = {}
    options: dict[str, Parameter] = {}
    for parameter in signature.parameters.values():
        if (give := _giver(parameter, signature)) is not None:
            given[parameter.name] = give
        elif _kind(parameter) in (*_DOMAINS, Collection) and _has_default(parameter):
            options[parameter.name] = parameter
        elif parameter.default is Parameter.empty:
            return None
    taken = {p.annotation for p in signature.parameters.values() if p.annotation in _BY_TYPE}
    told = (need for need, types in _BY_NEED.items() if taken & {*types})
    needs = Needs.RANGE if name == _RANGE else next(told, Needs.ARMS)
    label = (inspect.getdoc(draws) or name).split("\n\n")[0].replace("\n", " ")
    return Figure(name, label, draws, given, options, needs)


def _giver(parameter: Parameter, of: inspect.Signature) -> Callable[[Subject], Any] | None:
    if parameter.annotation in _BY_TYPE:
        return _BY_TYPE[parameter.annotation]
    if parameter.annotation is Axis:
        return _AXES.get(parameter.name)
    if parameter.name == "fixed" and any(p.annotation is Axis for p in of.parameters.values()):
        return _held
    return _BY_NAME.get(parameter.name)


def _held(subject: Subject) -> dict[str, Any]:
    """Of a grid of more than two settings, the others at their first values."""
    return {axis.key: axis.values[0] for axis in axes(subject.comparison.arms)[2:]}


def _has_default(parameter: Parameter) -> bool:
    return parameter.default is not Parameter.empty or parameter.name in _DEFAULTS


def _kind(parameter: Parameter) -> Any:
    """bool, int, float, str, or Collection for some of names; None for all else."""
    kinds = [kind for kind in get_args(parameter.annotation) if kind is not type(None)]
    if get_origin(parameter.annotation) is Collection:
        return Collection
    kind = kinds[0] if len(kinds) == 1 else parameter.annotation
    return kind if kind in _DOMAINS else None
