"""What a visitor gets who only chooses a data set learns: one seed, the small sets.

`python -m benchmarks.defaults` does the same for all of them.
"""

import sys

import pytest

from benchmarks import defaults
from nncore.datasets.catalogue import DATASETS
from nncore.questions.arms import parse_arm
from nncore.questions.asking import ask
from nncore.questions.catalogue import EVERY_QUESTION, QUESTIONS
from nncore.questions.starts import UPDATES, nice, offered, start

SMALL = ("iris", "wine", "diabetes", "circles", "xor")


@pytest.fixture
def plain_main(monkeypatch):
    """Workers import what the main module is; that of pytest-xdist can't be."""
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "__spec__", None)
    monkeypatch.delattr(main, "__file__", raising=False)


@pytest.mark.slow
def test_from_its_start_values_every_question_learns_on_small_data(plain_main):
    cells = defaults.run(datasets=SMALL, engines=("numpy",))
    assert len(cells) == len(SMALL) * len(QUESTIONS)
    wrong = [defaults.row(cell) for cell in cells if not cell.is_sound]
    assert wrong == []


@pytest.mark.slow
def test_so_it_does_with_keras(plain_main):
    cells = defaults.run(("models", "optimizers"), ("diabetes", "circles"), ("keras",))
    assert [defaults.row(cell) for cell in cells if not cell.is_sound] == []


@pytest.mark.parametrize("name", EVERY_QUESTION)
def test_on_its_own_data_a_question_starts_as_it_was_chosen(name):
    question = EVERY_QUESTION[name]
    own = question.base["dataset"]
    assert start(question, own).values == question.base
    assert start(question, own).arms == question.levels


@pytest.mark.parametrize("name", EVERY_QUESTION)
def test_what_makes_a_question_is_kept_on_every_data_set(name):
    question = EVERY_QUESTION[name]
    for dataset in DATASETS:
        begins = start(question, dataset).values
        assert begins["dataset"] == dataset
        assert all(begins[key] == question.base[key] for key in question.keeps)
        if begins.get("optimizer") != "adam":  # texts need it
            assert begins.get("optimizer") == question.base.get("optimizer")


def test_every_model_family_that_is_offered_can_be_trained_on_the_data():
    for dataset in ("circles", "iris", "diabetes", "hills", "digits", "imdb"):
        arms = offered(QUESTIONS["models"], dataset)
        made = ask(QUESTIONS["models"], arms, settings={"dataset": dataset})
        assert len(made.arms) == len(arms) >= 2
        is_number = DATASETS[dataset].task == "regression"
        assert any(arm.startswith("Linear regression") for arm in arms) == is_number


def test_exemptions_name_arms_and_say_why():
    for question in QUESTIONS.values():
        for exempt in question.exempt:
            assert exempt.arm in question.levels
            assert parse_arm(exempt.arm, question.factor)
            assert len(exempt.why.split()) > 4
            assert set(exempt.datasets) <= set(DATASETS)


def test_a_small_table_gets_enough_updates_and_a_large_one_no_more_than_enough():
    for dataset in ("iris", "breast_cancer", "california_housing", "fashion_mnist"):
        begins = start(QUESTIONS["activations"], dataset).values
        config = QUESTIONS["activations"].base | begins
        rows = DATASETS[dataset].counts(
            "extract" if "extract" in DATASETS[dataset].variants else "full", "stratified:0.2"
        )[0]
        updates = config["epochs"] * rows / config.get("batch_size", 32)
        assert 0.75 * UPDATES < updates < 1.5 * UPDATES


def test_numbers_are_easy_to_read():
    assert [nice(n) for n in (0.2, 3.4, 11, 46, 131, 1490)] == [1, 3, 10, 50, 120, 1500]
