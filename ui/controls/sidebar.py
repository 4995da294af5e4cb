"""The sidebar of a comparison page: every control of the question, grouped, and the draft."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from nncore.config.settings import DEFINED, SETTINGS
from nncore.datasets.preparation.cache import available
from nncore.declare.params import DRAWN, HIDDEN
from nncore.definitions.optimizers import RATE
from nncore.network.models import MODELS
from nncore.questions.catalogue import Question, title
from nncore.questions.comparisons import SEEDS
from nncore.system.errors import InvalidSetting
from nncore.system.wording import listing
from ui.controls.draft import ARMS, BY, COUNT, Draft, compose
from ui.controls.fields import PLANES, Field, chosen, fields_of, settings_of
from ui.controls.sheet import fresh_sheet, link, sheet_of, widget_key, write_link
from ui.controls.widgets import (
    crossing_title,
    crossings,
    field_input,
    from_state,
    to_state,
    variant_titles,
)

_GROUPS = tuple(dict.fromkeys(s.group for s in SETTINGS.values() if s.basic and s.of_config))


def controls(question: Question) -> Draft:
    """Draw the sidebar and bring the link up to date; what the controls say."""
    with st.sidebar:
        _Sidebar(question).draw()
    draft = current_draft(question)
    write_link(link(question, sheet_of(question), draft.texts))
    return draft


def current_draft(question: Question) -> Draft:
    """What the controls hold at this moment; callbacks ask, because theirs is newer."""
    sheet, held, fields = sheet_of(question), st.session_state, fields_of(question)
    for name in sheet["texts"]:
        if (key := widget_key(question, name)) in held:
            sheet["texts"][name] = from_state(fields[name], held[key])
    if (key := widget_key(question, ARMS)) in held:
        sheet["arms"] = list(dict.fromkeys(text.strip() for text in held[key] if text.strip()))
    if held.get(widget_key(question, COUNT)):
        sheet["seeds"] = int(held[widget_key(question, COUNT)])
    if (key := widget_key(question, BY)) in held:
        sheet[BY] = list(dict.fromkeys(text.strip() for text in held[key] if text.strip()))
    return compose(question, sheet["texts"], sheet["arms"], sheet["seeds"], sheet[BY])


def extra_control(question: Question, name: str) -> None:
    """The control of a page's own chart, drawn where the page wants it."""
    _Sidebar(question).extra(name)


