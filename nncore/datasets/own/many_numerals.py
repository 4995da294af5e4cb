"""Many texts as numbers at once: what `numeral` says of each, by pyarrow where it is plain.

The texts of 50 MB of money are millions: one by one they take several times as long. For child
processes.
"""

import math
import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nncore.datasets.own.numerals import AFTER, CURRENCY, MARKS, numeral
from nncore.system.arrays import Array

_SPACES = "[ \u00a0\u202f\u2009]*"
_PLAIN = (
    rf"^(?P<sign>-?)(?:(?P<before>{CURRENCY}){_SPACES})?(?P<body>[0-9](?:[0-9{''.join(MARKS)}]*"
    rf"[0-9])?){_SPACES}(?P<after>{AFTER})?$"
)


def numerals(texts: Sequence[str], decimal: str) -> tuple[Array, list[str], list[str]]:
    """(numbers with that decimal sign, NaN where one isn't; their units; what parts thousands)."""
    given = pa.array(texts, pa.string())
    parts = pc.extract_regex(given, _PLAIN)
    body, before, after = (pc.struct_field(parts, name) for name in ("body", "before", "after"))
    marks = [mark for mark in MARKS if mark != decimal]
    groups = "|".join(f"(?:{re.escape(mark)}[0-9]{{3}})+" for mark in marks)
    whole = rf"[0-9]+|[1-9][0-9]{{0,2}}(?:{groups})"
    fits = pc.match_substring_regex(body, rf"^(?:{whole})(?:{re.escape(decimal)}[0-9]+)?$")
    one_unit = pc.or_(pc.equal(before, ""), pc.equal(after, ""))
    plain = pc.fill_null(pc.and_(fits, one_unit), False)
    digits = pc.replace_substring_regex(body, f"[{''.join(marks)}]", "")
    digits = pc.replace_substring(digits, decimal, ".")
    read = pc.cast(pc.if_else(plain, digits, None), pa.float64())
    below = pc.equal(pc.struct_field(parts, "sign"), "-")
    signed = pc.if_else(below, pc.negate(read), read)
    values = signed.to_numpy(zero_copy_only=False).astype(np.float64)
    units = pc.if_else(plain, pc.binary_join_element_wise(before, after, ""), "").to_pylist()
    parting = pc.struct_field(
        pc.extract_regex(body, f"(?P<mark>[{''.join(marks)}])"), "mark"
    ).to_pylist()
    said = [mark or "" for mark in parting]
    for place in np.flatnonzero(~plain.to_numpy(zero_copy_only=False).astype(bool)).tolist():
        found = numeral(texts[place])
        values[place] = found.under(decimal)
        is_none = math.isnan(values[place])
        units[place], said[place] = ("", "") if is_none else (found.unit, found.mark)
    return values, units, said
