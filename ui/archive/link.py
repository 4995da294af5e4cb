"""What is set on the page of all results, and the link that says the same."""

import time
from collections.abc import Sequence

from nncore.config.engine_names import ENGINES
from nncore.config.settings import Setting
from nncore.datasets.catalogue import DATASETS
from nncore.declare.domains import Choice, Pattern, Range
from nncore.declare.params import Param
from nncore.lab.archive import LISTED_STATES, Filter, Sort
from nncore.questions.catalogue import EVERY_QUESTION
from ui.controls.fields import Blank, Field
from ui.controls.form import Form
from ui.controls.session import form_of, keep, live, put, renew
from ui.controls.widgets import field_input
from ui.guards.visitor import visitor
from ui.shell import has_page

PAGE = "results"
TABLE, MENU = "rows", "chosen"  # the two ways to choose
ALL, MINE, DELETED = "all", "mine", "deleted"
MOST_CHOSEN = 20
FILTERS = ("find", "question", "dataset", "engine", "state", "days", "whose")
_DAY = 86_400.0  # seconds
_SORTS = {  # as the link says it -> its title, column and direction
    "newest": ("Newest first", Sort("number")),
    "oldest": ("Oldest first", Sort("number", descending=False)),
    "best": ("Highest score first", Sort("score")),
    "lowest": ("Lowest score first", Sort("score", descending=False)),
    "longest": ("Longest training first", Sort("seconds")),
    "shortest": ("Shortest training first", Sort("seconds", descending=False)),
    "seeds": ("Most seeds first", Sort("seeds")),
    "name": ("By name", Sort("name", descending=False)),
    "question": ("By question", Sort("question", descending=False)),
    "dataset": ("By data", Sort("dataset", descending=False)),
    "engine": ("By engine", Sort("engine", descending=False)),
    "state": ("By state", Sort("state", descending=False)),
    "winner": ("By winner", Sort("winner", descending=False)),
}
_ID = "[0-9a-zA-Z]{1,32}"


def blank() -> Blank:
    """The controls there are now: data sets come and go."""
    questions = {q.name: q.label for q in EVERY_QUESTION.values() if has_page(q.name)}
    seen = {n: d.label for n, d in DATASETS.items()}
    engines = {name: engine.label for name, engine in ENGINES.items()}
    states = {name: name.capitalize() for name in LISTED_STATES}
    days = {"1": "Last 24 hours", "7": "Last 7 days", "30": "Last 30 days", "365": "Last year"}
    sorts = {name: title for name, (title, _) in _SORTS.items()}
    whose = {ALL: "Everyone's", MINE: "Mine", DELETED: "Mine, deleted"}
    params = (
        Param("find", "Search", Pattern(r"[^\n]{0,200}", "up to 200 characters"), ""),
        _menu("question", "Question", {ALL: "Any question", **questions}),
        _menu("dataset", "Data", {ALL: "Any data", **seen}),
        _menu("engine", "Engine", {ALL: "Any engine", **engines}),
        _menu("state", "State", {ALL: "Any state", **states}),
        _menu("days", "When", {ALL: "Any time", **days}),
        _menu("whose", "Whose", whose),
        _menu("sort", "Order", sorts),
        Param("page", "Page", Range(1, 1_000_000, integer=True), 1),
        Param("ids", "Chosen", Pattern(rf"({_ID}(,{_ID}){{0,19}})?", "ids of results"), ""),
    )
    fields = {p.name: Field(Setting(p), p.domain.text(p.default), extra=True) for p in params}
    return Blank(PAGE, fields)


def menu(form: Form, name: str) -> Form:
    """Draw the menu of a filter, or of the order; the form with what it says."""
    follows = live(PAGE, name, touched, name)
    return form.having(**{name: field_input(form.blank.fields[name], form.texts[name], **follows)})


def touched(name: str) -> None:
    """A filter was set: its results begin on the first page."""
    keep(form_of(blank()).settled(name))
    put(blank(), page="1")


def clear() -> None:
    """Every filter where the page starts."""
    now = blank()
    put(now, page="1", **{name: now.fields[name].start for name in FILTERS})


def choose(ids: Sequence[str], said_by: str = "") -> None:
    """Choose these results; whatever else of TABLE and MENU shows that follows who said it."""
    put(blank(), ids=",".join(list(dict.fromkeys(ids))[:MOST_CHOSEN]))
    renew(PAGE, *({TABLE, MENU} - {said_by}))


def chosen(form: Form) -> list[str]:
    """The ids of the results that are chosen."""
    return [public_id for public_id in form.texts["ids"].split(",") if public_id]


def is_filtered(form: Form) -> bool:
    """Whether some filter leaves results out."""
    return any(form.texts[name] != form.blank.fields[name].start for name in FILTERS)


def filter_of(form: Form) -> Filter:
    """What the filters say."""
    texts = form.texts
    named = {name: "" if texts[name] == ALL else texts[name] for name in FILTERS}
    now, is_deleted = visitor(), texts["whose"] == DELETED
    is_mine = texts["whose"] == MINE or (is_deleted and not (now and now.is_admin))
    return Filter(
        text=texts["find"],
        question=named["question"],
        dataset=named["dataset"],
        engine=named["engine"],
        state=named["state"],
        since=time.time() - int(named["days"]) * _DAY if named["days"] else None,
        owner=(now.key if now else "") if is_mine else None,
        deleted=is_deleted,
    )


def sort_of(form: Form) -> Sort:
    """In which order."""
    return _SORTS[form.texts["sort"]][1]


def _menu(name: str, label: str, titles: dict[str, str]) -> Param:
    return Param(name, label, Choice(tuple(titles)), next(iter(titles)), titles=titles)
