"""Records and results written down flat, as JSON has them, for hand-made snapshots."""

from nncore.results.records import Record
from nncore.results.results import Result


def recorded(*flat):
    return tuple(map(Record.from_json, flat))


def changed(whole, **fields):
    """A record or result with some fields of its flat form replaced."""
    return type(whole).from_json({**whole.to_json(), **fields})


def scored(flat):
    return Result.from_json(flat)
