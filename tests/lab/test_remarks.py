"""Names, notes, tags and deletion: by the owner or an admin, undone, and found again."""

import pytest

from nncore.lab import lab as lab_module
from nncore.lab.archive import Filter
from nncore.lab.lab import Lab
from nncore.results.snapshots import Status
from nncore.system.errors import InvalidSetting
from nncore.system.owners import OPERATOR, NotYours, Visitor
from tests.lab.test_store import comparison, finish_all, statuses

ANN, BOB = Visitor("ann"), Visitor("bob", "Bob")
CHANGES = {
    "rename": lambda lab, public_id, by: lab.rename(public_id, "Mine", by),
    "annotate": lambda lab, public_id, by: lab.annotate(public_id, "Mine", by),
    "tag": lambda lab, public_id, by: lab.tag(public_id, ["mine"], by),
    "delete": lambda lab, public_id, by: lab.delete(public_id, by),
    "restore": lambda lab, public_id, by: lab.restore(public_id, by),
}


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A lab on which nobody works."""
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: None)
    return Lab(str(tmp_path / "store.sqlite"))


def row(lab, public_id):
    (listed,) = lab.listed([public_id])
    return listed


def test_a_comparison_can_be_named_annotated_tagged_and_found_by_that(lab):
    public_id = lab.submit(comparison("relu"), owner="ann")
    lab.submit(comparison("tanh"), owner="ann")
    lab.rename(public_id, "  Über\n\tden  Anfang ", ANN)
    lab.annotate(public_id, "First line.\n\n  Second\x00 line.  \n", ANN)
    lab.tag(public_id, ["Thesis", " to  check", "thesis", ""], ANN)
    told = row(lab, public_id)
    assert told.name == "Über den Anfang"
    assert told.note == "First line.\n\n  Second  line."
    assert told.tags == ("thesis", "to check")
    assert lab.snapshot(public_id).name == "Über den Anfang"
    for text in ("über", "SECOND", "Thesis anfang", "den check"):
        assert [found.id for found in lab.results(Filter(text=text)).rows] == [public_id]
    lab.rename(public_id, "", ANN)
    assert row(lab, public_id).name == ""
    assert lab.results(Filter(text="über")).count == 0
    assert lab.results(Filter(text="second")).count == 1


@pytest.mark.parametrize("name", CHANGES)
def test_only_the_owner_or_an_admin_changes_it(lab, name):
    public_id = lab.submit(comparison("relu"), owner="ann")
    before = row(lab, public_id)
    for stranger in (BOB, Visitor("")):
        with pytest.raises(NotYours, match=f"only its owner or an admin .* can {name} it"):
            CHANGES[name](lab, public_id, stranger)
    assert row(lab, public_id) == before
    CHANGES[name](lab, public_id, ANN)
    CHANGES[name](lab, public_id, OPERATOR)
    with pytest.raises(InvalidSetting, match="There is no comparison 'none'"):
        CHANGES[name](lab, "none", OPERATOR)


@pytest.mark.parametrize(
    ("say", "fits", "says"),
    [
        (Lab.rename, "x" * 120, "name of a comparison must have at most 120 characters; got 121"),
        (Lab.annotate, "x" * 2000, "note .* must have at most 2,000 characters; got 2,001"),
    ],
)
def test_what_is_too_long_is_refused_and_nothing_changes(lab, say, fits, says):
    public_id = lab.submit(comparison("relu"), owner="ann")
    say(lab, public_id, fits, ANN)
    before = row(lab, public_id)
    with pytest.raises(InvalidSetting, match=says):
        say(lab, public_id, f"{fits}x", ANN)
    assert row(lab, public_id) == before


def test_tags_are_few_and_short(lab):
    public_id = lab.submit(comparison("relu"), owner="ann")
    lab.tag(public_id, [f"{i}{'x' * 29}" for i in range(8)], ANN)
    with pytest.raises(InvalidSetting, match="at most 8 tags; got 9"):
        lab.tag(public_id, [str(i) for i in range(9)], ANN)
    with pytest.raises(InvalidSetting, match="A tag must have at most 30 characters; got 31"):
        lab.tag(public_id, ["x" * 31], ANN)
    assert len(row(lab, public_id).tags) == 8


def test_deleting_hides_stops_and_can_be_undone(lab):
    public_id = lab.submit(comparison("relu", seeds=(0,)), owner="ann")
    finish_all(lab)
    lab.add_seeds(public_id, 1, ANN)
    other = lab.submit(comparison("relu", seeds=(1,)), owner="bob")
    lab.delete(public_id, ANN)
    assert [found.id for found in lab.results().rows] == [other]
    assert [found.id for found in lab.recent()] == [other]
    assert [found.id for found in lab.results(Filter(deleted=True, owner="ann")).rows] == [
        public_id
    ]
    assert lab.results(Filter(deleted=True, owner="bob")).count == 0
    snapshot = lab.snapshot(public_id)  # its link says that it was deleted
    assert snapshot.deleted_at is not None
    assert (snapshot.owner, snapshot.trials[1].error) == ("ann", "Deleted.")
    assert statuses(lab, public_id) == [Status.DONE, Status.CANCELLED]
    assert statuses(lab, other) == [Status.QUEUED]  # others still want it
    when = row(lab, public_id).deleted_at
    lab.delete(public_id, ANN)  # once more changes nothing
    assert row(lab, public_id).deleted_at == when

    with pytest.raises(InvalidSetting, match="was deleted"):
        lab.add_seeds(public_id, 1, ANN)
    lab.restore(public_id, ANN)
    assert {found.id for found in lab.results().rows} == {public_id, other}
    assert lab.snapshot(public_id).deleted_at is None
    assert statuses(lab, public_id) == [Status.DONE, Status.CANCELLED]
