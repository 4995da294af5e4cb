"""Where the figures of the case studies were published: source, lines, and what stands there.

Sources are those of the course material by number, lines those of their text; figures are copied
digit by digit. What was read off a picture has lines without figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """One place in a source."""

    source: str
    lines: tuple[int, int]  # first and last
    figures: tuple[str, ...] = ()  # as they are printed there

    def to_json(self) -> dict[str, object]:
        """One entry of `references` in `case --json`."""
        return {
            "source": self.source,
            "lines": list(self.lines),
            "figures": list(self.figures),
        }


def _at(source: str, first: int, *figures: str, to: int = 0) -> Reference:
    return Reference(source, (first, to or first), figures)


REFERENCES: Mapping[int, tuple[Reference, ...]] = {
    1: (
        _at("004", 190, "9.67299303", "-0.2078435", "-4.62963669", to=192),
        _at("004", 194, "0.99993704"),
    ),
    2: (_at("002", 85, to=116), _at("002", 137, "1.0")),
    3: (_at("001", 158, to=169), _at("001", 276, to=282)),
    4: (_at("004", 363, to=374), _at("004", 494)),
    5: (
        _at("000", 1577, "0.96", to=1577),
        _at("000", 1580, "0.98", to=1580),
        _at("000", 1689, "0.87", "0.98", "0.98", "0.99", "0.99", "0.99", to=1734),
        _at("000", 1742, "0.97", "0.99", "0.99", "0.99", "0.99", "0.99", to=1788),
        _at("000", 1796, "0.48", "0.80", "0.98", "0.98", "0.48", "0.99", "0.99", to=1848),
    ),
    6: (_at("004", 680, "0.9743"), _at("004", 778, "0.9501")),
    7: (
        _at("003", 393, "407,050"),
        _at("003", 604, "0.9200"),
        _at("003", 556, "0.9129"),
        _at("003", 642, "0.9167"),
    ),
    8: (
        _at("003", 1330, "0.9695"),
        _at("003", 1353, "0.9689"),
        _at("003", 1497, "0.1076"),
        _at("003", 1521, "0.9740"),
        _at("003", 1545, "0.9697"),
        _at("003", 1633, "0.9336"),
        _at("003", 1654, "0.9770"),
        _at("003", 1726, "0.9763"),
    ),
    9: (_at("003", 1843, "468,874"), _at("003", 1901, "0.98"), _at("003", 1960, "0.98")),
    10: (_at("003", 918, to=939),),
    11: (
        _at("002", 447, "89,610"),
        _at("002", 566, "0.8816"),
        _at("002", 821, "0.8988"),
        _at("002", 841, "0.8871"),
    ),
    12: (
        _at("002", 974, "1,231"),
        _at("002", 1100, "0.4127"),
        _at("002", 1203, "1,239"),
        _at("002", 1333, "0.4173"),
    ),
    13: (
        _at("004", 840, "2,163,605"),
        _at("004", 861, "88.56%"),
        _at("004", 995, "4,160,501"),
        _at("004", 1019, "86.14%"),
    ),
}
