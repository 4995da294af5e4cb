"""Columns that a family takes by name: found among the inputs, or refused in a sentence."""

from nncore.datasets.columns import ALL
from nncore.network.architecture import Architecture
from nncore.system.errors import InvalidSetting, suggestion

MOST_COLUMNS = 500  # that one can name; all of them needs no names
_MOST_LISTED = 12  # in an error


def places(config: Architecture, names: tuple[str, ...]) -> tuple[int, ...]:
    """Where these columns stand among the inputs; () for all of them."""
    if names == (ALL,):
        return ()
    there = config.columns
    return tuple(place for name in names for place in there[name])


def check_columns(config: Architecture, setting: str, names: tuple[str, ...]) -> None:
    """Raise InvalidSetting unless they are columns of the inputs, each named once."""
    there = config.columns
    if names == (ALL,):
        return
    if not there:
        raise InvalidSetting(
            f"{setting} names columns, but the inputs of this data set have no names: leave it "
            "out, or take a table."
        )
    unknown = next((name for name in names if name not in there), None)
    if unknown is not None:
        more = " and more" if len(there) > _MOST_LISTED else ""
        raise InvalidSetting(
            f"{setting} must name columns of the data set; got {unknown!r}."
            f"{suggestion(unknown, there)} Columns: {', '.join(list(there)[:_MOST_LISTED])}{more}."
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidSetting(
            f"{setting} must name every column once; got {twice!r} twice. Leave one out."
        )
