"""Text from people, as text: in Streamlit's Markdown, and in the cells of its tables.

What people named (arms, data sets, classes, columns, files), what a link holds and what an error
quotes of them passes here on its way to a page. Widgets show their options, placeholders and
inputs as they are; labels, captions, help, headings and messages are all Markdown.
"""

import re

from nncore.export.tables import is_formula

_JOINER = "\N{WORD JOINER}"  # has no width and is no space
_SIGNS = re.compile(r"[\\`*_\[\]<>&~$|]")
_AT_THE_START = re.compile(r"^(?=[#=]|[-+](?!\w))|^(\d+)(?=[.)](?:\s|$))")
# What becomes links, icons, emojis and dashes is searched for in the text that is left when all
# escapes are read, so a backslash doesn't keep it from that.
_COMBINED = re.compile(
    r"(?<=:)(?=\S|$)"  # https://, :smile:, :material/home:, :red[...]
    r"|(?<=www)(?=\.)"
    r"|(?<=[-.\w+])(?=@)"
    r"|(?<=[-<>~])(?=[-=>])",  # --, ->, <=
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Markdown that shows `text` as it is, on one line."""
    line = _COMBINED.sub(_JOINER, " ".join(text.split()))
    return _AT_THE_START.sub(r"\1\\", _SIGNS.sub(r"\\\g<0>", line))


def cell(text: str) -> str:
    """A cell of a table that is no formula, either, where the table is saved as CSV."""
    return f"{_JOINER}{text}" if is_formula(text) else text
