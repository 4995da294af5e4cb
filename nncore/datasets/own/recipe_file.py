"""What was chosen of a table as a JSON file, to be applied to another table.

It says how the file was read, what is to be predicted, and what each column is used as; nothing
that was fitted. A recipe file may come from anybody: every part of it is checked.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from nncore.datasets.own.alike import how_from
from nncore.datasets.own.csv_table import CLASSIFICATION, REGRESSION, Table
from nncore.datasets.own.how import How
from nncore.datasets.own.profile import DATE, GROUP, LEAVE_OUT, NUMBER, ROLES, WEIGHT
from nncore.datasets.own.suggest import input_roles
from nncore.datasets.own.wish import GAPS, Wish
from nncore.system.errors import InvalidSetting
from nncore.system.outside import Unreadable, read_json
from nncore.system.wording import listing

MOST_BYTES = 4_000_000  # 500 columns with an order of 50 long texts each make 2.5 MB
_FORMAT = "NN Lab recipe 1"
_SHOWN = 5  # columns that a sentence names


@dataclass(frozen=True)
class RecipeFile:
    """How a file was read, and what was chosen of it."""

    how: How
    wish: Wish

    def to_bytes(self) -> bytes:
        """JSON; `recipe_file_from` reads it."""
        wish = asdict(self.wish)
        del wish["why"]  # that is said of one table
        said = {"format": _FORMAT, "how": asdict(self.how), "wish": wish}
        return json.dumps(said, indent=1, ensure_ascii=False).encode()

    def choices(self, table: Table) -> dict[str, Any]:
        """The same choices for another table, as `own.upload.plan` and `add` take them.

        Columns are found by their names; those the recipe doesn't know are left out. Raises
        InvalidSetting where the table lacks a column, or one holds something else.
        """
        wish = self.wish
        there = {column.name for column in table.columns}
        used = [wish.target, *input_roles(wish.roles)]
        used += [name for name, role in wish.roles.items() if role in (GROUP, WEIGHT)]
        used += [wish.by_time] if wish.by_time else []
        lacking = [name for name in dict.fromkeys(used) if name not in there]
        if lacking:
            raise InvalidSetting(
                f"{table.filename} lacks {_some(lacking)}, which the recipe uses. Columns are "
                "found by their names, in any order."
            )
        self._check_kinds(table)
        roles = {name: wish.roles.get(name, LEAVE_OUT) for name in there - {wish.target}}
        return {
            "target": wish.target,
            "task": wish.task,
            "roles": {c.name: roles[c.name] for c in table.columns if c.name in roles},
            "gaps": wish.gaps,
            "by_time": wish.by_time,
            "orders": {name: tuple(order) for name, order in wish.orders.items() if name in roles},
        }

    def notes(self, table: Table) -> tuple[str, ...]:
        """What is to be said of it beside this table, in sentences."""
        known = {self.wish.target, *self.wish.roles}
        new = [column.name for column in table.columns if column.name not in known]
        return (f"Left out, because the recipe doesn't know them: {_some(new)}.",) if new else ()

    def _check_kinds(self, table: Table) -> None:
        """Raise InvalidSetting where a column holds something else than its role needs."""
        numbers = [name for name, role in self.wish.roles.items() if role == NUMBER]
        numbers += [self.wish.target] if self.wish.task == REGRESSION else []
        there = {column.name: column for column in table.columns}
        texts = [n for n in numbers if there[n].kind == "category" and there[n].distinct]
        if texts:
            example = there[texts[0]].categories[0][:40]
            raise InvalidSetting(
                f"The recipe takes {_some(texts)} for numbers, but {table.filename} has texts "
                f"there, such as {example!r} in {texts[0]}. If that stands for a missing value, "
                "say so where the file is read."
            )
        dates = [name for name, role in self.wish.roles.items() if role == DATE]
        none = [n for n in dates if there[n].distinct and not there[n].date_form]
        if none:
            raise InvalidSetting(
                f"The recipe takes {_some(none)} for dates, but {table.filename} has none there."
            )


def recipe_file_from(data: bytes, filename: str) -> RecipeFile:
    """The recipe in a file of any origin. Raises InvalidSetting with one sentence."""
    try:
        if len(data) > MOST_BYTES:
            raise Unreadable(f"it has more than {MOST_BYTES / 1e6:.0f} MB")
        said = read_json(data)
        if not _is_dict(said, {"format": _is_text, "how": _is_any, "wish": _is_wish}):
            raise Unreadable("something in it is missing or was changed")
        if said["format"] != _FORMAT:
            raise Unreadable("another version has written it")
        return RecipeFile(how_from(said["how"]), Wish(**said["wish"]))
    except (Unreadable, InvalidSetting) as error:
        raise InvalidSetting(
            f"{filename} is no recipe that can be used: {str(error).rstrip('.')}. Take one that "
            "the Data page or --save-recipe has written."
        ) from error


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{listing(names[:_SHOWN])}{more}"


def _is_dict(said: Any, parts: dict[str, Callable[[Any], bool]]) -> bool:
    return (
        isinstance(said, dict)
        and said.keys() == parts.keys()
        and all(is_it(said[name]) for name, is_it in parts.items())
    )


def _is_any(said: Any) -> bool:
    return True  # `how_from` looks at it


def _is_text(said: Any) -> bool:
    return isinstance(said, str) and said.isprintable()


def _is_table(said: Any, is_value: Callable[[Any], bool]) -> bool:
    """Whether it is an object of texts and such values."""
    return isinstance(said, dict) and all(_is_text(k) and is_value(v) for k, v in said.items())


def _are_texts(said: Any) -> bool:
    return isinstance(said, list) and all(map(_is_text, said))


def _is_order(said: Any) -> bool:
    return _are_texts(said) and len(said) > 1 and len(set(said)) == len(said)


def _is_wish(said: Any) -> bool:
    parts: dict[str, Callable[[Any], bool]] = {
        "target": _is_text,
        "task": lambda v: v in (CLASSIFICATION, REGRESSION),
        "roles": lambda v: _is_table(v, lambda role: role in ROLES),
        "gaps": lambda v: v in GAPS,
        "by_time": _is_text,
        "orders": lambda v: _is_table(v, _is_order),
    }
    return _is_dict(said, parts)
