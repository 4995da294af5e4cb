"""Small tasks, each a click away: what there is to see, and the networks to see it with."""

import streamlit as st

from nncore.config.settings import SETTINGS
from nncore.questions.tasks import TASKS, Task
from ui.controls.fields import ARMS, Blank
from ui.controls.session import start_from


def tasks(blank: Blank) -> None:
    """A list of all; a click sets every control as the task wants it, and so the link."""
    for task in TASKS.values():
        with st.container(gap="xsmall"):
            st.button(
                task.label,
                key=f"{blank.name}.task.{task.name}",
                icon=":material/arrow_forward:",
                type="tertiary",
                on_click=start_from,
                args=(blank, link_of(task)),
            )
            st.markdown(task.sees)


def link_of(task: Task) -> dict[str, str | list[str]]:
    """The parameters of the link that opens a task."""
    settings = {name: SETTINGS[name].write(value) for name, value in task.settings.items()}
    return {"dataset": task.dataset, **settings, ARMS: list(task.arms)}
