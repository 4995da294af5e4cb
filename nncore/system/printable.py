"""Texts from outside as people may see them: nothing in them steers a terminal or breaks a line."""


def printable(text: str) -> str:
    """`text` with a space for whatever can't be printed, such as control characters."""
    return "".join(c if c.isprintable() else " " for c in text)


def one_line(text: str, most: int = 300) -> str:
    """The same on one line, cut after `most` characters."""
    line = " ".join(printable(text).split())
    return line if len(line) <= most else f"{line[:most]}..."
