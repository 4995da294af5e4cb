"""One result: where to open it, what people say of it, and its deletion, which can be undone."""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from nncore.lab.archive import Listed
from nncore.lab.lab import Lab
from nncore.lab.remarks import LONGEST_NAME, LONGEST_NOTE, LONGEST_TAG, MOST_TAGS
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.questions.comparisons import Comparison
from nncore.system.errors import InvalidSetting
from ui.archive.link import choose
from ui.archive.words import ago, asks, badge, endings, in_front, settings
from ui.controls.fields import STORED, blank_of
from ui.controls.form import Form
from ui.guards.plain import plain
from ui.guards.trouble import guarded
from ui.guards.visitor import known_visitor, may_change
from ui.shell import has_page, page_path

_DELETED = "results.deleted"  # in the session: id and title of what was deleted last


def details(lab: Lab, row: Listed) -> None:
    """Draw the panel of a result."""
    with st.container(border=True, key="details"):
        st.subheader(plain(row.name or asks(row)), anchor=False)
        words = [*([asks(row)] if row.name else []), *settings(row), ago(row.created_at)]
        st.markdown(f"{badge(row)} {in_front(row)}")
        st.caption(plain(" · ".join([*words, *endings(row)])))
        is_theirs = may_change(row.owner)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            _ways(lab, row, is_theirs=is_theirs)
        if not is_theirs:
            _said(row)
            return
        _remarks(row)


def tell_deleted() -> None:
    """Right after a deletion: say so, with a way back."""
    if not (gone := st.session_state.get(_DELETED)):
        return
    title = gone[1]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="undo"):
        st.markdown(f":material/delete: Deleted: {plain(title)}", width="content")
        st.button("Undo", key="results.undo", icon=":material/undo:", on_click=_undo)


def forget_deleted() -> None:
    """The page was left: what was deleted is found among what was deleted."""
    st.session_state.pop(_DELETED, None)


def _ways(lab: Lab, row: Listed, *, is_theirs: bool) -> None:
    if row.deleted_at is not None:
        if is_theirs:
            st.button(
                "Restore",
                key="results.restore",
                icon=":material/restore_from_trash:",
                on_click=_restored,
                args=(row.id,),
            )
        return
    if has_page(row.question):
        st.page_link(
            page_path(row.question),
            label="Open",
            icon=EVERY_QUESTION[row.question].icon,
            query_params={STORED: row.id},
        )
        if st.button(
            "Open as a new question",
            key="results.anew",
            icon=":material/edit_note:",
            help="Its settings, without its results, to change them and run.",
        ):
            _ask_anew(lab, row)
    if is_theirs:
        st.button(
            "Delete",
            key="results.delete",
            icon=":material/delete:",
            on_click=_delete,
            args=(row.id, row.name or asks(row)),
        )


def _ask_anew(lab: Lab, row: Listed) -> None:
    """Go to the question's page with these settings."""
    with suppress(InvalidSetting):  # another version wrote it
        if (snapshot := lab.snapshot(row.id)) is not None:
            path = page_path(row.question)
            st.switch_page(path, query_params=asked_again(snapshot.comparison))
    st.warning("This version can't read its settings.", icon=":material/history_off:")


def asked_again(comparison: Comparison) -> dict[str, str | list[str]]:
    """What a link to the question's page says, so that its controls would make this again.

    The data set is always named: a link that says nothing leaves a page as it was.
    """
    form = Form.of(blank_of(EVERY_QUESTION[comparison.question]), comparison)
    return {"dataset": form.texts["dataset"], **form.query()}


def _said(row: Listed) -> None:
    """What its owner says of it, to be read only."""
    if row.tags:
        st.markdown(plain(", ".join(row.tags)))
    if row.note:
        st.markdown("  \n".join(plain(line) for line in row.note.splitlines()))


def _remarks(row: Listed) -> None:
    keys = {name: f"results.{name}.{row.id}" for name in ("name", "tags", "note")}
    with st.form(f"results.say.{row.id}", border=False):
        left, right = st.columns(2)
        left.text_input("Name", row.name, max_chars=LONGEST_NAME, key=keys["name"])
        right.text_input(
            "Tags",
            ", ".join(row.tags),
            max_chars=MOST_TAGS * (LONGEST_TAG + 2),
            key=keys["tags"],
            placeholder="Separated by commas",
        )
        st.text_area("Note", row.note, max_chars=LONGEST_NOTE, height=80, key=keys["note"])
        st.form_submit_button("Save", on_click=_save, args=(row, keys))


def _save(row: Listed, keys: dict[str, str]) -> None:
    name, tags, note = (str(st.session_state[keys[k]] or "") for k in ("name", "tags", "note"))

    def say(lab: Lab) -> None:
        by = known_visitor()
        lab.rename(row.id, name, by)
        lab.tag(row.id, tags.split(","), by)
        lab.annotate(row.id, note, by)

    if _do("What you wrote could not be saved.", say):
        choose([row.id])  # by its new name


def _delete(public_id: str, title: str) -> None:
    if _do("It could not be deleted.", lambda lab: lab.delete(public_id, known_visitor())):
        st.session_state[_DELETED] = public_id, title
        choose([])


def _undo() -> None:
    public_id, _ = st.session_state[_DELETED]
    if _restore(public_id):
        forget_deleted()
        choose([public_id])


def _restored(public_id: str) -> None:
    _restore(public_id)


def _restore(public_id: str) -> bool:
    return _do("It could not be restored.", lambda lab: lab.restore(public_id, known_visitor()))


def _do(what: str, change: Callable[[Lab], None]) -> bool:
    """Change the store; whether that went well. Else the page says why."""
    st.session_state.pop("trouble", None)
    with guarded(what):
        change(Lab())
    return "trouble" not in st.session_state
