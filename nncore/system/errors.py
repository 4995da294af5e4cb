"""What can go wrong that is the user's to mend; each message is a sentence for people.

Who, what must hold, what came, what to do. Whatever is no UserError is a fault of the program.
"""

from collections.abc import Iterable
from difflib import get_close_matches

_MOST_QUOTED = 120  # characters


class UserError(Exception):
    """Something the user can mend, said in a sentence."""


class InvalidSetting(UserError, ValueError):
    """A value outside its domain, or settings that contradict each other."""


class UnknownName(InvalidSetting, KeyError):
    """A name that no registry has, typically from a URL, a command line or an old result."""

    def __str__(self) -> str:  # KeyError would show the message in quotes
        return str(self.args[0])


class DataError(UserError):
    """A data set can't be loaded. Nothing was changed and nothing was deleted."""


class DataMissing(DataError):
    """A file that the user must provide is not there."""


class DataCorrupt(DataError):
    """A file is damaged, or holds other arrays than it should."""


class StoreError(UserError):
    """The store can't be used now; the message says which, why, and what to do."""


class BadNetwork(UserError):
    """A network that this program can't use; the message says why, and what to do."""


class ChildFailed(UserError):
    """A child process could not do its job; the message says why, and what to do."""


def quoted(value: object) -> str:
    """A value as Python writes it, cut in the middle where it is long: a line must hold it."""
    text = repr(value)
    return text if len(text) <= _MOST_QUOTED else f"{text[: _MOST_QUOTED // 2]}...{text[-20:]}"


def suggestion(name: str, options: Iterable[str]) -> str:
    """The sentence "Did you mean 'relu'?" after a space, or nothing when no known name is near."""
    near = get_close_matches(name, list(options), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
