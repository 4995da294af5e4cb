"""Summaries: written by the coordinator when something ends, renewed when it changes."""

import subprocess
import sys

import pytest
from sqlalchemy import select, update

from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import read
from nncore.analysis.summary import summarize
from nncore.analysis.verdict import verdict
from nncore.lab import lab as lab_module
from nncore.lab import summaries
from nncore.lab.archive import Filter
from nncore.lab.coordinator import queue
from nncore.lab.coordinator.summing_up import SummingUp
from nncore.lab.keys import summary_version
from nncore.lab.lab import Lab
from nncore.lab.store.schema import COMPARISON, SUMMARY, TRAINING, WANTED
from nncore.results.snapshots import Status, Summary
from nncore.system.owners import OPERATOR
from tests import snapshots
from tests.lab import processes
from tests.lab.many import fill
from tests.lab.processes import SHORT, coordinator, end, finished, sum_up, summed_up, wait
from tests.lab.test_store import comparison
from tests.typed import recorded, scored


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A lab on which nobody works."""
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: None)
    return Lab(str(tmp_path / "store.sqlite"))


@pytest.fixture
def live(tmp_path, monkeypatch):
    """A lab with a coordinator of its own."""
    monkeypatch.setenv("NNLAB_START", "spawn")
    monkeypatch.setenv("NNLAB_SLOTS", "1")
    lab = Lab(str(tmp_path / "store.sqlite"))
    yield lab
    end(lab)


def train(lab, *accuracies, status=Status.DONE, only=None):
    """End what waits, with these scores in the order of training."""
    with lab.store.write() as connection:
        waiting = list(dict.fromkeys(c.training for c in queue.candidates(connection)))[:only]
        for training, accuracy in zip(waiting, accuracies, strict=True):
            assert queue.claim(connection, training) is not None
            result = scored({"seconds": 2.0, "best_epoch": 1, "validation": {"accuracy": accuracy}})
            records = recorded({"epoch": 1, "loss": 0.5})
            has = status.has_result
            queue.finish(
                connection, training, status, records=records, result=result if has else None
            )


def row(lab, public_id):
    (listed,) = lab.listed([public_id])
    return listed


def version(lab, public_id):
    with lab.store.read() as connection:
        query = select(SUMMARY.c.version).where(SUMMARY.c.comparison_id == public_id)
        return connection.execute(query).scalar_one()


# What is summed up


def test_a_summary_says_who_is_in_front_by_how_much_and_what_it_cost():
    told = summarize(read(snapshots.finished()))
    assert (told.state, told.winner, told.leader) == ("finished", "ReLU", "ReLU")
    assert (told.metric, told.unit) == ("accuracy", "")
    assert told.score == pytest.approx(0.95)
    assert told.half == pytest.approx(4.303 * 0.01 / 3**0.5, rel=1e-3)  # t of 2 degrees
    assert told.place == "clear"


def test_an_error_is_summed_up_in_the_targets_unit():
    made = snapshots.regression()
    told = summarize(read(made))
    assert (told.winner, told.metric) == ("Adam", "mae")
    assert told.score == pytest.approx(0.6 * 80)
    assert told.unit == made.configs["adam"].data.unit != ""


@pytest.mark.parametrize(
    ("make", "state", "leader", "place"),
    [
        (snapshots.one_seed, "finished", "ReLU", "one seed"),
        (snapshots.diverged, "finished", "Linear", "open"),  # ReLU diverged with one of 3 seeds
        (snapshots.all_diverged, "diverged", "", "nothing"),
        (snapshots.failed, "stopped", "ReLU", "clear"),
        (snapshots.one_arm, "finished", "ReLU", "one arm"),
    ],
)
def test_states_are_those_of_the_trainings_and_nobody_wins_undecided(make, state, leader, place):
    told = summarize(read(make()))
    assert (told.state, told.leader) == (state, leader)
    assert told.winner == (leader if place == "clear" else "")
    assert (told.score is None) == (not leader)
    assert told.place == (place if leader else "")


# When it is written


def test_nothing_under_way_is_summed_up_and_what_ended_is(lab):
    public_id = lab.submit(comparison("relu", "tanh", seeds=(0, 1)))
    train(lab, 0.5, 0.9, 0.6, only=3)
    sum_up(lab)
    assert (row(lab, public_id).state, row(lab, public_id).summary) == ("waiting", None)
    train(lab, 0.8)
    sum_up(lab)
    told = row(lab, public_id).summary
    assert (told.state, told.leader, told.score) == ("finished", "Tanh", pytest.approx(0.85))
    assert (told.winner, told.place) == ("", "open")
    assert told.seconds == 8.0
    assert told == summarize(read(lab.snapshot(public_id)))
    assert version(lab, public_id) == summary_version()


def test_seeds_that_are_added_take_the_winner_away_until_they_are_trained(lab):
    public_id = lab.submit(comparison("relu", "tanh", seeds=(0, 1)), owner="operator")
    train(lab, 0.5, 0.9, 0.6, 0.8)
    sum_up(lab)
    lab.add_seeds(public_id, 1, OPERATOR)
    assert (row(lab, public_id).state, row(lab, public_id).summary) == ("waiting", None)
    assert row(lab, public_id).seeds == 3
    sum_up(lab)
    train(lab, 1.0, 0.1)
    sum_up(lab)
    assert row(lab, public_id).summary.leader == "ReLU"


def test_what_another_comparison_trains_later_renews_a_summary(lab):
    mine = lab.submit(comparison("relu", "tanh", seeds=(0,)), owner="operator")
    lab.submit(comparison("tanh", seeds=(0,)))
    train(lab, 0.5, only=1)
    lab.cancel(mine, OPERATOR)
    sum_up(lab)
    told = row(lab, mine).summary
    assert (told.state, told.leader, told.place) == ("stopped", "ReLU", "one arm")
    train(lab, 0.9)  # of the other one: what there is, is shown
    sum_up(lab)
    told = row(lab, mine).summary
    assert (told.state, told.leader, told.place) == ("finished", "Tanh", "one seed")
    assert told == summarize(read(lab.snapshot(mine)))


def test_a_failed_training_that_is_asked_for_again_renews_the_first_summary(lab):
    first = lab.submit(comparison("relu", seeds=(0,)))
    train(lab, 0.0, status=Status.FAILED)
    sum_up(lab)
    assert row(lab, first).summary.state == "failed"
    lab.submit(comparison("relu", seeds=(0,)))
    sum_up(lab)
    assert row(lab, first).summary.state == "stopped"
    train(lab, 0.7)
    sum_up(lab)
    assert row(lab, first).summary.leader == "ReLU"


def test_what_changes_while_it_is_read_is_read_again(lab, monkeypatch):
    public_id = lab.submit(comparison("relu", seeds=(0,)), owner="operator")
    train(lab, 0.5)
    once = []
    write = summaries.write

    def stand(connection, name, real=summaries.stand):
        if len(once) == 1:  # between the reading and the writing
            change = update(TRAINING).values(finished_at=TRAINING.c.finished_at + 1)
            connection.execute(change)
        once.append(name)
        return real(connection, name)

    written = []
    monkeypatch.setattr(summaries, "stand", stand)
    monkeypatch.setattr(summaries, "write", lambda *args: (written.append(args), write(*args)))
    sum_up(lab)
    assert len(once) == 4
    assert len(written) == 1
    assert row(lab, public_id).summary.leader == "ReLU"


def test_another_versions_summaries_are_made_anew_but_only_in_idle_moments(lab):
    public_id = lab.submit(comparison("relu", seeds=(0,)))
    train(lab, 0.5)
    sum_up(lab)
    with lab.store.write() as connection:
        connection.execute(update(SUMMARY).values(version="another", winner="Somebody"))
    sum_up(lab, idle=False)
    assert row(lab, public_id).summary.winner == "Somebody"  # better than nothing
    sum_up(lab)
    assert row(lab, public_id).summary.winner == ""
    assert version(lab, public_id) == summary_version()


@pytest.mark.parametrize(
    "altered",
    [
        {COMPARISON: {"body": '{"question": "of another version", "base": {}}'}},
        {COMPARISON: {"body": "damaged"}},
        {COMPARISON: {"body": "[" * 100_000}},
        {WANTED: {"arm": "no arm of it"}},
    ],
    ids=["another version", "damaged", "deep", "wanted"],
)
def test_what_cannot_be_read_says_so_and_the_others_are_summed_up(lab, altered):
    lab.submit(comparison("relu", seeds=(0,)))
    other = lab.submit(comparison("tanh", seeds=(0,)))
    train(lab, 0.5, 0.6)
    for table, values in altered.items():
        with lab.store.write() as connection:
            name = table.c.id if table is COMPARISON else table.c.comparison_id
            connection.execute(update(table).where(name != other).values(**values))
    sum_up(lab)
    sound, damaged = lab.results().rows
    assert (sound.id, sound.summary.leader) == (other, "Tanh")
    if WANTED in altered:
        assert damaged.summary == Summary("finished", seconds=2.0)  # as its page has it
    else:
        assert damaged.state == "unreadable"
        assert lab.results(Filter(state="unreadable")).count == 1
    sum_up(lab)  # nothing is due for ever


@pytest.mark.parametrize("altered", [{"records": "no JSON"}, {"result": "[1]"}], ids=str)
def test_a_damaged_training_counts_as_failed_as_on_pages(lab, altered):
    public_id = lab.submit(comparison("relu", "tanh", seeds=(0,)))
    train(lab, 0.9, 0.5)
    with lab.store.write() as connection:
        first = connection.execute(select(TRAINING.c.id)).scalars().first()
        connection.execute(update(TRAINING).where(TRAINING.c.id == first).values(**altered))
    sum_up(lab)
    told = row(lab, public_id).summary
    assert (told.leader, told.place) == ("Tanh", "one arm")
    assert told == summarize(read(lab.snapshot(public_id)))


@pytest.mark.slow
def test_very_many_are_summed_up_in_groups(lab):
    fill(lab.store, 120)
    with lab.store.write() as connection:
        connection.execute(update(SUMMARY).values(version="another"))
    sum_up(lab)
    with lab.store.read() as connection:
        assert set(connection.execute(select(SUMMARY.c.version)).scalars()) == {summary_version()}


def test_where_nothing_is_due_the_store_is_left_alone(lab, monkeypatch):
    lab.submit(comparison("relu", seeds=(0,)))
    work = SummingUp(lab.store, lambda what: pytest.fail("nothing is to be written"))
    assert not work.advance(idle=True)
    monkeypatch.setattr(lab.store, "read", lambda: pytest.fail("was read"))
    assert not work.advance(idle=True)
    work.look()
    with pytest.raises(pytest.fail.Exception):
        work.advance(idle=True)


@pytest.mark.slow
def test_the_coordinator_stays_light():
    """Nothing that draws, no tables, no Keras: also once it has summed something up."""
    code = (
        "import sys; import nncore.lab.coordinator.__main__; light = 'scipy' not in sys.modules; "
        "import nncore.analysis.summary; "
        "heavy = {'pandas', 'plotly', 'matplotlib', 'sklearn', 'tensorflow', 'streamlit', "
        "'scipy.stats', 'scipy.optimize'}; print(light, heavy & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True set()"


# By a real coordinator


@pytest.mark.slow
def test_a_real_comparison_is_summed_up_as_its_page_says(live):
    asked = processes.comparison(SHORT, "relu", "tanh", seeds=(0, 1))
    first = live.submit(asked, owner="operator")
    made = read(finished(live, first))
    told = summed_up(live, 1)[first].summary
    leader = Ranking(made).leader
    assert (told.leader, told.score) == (leader.title, leader.mean.mean)
    assert (told.half, told.place) == (leader.mean.half, verdict(made).state)
    assert told.leader in verdict(made).headline
    spent = [trial.result.seconds for trial in made.snapshot.trials]
    assert told.seconds == pytest.approx(sum(spent))

    cached = live.submit(asked)  # nothing is trained for it
    assert summed_up(live, 2)[cached].summary == told
    live.add_seeds(first, 1, OPERATOR)
    more = summarize(read(finished(live, first)))
    wait(lambda: summed_up(live, 2)[first].summary == more)


@pytest.mark.slow
def test_a_stopped_comparison_is_summed_up(live):
    public_id = live.submit(processes.comparison(processes.LONG, "relu"), owner="operator")
    processes.recorded(live, public_id)
    live.cancel(public_id, OPERATOR)
    assert summed_up(live, 1)[public_id].summary == Summary("stopped")


@pytest.mark.slow
def test_what_is_due_keeps_no_coordinator_from_ending(live, monkeypatch):
    monkeypatch.setenv("NNLAB_IDLE_SECONDS", "0")
    fill(live.store, 3_000)
    with live.store.write() as connection:
        connection.execute(update(SUMMARY).values(version="another"))
    public_id = live.submit(processes.comparison(SHORT, "relu"))
    assert finished(live, public_id).trials[0].status is Status.DONE
    wait(lambda: coordinator(live) is None)
    with live.store.read() as connection:
        left = select(SUMMARY.c.version).where(SUMMARY.c.version == "another")
        assert len(connection.execute(left).all()) > 1_000
