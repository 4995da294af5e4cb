"""The page of all results: found, chosen, named, deleted and laid over each other."""

import json
import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from nncore.analysis.overlay import differences, laid_over
from nncore.analysis.reading import read
from nncore.lab import lab as lab_module
from nncore.lab.archive import Filter
from nncore.lab.coordinator import queue
from nncore.lab.lab import Lab
from nncore.lab.store.schema import COMPARISON
from nncore.questions.asking import ask
from nncore.questions.catalogue import QUESTIONS
from nncore.results.snapshots import Status
from nncore.system.errors import InvalidSetting
from nncore.system.owners import OPERATOR
from tests import snapshots
from tests.lab.many import fill
from tests.lab.processes import sum_up
from tests.strangers import LABELS, as_read
from tests.typed import recorded, scored
from tests.ui.axe import barriers_by_day_and_night
from tests.ui.test_browser import open_page as browse
from tests.ui.test_browser import settle
from tests.ui.test_pages_store import locked, open_page, texts
from tests.ui.test_plain_text import check_page
from ui.archive.details import asked_again
from ui.controls.fields import blank_of
from ui.controls.reading import read_link

pytestmark = pytest.mark.slow


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """The pages' lab, on which nobody works."""
    monkeypatch.setenv("NNLAB_STORE", str(tmp_path / "store.sqlite"))
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: None)
    return Lab()


def stored(lab, question="activations", *, owner=OPERATOR.key, arms=(), seeds=2, **settings):
    """A comparison that was trained and summed up; every later training scores a little more."""
    base = {"dataset": "iris", "engine": "numpy", "hidden": [8], "epochs": 3, **settings}
    kept = {k: v for k, v in base.items() if k != QUESTIONS[question].factor}
    asked = ask(QUESTIONS[question], arms, settings=kept, seeds=seeds)
    public_id = lab.submit(asked, owner=owner)
    with lab.store.write() as connection:
        for place, candidate in enumerate(queue.candidates(connection)):
            accuracy = 0.5 + place / 100
            if queue.claim(connection, candidate.training) is None:
                continue
            records = recorded(
                *({"epoch": e, "loss": 1 / e, "accuracy": accuracy, "val_loss": 1 / e,
                   "val_data_loss": 1 / e, "data_loss": 1 / e, "val_accuracy": accuracy,
                   "seconds": e / 10} for e in (1, 2, 3))
            )  # fmt: skip
            result = {"seconds": 0.3, "best_epoch": 3, "validation": {"accuracy": accuracy}}
            queue.finish(
                connection, candidate.training, Status.DONE, records=records, result=scored(result)
            )
    sum_up(lab)
    return public_id


def frame(app):
    return app.dataframe[0].value


def widget(kind, label):
    return next(each for each in kind if each.label == label)


def linked(app, name):
    """What the link says of a parameter."""
    value = app.query_params[name]
    return value[0] if isinstance(value, list) else value


def labels(kind):
    return [as_read(each.label) for each in kind]


# Finding


def test_without_any_result_the_page_says_where_to_begin(lab):
    app = open_page("results")
    assert "No results yet" in texts(app.info)
    assert not app.dataframe
    assert "Ask a first question" in [link.proto.label for link in app.get("page_link")]


def test_a_row_says_what_was_asked_who_won_and_what_it_cost(lab):
    public_id = stored(lab, arms=("relu", "tanh"))
    lab.rename(public_id, "First", OPERATOR)
    lab.tag(public_id, ["a", "b"], OPERATOR)
    row = frame(open_page("results")).iloc[0]
    assert row["Result"] == "First (Activations: ReLU and Tanh)"
    assert (row["Verdict"], row["State"], row["Seeds"]) == ("Open", "finished", 2)
    assert row["Score"] == "52.0 % ± 18.7 %"  # 12.7 / sqrt(2) times half of 24 rows' step
    assert (row["Data"], row["Engine"], row["Tags"]) == ("Iris", "NumPy", "a, b")
    assert row["Training"] == "1 s"  # four of 0.3


def test_what_is_under_way_is_listed_without_a_winner(lab):
    lab.submit(ask(QUESTIONS["dropout"], settings={"dataset": "iris", "engine": "numpy"}))
    row = frame(open_page("results")).iloc[0]
    assert (row["State"], row["Verdict"]) == ("waiting", None)


