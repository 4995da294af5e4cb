"""What hypothesis draws: values of domains, texts of settings, arms and links."""

import unicodedata
from functools import cache

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from nncore.config.settings import SETTINGS
from nncore.datasets.columns import ColumnName
from nncore.datasets.split_form import SplitForm
from nncore.declare.domains import Each, Flag, Numbers, Pattern, Range
from nncore.questions.arms import Arm

# the same examples in every run, few enough for seconds
FEW = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],  # of slow machines
)
FEWER = settings(FEW, max_examples=15)  # of what is slow and tried for every page
MANY = settings(FEW, max_examples=200)
ANY_TEXT = st.text(max_size=30) | st.sampled_from(
    ["", " ", "none", "auto", "nan", "inf", "1e999", "-0", "1-2", "--", "a=b", "1,2", "\n", "0x10"]
)


def values_of(domain):
    """Values that the domain has, in its stored form."""
    match domain:
        case Range(integer=True):
            return st.integers(int(domain.low), int(domain.high))
        case Range():
            return st.floats(domain.low, domain.high, allow_nan=False).map(domain.clean)
        case Flag():
            return st.booleans()
        case Numbers() | Each():
            entries = st.lists(
                values_of(domain.entry), min_size=domain.least, max_size=min(domain.most, 4)
            )
            return entries.map(domain.clean)
        case Pattern():
            return st.from_regex(domain.regex, fullmatch=True).filter(lambda t: t.strip() == t)
        case ColumnName():
            return st.sampled_from(["x1", "house_age", "größe_2"])
        case SplitForm():
            texts = r"(stratified|last):0\.[0-9]{1,9}|first:[1-9][0-9]{0,6}|none"
            drawn = r"random:0?\.[0-9]{0,8}[1-9]:[0-9]{1,9}"
            return st.from_regex(f"{texts}|{drawn}", fullmatch=True).map(domain.clean)
    return st.sampled_from(domain.options).map(domain.clean)


@cache
def plain_values(name):
    """Plain values of a setting, as any of its owners may have it."""
    setting = SETTINGS[name]
    domains = [p.domain for p in setting.declared()]
    return st.one_of([values_of(d).map(d.plain) for d in domains])


def overrides(names, least=0, most=4):
    """Some settings with a value each."""
    chosen = st.lists(st.sampled_from(sorted(names)), unique=True, min_size=least, max_size=most)
    return chosen.flatmap(lambda keys: st.fixed_dictionaries({k: plain_values(k) for k in keys}))


def _is_label(text):
    return (
        bool(text)
        and text.strip() == text
        and ":" not in text
        and all(unicodedata.category(sign) not in {"Cc", "Cs", "Zl", "Zp"} for sign in text)
    )


LABELS = st.text(min_size=1, max_size=20).filter(_is_label)


def arms(names):
    """Arms with a label of their own."""
    return st.builds(Arm, LABELS, overrides(names, least=1))


def is_sentence(text):
    """Whether a refusal is one line that ends, with or without "Did you mean ...?"."""
    return "\n" not in text and text.endswith((".", "?"))
