"""Forms: what one writes into a link reads back as the same form, and opens the same comparison."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.config.settings import SETTINGS
from nncore.definitions.activations import ReLU, Step
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import EVERY_QUESTION, QUESTIONS
from nncore.questions.comparisons import Comparison
from nncore.questions.grids import parse_crossing
from tests.strategies import ANY_TEXT, FEWER, is_sentence, plain_values
from ui.cases import BLANK as CASES_BLANK
from ui.controls.crossing import crossing_title, crossings
from ui.controls.fields import ARMS, BY, COUNT, SPLITS, STORED, VERSION, blank_of
from ui.controls.finding import elsewhere, matching
from ui.controls.form import Form
from ui.controls.reading import read_link
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
    if SPLITS in blank.besides:
        parts[SPLITS] = st.sampled_from(["true", "false"]).map(lambda text: [text])
    if STORED in blank.besides:
        parts[STORED] = IDS.map(lambda text: [text])
    chosen = st.lists(st.sampled_from(sorted(parts)), unique=True, max_size=6)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({n: parts[n] for n in names}))


@EVERY
def test_a_form_is_read_as_it_is_written(blank):
    @FEWER
    @given(queries(blank))
    def check(query):
        form = read_link(blank, query)
        assert not form.refused
        assert not form.notes
        again = read_link(blank, lists(form.query()))
        assert again.query() == form.query()
        assert again.comparison == form.comparison
        assert again.problem == form.problem
        # a link has what is in use: else the start
        rest = {n: f.start for n, f in blank.fields.items() if n not in form.draft.texts}
        assert again == replace(form.having(**rest), results=again.results)
        is_kept = not (blank.question and blank.question.is_watched)
        assert again.results == (form.results if is_kept else {})

    check()


@EVERY
def test_a_link_of_anything_is_a_form_and_sentences(blank):
    names = st.sampled_from([*blank.fields, ARMS, BY, COUNT, STORED]) | ANY_TEXT

    @FEWER
    @given(st.dictionaries(names, st.lists(ANY_TEXT, min_size=1, max_size=2), max_size=5))
    def check(query):
        form = read_link(blank, query)
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
        form = read_link(blank, query)
        values = {**form.texts, ARMS: list(form.arms), BY: list(form.crossings), COUNT: form.seeds}
        values[SPLITS] = form.repeats
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
        assert form.comparison.trains_like(made)
        linked = read_link(blank, lists(form.query()))
        assert linked.comparison.trains_like(made)

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
    assert read_link(blank, lists(form.query())).arms == form.arms


def test_a_crossed_comparison_that_a_link_names_is_crossed_again():
    blank = BLANKS["learning_rate"]
    form = read_link(blank, {"arms": ["0.1,0.01"], "by": ["batch_size=16,64"]})
    opened = read_link(blank, {"c": ["made"]}, form.comparison)
    assert (opened.arms, opened.crossings) == (("0.1", "0.01"), ("batch_size=16,64",))
    assert opened.comparison == form.comparison


def test_every_case_keeps_its_own_results():
    first, second = list(CASES_BLANK.fields["case"].setting.levels)[:2]
    form = Form.start(CASES_BLANK).showing("one").having(case=second)
    assert form.stored == ""
    form = form.showing("two")
    assert form.having(case=first).stored == "one"
    read = read_link(CASES_BLANK, {"c": ["three"], "case": [second]}, before=form)
    assert read.stored == "three"
    assert read.having(case=first).stored == "one"


def test_a_set_control_settles_what_the_link_wanted_of_it():
    blank = BLANKS["activations"]
    form = read_link(blank, {"epochs": ["many"], "dropout": ["2"], "hiden": ["3"]})
    assert set(form.refused) == {"epochs", "dropout"}
    settled = form.settled("epochs")
    assert set(settled.refused) == {"dropout"}
    assert form.notes
    assert not settled.notes
    assert replace(settled, refused=form.refused, notes=form.notes) == form


@EVERY
def test_what_changed_goes_back_one_by_one_until_the_link_says_nothing(blank):
    @FEWER
    @given(queries(blank))
    def check(query):
        form = read_link(blank, query).showing("")
        assert set(form.changed) == set(form.query()) - {VERSION}
        while form.changed:
            name, before = form.changed[0], form
            form = form.back(name)
            assert name not in form.changed
            if name == "dataset":  # what stands at the start follows it
                assert set(form.changed) <= set(before.changed) - {name}
                continue
            others = [n for n in blank.fields if n != name]
            assert all(form.texts[n] == before.texts[n] for n in others)
            assert name == ARMS or form.arms == before.arms
            assert name == BY or form.crossings == before.crossings
            assert name == COUNT or form.seeds == before.seeds
        assert form.query() == Form.start(blank).query()

    check()


@pytest.mark.parametrize(
    ("sought", "fits"),
    [
        ("Momentum μ", {"momentum"}),
        ("MOMENTUM", {"momentum", "batch_norm_momentum", "nesterov"}),
        ("initial_weights", {"initial_weights"}),  # its name
        ("hyphens", {"hidden", "activation"}),  # only its help says so
        ("loss stop", {"stop_loss", "patience"}),
        ("xyz", set()),
    ],
)
def test_a_setting_is_looked_for_by_label_name_and_help(sought, fits):
    assert matching(SETTINGS.values(), sought) == fits


def test_an_empty_search_fits_all_and_every_setting_fits_what_it_is_called():
    assert matching(SETTINGS.values(), " ") == set(SETTINGS)
    for name, setting in SETTINGS.items():
        for words in (name, setting.label, setting.help):
            assert name in matching(SETTINGS.values(), words)


def test_where_nothing_is_shown_it_is_said_whose_the_setting_is():
    blank = BLANKS["activations"]
    assert elsewhere(blank, "nesterov").startswith("Nesterov belongs to SGD")
    assert "In sight already: Epochs" in elsewhere(blank, "epochs")
    assert "No setting" in elsewhere(blank, "xyz")


def test_every_control_has_words_that_explain_it():
    fields = {name: field for blank in BLANKS.values() for name, field in blank.fields.items()}
    drawn = [*SETTINGS, "surface", "surface_rate", "steps", "sample", "case"]
    assert [name for name in drawn if not fields[name].setting.help] == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_few_settings_are_in_sight(name):
    basic = [n for n, field in BLANKS[name].fields.items() if field.setting.basic]
    assert set(basic) <= {
        *("dataset", "variant", "points", "noise", "model", "hidden", "activation", "epochs")
    }


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_offered_crossing_has_the_pages_own_value_and_can_be_trained(name):
    form = Form.start(BLANKS[name])
    offered = crossings(form)
    assert offered
    for text in offered:
        key, values = parse_crossing(text)
        assert key != form.blank.factor
        own = form.texts[key]
        assert own in (*values, "", "auto")
        crossed = replace(form, crossings=(text,))
        assert crossed.problem == ""
        assert len(crossed.draft.arms) == len(form.arms) * len(values)
        assert key not in {t.partition("=")[0] for t in crossings(crossed)}
        assert crossing_title(text).startswith(SETTINGS[key].short)


def test_what_varies_is_offered_where_an_arm_sets_something_else():
    form = Form.start(BLANKS["epochs"])
    assert not any(text.startswith("epochs=") for text in crossings(form))
    form = form.saying({ARMS: ["patience=3", "30"]})
    assert "epochs=5,20" in crossings(form)
    crossed = replace(form, crossings=("epochs=5,20",))
    assert [a.overrides["epochs"] for a in crossed.draft.arms] == [30, 5, 20, 5, 20]
    assert crossed.problem == ""


@pytest.mark.parametrize(
    ("crossing", "says"),
    [
        ("learning_rate", "such as learning_rate=0.0001,0.001,0.01; got 'learning_rate'"),
        ("batch_size=16,many", "batch_size must be a whole number"),
        ("batchsize=16", "Did you mean 'batch_size'?"),
        ("seed=1,2", "give the number of seeds instead"),
        ("dataset=iris,wine", "Every arm must have the same dataset"),
        ("momentum=0,0.9", "momentum"),  # Adam has none
    ],
)
def test_a_crossing_that_cannot_be_says_why(crossing, says):
    form = Form.start(BLANKS["activations"]).saying({BY: [crossing]})
    assert says in form.problem
    assert is_sentence(form.problem)


@pytest.mark.parametrize("crossing", ["activation=elu", "l1=0,0.01", "split=last:0.1,last:0.2"])
def test_any_setting_and_any_values_may_be_crossed(crossing):
    form = Form.start(BLANKS["activations"]).saying({BY: [crossing]})
    assert form.problem == ""
    assert read_link(form.blank, lists(form.query())).comparison == form.comparison


def test_what_cannot_be_trained_is_drawn_all_the_same():
    form = read_link(blank_of(QUESTIONS["activations"]), {"arms": ["relu", "step"]})
    assert form.comparison is None
    assert "Step can be trained by NumPy only" in form.problem
    assert form.definitions("activation") == [ReLU(), Step()]
    in_numpy = read_link(
        blank_of(QUESTIONS["activations"]), {"arms": ["relu", "step"], "engine": ["numpy"]}
    )
    assert in_numpy.comparison is not None
    assert in_numpy.definitions("activation") == [ReLU(), Step()]


@pytest.mark.parametrize(
    ("dataset", "base"), [("wine", {"class_weight": "balanced"}), ("diabetes", {})]
)
def test_class_weights_wait_for_data_that_has_classes(dataset, base):
    form = Form.start(BLANKS["activations"])
    form = form.saying({"class_weight": "balanced", "dataset": dataset})
    assert form.problem == ""
    assert {k: v for k, v in form.comparison.base.items() if k == "class_weight"} == base
    weighed = form.saying({ARMS: ["tanh", "class_weight=balanced"]})
    assert bool(weighed.problem) == (dataset == "diabetes")
