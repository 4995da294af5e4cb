"""What a visitor has set on a page: one object between link, widgets and comparison.

A form is a value: what sets something gives another form, and `ui.controls.session` keeps the
one that a session has. `ui.controls.reading` reads what `query` writes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from nncore.config.config import Config
from nncore.config.settings import DEFINED, SETTINGS
from nncore.questions.arms import write_arms
from nncore.questions.catalogue import Question, titles
from nncore.questions.comparisons import Comparison
from nncore.questions.grids import uncrossed
from nncore.questions.starts import offered
from nncore.system.errors import InvalidSetting
from ui.controls.draft import Draft, compose
from ui.controls.fields import ARMS, BY, COUNT, SPLITS, STORED, VERSION, Blank

START_SEEDS = 3
DATASET = "dataset"  # the control on which all other starts depend
# a control -> where a form has it
_BESIDES = {ARMS: "arms", BY: "crossings", COUNT: "seeds", SPLITS: "repeats"}


@dataclass(frozen=True)
class Form:
    """The controls of one page as they are set, as text: hiding a control loses nothing."""

    blank: Blank
    texts: Mapping[str, str]  # of every control, by name
    arms: tuple[str, ...] = ()
    crossings: tuple[str, ...] = ()
    seeds: int = START_SEEDS
    repeats: bool = False  # whether every seed has its own split
    results: Mapping[str, str] = field(default_factory=dict)  # ids of stored comparisons
    refused: Mapping[str, str] = field(default_factory=dict)  # control -> why not as the link says
    notes: tuple[str, ...] = ()  # what else was wrong with the link
    unfolded: bool = False  # something under Advanced was wrong

    @classmethod
    def start(cls, blank: Blank, dataset: str = "") -> "Form":
        """Every control where the page starts on a data set, or on its own."""
        begins = blank.start(dataset)
        chosen = {DATASET: dataset} if dataset and DATASET in begins.texts else {}
        return cls(blank, {**begins.texts, **chosen}, begins.arms)

    @property
    def offered(self) -> tuple[str, ...]:
        """Arms to choose from, as far as they suit the data set."""
        return offered(self.question, self.texts[DATASET])

    @classmethod
    def of(cls, blank: Blank, comparison: Comparison) -> "Form":
        """The controls that would make `comparison` again."""
        fields = blank.fields
        texts = {n: f.start if f.extra else f.setting.default for n, f in fields.items()}
        texts |= {k: SETTINGS[k].write(v) for k, v in comparison.base.items() if k in fields}
        bare, crossings = uncrossed(comparison.arms, blank.factor)
        # no control has what the question varies, so that only an arm can say it
        factor = comparison.base.get(blank.factor)
        stays = factor == blank.start(texts.get(DATASET, "")).factor
        arms = write_arms(bare, blank.factor, None if stays else factor)
        if not blank.factor:  # one network, whose seed is chosen like any other setting
            return cls(blank, {**texts, "seed": str(comparison.seeds[0])}, arms)
        seeds, repeats = len(comparison.seeds), comparison.repeat_splits
        return cls(blank, texts, arms, crossings, seeds, repeats)

    def query(self) -> dict[str, str | list[str]]:
        """The link's parameters: what differs from the page's start."""
        plain = not any("=" in text or "," in text for text in self.arms)
        besides: dict[str, str | list[str]] = {
            ARMS: ",".join(self.arms) if plain else list(self.arms),
            BY: list(self.crossings),
            COUNT: str(self.seeds),
            SPLITS: str(self.repeats).lower(),
        }
        is_kept = not (self.blank.question and self.blank.question.is_watched)
        stored = {STORED: self.stored} if self.stored and is_kept else {}
        texts = self.draft.texts
        said = {n: besides[n] if n in besides else texts[n] for n in self.changed}
        version = {VERSION: self.blank.version} if said and self.home.arms else {}
        return {**stored, **version, **said}

    def having(self, **texts: str) -> "Form":
        """With these controls set."""
        changed = {n: t for n, t in texts.items() if self.texts[n] != t}
        return replace(self, texts={**self.texts, **changed}) if changed else self

    def saying(self, values: Mapping[str, Any]) -> "Form":
        """With what widgets hold; None, as of one that isn't drawn, says nothing."""
        fields, arms, crossings = self.blank.fields, values.get(ARMS), values.get(BY)
        texts = {name: f.said(values.get(name), self.texts[name]) for name, f in fields.items()}
        dataset = texts.get(DATASET, "")
        held = replace(
            self,
            texts={**texts, DATASET: self.texts[DATASET]} if dataset else texts,
            arms=self.arms if arms is None else tuple(map(self._joined, _stripped(arms))),
            crossings=self.crossings if crossings is None else _stripped(crossings),
            seeds=int(values.get(COUNT) or self.seeds),
            repeats=self.repeats if values.get(SPLITS) is None else bool(values[SPLITS]),
        )
        return held.on(dataset) if dataset else held

    def on(self, dataset: str) -> "Form":
        """On another data set: what stands where the page starts follows, all else stays."""
        if dataset == self.texts[DATASET]:
            return self
        old, new = self.home, Form.start(self.blank, dataset)
        texts = {n: new.texts[n] if t == old.texts[n] else t for n, t in self.texts.items()}
        arms = new.arms if self.arms == old.arms else self.arms
        return replace(self, texts={**texts, DATASET: dataset}, arms=arms)

    @cached_property
    def home(self) -> "Form":
        """Every control where the page starts on this form's data set."""
        return Form.start(self.blank, self.texts.get(DATASET, ""))

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
        start, texts = self.home, self.draft.texts
        names = [name for name, text in texts.items() if text != self.start_of(name)]
        besides = (n for n, own in _BESIDES.items() if getattr(self, own) != getattr(start, own))
        return (*names, *besides)

    def back(self, name: str) -> "Form":
        """With one control where the page starts, all others as they are.

        Of the data set, those follow that stand where the page starts.
        """
        start = self.home
        if name == DATASET:
            return self.on(self.start_of(name)).settled(name)
        if own := _BESIDES.get(name):
            back: Form = replace(self, **{own: getattr(start, own)})
        else:
            back = self.having(**{name: start.texts[name]})
        return back.settled(name)

    def start_of(self, name: str) -> str:
        """The text that a control starts with, on this form's data set."""
        is_data = name == DATASET
        return self.blank.fields[name].start if is_data else self.home.texts[name]

    def otherwise(self, other: "Form") -> tuple[str, ...]:
        """The controls that say something else than in another form of the page, by name."""
        texts = (n for n, text in self.texts.items() if text != other.texts[n])
        besides = (n for n, own in _BESIDES.items() if getattr(self, own) != getattr(other, own))
        return (*texts, *besides)

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
        return compose(self.blank, self.texts, self.arms, self.seeds, self.crossings, self.repeats)

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
            return control.value(self.start_of(name))

    def configs(self) -> dict[str, Config]:
        """The config of every arm, by the title that people see."""
        comparison, arms = self.comparison, self.draft.arms
        if comparison is None:
            return {}
        names = titles(arms, self.question)
        return {names[arm.label]: comparison.config(arm) for arm in arms}

    def definitions(self, kind: str) -> list[Any]:
        """The chosen activations, initializers or optimizers, with the settings of their arms.

        Of arms that can't be trained together they are drawn all the same, as they are by default.
        """
        made = self.comparison
        if made is None:
            return [chosen() for chosen in self.draft.chosen if chosen in DEFINED[kind].values()]
        values = [getattr(made.config(arm), kind) for arm in made.arms]
        each = [v for value in values for v in (value if isinstance(value, tuple) else (value,))]
        return list(dict.fromkeys(each))


def _stripped(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
