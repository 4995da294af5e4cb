"""How a split is written, and what a published one says.

"stratified:SHARE", "last:SHARE", "first:ROWS" and "none" hold rows out of the training part.
"random:SHARE:STATE" is what scikit-learn's `train_test_split(test_size=SHARE, random_state=STATE)`
makes, called twice: for the test part of all rows, then for the validation part of what is left.
Whoever publishes with that function has these rows, so it is called published.
"""

import math
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from nncore.declare.domains import Domain

MOST_STATE = 2**32 - 1  # that `numpy.random.RandomState` takes
_FORM = re.compile(r"(stratified|last):0\.\d+|first:[1-9]\d{0,6}|none")
_SHARE = re.compile(r"0?\.\d{1,9}")
_STATE = re.compile(r"\d{1,10}")


class Published(NamedTuple):
    """A split "random:SHARE:STATE"."""

    share: float
    state: int

    def rows(self, n: int) -> int:
        """How many of `n` rows it takes out; rounded up, as scikit-learn does."""
        return max(1, min(math.ceil(n * self.share), n - 1))


def published(split: str) -> Published | None:
    """What a split "random:SHARE:STATE" says; None of every other. Takes checked text only."""
    kind, *amounts = split.split(":")
    return Published(float(amounts[0]), int(amounts[1])) if kind == "random" else None


@dataclass(frozen=True)
class SplitForm(Domain):
    """Text that says a split."""

    def clean(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(value)
        if not value.startswith("random"):
            if not _FORM.fullmatch(value):
                raise ValueError(value)
            return value
        share, state = _amounts(value)
        if not (_is_share(share) and _is_state(state)):
            raise ValueError(value)
        return f"random:{float(share):.9f}".rstrip("0") + f":{int(state)}"

    def parse(self, text: str) -> str:
        return self.clean(text.strip())

    def demand(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip().startswith("random:"):
            return str(self)
        share, state = _amounts(value.strip())
        if not _is_share(share):
            return "random:SHARE:STATE with a share above 0 and below 1, such as random:0.25:42"
        if not _is_state(state):
            return (
                f"random:SHARE:STATE with a whole number from 0 to {MOST_STATE} as its state, as "
                "scikit-learn's random_state is, such as random:0.25:42"
            )
        return str(self)

    def __str__(self) -> str:
        return (
            "stratified:SHARE, last:SHARE, first:ROWS, random:SHARE:STATE or none, such as "
            "stratified:0.2"
        )


def _amounts(value: str) -> tuple[str, str]:
    """The texts of share and state; what stands after a third colon is part of the state."""
    _, _, amounts = value.partition(":")
    share, _, state = amounts.partition(":")
    return share, state


def _is_share(text: str) -> bool:
    return bool(_SHARE.fullmatch(text)) and float(text) > 0


def _is_state(text: str) -> bool:
    return bool(_STATE.fullmatch(text)) and int(text) <= MOST_STATE