def test_filters_follow_the_link_and_write_it(lab):
    stored(lab, "activations")
    stored(lab, "dropout", dataset="wine")
    lab.submit(ask(QUESTIONS["epochs"], settings={"dataset": "iris", "engine": "numpy"}))
    app = open_page("results", question="dropout")
    assert list(frame(app)["Data"]) == ["Wine"]
    widget(app.selectbox, "Question").set_value("all").run()
    assert len(frame(app)) == 3
    assert "question" not in app.query_params
    widget(app.selectbox, "Data").set_value("iris").run()
    widget(app.selectbox, "State").set_value("waiting").run()
    assert list(frame(app)["Result"]) == ["Training length: 50 epochs, 150 epochs and 300 epochs"]
    assert linked(app, "dataset") == "iris"
    assert linked(app, "state") == "waiting"
    widget(app.text_input, "Search").set_value("nothing like this").run()
    assert "No result matches these filters" in texts(app.info)
    app.button(key="results.clear").click().run()
    assert len(frame(app)) == 3
    assert not app.query_params
    widget(app.selectbox, "Order").set_value("oldest").run()
    assert list(frame(app)["No."]) == [1, 2, 3]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"question": "dropouts"}, "dropouts"),
        ({"page": "-1"}, "page must be a whole number from 1"),
        ({"colour": "red"}, "'colour', which is no setting here"),
    ],
)
def test_what_a_link_cannot_say_is_told(lab, query, says):
    stored(lab)
    app = open_page("results", **query)
    assert says in as_read(texts(app.warning))
    assert len(frame(app)) == 1


def test_a_page_behind_the_last_is_the_last(lab):
    fill(lab.store, 23, owners=("ann",))
    app = open_page("results", page="9")
    assert list(frame(app)["No."]) == [3, 2, 1]
    assert linked(app, "page") == "3"


def test_whose_are_mine(lab):
    stored(lab, owner="ann")
    mine = stored(lab, "dropout")
    app = open_page("results", whose="mine")
    assert list(frame(app)["No."]) == [2]
    lab.delete(mine, OPERATOR)
    assert "No result matches" in texts(app.run().info)
    widget(app.selectbox, "Whose").set_value("deleted").run()
    assert list(frame(app)["No."]) == [2]


def test_an_unreadable_row_is_listed_and_can_be_chosen(lab):
    public_id = stored(lab)
    with lab.store.write() as connection:
        connection.execute(update(COMPARISON).values(body="{damaged"))
    app = open_page("results", ids=public_id)
    assert frame(app).iloc[0]["State"] == "unreadable"
    assert "A comparison that this version can't read" in texts(app.subheader)
    assert "Open as a new question" not in labels(app.button)


def test_a_store_that_cannot_be_read_leaves_what_was_read_last(lab):
    stored(lab)
    app = open_page("results")
    with locked(lab.store.path, whole=True):
        app.run()
        assert "locked by another program" in texts(app.warning)
        assert len(frame(app)) == 1
        assert "locked by another program" in texts(open_page("results").error)
    assert "locked" not in texts(app.run().warning)
    assert not app.exception


# Choosing, naming, deleting


def test_one_that_is_chosen_can_be_opened_named_and_found_by_that(lab):
    public_id = stored(lab, arms=("relu", "tanh"))
    stored(lab, "dropout")
    app = open_page("results")
    widget(app.multiselect, "Chosen results").set_value([public_id]).run()
    assert linked(app, "ids") == public_id
    assert texts(app.subheader) == "Activations: ReLU and Tanh on Iris"
    (way,) = [link.proto for link in app.get("page_link") if link.proto.label == "Open"]
    assert f"c={public_id}" in way.query_string
    widget(app.text_input, "Name").set_value("A name")
    widget(app.text_input, "Tags").set_value("one,  two ,")
    widget(app.text_area, "Note").set_value("Two\nlines")
    next(b for b in app.button if b.label == "Save").click().run()
    assert not app.exception
    (row,) = lab.listed([public_id])
    assert (row.name, row.tags, row.note) == ("A name", ("one", "two"), "Two\nlines")
    assert texts(app.subheader) == "A name"
    widget(app.text_input, "Search").set_value("two lines").run()
    assert list(frame(app)["No."]) == [1]


def test_what_cannot_be_kept_is_told_and_stays_in_its_field(lab):
    public_id = stored(lab)
    app = open_page("results", ids=public_id)
    widget(app.text_input, "Tags").set_value("a,b,c,d,e,f,g,h,i")
    next(b for b in app.button if b.label == "Save").click().run()
    assert "at most 8 tags; got 9" in texts(app.error)
    assert widget(app.text_input, "Tags").value == "a,b,c,d,e,f,g,h,i"


def test_anothers_can_be_read_and_not_changed(lab):
    public_id = stored(lab, owner="ann")
    lab.annotate(public_id, "Ann's *note*", OPERATOR)
    app = open_page("results", ids=public_id)
    assert {"Delete", "Save"}.isdisjoint(labels(app.button))
    assert "Ann's *note*" in as_read(texts(app.markdown))


