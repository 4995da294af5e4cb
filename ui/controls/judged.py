"""By what a comparison is judged: one control, in the link, in no training."""

from typing import Any

import streamlit as st

from nncore.analysis.judging import (
    CRITERIA,
    PARAMS,
    Judging,
    metrics_of,
)
from nncore.datasets.catalogue import DATASETS
from nncore.declare.domains import AUTO
from nncore.results.snapshots import Snapshot
from ui.controls.fields import Blank
from ui.controls.form import DATASET, Form
from ui.controls.session import form_of, keep, live
from ui.guards.plain import plain


def judging_of(form: Form) -> Judging:
    """What the controls of a page say; defaults for what they can't mean."""
    said = {name: form.value(name) for name in PARAMS if name in form.blank.fields}
    return Judging(**{name: value for name, value in said.items() if value not in (None, AUTO)})


def how_judged(form: Form, snapshot: Snapshot | None) -> None:
    """Draw the control of the comparison that a page shows, or would train."""
    _Control(form, snapshot).draw()


def not_judged_so(form: Form, snapshot: Snapshot | None) -> None:
    """Say what of a link, or of what was set, can't be judged by here."""
    _, left_out = judging_of(form).fitted(_task(form, snapshot), repeats_splits=form.repeats)
    refused = [why for name, why in form.refused.items() if name in PARAMS]
    wrong = [why for name, why in form.draft.errors.items() if name in PARAMS]
    if said := [*refused, *wrong, *filter(None, [left_out])]:
        st.warning("  \n".join(map(plain, said)))


class _Control:
    """Draws the four choices in a popover."""

    def __init__(self, form: Form, snapshot: Snapshot | None) -> None:
        self.form, self.blank = form, form.blank
        self.task = _task(form, snapshot)
        self.repeats = form.repeats if snapshot is None else snapshot.comparison.repeat_splits
        self.judging, _ = judging_of(form).fitted(self.task, repeats_splits=self.repeats)

    def draw(self) -> None:
        criterion = self.judging.criterion(self.task)
        with st.popover("How it is judged", icon=":material/gavel:", type="tertiary"):
            self._menu("metric", [AUTO, *self._other_metrics()])
            self._menu("at", PARAMS["at"].domain.offers(None), off=criterion.at_end)
            self._menu("centre", PARAMS["centre"].domain.offers(None), off=self.repeats)
            self._menu("margin", ["", *PARAMS["margin"].levels], accept_new_options=True)

    def _other_metrics(self) -> list[str]:
        own = Judging().criterion(self.task)
        return [name for name in metrics_of(self.task) if CRITERIA[name] is not own]

    def _menu(self, name: str, options: Any, *, off: bool = False, **more: Any) -> None:
        """A menu whose first option is the default."""
        param, text = PARAMS[name], self.form.texts[name]
        if name == "margin" and text not in options:
            options = [*options, text]
        value = st.selectbox(
            self._label(name),
            options,
            options.index(text) if text in options else 0,
            format_func=lambda each: self._title(name, str(each)),
            help=param.help,
            disabled=off,
            **more,
            **live(self.blank.name, name, _touched, self.blank, name),
        )
        self.form = self.form.having(**{name: self.blank.fields[name].said(value, text)})

    def _label(self, name: str) -> str:
        if name != "margin":
            return PARAMS[name].label
        return f"Margin in {self.judging.criterion(self.task).margin_unit}"

    def _title(self, name: str, text: str) -> str:
        if name == "margin":  # the same whatever the score: a browser sends back what it shows
            return text or "Automatic"
        if text == AUTO:
            return Judging().criterion(self.task).title
        return PARAMS[name].titles.get(text, text)


def _touched(blank: Blank, name: str) -> None:
    keep(form_of(blank).settled(name))


def _task(form: Form, snapshot: Snapshot | None) -> str:
    """Of the data that is shown, or would be trained on."""
    if snapshot is not None:
        return next(iter(snapshot.configs.values())).data.task
    name = form.texts.get(DATASET, "")
    return DATASETS[name if name in DATASETS else form.blank.dataset].task
