"""The recipe of an own table as a file: saved, and loaded for another table."""

from typing import Any

import streamlit as st

from nncore.datasets.own.alike import as_read
from nncore.datasets.own.csv_table import Table
from nncore.datasets.own.recipe_file import MOST_BYTES, RecipeFile, recipe_file_from
from nncore.datasets.own.wish import wish
from nncore.system.errors import InvalidSetting
from ui.data.reading import read_as
from ui.guards.plain import plain

_LOADED, _WHY = "own.recipe", "own.recipe.why"


def recipe_menu(file: str) -> Any:
    """The field to load a recipe for a file; where `save_recipe` belongs."""
    menu = st.popover("Recipe", icon=":material/receipt_long:")
    with menu:
        st.caption("What is chosen here, to be applied to another file with the same columns.")
        place = st.container()
        key = f"own.recipe.file.{file}"
        st.file_uploader(
            "Load a recipe",
            type=["json"],
            max_upload_size=MOST_BYTES // 10**6,
            key=key,
            on_change=_load,
            args=(file, key),
        )
    return place


def save_recipe(uploaded: Table, choices: dict[str, Any]) -> None:
    """Download what is chosen."""
    made = RecipeFile(as_read(uploaded), wish(uploaded, **choices))
    st.download_button(
        "Save this recipe",
        made.to_bytes(),
        file_name=f"{uploaded.filename.rsplit('.', 1)[0]}-recipe.json",
        mime="application/json",
        on_click="ignore",
        icon=":material/download:",
        key="own.recipe.save",
    )


def chosen_before(uploaded: Table, file: str) -> dict[str, Any]:
    """What a recipe that was loaded for a file chooses of it; nothing where there is none.

    Why it can't be read, or doesn't fit this file, is said on the page.
    """
    if why := st.session_state.get(_WHY, {}).get(file):
        st.error(plain(why), icon=":material/error:")
    recipe: RecipeFile | None = st.session_state.get(_LOADED, {}).get(file)
    if recipe is None:
        return {}
    try:
        choices = recipe.choices(uploaded)
    except InvalidSetting as error:
        st.error(plain(str(error)), icon=":material/error:")
        return {}
    for note in recipe.notes(uploaded):
        st.caption(plain(note))
    return choices


def _load(file: str, key: str) -> None:
    given = st.session_state[key]
    st.session_state.setdefault(_WHY, {}).pop(file, None)
    if given is None:
        return
    try:
        recipe = recipe_file_from(given.getvalue(), given.name)
    except InvalidSetting as error:
        st.session_state[_WHY][file] = str(error)
        return
    read_as(file, recipe.how)
    st.session_state.setdefault(_LOADED, {})[file] = recipe
