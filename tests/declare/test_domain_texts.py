"""Domains over anything: what is written reads back, what is refused is told in one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.datasets.columns import ColumnName
from nncore.datasets.split_form import SplitForm
from nncore.declare.domains import Choice, Chosen, Each, Flag, Name, Numbers, Pattern, Range
from nncore.declare.params import Param
from nncore.definitions.activations import ACTIVATIONS
from nncore.system.errors import InvalidSetting
from tests.strategies import ANY_TEXT, FEW, is_sentence, values_of

DOMAINS = {
    "whole": Range(-5, 4096, integer=True),
    "rate": Range(1e-6, 100.0, log=True),
    "share": Range(0.0, 0.95),
    "huge": Range(-1e300, 1e300),
    "choice": Choice(("a", "b c")),
    "name": Name(ACTIVATIONS),
    "chosen": Chosen(ACTIVATIONS),
    "flag": Flag(),
    "widths": Each(Range(1, 4096, integer=True), most=12),
    "activations": Each(Chosen(ACTIVATIONS), most=3, least=1),
    "weights": Numbers(Range(-1e6, 1e6), most=100),
    "pattern": Pattern(r"last:0\.\d+|none", "last:SHARE or none"),
    "split": SplitForm(),
    "columns": Each(ColumnName(), most=3, least=1),
}
ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.binary()
EVERY = pytest.mark.parametrize("domain", DOMAINS.values(), ids=DOMAINS)


@EVERY
def test_what_is_written_reads_back(domain):
    @FEW
    @given(values_of(domain))
    def check(value):
        assert value in domain
        assert domain.parse(domain.text(value)) == value
        assert domain.clean(domain.plain(value)) == value
        assert domain.title(value)

    check()


@EVERY
@pytest.mark.parametrize("how", ["parse", "clean"])
def test_anything_has_one_stored_form_or_is_refused_in_one_sentence(domain, how):
    param = Param("setting", "Setting", domain, None)

    @FEW
    @given(ANY_TEXT if how == "parse" else ANYTHING | st.lists(ANYTHING, max_size=4))
    def check(value):
        try:
            stored = getattr(param, how)(value, owner="Owner")
        except InvalidSetting as error:
            message = str(error)
            assert is_sentence(message)
            assert message.startswith(("Owner.setting must be ", "Unknown activation "))
        else:
            assert stored in domain
            assert domain.clean(stored) == stored
            assert domain.parse(domain.text(stored)) == stored

    check()
