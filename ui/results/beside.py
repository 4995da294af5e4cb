"""Simple models beside the arms: one small table, which fills while workers are idle."""

import streamlit as st

from nncore.analysis.reading import Reading
from nncore.figures.trained.beside import beside_table, explained
from nncore.lab.lab import Lab
from nncore.system.errors import UserError
from ui.guards.plain import plain
from ui.results.charts import table

_EVERY = 2.0  # seconds between looks at the store while some are still to come


def simple_models(key: str, reading: Reading) -> None:
    """Draw what simple models reach on the rows of the arms, once there is an arm to stand by."""
    if not reading.snapshot.simple or not any(arm.finished for arm in reading.arms):
        return
    table(beside_table(reading), f"{key}.simple")
    st.caption(plain(explained(reading)))
    if reading.snapshot.fits and not reading.active and reading.snapshot.is_current:
        _wait(reading)


def _wait(reading: Reading) -> None:
    """Draw the page anew when another one is fitted; trainings redraw it anyway."""

    def look() -> None:
        try:
            now = Lab().snapshot(reading.id)
        except UserError:
            return  # the page says what is wrong when it is drawn next
        if now is not None and now.simple != reading.snapshot.simple:
            st.rerun()

    st.fragment(look, run_every=_EVERY)()
