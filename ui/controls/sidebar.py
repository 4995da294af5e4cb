"""The sidebar of a comparison page: every control of the question, grouped."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from nncore.config.settings import DEFINED, SETTINGS
from nncore.datasets.preparation.cache import available
from nncore.declare.params import DRAWN, HIDDEN
from nncore.definitions.optimizers import RATE
from nncore.network.models import MODELS
from nncore.questions.catalogue import title
from nncore.questions.comparisons import SEEDS
from nncore.system.wording import listing
from ui.controls.fields import ARMS, BY, COUNT, PLANES, Blank, Field, settings_of
from ui.controls.form import Form
from ui.controls.session import as_held, fill, form_of, keep, live, publish, renew
from ui.controls.widgets import (
    crossing_title,
    crossings,
    field_input,
    variant_titles,
)
from ui.guards.plain import plain

_GROUPS = tuple(dict.fromkeys(s.group for s in SETTINGS.values() if s.basic and s.of_config))


def controls(form: Form) -> Form:
    """Draw the sidebar and bring the link up to date; the form as it is now."""
    form = as_held(form)
    with st.sidebar:
        form = _Sidebar(form).draw()
    return publish(form)


def extra_control(form: Form, name: str) -> Form:
    """The control of a page's own chart, drawn where the page wants it; the form as it is now."""
    return keep(_Sidebar(form).extra(name))


