"""What a visitor has set on a page: one object between link, widgets and comparison.

A form is a value: what sets something gives another form, and `ui.controls.session` keeps the
one that a session has. `Form.from_query` reads what `query` writes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from nncore.config.config import Config
from nncore.config.settings import SETTINGS
from nncore.questions.arms import parse_arm, write_arm
from nncore.questions.catalogue import Question, titles
from nncore.questions.comparisons import SEEDS, Comparison
from nncore.questions.grids import parse_crossing, uncrossed
from nncore.system.errors import InvalidSetting, suggestion
from ui.controls.draft import Draft, compose
from ui.controls.fields import ARMS, BY, COUNT, STORED, Blank, Field

START_SEEDS = 3
_BESIDES = {ARMS: "arms", BY: "crossings", COUNT: "seeds"}  # a control -> where a form has it
_NOT_TAKEN = "The link's value was not taken:"
Query = Mapping[str, list[str]]


@dataclass(frozen=True)
class Form:
    """The controls of one page as they are set, as text: hiding a control loses nothing."""

    blank: Blank
    texts: Mapping[str, str]  # of every control, by name
    arms: tuple[str, ...] = ()
    crossings: tuple[str, ...] = ()
    seeds: int = START_SEEDS
    results: Mapping[str, str] = field(default_factory=dict)  # ids of stored comparisons
    refused: Mapping[str, str] = field(default_factory=dict)  # control -> why not as the link says
    notes: tuple[str, ...] = ()  # what else was wrong with the link
    unfolded: bool = False  # something under Advanced was wrong

    @classmethod
    def start(cls, blank: Blank) -> "Form":
        """Every control where the page starts."""
        texts = {name: each.start for name, each in blank.fields.items()}
        return cls(blank, texts, tuple(blank.levels))

    @classmethod
    def of(cls, blank: Blank, comparison: Comparison) -> "Form":
        """The controls that would make `comparison` again."""
        fields = blank.fields
        texts = {n: f.start if f.extra else f.setting.default for n, f in fields.items()}
        texts |= {k: SETTINGS[k].write(v) for k, v in comparison.base.items() if k in fields}
        bare, crossings = uncrossed(comparison.arms, blank.factor)
        arms = tuple(write_arm(arm, blank.factor) for arm in bare)
        if not blank.factor:  # one network, whose seed is chosen like any other setting
            return cls(blank, {**texts, "seed": str(comparison.seeds[0])}, arms)
        return cls(blank, texts, arms, crossings, len(comparison.seeds))

    @classmethod
    def from_query(
        cls,
        blank: Blank,
        query: Query,
        stored: Comparison | None = None,
        before: "Form | None" = None,
    ) -> "Form":
        """What a link says, on top of the `stored` comparison that it names.

        Values outside their domain are refused with a sentence and leave what was there. Of the
        form `before` only results stay that belong to another choice.
        """
        form = cls.start(blank)
        if before is not None and blank.results_by:
            form = replace(form, results=before.results)
        if stored is not None:
            made = cls.of(blank, stored)
            # with crossings, the link names the arms that were crossed
            form = replace(made, arms=form.arms, crossings=()) if BY in query else made
        names = sorted(query, key=lambda name: name == STORED)  # last: others say of what
        for name in names:
            form = form._read(name, query[name])
        return form

    def query(self) -> dict[str, str | list[str]]:
        """The link's parameters: what differs from the page's start."""
        plain = not any("=" in text or "," in text for text in self.arms)
        besides: dict[str, str | list[str]] = {
            ARMS: ",".join(self.arms) if plain else list(self.arms),
            BY: list(self.crossings),
            COUNT: str(self.seeds),
        }
        stored = {STORED: self.stored} if self.stored else {}
        texts = self.draft.texts
        said = {n: besides[n] if n in besides else texts[n] for n in self.changed}
        return {**stored, **said}

    def having(self, **texts: str) -> "Form":
        """With these controls set."""
        changed = {n: t for n, t in texts.items() if self.texts[n] != t}
        return replace(self, texts={**self.texts, **changed}) if changed else self

    def saying(self, values: Mapping[str, Any]) -> "Form":
        """With what widgets hold; None, as of one that isn't drawn, says nothing."""
        fields, arms, crossings = self.blank.fields, values.get(ARMS), values.get(BY)
        texts = {name: f.said(values.get(name), self.texts[name]) for name, f in fields.items()}
        return replace(
            self,
            texts=texts,
            arms=self.arms if arms is None else tuple(map(self._joined, _stripped(arms))),
            crossings=self.crossings if crossings is None else _stripped(crossings),
            seeds=int(values.get(COUNT) or self.seeds),
        )

    def _joined(self, arm: str) -> str:
        """An arm as typed; layers by hyphens, because a link separates arms by commas."""
        factor = self.blank.factor
        if not factor or "=" in arm or "," not in arm:
            return arm
        try:
            return SETTINGS[factor].write(SETTINGS[factor].parse(arm))
        except InvalidSetting:
            return arm

    def settled(self, name: str) -> "Form":
        """After the visitor set a control: what the link wanted of it is of no interest now."""
        left = {key: why for key, why in self.refused.items() if key != name}
        return replace(self, refused=left, notes=())

    @property
    def changed(self) -> tuple[str, ...]:
        """The controls in use that are not where the page starts, by name."""
        start, texts = Form.start(self.blank), self.draft.texts
        names = [name for name, text in texts.items() if text != start.texts[name]]
        besides = (n for n, own in _BESIDES.items() if getattr(self, own) != getattr(start, own))
        return (*names, *besides)

    def back(self, name: str) -> "Form":
        """With one control where the page starts, all others as they are."""
        start = Form.start(self.blank)
        if own := _BESIDES.get(name):
            back: Form = replace(self, **{own: getattr(start, own)})
        else:
            back = self.having(**{name: start.texts[name]})
        return back.settled(name)

    def unfolding(self) -> "Form":
        """With all controls drawn, so that what is wrong gets seen."""
        return replace(self, unfolded=True)

    def showing(self, stored: str) -> "Form":
        """With the results of a stored comparison, by its id; "" for none."""
        return replace(self, results={**self.results, self._results_of: stored})

    @property
    def stored(self) -> str:
        """The id of the comparison whose results are shown."""
        return self.results.get(self._results_of, "")

    @property
    def _results_of(self) -> str:
        return self.texts.get(self.blank.results_by, "")

    @property
    def question(self) -> Question:
        """The question of the page, which has one."""
        if self.blank.question is None:
            raise ValueError(f"The page {self.blank.name} asks no question.")
        return self.blank.question

    @cached_property
    def draft(self) -> Draft:
        """What the controls come to."""
        return compose(self.blank, self.texts, self.arms, self.seeds, self.crossings)

    @property
    def comparison(self) -> Comparison | None:
        """What Run would train; None where `problem` says why it can't."""
        return self.draft.comparison

    @property
    def problem(self) -> str:
        """Why Run is off."""
        return self.draft.problem

    def value(self, name: str) -> Any:
        """What a control says; its start while it says nothing usable."""
        control = self.blank.fields[name]
        try:
            return control.value(self.texts[name])
        except InvalidSetting:
            return control.value(control.start)

    def configs(self) -> dict[str, Config]:
        """The config of every arm, by the title that people see."""
        comparison, arms = self.comparison, self.draft.arms
        if comparison is None:
            return {}
        names = titles(arms, self.question)
        return {names[arm.label]: comparison.config(arm) for arm in arms}

    def definitions(self, kind: str) -> list[Any]:
        """The chosen activations, initializers or optimizers, with the settings of their arms."""
        made = self.comparison
        values = [getattr(made.config(arm), kind) for arm in made.arms] if made else []
        each = [v for value in values for v in (value if isinstance(value, tuple) else (value,))]
        return list(dict.fromkeys(each))

    def _read(self, name: str, values: list[str]) -> "Form":
        """With what the link says of one parameter."""
        if name in self.blank.fields:
            return self._read_field(self.blank.fields[name], values[-1])
        if name not in self.blank.besides:
            return replace(self, notes=(*self.notes, self._unknown(name)))
        readers = {ARMS: self._read_arms, BY: self._read_crossings, COUNT: self._read_seeds}
        return readers[name](values) if name in readers else self.showing(values[-1])

    def _read_field(self, control: Field, text: str) -> "Form":
        try:
            control.value(text)
        except InvalidSetting as error:
            kept = self.texts[control.name] or "each one's default"
            return self._refusing(control.name, f"{error} Using {kept}.")
        return self.having(**{control.name: text.strip()})

    def _read_arms(self, values: list[str]) -> "Form":
        good, bad = [], []
        for text in (t for value in values for t in _split(value)):
            try:
                parse_arm(text, self.blank.factor)
                good.append(text.strip())
            except InvalidSetting as error:
                bad.append(str(error))
        read = replace(self, arms=tuple(dict.fromkeys(good)) or self.arms)
        return read._refusing(ARMS, " ".join(bad)) if bad else read

    def _read_crossings(self, values: list[str]) -> "Form":
        read = self
        for text in values:
            try:
                parse_crossing(text)
                read = replace(read, crossings=(*read.crossings, text.strip()))
            except InvalidSetting as error:
                read = read._refusing(BY, str(error))
        return read

    def _read_seeds(self, values: list[str]) -> "Form":
        text = values[-1]
        try:
            return replace(self, seeds=int(SEEDS.parse(text)))
        except ValueError:
            why = f"the number of seeds must be {SEEDS}; got {text!r}. Using {self.seeds}."
            return self._refusing(COUNT, why)

    def _refusing(self, name: str, why: str) -> "Form":
        opening = "Not taken from the link:" if name in (ARMS, BY) else _NOT_TAKEN
        return replace(self, refused={**self.refused, name: f"{opening} {why}"})

    def _unknown(self, name: str) -> str:
        """What is wrong with a parameter that no control has."""
        if name and name == self.blank.factor:
            return (
                f"The link sets {name!r}, which is what this page compares: its values are named "
                f"by {ARMS}, such as {ARMS}={','.join(self.blank.levels[:2])}."
            )
        names = [*self.blank.fields, *self.blank.besides]
        return f"The link sets {name!r}, which is no setting here.{suggestion(name, names)}"


def _stripped(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _split(value: str) -> list[str]:
    """One parameter may hold several arms, as on the command line, unless it is key=value."""
    return [value] if "=" in value else [t for t in value.split(",") if t.strip()]
