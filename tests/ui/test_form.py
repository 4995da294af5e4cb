"""Forms: what one writes into a link reads back as the same form, and opens the same comparison."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.config.settings import SETTINGS
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import EVERY_QUESTION, QUESTIONS
from nncore.questions.comparisons import Comparison
from tests.strategies import ANY_TEXT, FEWER, is_sentence, plain_values
from ui.cases import BLANK as CASES_BLANK
from ui.controls.draft import same_trainings
from ui.controls.fields import ARMS, BY, COUNT, STORED, blank_of
from ui.controls.form import Form
from ui.data.link import BLANK as DATA_BLANK

BLANKS = {
    **{name: blank_of(question) for name, question in EVERY_QUESTION.items()},
    "data": DATA_BLANK,
    "cases": CASES_BLANK,
}
EVERY = pytest.mark.parametrize("blank", BLANKS.values(), ids=BLANKS)
IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1, max_size=12)
CROSSINGS = st.sampled_from(["epochs=5,20", "dropout=0,0.3", "hidden=32,128-64", "l2=0,0.01"])


def lists(query):
    """A link's parameters as the address bar has them."""
    return {k: [v] if isinstance(v, str) else list(v) for k, v in query.items()}


def texts_of(field):
    """Texts that a control may hold."""
    if field.name in SETTINGS and field.setting.domain is SETTINGS[field.name].domain:
        return plain_values(field.name).map(field.setting.write)
    return st.sampled_from([field.start, *field.setting.levels])


def queries(blank):
    """Links of a page, every part of them fine by itself."""
    parts = {}
    for name, field in blank.fields.items():
        parts[name] = st.lists(texts_of(field), min_size=1, max_size=1)
    if ARMS in blank.besides and blank.factor:
        own = plain_values(blank.factor).map(SETTINGS[blank.factor].write)
        named = st.sampled_from(["slow:epochs=9", "a, b:l2=0.1,epochs=2", "l1=0.5"])
        parts[ARMS] = st.lists(own | named, min_size=1, max_size=4)
    if BY in blank.besides:
        parts[BY] = st.lists(CROSSINGS, min_size=1, max_size=2, unique=True)
    if COUNT in blank.besides:
        parts[COUNT] = st.integers(1, 1000).map(lambda n: [str(n)])
    if STORED in blank.besides:
        parts[STORED] = IDS.map(lambda text: [text])
    chosen = st.lists(st.sampled_from(sorted(parts)), unique=True, max_size=6)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({n: parts[n] for n in names}))


@EVERY
def test_a_form_is_read_as_it_is_written(blank):
    @FEWER
    @given(queries(blank))
    def check(query):
        form = Form.from_query(blank, query)
        assert not form.refused
        assert not form.notes
        again = Form.from_query(blank, lists(form.query()))
        assert again.query() == form.query()
        assert again.comparison == form.comparison
        assert again.problem == form.problem
        # a link has what is in use: else the start
        rest = {n: f.start for n, f in blank.fields.items() if n not in form.draft.texts}
        assert again == form.having(**rest)

    check()


@EVERY
def test_a_link_of_anything_is_a_form_and_sentences(blank):
    names = st.sampled_from([*blank.fields, ARMS, BY, COUNT, STORED]) | ANY_TEXT

    @FEWER
    @given(st.dictionaries(names, st.lists(ANY_TEXT, min_size=1, max_size=2), max_size=5))
    def check(query):
        form = Form.from_query(blank, query)
        assert all(map(is_sentence, (*form.refused.values(), *form.notes)))
        for name in (*form.refused, *form.blank.fields):
            assert name not in form.draft.errors  # what is refused left what is fine
        if blank.question is not None and form.comparison is None:
            assert is_sentence(form.problem)

    check()


@EVERY
def test_what_widgets_hold_is_the_forms(blank):
    """Drawn from the form, or not drawn at all, they change nothing."""

    @FEWER
    @given(queries(blank))
    def check(query):
        form = Form.from_query(blank, query)
        values = {**form.texts, ARMS: list(form.arms), BY: list(form.crossings), COUNT: form.seeds}
        assert form.saying(values) == form == form.saying({}) == form.saying(dict.fromkeys(values))

    check()


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_comparison_comes_back_from_its_form_and_from_its_link(name):
    question, blank = QUESTIONS[name], blank_of(QUESTIONS[name])
    free = sorted({"epochs", "batch_size", "l2", "use_bias", "patience", "split", "hidden"})

    @FEWER
    @given(st.data(), st.integers(1, 20))
    def check(data, seeds):
        keys = data.draw(st.lists(st.sampled_from(free), unique=True, max_size=3))
        base = {k: data.draw(plain_values(k)) for k in keys if k != question.factor}
        start = Form.start(blank).comparison
        arms = tuple(parse_arm(text, question.factor) for text in question.levels)
        try:
            made = Comparison(name, {**start.base, **base}, arms, tuple(range(seeds)))
        except ValueError:
            return
        form = Form.of(blank, made)
        assert form.problem == ""
        assert same_trainings(form.comparison, made)
        linked = Form.from_query(blank, lists(form.query()))
        assert same_trainings(linked.comparison, made)

    check()


def test_an_emptied_control_keeps_what_was_there_and_its_definitions_default():
    blank = BLANKS["activations"]
    form = Form.start(blank).having(epochs="9", learning_rate="0.02", hidden="32")
    emptied = form.saying({"epochs": None, "hidden": "", "learning_rate": "default: 0.001"})
    assert emptied.texts["epochs"] == "9"
    assert emptied.texts["hidden"] == "32"  # there is no such text
    assert emptied.texts["learning_rate"] == ""  # each optimizer's own
    assert emptied.problem == ""


def test_layers_typed_with_commas_stay_one_arm_in_the_link():
    blank = BLANKS["capacity"]
    form = Form.start(blank).saying({ARMS: ["128,64", "32"]})
    assert form.arms == ("128-64", "32")
    assert Form.from_query(blank, lists(form.query())).arms == form.arms


def test_every_case_keeps_its_own_results():
    first, second = list(CASES_BLANK.fields["case"].setting.levels)[:2]
    form = Form.start(CASES_BLANK).showing("one").having(case=second)
    assert form.stored == ""
    form = form.showing("two")
    assert form.having(case=first).stored == "one"
    read = Form.from_query(CASES_BLANK, {"c": ["three"], "case": [second]}, before=form)
    assert read.stored == "three"
    assert read.having(case=first).stored == "one"


def test_a_set_control_settles_what_the_link_wanted_of_it():
    blank = BLANKS["activations"]
    form = Form.from_query(blank, {"epochs": ["many"], "dropout": ["2"], "hiden": ["3"]})
    assert set(form.refused) == {"epochs", "dropout"}
    settled = form.settled("epochs")
    assert set(settled.refused) == {"dropout"}
    assert form.notes
    assert not settled.notes
    assert replace(settled, refused=form.refused, notes=form.notes) == form