class _Sidebar:
    """Draws the controls, each once."""

    def __init__(self, form: Form) -> None:
        self.form, self.blank, self.fields = form, form.blank, form.blank.fields
        self.draft = form.draft  # before anything is drawn
        self.done: set[str] = set()  # two definitions may share a setting: one control

    def draw(self) -> Form:
        """Draw all; the form with what the controls say."""
        if self.form.notes:
            st.warning("  \n".join(map(plain, self.form.notes)))
        if self.blank.factor:
            self._arms()
        else:  # what every arm sets for itself, the page has controls for
            own = [set(arm.overrides) for arm in self.draft.arms]
            self.done |= set.intersection(*own) if own else set()
        drawn = self.form.texts["dataset"] in PLANES  # its size is the number of points
        self.done |= {"variant"} if drawn else self._needing(DRAWN)
        self.done |= self._idle()
        basic = {name: f for name, f in self.fields.items() if f.of_config and f.setting.basic}
        for group in _GROUPS:
            mine = [n for n, f in basic.items() if f.setting.group == group and n not in self.done]
            if mine:
                st.subheader(group, anchor=False)
            for name in mine:
                self._field(name)
        self._more()
        st.button("Back to the start values", on_click=_reset, args=(self.blank,), width="stretch")
        return self.form

    def _idle(self) -> set[str]:
        """What shapes hidden layers has no control while no chosen model has any."""
        models = [d for d in self.draft.chosen if d in MODELS.values()]
        idle = models and all(m.most_hidden == 0 for m in models)
        return self._needing(HIDDEN) if idle else set()

    def _needing(self, what: str) -> set[str]:
        return {name for name, field in self.fields.items() if what in field.setting.needs}

    def _arms(self) -> None:
        """What is compared, and over how many seeds."""
        question, form = self.form.question, self.form
        st.multiselect(
            "Compare",
            list(dict.fromkeys([*question.options, *form.arms])),
            default=form.arms,
            format_func=lambda text: title(str(text), question),
            accept_new_options=True,
            placeholder="Choose, or type your own",
            help="Choose several. Your own may be a value, or key=value pairs joined by commas, "
            "such as `slow:learning_rate=0.0001,batch_size=64`.",
            **self._live(ARMS),
        )
        self._below(ARMS)
        if question.factor in DEFINED:
            self._settings(question.factor)
        self._crossings()
        st.number_input(
            "Number of seeds",
            min_value=int(SEEDS.low),
            max_value=int(SEEDS.high),
            value=form.seeds,
            help="How often everything is trained, each time from other random numbers. One "
            "can't tell a difference from luck; three are a start, ten are good.",
            **self._live(COUNT),
        )
        self._below(COUNT)

    def _crossings(self) -> None:
        """A second setting, or more, that every arm is crossed with."""
        st.multiselect(
            "Crossed with",
            list(dict.fromkeys([*crossings(self.blank.factor), *self.form.crossings])),
            default=self.form.crossings,
            format_func=crossing_title,
            accept_new_options=True,
            placeholder="A second setting: none",
            help="Two settings at once: every one of the above is trained with each of these "
            "values, and the scores become a heatmap. Choose or type `setting=value,value`, such "
            "as `learning_rate=0.001,0.01`.",
            **self._live(BY),
        )
        self._below(BY)

    def _field(self, name: str) -> None:
        """One field, what is wrong with it, and the settings of what is chosen in it."""
        self.done.add(name)
        if name == "variant":
            self._variant()
        else:
            self._input(name)
        self._below(name)
        if name in DEFINED:
            self._settings(name)
        if self.form.texts[name] == "true":
            for of_it in self._needing(name) - self.done:
                self._field(of_it)

    def _input(self, name: str, **more: Any) -> None:
        """The widget of a control; what it says is the form's from now on."""
        text = field_input(self.fields[name], self.form.texts[name], **more, **self._live(name))
        self.form = self.form.having(**{name: text})

    def extra(self, name: str) -> Form:
        """Draw a control that belongs to one of the page's charts."""
        is_rate = self.fields[name].setting.domain is RATE
        self._input(name, own={"": "each one's own"} if is_rate else None)
        self._below(name)
        return self.form

    def _variant(self) -> None:
        """The forms of the data set; where there is one, only its name."""
        field, data = self.fields["variant"], self.form.texts["dataset"]
        titles = variant_titles(data)
        if len(titles) == 1:
            (note,) = titles.values()
            st.caption(note[0].upper() + note[1:])
            return
        if self.form.texts["variant"] not in titles:  # of another data set
            self.form = self.form.having(variant=next(iter(titles)))
            renew(self.blank.name, "variant")
        chosen = st.radio(
            field.setting.label,
            list(titles),
            list(titles).index(self.form.texts["variant"]),
            format_func=lambda name: titles.get(name, name),
            captions=["" if available(data, name) else "not on this machine" for name in titles],
            help=field.setting.help,
            **self._live("variant"),
        )
        self.form = self.form.having(variant=chosen)

    def _settings(self, kind: str) -> None:
        """The settings of the definitions of one kind that some arm uses."""
        definitions = [d for d in self.draft.chosen if d in DEFINED[kind].values()]
        undrawn = self.fields.keys() - self.done  # what varies has no control
        settings = {k: v for k, v in settings_of(definitions).items() if k in undrawn}
        for name in [name for name in settings if SETTINGS[name].basic]:
            self._setting(name, settings.pop(name), len(definitions))
        if settings:
            labels = list(dict.fromkeys(label for own in settings.values() for label in own))
            with st.expander(f"Settings of {listing(labels)}", expanded=self._open(kind, settings)):
                for name, own in settings.items():
                    self._setting(name, own, len(definitions))

    def _setting(self, name: str, own: dict[str, Any], among: int) -> None:
        self.done.add(name)
        label = self.fields[name].setting.label
        whose = f"{label} ({listing(list(own))})" if among > len(own) else label
        self._input(name, own=own, label=whose)
        self._below(name)

    def _more(self) -> None:
        """Whatever the groups leave over, folded away."""
        rest = [
            name
            for name, field in self.fields.items()
            if field.of_config and name not in self.done and not self._is_beside(field)
        ]
        changed = sum(self.form.texts[n] != self.fields[n].start for n in rest)
        label = "More settings" + (f" ({changed} changed)" if changed else "")
        with st.expander(label, expanded=self._open("more", rest)):
            for name in rest:
                self._field(name)

    def _is_beside(self, field: Field) -> bool:
        """Whether a field is drawn with the switch it needs."""
        return any(need in self.fields for need in field.setting.needs)

    def _open(self, fold: str, names: Iterable[str]) -> bool:
        """Whether a fold is open: from when something in it is wrong, so that it gets seen."""
        if {*self.draft.errors, *self.form.refused} & set(names):
            self.form = self.form.unfolding(fold)
        return fold in self.form.unfolded

    def _below(self, name: str) -> None:
        """What is wrong with a control, right under it."""
        if name in self.draft.errors:
            st.error(plain(self.draft.errors[name]))
        elif name in self.form.refused:
            st.warning(plain(self.form.refused[name]))

    def _live(self, name: str) -> dict[str, Any]:
        return live(self.blank.name, name, _touched, self.blank, name)


def _touched(blank: Blank, name: str) -> None:
    keep(form_of(blank).settled(name))


def _reset(blank: Blank) -> None:
    fill(Form.start(blank).showing(form_of(blank).stored))
