"""The sidebar of a question's page: what is compared, data, network, epochs; all else folded."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import streamlit as st

from nncore.config.declared import GROUPS
from nncore.config.settings import DEFINED, SETTINGS
from nncore.datasets.preparation.cache import available
from nncore.declare.params import HIDDEN
from nncore.definitions.optimizers import RATE
from nncore.network.models import MODELS
from nncore.questions.catalogue import title
from nncore.questions.comparisons import SEEDS
from nncore.system.wording import listing
from ui.controls.crossing import crossing_title, crossings
from ui.controls.fields import ARMS, BY, COUNT, PLANES, SPLITS, Blank, lacking
from ui.controls.finding import elsewhere, matching
from ui.controls.form import DATASET, Form
from ui.controls.session import (
    fill,
    form_now,
    form_of,
    keep,
    live,
    live_key,
    publish,
    renew,
    turn_to,
)
from ui.controls.widgets import columns_of, field_input, variant_titles
from ui.guards.plain import plain

ADVANCED = "advanced"  # the fold's name among the controls of a page


def controls(form: Form) -> Form:
    """Draw the sidebar and bring the link up to date; the form as it is now."""
    with st.sidebar:
        form = _Sidebar(form).draw()
    return publish(form)


def panel(
    form: Form, first: Sequence[str], draw: Callable[[Form], None], drawn: Collection[str]
) -> Form:
    """The controls of a page that draws some itself, in place and not in the sidebar.

    First come those named, then what `draw` draws, which sets the controls `drawn`; the rest is
    folded. The form as it is now, with the link brought up to date.
    """
    return publish(_Sidebar(form).draw_around(first, draw, drawn))


def extra_control(form: Form, name: str) -> Form:
    """The control of a page's own chart, drawn where the page wants it; the form as it is now."""
    return keep(_Sidebar(form).extra(name))


