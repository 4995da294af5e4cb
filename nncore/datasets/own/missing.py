"""Which words of a column stand for a missing value, and which are categories of their own."""

from collections.abc import Mapping, Sequence

# in small letters; of pandas, R, SQL, Excel, SAS, Stata, SPSS, Weka, NumPy and of people
ALWAYS = frozenset(
    (
        *("", "na", "n/a", "n.a.", "n. a.", "<na>", "nan", "-nan", "nat", "null", "(null)", r"\n"),
        *("?", "-", "--", "---", "–", "—", ".", "..", "...", "*", "#n/a", "#n/a n/a", "#na"),
        *("#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "1.#ind", "-1.#ind"),
        *("1.#qnan", "-1.#qnan", "1.#inf", "k.a.", "k. a.", "n/v", "#nv", "#wert!"),
    )
)
AMONG_NUMBERS = frozenset(
    ("none", "missing", "unknown", "not available", "not applicable", "unbekannt", "inconnu",
     "keine angabe", "nd", "n.d.", "s/d", "no data", "error")
)  # fmt: skip
_SIGNS = frozenset(("+", "++", "+++"))


def is_word(text: str, among_numbers: bool) -> bool:
    """Whether a text may stand for a missing value."""
    lower = text.strip().lower()
    return lower in ALWAYS or (among_numbers and lower in AMONG_NUMBERS)


def are_missing(
    texts: Sequence[str], among_numbers: bool, said: Mapping[str, bool]
) -> dict[str, bool]:
    """text -> whether it counts as missing, of those texts of a column that may.

    said: of some texts, by a person. Among texts a word stays a category where it behaves like
    one: "None" beside empty cells or "Mild", "NA" among codes such as "DE", "-" beside "+".
    """
    found: dict[str, bool] = {}
    asked = [text for text in texts if text in said or is_word(text, True)]
    lower = {text.strip().lower() for text in texts} if asked else set()
    for text in asked:
        word = text.strip().lower()
        if word in ALWAYS:
            found[text] = among_numbers or not _is_category(text.strip(), word, texts, lower)
        elif word in AMONG_NUMBERS:
            found[text] = among_numbers
        if text in said and text:
            found[text] = said[text]
    return found


def _is_category(text: str, word: str, texts: Sequence[str], lower: set[str]) -> bool:
    if word in ("-", "--", "---"):
        return bool(_SIGNS & lower)
    if text == "NA":
        others = [other.strip() for other in texts if not is_word(other, False)]
        return len(others) > 4 and all(len(o) == 2 and o.isalpha() and o.isupper() for o in others)
    return False
