"""How a file is to be read, where its reader found out something else. Plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nncore.datasets.own.numerals import DECIMALS
from nncore.system.errors import InvalidSetting

ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows, Western Europe",
    "cp1250": "Windows, Central Europe",
    "cp1251": "Windows, Cyrillic",
    "cp1253": "Windows, Greek",
    "cp1254": "Windows, Turkish",
    "mac_roman": "Macintosh, Western Europe",
    "cp850": "DOS, Western Europe",
    "iso8859-2": "Latin-2, Central Europe",
    "iso8859-15": "Latin-9, Western Europe",
    "shift_jis": "Shift JIS",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
    "utf-16": "UTF-16",
}


@dataclass(frozen=True)
class How:
    """What a person says of a file; what isn't said is found out."""

    header: bool | None = None  # whether the first row holds names
    decimal: str = ""  # of DECIMALS: for numbers that could be read either way
    encoding: str = ""  # of ENCODINGS
    sheet: str = ""  # of a workbook; "" for the first that has a table
    undone: tuple[str, ...] = ()  # keys of steps that are not to be done
    missing: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)  # column -> word -> so
    likely: str = ""  # of ENCODINGS: for a file that isn't UTF-8
    dates: Mapping[str, str] = field(default_factory=dict)  # column -> form, where all fit it
    decimals: Mapping[str, str] = field(default_factory=dict)  # column -> sign, unlike the file's
    texts: tuple[str, ...] = ()  # columns that hold no numbers
    usual_sheet: str = ""  # taken where a workbook has one of that name
    units: Mapping[str, str] = field(default_factory=dict)  # column -> unit, that was found

    def __post_init__(self) -> None:
        for decimal in (self.decimal, *self.decimals.values()):
            if decimal not in ("", *DECIMALS):
                raise InvalidSetting(f"decimal must be . or , (or empty); got {decimal!r}.")
        for encoding in (self.encoding, self.likely):
            if encoding not in ("", *ENCODINGS):
                known = ", ".join(ENCODINGS)
                raise InvalidSetting(f"encoding must be one of {known}; got {encoding!r}.")

    def step(self, key: str, text: str) -> "Step":
        """A step that was found to be due, done unless a person has undone it."""
        return Step(key, text, key not in self.undone)


@dataclass(frozen=True)
class Step:
    """Something that was done to a file and changes its values, so that it can be undone."""

    key: str  # in small letters
    text: str  # what it does, in a few words
    done: bool = True


@dataclass(frozen=True)
class Word:
    """A text of a column that may stand for a missing value."""

    column: str
    text: str
    times: int
    missing: bool  # whether it counts as missing
