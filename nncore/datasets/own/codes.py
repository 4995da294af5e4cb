"""Which columns of digits are names of things, not amounts: postcodes, phones, addresses, versions.

As numbers they would lose what they say: zeros in front, a plus, points, their last digits.
"""

import re
from collections.abc import Sequence

SOME_CODE = r"0[0-9]|\+|[0-9]{16}"  # begins at least one text of plain numbers that are codes
_MANY = 0.2  # of the different texts, for a column of codes
_SOME = 0.05  # of them, where no amount is written like that
_EXACT = 15  # digits that every float64 holds
_PHONE = 7  # digits
_PADDED = 5  # digits of a number with a zero in front
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009")
_DOTTED = re.compile(r"[0-9]+(?:\.[0-9]+){2,}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_BOOK = re.compile(r"[0-9]{9}[0-9Xx]")


def why_codes(texts: Sequence[str]) -> str:
    """Why the different texts of a column are codes, to go after a colon; "" where they aren't."""
    packed = [text.translate(_SPACES) for text in texts]
    if why := _why_digits(texts, packed):
        return why
    dotted = [text for text in texts if _DOTTED.fullmatch(text)]
    odd = [text for text in dotted if not _GROUPED.fullmatch(text)]
    if len(odd) > 1 and len(odd) >= _SOME * len(texts):
        return f"{odd[0][:40]} has too many points for a number, so all of them stay texts."
    if len(dotted) > 2 and len(dotted) > 0.5 * len(texts) and all(map(_is_address, dotted)):
        return f"numbers such as {dotted[0]} are addresses, so they stay texts."
    books = [text for text in texts if _BOOK.fullmatch(text)]
    with_letter = [text for text in books if text[-1] in "Xx"]
    if with_letter and len(books) > (1 - _SOME) * len(texts):
        return f"numbers such as {with_letter[0]} are codes, so they stay texts."
    return ""


def why_digits(texts: Sequence[str]) -> str:
    """The same for texts that are plain numbers for a computer; quick for many of them."""
    return _why_digits(texts, texts)


def _why_digits(texts: Sequence[str], packed: Sequence[str]) -> str:
    """packed: the texts without spaces."""
    n = len(texts)
    zeros = [text for text in packed if text[:1] == "0" and _are_digits(text)]
    if zeros and n > 1 and _are_equally_long(texts):
        return "numbers with zeros in front are codes, so they stay texts."
    if sum(len(text) >= _PADDED for text in zeros) >= max(2, _MANY * n):
        return f"numbers with zeros in front, such as {zeros[0]}, are codes, so they stay texts."
    pluses = [text for text in packed if text[:1] == "+" and len(text) > _PHONE]
    phones = [text for text in pluses if _are_digits(text[1:])]
    if len(phones) >= max(2, _MANY * n) and not any(text[:1] in ("-", "\u2212") for text in packed):
        shown = texts[packed.index(phones[0])][:40]
        return f"numbers such as {shown} are phones or codes, so they stay texts."
    long = [text for text in packed if len(text) > _EXACT and _are_digits(text)]
    if long and len(long) > 0.5 * n:
        return (
            f"numbers of over {_EXACT} digits, such as {long[0]}, can't be kept exactly, so they "
            "stay texts."
        )
    return ""


def _are_equally_long(texts: Sequence[str]) -> bool:
    long = len(texts[0])
    return long > 2 and all(len(text) == long and _are_digits(text) for text in texts)


def _is_address(text: str) -> bool:
    parts = text.split(".")
    return len(parts) == 4 and all(int(part) < 256 for part in parts)


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
