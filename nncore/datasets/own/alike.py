"""How the file of a set was read, kept with it so that rows to come are read alike.

What another file says for itself goes first: a number that makes sense under one decimal sign only,
bytes that are UTF-8, dates that don't fit. The rest is as it was in the first file, or as a person
says now.
"""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from nncore.datasets.definition import Dataset
from nncore.datasets.own.csv_table import Table
from nncore.datasets.own.dates import DAYS, has_an_order
from nncore.datasets.own.how import How
from nncore.datasets.own.numerals import COMMA
from nncore.system.errors import InvalidSetting
from nncore.system.outside import Unreadable

_BY_COLUMN = ("missing", "dates", "decimals", "units")


def kept_how(table: Table, names: Collection[str]) -> dict[str, Any]:
    """How these columns of a table were read; plain JSON, `how_from` reads it."""
    how = dict(table.how)
    for key in _BY_COLUMN:
        how[key] = {name: said for name, said in how[key].items() if name in names}
    how["texts"] = [name for name in how["texts"] if name in names]
    return how


def as_read(table: Table) -> How:
    """How another file of the same form is to be read, so that equal cells mean the same in it."""
    return how_from(dict(table.how))


def how_from(value: Any) -> How:
    """How a file was read, in JSON of any origin. Raises Unreadable where it is none."""
    nothing = {**asdict(How()), "undone": [], "texts": []}
    if not isinstance(value, dict) or not value.keys() <= nothing.keys():
        raise Unreadable("how its file was read isn't said")
    value = nothing | value  # an older version may have known of less
    texts = ("decimal", "encoding", "likely", "sheet", "usual_sheet")
    sound = (
        value["header"] in (None, True, False)
        and all(isinstance(value[key], str) for key in texts)
        and all(_are_texts(value[key]) for key in ("undone", "texts"))
        and all(isinstance(value[key], dict) for key in _BY_COLUMN)
        and all(_are_texts(list(value[key].values())) for key in ("dates", "decimals", "units"))
        and all(
            isinstance(words, dict) and all(type(gone) is bool for gone in words.values())
            for words in value["missing"].values()
        )
        and all(has_an_order(form) or "%" in form for form in value["dates"].values())
    )
    if not sound:
        raise Unreadable("how its file was read was changed")
    try:
        return How(**{**value, "undone": tuple(value["undone"]), "texts": tuple(value["texts"])})
    except InvalidSetting as error:
        raise Unreadable("how its file was read was changed") from error


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def alike(data: Dataset, redone: Collection[str] = (), **said: Any) -> dict[str, Any]:
    """How to read more rows for a set, as of `upload.inspect`.

    said: what a person says of the new file, which goes first; redone: keys of steps that are to
    be done though they weren't. Sets of older versions don't know how they were read.
    """
    return said if data.how is None else again(how_from(data.how), redone, **said)


def again(before: How, redone: Collection[str] = (), **said: Any) -> dict[str, Any]:
    """The same, where it is known how a file was read before."""
    how = asdict(before)
    undone = {*said.pop("undone", ())}
    if DAYS in {*undone, *redone}:
        how["dates"] = {n: form for n, form in how["dates"].items() if not has_an_order(form)}
    how["undone"] = tuple(sorted(({*how["undone"]} - {*redone}) | undone))
    for name, words in said.pop("missing", {}).items():
        how["missing"][name] = {**how["missing"].get(name, {}), **words}
    if said.get("decimal"):
        how["decimals"] = {}
    return how | {key: value for key, value in said.items() if value not in (None, "")}


def said_alike(data: Dataset) -> str:
    """In one line, how rows to come are read; "" where nothing is known of that."""
    if data.how is None:
        return ""
    how = how_from(data.how)
    told = ["commas are decimal"] if how.decimal == COMMA else []
    said: dict[str, list[str]] = {}
    for name, words in how.missing.items():
        for word in (word for word, is_gone in words.items() if is_gone):
            said.setdefault(word, []).append(name)
    told += [f"{word!r} is missing in {_few(names)}" for word, names in [*said.items()][:3]]
    orders = {True: "days", False: "months"}
    for is_first, what in orders.items():
        names = [n for n, f in how.dates.items() if has_an_order(f) and is_first == _by_day(f)]
        told += [f"{what} stand first in {_few(names)}"] if names else []
    return f"Read as the file of {data.label} was{': ' if told else ''}{', '.join(told)}."


def _by_day(form: str) -> bool:
    return form.startswith("%d")


def _few(names: list[str]) -> str:
    return f"{', '.join(names[:3])}{', ...' if len(names) > 3 else ''}"
