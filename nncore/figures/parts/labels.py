"""Where names stand beside points, so that none covers another, a point, or the chart's edge."""

from collections.abc import Iterable, Sequence

from nncore.system.arrays import Array

_WIDTH, _HEIGHT = 300, 300  # pixels of the plot on a narrow page; a wide one has more room
_LETTER, _LINE, _MARKER = 6.5, 15, 16  # pixels
_PLACES = ("middle right", "middle left")  # above and below runs the point's own interval
_Box = tuple[float, float, float, float]  # left, bottom, right, top


def names_beside(
    x: Array,
    spans: Sequence[tuple[float, float, float]],
    names: Sequence[str],
    first: Iterable[int],
) -> dict[int, str]:
    """Position -> where its name stands, for those that find room; `first`: who chooses first.

    `x` and `spans` (a point's place on the y axis, the ends of its interval) are shares of the
    axes, from 0 to 1. A point in the right half has its name on the left, so that it stays in
    the chart. The rest is named by the legend alone.
    """
    points = [(px * _WIDTH, span[0] * _HEIGHT) for px, span in zip(x, spans, strict=True)]
    half = _MARKER / 2
    markers = [(px - half, py - half, px + half, py + half) for px, py in points]
    bars = [
        (px - 2, low * _HEIGHT, px + 2, high * _HEIGHT)
        for (px, _), (_, low, high) in zip(points, spans, strict=True)
    ]
    written: list[_Box] = []
    place_of: dict[int, str] = {}
    order = list(dict.fromkeys([*first, *range(len(points))]))
    for i in order:
        right = points[i][0] <= _WIDTH / 2
        places = _PLACES if right else _PLACES[::-1]
        others = [*markers[:i], *markers[i + 1 :], *bars[:i], *bars[i + 1 :], *written]
        for place in places:
            box = _box(points[i], names[i], place)
            inside = box[0] >= -half and box[2] <= _WIDTH + half
            if inside and not any(_meet(box, other) for other in others):
                place_of[i] = place
                written.append(box)
                break
    return place_of


def _box(point: tuple[float, float], name: str, place: str) -> _Box:
    x, y = point
    wide, high = _LETTER * len(name), _LINE / 2
    if place == "middle right":
        return (x + _MARKER / 2, y - high, x + _MARKER / 2 + wide, y + high)
    return (x - _MARKER / 2 - wide, y - high, x - _MARKER / 2, y + high)


def _meet(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