class _Sidebar:
    """Draws the controls, each once."""

    def __init__(self, form: Form) -> None:
        self.form, self.blank, self.fields = form, form.blank, form.blank.fields
        self.draft = form.draft  # before anything is drawn
        self.owned = self.draft.owned

    def draw(self) -> Form:
        """Draw all; the form with what the controls say."""
        used = self._in_use()
        self._notes(used)
        if self.blank.factor:
            self._compared()
        for name in used:
            if self.fields[name].setting.basic:
                self._field(name)
        if self.blank.factor:
            self._seeds()
        self._more([name for name in used if not self.fields[name].setting.basic])
        self._way_back()
        return self.form

    def draw_around(
        self, first: Sequence[str], draw: Callable[[Form], None], drawn: Collection[str]
    ) -> Form:
        """Draw some, then what the page draws itself, then the rest; the form as it is now."""
        used = self._in_use()
        self._notes(used)
        for name, column in zip(first, st.columns(len(first), gap="small"), strict=True):
            with column:
                self._field(name)
        draw(self.form)
        self._more([name for name in used if name not in {*first, *drawn}])
        self._way_back()
        return self.form

    def _way_back(self) -> None:
        if self.form.changed or self.form.refused or self.form.notes:
            st.button(
                "Back to the start values",
                icon=":material/undo:",
                type="tertiary",
                on_click=_reset,
                args=(self.blank,),
                width="stretch",
            )

    def extra(self, name: str) -> Form:
        """Draw a control that belongs to one of the page's charts."""
        is_rate = self.fields[name].setting.domain is RATE
        self._input(name, own={"": "each one's own"} if is_rate else None)
        self._below(name)
        return self.form

    def _in_use(self) -> list[str]:
        """The settings that mean something as things stand, by name, in their order."""
        drawn = self.form.texts["dataset"] in PLANES
        missing = {name for name, text in self.form.texts.items() if text == "false"}  # switches
        missing |= lacking(self.form.texts["dataset"])
        models = [d for d in self.draft.chosen if d in MODELS.values()]
        if models and all(model.most_hidden == 0 for model in models):
            missing.add(HIDDEN)
        without = {"variant"} if drawn else set()  # its size is the number of points
        without |= {"split_seed"} if self.form.repeats else set()  # it follows the seed
        if not self.blank.factor:  # what every arm sets for itself, the page has controls for
            own = [set(arm.overrides) for arm in self.draft.arms]
            without |= set.intersection(*own) if own else set()
        return [
            name
            for name, field in self.fields.items()
            if (field.of_config or name in self.owned)
            and name not in without
            and not missing & set(field.setting.needs)
        ]

    def _notes(self, used: list[str]) -> None:
        """What is wrong with the link and has no control that could say it."""
        beside = {*used, ARMS, BY, COUNT, SPLITS, *(n for n, f in self.fields.items() if f.extra)}
        homeless = (why for name, why in self.form.refused.items() if name not in beside)
        if notes := [*self.form.notes, *homeless]:
            st.warning("  \n".join(map(plain, notes)))

    def _compared(self) -> None:
        """What is compared, and a second setting, or more, that every arm is crossed with."""
        question, form = self.form.question, self.form
        st.multiselect(
            "Compare",
            list(dict.fromkeys([*form.offered, *form.arms])),
            default=form.arms,
            format_func=lambda text: title(str(text), question),
            accept_new_options=True,
            placeholder="Choose, or type your own",
            help=f"{SETTINGS[question.factor].help} Choose several. Your own may be a value, or "
            "key=value pairs joined by commas, such as "
            "`slow:learning_rate=0.0001,batch_size=64`.",
            **self._live(ARMS),
        )
        self._below(ARMS)
        self._crossings()

    def _crossings(self) -> None:
        """A second setting, or more, that every arm is crossed with."""
        st.multiselect(
            "Crossed with",
            list(dict.fromkeys([*crossings(self.form), *self.form.crossings])),
            default=self.form.crossings,
            format_func=crossing_title,
            accept_new_options=True,
            placeholder="A second setting: none",
            help="Two settings at once: every one of the above is trained with each of these "
            "values, and the scores become a heatmap. Choose, or type any setting and any values "
            "as `setting=value,value`, such as `learning_rate=0.001,0.01`.",
            **self._live(BY),
        )
        self._below(BY)

    def _seeds(self) -> None:
        st.number_input(
            "Number of seeds",
            min_value=int(SEEDS.low),
            max_value=int(SEEDS.high),
            value=self.form.seeds,
            help="How often everything is trained, each time from other random numbers. One "
            "can't tell a difference from luck; three are a start, ten are good.",
            **self._live(COUNT),
        )
        self._below(COUNT)
        st.toggle(
            "Repeat over splits",
            value=self.form.repeats,
            help="Every seed draws its own validation rows, the same for all arms: shows what "
            "depends on which rows those are. Test rows stay.",
            **self._live(SPLITS),
        )
        self._below(SPLITS)

    def _field(self, name: str) -> None:
        """One field, and what is wrong with it."""
        if name == "variant":
            self._variant()
        elif self.fields[name].of_definition:
            self._setting(name)
        else:
            self._input(name)
        self._below(name)

    def _input(self, name: str, **more: Any) -> None:
        """The widget of a control; what it says is the form's from now on."""
        text = field_input(self.fields[name], self.form.texts[name], **more, **self._live(name))
        self.form = self.form.having(**{name: text})

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

    def _setting(self, name: str) -> None:
        """A setting of definitions, which says whose it is where not all of a kind have it."""
        setting, own = self.fields[name].setting, self.owned[name]
        among = [d for d in self.draft.chosen if d in DEFINED[setting.kind].values()]
        whose = f"{setting.label} ({listing(list(own))})"
        label = whose if len(among) > len(own) else setting.label
        self._input(name, own=own, label=label, columns=columns_of(self.form.texts))

    def _more(self, rest: list[str]) -> None:
        """All that isn't in sight, drawn once somebody opens it, or something in it is wrong."""
        wrong = {*self.draft.errors, *self.form.refused} & set(rest)
        key = live_key(self.blank.name, ADVANCED)
        # Back and links fill the form anew, and with it every widget: this one stays as it was
        last = f"{self.blank.name}.{ADVANCED}.last"
        before, was_open = st.session_state.get(last, (key, False))
        if (wrong and not st.session_state.get(key)) or (was_open and before != key):
            self.form = self.form.unfolding()
        fold = st.expander(
            "Advanced", self.form.unfolded, key=key, on_change="rerun", icon=":material/tune:"
        )
        st.session_state[last] = key, bool(fold.open)
        if fold.open:
            with fold:
                self._grouped(rest, wrong)

    def _grouped(self, rest: list[str], wrong: set[str]) -> None:
        """Settings under their headings, or those that somebody looks for."""
        sought = st.text_input(
            "Find a setting",
            key=f"{self.blank.name}.find",
            placeholder="Find a setting",
            label_visibility="collapsed",
            icon=":material/search:",
            help="Part of its name, or of what it does.",
        )
        fits = matching([SETTINGS[name] for name in rest], sought or "")
        names = [name for name in rest if name in fits or name in wrong]
        if not names:
            st.caption(elsewhere(self.blank, sought or ""))
        groups = dict.fromkeys((*GROUPS, *(SETTINGS[name].group for name in names)))
        for group in groups:
            mine = [name for name in names if SETTINGS[name].group == group]
            if mine:
                st.subheader(group, anchor=False)
            for name in mine:
                self._field(name)

    def _below(self, name: str) -> None:
        """What is wrong with a control, right under it."""
        if name in self.draft.errors:
            st.error(plain(self.draft.errors[name]))
        elif name in self.form.refused:
            st.warning(plain(self.form.refused[name]))

    def _live(self, name: str) -> dict[str, Any]:
        return live(self.blank.name, name, _touched, self.blank, name)


def _touched(blank: Blank, name: str) -> None:
    if name == DATASET:  # others follow it
        turn_to(form_now(blank))
    keep(form_of(blank).settled(name))


def _reset(blank: Blank) -> None:
    fill(Form.start(blank).showing(form_of(blank).stored))