def test_deleting_can_be_undone_at_once_and_later(lab):
    public_id = stored(lab)
    lab.rename(public_id, "Gone", OPERATOR)
    app = open_page("results", ids=public_id)
    app.button(key="results.delete").click().run()
    assert not app.exception
    assert lab.results().count == 0
    assert "Deleted: Gone" in texts(app.markdown)
    assert "ids" not in app.query_params
    app.button(key="results.undo").click().run()
    assert lab.results().count == 1
    assert linked(app, "ids") == public_id
    assert "Deleted" not in texts(app.markdown)

    app.button(key="results.delete").click().run()
    app = open_page("results", whose="deleted", ids=public_id)
    assert "Undo" not in labels(app.button)
    app.button(key="results.restore").click().run()
    assert lab.results(Filter()).count == 1


def test_the_link_of_a_deleted_one_says_so_and_its_owner_gets_it_back(lab):
    public_id = stored(lab, arms=("relu", "tanh"))
    other = stored(lab, "dropout", owner="ann")
    for each in (public_id, other):
        lab.delete(each, OPERATOR)
    app = open_page("dropout", c=other)
    assert "Only who made it can restore it" in texts(app.warning)
    assert "Restore" not in labels(app.button)

    app = open_page("activations", c=public_id)
    assert "This result was deleted" in texts(app.warning)
    assert "has no comparison" not in texts(app.info)
    app.button(key=f"restore.{public_id}").click().run()
    assert not app.exception
    assert "deleted" not in texts(app.warning)
    assert "Tanh is" in texts(app.subheader)
    assert app.number_input(key=control_key(app, "epochs")).value == 3


def control_key(app, name):
    """The key that a control has now."""
    return next(e.key for e in app.number_input if e.key.startswith(f"activations.{name}"))


def test_open_as_a_new_question_sets_the_same_and_shows_no_result(lab):
    public_id = stored(lab, arms=("relu", "tanh"), hidden=[4])
    app = open_page("results", ids=public_id)
    app.button(key="results.anew").click().run()
    assert not app.exception
    assert app.title[0].value == "Activations"
    assert "c" not in app.query_params
    assert app.number_input(key=control_key(app, "epochs")).value == 3


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda q: q.name)
def test_a_new_question_asks_what_the_old_one_did(question):
    settings = {} if question.name in ("engines", "models") else {"dataset": "wine"}
    asked = ask(question, by=("l2=0,0.01",), settings={**settings, "epochs": 7}, seeds=4) \
        if question.factor != "epochs" else ask(question, settings=settings, seeds=4)  # fmt: skip
    link = {k: [v] if isinstance(v, str) else v for k, v in asked_again(asked).items()}
    form = read_link(blank_of(question), link)
    assert form.comparison is not None, form.problem
    assert form.comparison.trains_like(asked)
    assert not form.stored


# Laid over each other


def test_two_on_the_same_data_are_laid_over_each_other(lab):
    first = stored(lab, arms=("relu", "tanh"))
    second = stored(lab, "dropout", arms=("0", "0.3"), epochs=5)
    app = open_page("results", ids=f"{first},{second}")
    assert not app.exception
    (chart,) = app.get("plotly_chart")
    drawn = {trace.get("name", "") for trace in json.loads(chart.proto.spec)["data"]}
    assert {"A ReLU", "A Tanh", "B Dropout 0.3"} <= drawn
    assert "Epochs (A 3, B 5)" in as_read(texts(app.warning))
    links = [as_read(link.proto.label) for link in app.get("page_link")]
    assert any(label.startswith("**A** Activations: ReLU") for label in links)


def test_results_on_different_data_are_not(lab):
    first, second = stored(lab), stored(lab, dataset="wine")
    app = open_page("results", ids=f"{first},{second}")
    assert "different data (Iris and Wine)" in texts(app.info)
    assert not app.get("plotly_chart")


def test_a_link_to_what_is_not_there_says_so(lab):
    public_id = stored(lab)
    app = open_page("results", ids=f"{public_id},abc")
    assert "aren't in this store" in texts(app.info)
    assert "Activations" in texts(app.subheader)


def test_an_overlay_has_every_arm_once_with_looks_of_its_own():
    one, other = read(snapshots.finished()), read(snapshots.one_seed())
    whole = laid_over([one, other])
    assert [arm.title for arm in whole.arms[:2]] == ["A Linear", "A Sigmoid"]
    assert len({arm.label for arm in whole.arms}) == 8
    assert [arm.position for arm in whole.arms] == list(range(8))
    assert whole.arms[3].scores("accuracy") == one.arms[3].scores("accuracy")
    assert len(whole.seeds) == 3
    assert differences([one, other]) == [
        "Beside what each compares, they differ in seeds (A 3, B 1)."
    ]
    assert differences([one, one]) == []
    with pytest.raises(InvalidSetting, match="2 to 8 results"):
        laid_over([one])
    with pytest.raises(InvalidSetting, match="different data"):
        laid_over([one, read(snapshots.regression())])