class _Sidebar:
    """Draws the controls, each once."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.sheet = sheet_of(question)
        self.fields = fields_of(question)
        self.draft = current_draft(question)
        self.done: set[str] = set()  # two definitions may share a setting: one control

    def draw(self) -> None:
        if self.sheet["notes"]:
            st.warning("  \n".join(self.sheet["notes"]))
        if self.question.factor:
            self._arms()
        else:  # what every arm sets for itself, the page has controls for
            own = [set(arm.overrides) for arm in self.draft.arms]
            self.done |= set.intersection(*own) if own else set()
        drawn = self.sheet["texts"]["dataset"] in PLANES  # its size is the number of points
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
        st.button(
            "Back to the start values", on_click=_reset, args=(self.question,), width="stretch"
        )

    def _idle(self) -> set[str]:
        """What shapes hidden layers has no control while no chosen model has any."""
        using = chosen(self.question, self.sheet["texts"], self.draft.arms)
        models = [d for d in using if d in MODELS.values()]
        idle = models and all(m.most_hidden == 0 for m in models)
        return self._needing(HIDDEN) if idle else set()

    def _needing(self, what: str) -> set[str]:
        return {name for name, field in self.fields.items() if what in field.setting.needs}

    def _arms(self) -> None:
        """What is compared, and over how many seeds."""
        question, sheet = self.question, self.sheet
        st.session_state.setdefault(self._key(ARMS), list(sheet["arms"]))
        st.multiselect(
            "Compare",
            list(dict.fromkeys([*question.options, *sheet["arms"]])),
            key=self._key(ARMS),
            format_func=lambda text: title(str(text), question),
            accept_new_options=True,
            placeholder="Choose, or type your own",
            help="Choose several. Your own may be a value, or key=value pairs joined by commas, "
            "such as `slow:learning_rate=0.0001,batch_size=64`.",
            **self._touch(ARMS),
        )
        self._below(ARMS)
        if question.factor in DEFINED:
            self._settings(question.factor)
        self._crossings()
        st.session_state.setdefault(self._key(COUNT), sheet["seeds"])
        st.number_input(
            "Number of seeds",
            min_value=int(SEEDS.low),
            max_value=int(SEEDS.high),
            key=self._key(COUNT),
            help="How often everything is trained, each time from other random numbers. One "
            "can't tell a difference from luck; three are a start, ten are good.",
            **self._touch(COUNT),
        )
        self._below(COUNT)

    def _crossings(self) -> None:
        """A second setting, or more, that every arm is crossed with."""
        held = self.sheet[BY]
        offered = crossings(self.question.factor)
        st.session_state.setdefault(self._key(BY), list(held))
        st.multiselect(
            "Crossed with",
            list(dict.fromkeys([*offered, *held])),
            key=self._key(BY),
            format_func=crossing_title,
            accept_new_options=True,
            placeholder="A second setting: none",
            help="Two settings at once: every one of the above is trained with each of these "
            "values, and the scores become a heatmap. Choose or type `setting=value,value`, such "
            "as `learning_rate=0.001,0.01`.",
            **self._touch(BY),
        )
        self._below(BY)

    def _field(self, name: str) -> None:
        """One field, what is wrong with it, and the settings of what is chosen in it."""
        field, texts = self.fields[name], self.sheet["texts"]
        self.done.add(name)
        if name == "variant":
            self._variant()
        else:
            text = texts[name]
            try:
                to_state(field, text)
            except (InvalidSetting, ValueError):
                text = field.start
            texts[name] = field_input(field, text, key=self._key(name), **self._touch(name))
        self._below(name)
        if name in DEFINED:
            self._settings(name)
        if texts[name] == "true":
            for of_it in self._needing(name) - self.done:
                self._field(of_it)

    def extra(self, name: str) -> None:
        """A control that belongs to one of the page's charts."""
        own = {"": "each one's own"} if self.fields[name].setting.domain is RATE else None
        texts = self.sheet["texts"]
        texts[name] = field_input(
            self.fields[name], texts[name], key=self._key(name), own=own, **self._touch(name)
        )
        self._below(name)

    def _variant(self) -> None:
        """The forms of the data set; where there is one, only its name."""
        texts, field = self.sheet["texts"], self.fields["variant"]
        data = texts["dataset"]
        titles = variant_titles(data)
        if len(titles) == 1:
            (note,) = titles.values()
            st.caption(note[0].upper() + note[1:])
            return
        if st.session_state.setdefault(self._key("variant"), texts["variant"]) not in titles:
            st.session_state[self._key("variant")] = next(iter(titles))
        st.radio(
            field.setting.label,
            list(titles),
            key=self._key("variant"),
            format_func=lambda name: titles.get(name, name),
            captions=["" if available(data, name) else "not on this machine" for name in titles],
            help=field.setting.help,
            **self._touch("variant"),
        )

    def _settings(self, kind: str) -> None:
        """The settings of the definitions of one kind that some arm uses."""
        using = chosen(self.question, self.sheet["texts"], self.draft.arms)
        definitions = [d for d in using if d in DEFINED[kind].values()]
        known = self.fields.keys() - self.done  # what varies has no control
        settings = {k: v for k, v in settings_of(definitions).items() if k in known}
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
        self.sheet["texts"][name] = field_input(
            self.fields[name],
            self.sheet["texts"][name],
            key=self._key(name),
            own=own,
            label=f"{label} ({listing(list(own))})" if among > len(own) else label,
            **self._touch(name),
        )
        self._below(name)

    def _more(self) -> None:
        """Whatever the groups leave over, folded away."""
        rest = [
            name
            for name, field in self.fields.items()
            if field.of_config and name not in self.done and not self._is_beside(field)
        ]
        changed = sum(self.sheet["texts"][n] != self.fields[n].start for n in rest)
        label = "More settings" + (f" ({changed} changed)" if changed else "")
        with st.expander(label, expanded=self._open("more", rest)):
            for name in rest:
                self._field(name)

    def _is_beside(self, field: Field) -> bool:
        """Whether a field is drawn with the switch it needs."""
        return any(need in self.fields for need in field.setting.needs)

    def _open(self, fold: str, names: Iterable[str]) -> bool:
        """Whether a fold is open: from when something in it is wrong, so that it gets seen."""
        if {*self.draft.errors, *self.sheet["refused"]} & set(names):
            self.sheet["open"].add(fold)
        return fold in self.sheet["open"]

    def _below(self, name: str) -> None:
        """What is wrong with a control, right under it."""
        if name in self.draft.errors:
            st.error(self.draft.errors[name])
        elif name in self.sheet["refused"]:
            st.warning(self.sheet["refused"][name])

    def _key(self, name: str) -> str:
        return widget_key(self.question, name)

    def _touch(self, name: str) -> dict[str, Any]:
        return {"on_change": _touched, "args": (self.question, name)}


def _touched(question: Question, name: str) -> None:
    """The visitor set this control: what the link wanted is settled."""
    sheet = sheet_of(question)
    sheet["refused"].pop(name, None)
    sheet["notes"].clear()


def _reset(question: Question) -> None:
    fresh_sheet(question, stored=sheet_of(question)["stored"])
