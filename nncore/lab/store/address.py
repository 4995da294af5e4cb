"""Where a store is: a file or an SQLAlchemy URL, and what people may see of it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from nncore.system.errors import InvalidSetting
from nncore.system.paths import absolute
from nncore.system.printable import one_line, printable

_SUCH_AS = "Such as sqlite:////home/me/store.sqlite."
_ESCAPED = "In a user name or password, write %40 for @, %3A for :, %2F for / and %25 for %."
_SECRET = re.compile(r"pass|pwd|secret|token|key", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """A store's place. Its file is absolute, since the coordinator works in another folder."""

    url: URL

    @property
    def file(self) -> Path | None:
        """The file of a SQLite store."""
        is_file = self.url.get_backend_name() == "sqlite"
        return Path(str(self.url.database)) if is_file else None

    @property
    def named(self) -> str:
        """What names it to another process, password included: not for people."""
        if self.file is not None and self.url == _of_file(self.file):
            return str(self.file)
        return self.url.render_as_string(hide_password=False)

    @property
    def title(self) -> str:
        """What people read: a file as they know it, else the URL without what lets them in."""
        if self.file is not None:
            return printable(str(self.file))
        return printable(self.url.set(query={}).render_as_string(hide_password=True))

    def without_secrets(self, text: str) -> str:
        """What a driver says, on one line and without the password."""
        secrets = [value for key, value in self.url.query.items() if _SECRET.search(key)]
        for secret in filter(None, map(str, [self.url.password or "", *secrets])):
            for form in (secret, quote(secret), quote(secret, safe="")):
                text = text.replace(form, "***")
        return one_line(text)


def address(named: str) -> Address:
    """The place that a text names. Raises InvalidSetting, which doesn't repeat the text."""
    scheme, is_url, rest = named.partition("://")
    if not is_url:
        if re.match(r"[\w+]+:/", named):
            _refuse(named.partition(":")[0])
        return Address(_of_file(absolute(named)))
    try:
        url = make_url(named)
    except (ArgumentError, ValueError):  # the error's text may hold the password
        _refuse(scheme)
    if url.get_backend_name() != "sqlite":
        if rest.partition("?")[0].count("@") > 1:
            _refuse(scheme)
        return Address(url)
    if url.database in (None, "", ":memory:"):
        raise InvalidSetting(
            "The store must be a file that several processes can open; got a database in memory. "
            + _SUCH_AS
        )
    if "\0" in str(url.database):
        _refuse(scheme)
    return Address(url.set(database=str(absolute(str(url.database)))))


def _refuse(scheme: str) -> NoReturn:
    raise InvalidSetting(
        f"The store must be an SQLAlchemy URL or a file; got something else that begins with "
        f"{one_line(scheme, 20)!r}. {_SUCH_AS} {_ESCAPED}"
    ) from None


def _of_file(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))