def test_what_both_compare_is_no_difference_and_other_rows_are_told():
    def made(**settings):
        asked = ask(QUESTIONS["activations"], settings={"dataset": "digits", **settings}, seeds=3)
        return read(replace(snapshots.finished(), comparison=asked, trials=()))

    assert differences([made(), made()]) == []
    (differs,) = differences([made(), made(optimizer="sgd", engine="numpy")])
    assert "Optimizer (A Adam, B SGD)" in differs
    assert "Engine (A Keras, B NumPy)" in differs
    assert "Activation" not in differs
    rows, named = differences([made(), made(split="last:0.25")])
    assert "don't validate on the same rows" in rows
    assert "Validation" in named or "split" in named.lower()


# What people wrote, and very many


def test_what_people_wrote_is_text(lab, monkeypatch):
    first, second = stored(lab, owner="ann"), stored(lab)
    for public_id in (first, second):
        lab.rename(public_id, LABELS[0], OPERATOR)
        lab.tag(public_id, [label[:30] for label in LABELS[:8]], OPERATOR)
        lab.annotate(public_id, "\n".join(LABELS), OPERATOR)
    for ids in (first, second, f"{first},{second}"):
        app = open_page("results", ids=ids)
        check_page(app)
        assert LABELS[0] in " ".join(as_read(text) for text in (texts(app.subheader), *said(app)))


def said(app):
    return [link.proto.label for link in app.get("page_link")]


def test_ten_thousand_are_paged(lab):
    fill(lab.store, 10_000, owners=(OPERATOR.key,))
    app = open_page("results", sort="best")
    assert "9,800 results" in texts(app.caption)
    assert len(frame(app)) == 10
    best = [float(text.split()[0]) for text in frame(app)["Score"]]
    assert best == sorted(best, reverse=True)
    app = open_page("results", find="lecture", question="dropout", page="2")
    assert 0 < len(frame(app)) <= 10
    assert all("lecture" in f"{r.Result} {r.Tags}".lower() for r in frame(app).itertuples())


# In a browser


@pytest.fixture(scope="module")
def filled(start_server):
    """A dashboard with results, everybody its admin."""
    server = start_server(NNLAB_ADMINS="*")
    fill(Lab(str(server.home / "store.sqlite")).store, 60)
    return server


def click_row(page, place):
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    box = page.get_by_test_id("stDataFrame").bounding_box()
    page.mouse.click(box["x"] + 17, box["y"] + 38 + 35 * place + 17)


@pytest.mark.browser
def test_a_result_is_chosen_by_click_and_by_keyboard(filled, page):
    browse(page, f"{filled.url}/results")
    click_row(page, 0)
    expect(page).to_have_url(re.compile(r"\?ids=0+3c$"), timeout=10_000)
    expect(page.get_by_role("link", name="Open", exact=True)).to_be_visible()
    settle(page)
    assert barriers_by_day_and_night(page) == []
    click_row(page, 2)
    expect(page).to_have_url(re.compile("ids=0+3c%2C0+3a$"))
    menu = page.get_by_role("combobox", name=re.compile("Chosen results"))
    menu.focus()
    page.keyboard.press("Backspace")
    expect(page).to_have_url(re.compile(r"\?ids=0+3c$"))
    settle(page)
    menu.focus()
    page.keyboard.type("59 ")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # else the next click only closes the menu
    expect(page).to_have_url(re.compile("ids=0+3c%2C0+3b$"))
    settle(page)
    click_row(page, 0)  # the table follows the menu: its row is chosen there, too
    expect(page).to_have_url(re.compile(r"\?ids=0+3b$"))


@pytest.mark.browser
def test_filters_are_in_the_history_and_deleting_has_its_undo(filled, page):
    browse(page, f"{filled.url}/results")
    search = page.get_by_test_id("stMain").get_by_role("textbox", name="Search")
    search.fill("thesis")
    search.press("Enter")
    expect(page).to_have_url(re.compile("find=thesis"))
    settle(page)
    page.get_by_role("button", name="Next page").click()
    expect(page).to_have_url(re.compile("page=2"))
    page.go_back()
    expect(page).not_to_have_url(re.compile("page=2"))
    settle(page)
    expect(search).to_have_value("thesis")
    click_row(page, 0)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text(re.compile("^.*Deleted: "))).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Delete")).to_be_visible(timeout=10_000)
