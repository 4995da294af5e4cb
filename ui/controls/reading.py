"""Reading a link: the form it stands for, and what of it can't be taken.

A link says what differs from a page's start, so it says of which start values: those of today, or,
where it names no version, those of before there were versions.
"""

from collections.abc import Mapping
from dataclasses import replace

from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import SEEDS, Comparison
from nncore.questions.grids import parse_crossing
from nncore.questions.starts_v1 import FIRST_BASES, FIRST_LEVELS
from nncore.system.errors import InvalidSetting, suggestion
from ui.controls.fields import ARMS, BY, COUNT, NOW, STORED, VERSION, Blank, Field
from ui.controls.form import DATASET, Form, with_factor

_NOT_TAKEN = "The link's value was not taken:"
Query = Mapping[str, list[str]]


def read_link(
    blank: Blank, query: Query, stored: Comparison | None = None, before: Form | None = None
) -> Form:
    """What a link says, on top of the `stored` comparison that it names.

    Values outside their domain are refused with a sentence and leave what was there. Of the form
    `before` only results stay that belong to another choice.
    """
    version = query.get(VERSION, [""])[-1]
    says_something = any(name != STORED for name in query)
    is_first = not version and says_something and blank.name in FIRST_BASES
    form = _start_of_then(blank) if is_first else _start(blank, query)
    if version not in ("", NOW):
        form = replace(form, notes=(_unknown_version(version),))
    if before is not None and blank.results_by:
        form = replace(form, results=before.results)
    if stored is not None:
        made = Form.of(blank, stored)
        # with crossings, the link names the arms that were crossed
        crossed = replace(made, arms=form.arms, crossings=())
        form = replace(crossed if BY in query else made, notes=form.notes)
    names = sorted(query, key=lambda name: name == STORED)  # last: others say of what
    for name in names:
        if name != VERSION:
            form = _read(form, name, query[name])
    return _with_factor_of_then(form) if is_first and stored is None else form


def _start(blank: Blank, query: Query) -> Form:
    """Where the page starts on the link's data set."""
    start = Form.start(blank)
    if DATASET in query:
        start = _read(start, DATASET, query[DATASET])
    return start.home


def _start_of_then(blank: Blank) -> Form:
    """Every control where the page started, on any data set, when links had no version yet."""
    return Form(blank, blank.starts(FIRST_BASES[blank.name]), FIRST_LEVELS[blank.name])


def _with_factor_of_then(form: Form) -> Form:
    """With what the question varies where it was, in the arms that leave it alone."""
    blank = form.blank
    factor = FIRST_BASES[blank.name].get(blank.factor)
    arms = [parse_arm(text, blank.factor) for text in form.arms]
    return replace(form, arms=with_factor(blank, arms, form.texts[DATASET], factor))


def _read(form: Form, name: str, values: list[str]) -> Form:
    """With what the link says of one parameter."""
    if name in form.blank.fields:
        return _read_field(form, form.blank.fields[name], values[-1])
    if name not in form.blank.besides:
        return replace(form, notes=(*form.notes, _unknown(form, name)))
    readers = {ARMS: _read_arms, BY: _read_crossings, COUNT: _read_seeds}
    return readers[name](form, values) if name in readers else form.showing(values[-1])


def _read_field(form: Form, control: Field, text: str) -> Form:
    try:
        control.value(text)
    except InvalidSetting as error:
        kept = form.texts[control.name] or "each one's default"
        return _refusing(form, control.name, f"{error} Using {kept}.")
    return form.having(**{control.name: text.strip()})


def _read_arms(form: Form, values: list[str]) -> Form:
    good, bad = [], []
    for text in (t for value in values for t in _split(value)):
        try:
            parse_arm(text, form.blank.factor)
            good.append(text.strip())
        except InvalidSetting as error:
            bad.append(str(error))
    read = replace(form, arms=tuple(dict.fromkeys(good)) or form.arms)
    return _refusing(read, ARMS, " ".join(bad)) if bad else read


def _read_crossings(form: Form, values: list[str]) -> Form:
    read = form
    for text in values:
        try:
            parse_crossing(text)
            read = replace(read, crossings=(*read.crossings, text.strip()))
        except InvalidSetting as error:
            read = _refusing(read, BY, str(error))
    return read


def _read_seeds(form: Form, values: list[str]) -> Form:
    text = values[-1]
    try:
        return replace(form, seeds=int(SEEDS.parse(text)))
    except ValueError:
        why = f"the number of seeds must be {SEEDS}; got {text!r}. Using {form.seeds}."
        return _refusing(form, COUNT, why)


def _refusing(form: Form, name: str, why: str) -> Form:
    opening = "Not taken from the link:" if name in (ARMS, BY) else _NOT_TAKEN
    return replace(form, refused={**form.refused, name: f"{opening} {why}"})


def _unknown(form: Form, name: str) -> str:
    """What is wrong with a parameter that no control has."""
    blank = form.blank
    if name and name == blank.factor:
        return (
            f"The link sets {name!r}, which is what this page compares: its values are named "
            f"by {ARMS}, such as {ARMS}={','.join(form.home.arms[:2])}."
        )
    names = [*blank.fields, *blank.besides]
    return f"The link sets {name!r}, which is no setting here.{suggestion(name, names)}"


def _unknown_version(version: str) -> str:
    return (
        f"The link counts from start values {VERSION}={version!r}, which this version of NN Lab "
        "doesn't know: what it leaves out stands where the page starts now."
    )


def _split(value: str) -> list[str]:
    """One parameter may hold several arms, as on the command line, unless it is key=value."""
    return [value] if "=" in value else [t for t in value.split(",") if t.strip()]
