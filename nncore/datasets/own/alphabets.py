"""In which of the encodings of Latin letters a text is written: whose languages have its letters.

These encodings differ in few bytes. charset-normalizer, which decides between scripts well, takes
Spanish, French and Swedish names for cp1250 and Turkish ones for cp1252, in 30 rows as in 200. So
letters decide here: an encoding fits where one of its languages has nearly all of them.
"""

import re
from collections import Counter
from contextlib import suppress

_WEST = ("äöüß", "éèêëàâîïôûùüçœæÿñ", "áéíóúüñªº", "áàâãçéêíóôõúüªº", "àèéìíîòóùú",
         "åäöéš", "æøåéòôêüö", "áðéíóúýþæö", "àçèéíïòóúü", "éëïóöüèá")  # fmt: skip
_CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ",
            "ëç")  # fmt: skip
_TURKISH = ("çğıöşüâîûİ",)
# German, French, Spanish, Portuguese, Italian, Swedish and Finnish, Danish and Norwegian,
# Icelandic, Catalan, Dutch; Polish, Czech, Slovak, Hungarian, Croatian, Romanian, Albanian
_ALPHABETS = {
    "cp1252": _WEST,
    "cp1250": _CENTRAL,
    "cp1254": _TURKISH,
    "iso8859-2": _CENTRAL,
    "iso8859-15": _WEST,
    "mac_roman": _WEST,
    "cp850": _WEST,
}
_USUAL = "cp1252"
_FITS = 0.98  # of the letters
_BESIDE = re.compile(  # signs that may touch letters
    r"\b[ckmd]?m[²³]|°[CFK]?\b|[€$£¥](?=[A-Z]{3}\b)|(?:^|(?<=[\s\"'(]))[¿¡]|[’‘“”„‚«»…–—®©™·´§¶]"
)
_NOT_ENGLISH = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"""[^\s,;|"]*[^\x00-\x7f\s,;|"][^\s,;|"]*""")


def latin(sample: bytes) -> tuple[str, str]:
    """(the encoding of a sample of lines, another one that fits as well and reads other words).

    The other one is "" where there is none.
    """
    letters: dict[str, Counter[str]] = {}
    for encoding in _ALPHABETS:
        with suppress(UnicodeDecodeError):
            letters[encoding] = _letters(sample.decode(encoding))
    fits = {e: max(_share(found, one) for one in _ALPHABETS[e]) for e, found in letters.items()}
    if _USUAL in letters and not letters[_USUAL]:  # signs alone
        return _USUAL, ""
    best = max(fits, key=lambda encoding: fits[encoding])  # the first of those that fit as well
    if fits[best] < _FITS:  # several languages, or one that isn't listed
        unions = {e: _share(found, "".join(_ALPHABETS[e])) for e, found in letters.items()}
        if unions.get(_USUAL, 0.0) >= _FITS:
            return _USUAL, ""
        best = max(unions, key=lambda encoding: unions[encoding])
        return (best if unions[best] >= _FITS else _USUAL), ""
    if fits.get(_USUAL, 0.0) >= _FITS:
        best = _USUAL
    mine = sample.decode(best)
    others = (e for e in fits if fits[e] >= _FITS and sample.decode(e) != mine)
    return best, next(others, "")


def differing(data: bytes, one: str, other: str) -> tuple[str, str]:
    """The first word that two encodings read in different ways, in both."""
    words = (_WORD.findall(data.decode(encoding, errors="replace")) for encoding in (one, other))
    return next(((a, b) for a, b in zip(*words, strict=False) if a != b), ("", ""))


def _letters(text: str) -> Counter[str]:
    """The letters of a text that aren't English, and signs within words, where none belong."""
    text = _BESIDE.sub(" ", text)
    found = Counter[str]()
    for match in _NOT_ENGLISH.finditer(text):
        place, char = match.start(), match[0]
        around = text[place - 1 : place] + text[place + 1 : place + 2]
        if char.isalpha() or any(c.isalpha() for c in around):
            found[char] += 1
    return found


def _share(found: Counter[str], alphabet: str) -> float:
    """How many of these letters an alphabet has, in capitals or not."""
    total = found.total()
    known = sum(n for char, n in found.items() if char in alphabet or char.lower() in alphabet)
    return known / total if total else 1.0
