"""Reading a link: the form it stands for, and what of it can't be taken."""

from dataclasses import replace

from nncore.declare.domains import Flag
from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import SEEDS, Comparison
from nncore.questions.grids import parse_crossing
from nncore.system.errors import InvalidSetting, suggestion
from ui.controls.fields import ARMS, BY, COUNT, SPLITS, STORED, VERSION, Blank
from ui.controls.form import DATASET, Form
from ui.controls.old_links import Query, of_today, split_arms

_NOT_TAKEN = "The link's value was not taken:"
_NOT_AMONG = "Not taken from the link:"  # of several


def read_link(
    blank: Blank, query: Query, stored: Comparison | None = None, before: Form | None = None
) -> Form:
    """What a link says, on top of the `stored` comparison that it names.

    Values outside their domain are refused with a sentence and leave what was there. Of the form
    `before` only results stay that belong to another choice.
    """
    query = of_today(blank, query, is_stored=stored is not None)
    form = Form.start(blank, _dataset(blank, query))
    if stored is not None:
        made = Form.of(blank, stored)
        # with crossings, the link names the arms that were crossed
        form = replace(made, arms=form.arms, crossings=()) if BY in query else made
    if before is not None and blank.results_by:
        form = replace(form, results=before.results)
    return _Link(form, query).read()


def _dataset(blank: Blank, query: Query) -> str:
    """The data set on whose start values the link builds; "" for the page's own."""
    control, text = blank.fields.get(DATASET), query.get(DATASET, [""])[-1]
    try:
        return str(control.value(text)) if control and text else ""
    except InvalidSetting:
        return ""


class _Link:
    """What a link changes of a form, parameter by parameter."""

    def __init__(self, form: Form, query: Query) -> None:
        self.form, self.query = form, query
        self.blank = form.blank
        self.texts = dict(form.texts)
        self.refused: dict[str, str] = {}
        self.notes: list[str] = []

    def read(self) -> Form:
        arms, crossings, seeds = self._arms(), self._crossings(), self._seeds()
        for name, values in self.query.items():
            if name in self.blank.fields:
                self._field(name, values[-1])
            elif name not in (*self.blank.besides, VERSION):
                self.notes.append(self._unknown(name))
        version = self.query.get(VERSION, [self.blank.version])[-1]
        if version != self.blank.version:
            self.notes.append(_unknown_version(version))
        said = replace(
            self.form,
            texts=self.texts,
            arms=arms,
            crossings=crossings,
            seeds=seeds,
            repeats=self._repeats(),
            refused=self.refused,
            notes=tuple(self.notes),
        )
        return said.showing(self.query[STORED][-1]) if STORED in self._besides else said

    @property
    def _besides(self) -> set[str]:
        """What the link says that is no setting, as far as the page has it."""
        return set(self.query) & set(self.blank.besides)

    def _field(self, name: str, text: str) -> None:
        try:
            self.blank.fields[name].value(text)
            self.texts[name] = text.strip()
        except InvalidSetting as error:
            kept = self.texts[name] or "each one's default"
            self.refused[name] = f"{_NOT_TAKEN} {error} Using {kept}."

    def _arms(self) -> tuple[str, ...]:
        if ARMS not in self._besides:
            return self.form.arms
        good, bad = [], []
        for text in (t for value in self.query[ARMS] for t in split_arms(value)):
            try:
                parse_arm(text, self.blank.factor)
                good.append(text.strip())
            except InvalidSetting as error:
                bad.append(str(error))
        if bad:
            self.refused[ARMS] = f"{_NOT_AMONG} {' '.join(bad)}"
        return tuple(dict.fromkeys(good)) or self.form.arms

    def _crossings(self) -> tuple[str, ...]:
        good = list(self.form.crossings)
        for text in self.query[BY] if BY in self._besides else ():
            try:
                parse_crossing(text)
                good.append(text.strip())
            except InvalidSetting as error:
                self.refused[BY] = f"{_NOT_AMONG} {error}"
        return tuple(good)

    def _seeds(self) -> int:
        if COUNT not in self._besides:
            return self.form.seeds
        text = self.query[COUNT][-1]
        try:
            return int(SEEDS.parse(text))
        except ValueError:
            why = f"the number of seeds must be {SEEDS}; got {text!r}. Using {self.form.seeds}."
            self.refused[COUNT] = f"{_NOT_TAKEN} {why}"
            return self.form.seeds

    def _repeats(self) -> bool:
        if SPLITS not in self._besides:
            return self.form.repeats
        text = self.query[SPLITS][-1]
        try:
            return bool(Flag().parse(text))
        except ValueError:
            why = (
                f"{SPLITS} must be {Flag()}; got {text!r}. Using {str(self.form.repeats).lower()}."
            )
            self.refused[SPLITS] = f"{_NOT_TAKEN} {why}"
            return self.form.repeats

    def _unknown(self, name: str) -> str:
        """What is wrong with a parameter that no control has."""
        if name and name == self.blank.factor:
            return (
                f"The link sets {name!r}, which is what this page compares: its values are named "
                f"by {ARMS}, such as {ARMS}={','.join(self.form.arms[:2])}."
            )
        names = [*self.blank.fields, *self.blank.besides]
        return f"The link sets {name!r}, which is no setting here.{suggestion(name, names)}"


def _unknown_version(version: str) -> str:
    return (
        f"The link counts from start values {VERSION}={version!r}, which this version of NN Lab "
        "doesn't know: what it leaves out stands where the page starts now."
    )
