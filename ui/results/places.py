"""What a verdict's state looks like, wherever one stands: colour, icon and word."""

from typing import NamedTuple


class Place(NamedTuple):
    """How a state is shown."""

    color: str
    icon: str
    word: str


PLACES = {  # by the verdict's state
    "clear": Place("green", "check_circle", "Decided"),
    "same": Place("green", "drag_handle", "The same"),
    "open": Place("orange", "balance", "Open"),
    "rows": Place("orange", "table_rows", "Too few rows"),
    "so far": Place("gray", "hourglass_empty", "So far"),
    "one seed": Place("gray", "looks_one", "One seed"),
    "one arm": Place("gray", "looks_one", "One arm"),
}


def place_of(state: str) -> Place:
    """That of a verdict's state; of one that another version wrote, that nothing is decided."""
    return PLACES.get(state, PLACES["open"])
