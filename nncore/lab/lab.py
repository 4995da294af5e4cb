"""The lab as pages and the command line see it: submit, follow, stop."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from nncore.lab import beside, intent, remarks, shown, summaries
from nncore.lab.archive import Filter, Listed, Page, Sort, read_page, read_rows
from nncore.lab.estimate import Estimate, estimate
from nncore.lab.owners import check_comparison
from nncore.lab.plans import as_first_planned
from nncore.lab.snapshots import read_recent, read_snapshot
from nncore.lab.spreads import Sight, sight
from nncore.lab.store.address import address
from nncore.lab.store.coordinator_state import CoordinatorState
from nncore.lab.store.lease import COORDINATOR, START, WARM, look, touch
from nncore.lab.store.store import LEAST_FREE, Store
from nncore.lab.workers import slots
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import ComparisonSummary, Snapshot
from nncore.system.detached import start_detached
from nncore.system.errors import InvalidSetting, StoreError
from nncore.system.owners import Visitor, looking
from nncore.system.paths import default_store

_PATIENCE = 3.0  # seconds for a started coordinator to show itself, before another is started
_STUCK = 20.0  # the same when one is there that doesn't answer
_ASK_AGAIN = 30.0  # seconds for which a request for a warm template stands
_BRIEFLY = 1.0  # seconds to wait for another writer in what a page may do without
_AT_ONCE = 0.25  # the same where somebody looks every second
_ALL, _NEWEST = Filter(), Sort()
_OF_ONES_OWN = "Run again makes one of your own, from what is stored."


class Lab:
    """One store, and the coordinator that works on it. Cheap to create; holds no training.

    Every method raises StoreError when the store can't be used, and the
    constructor also when a variable of `nncore.lab.workers.slots` makes no sense.
    """

    def __init__(self, url: str | None = None) -> None:
        """`url`: SQLAlchemy URL or file; default NNLAB_STORE, else in the user's data folder."""
        try:
            self.store = _store(address(url or default_store()).named)
            slots.check()
        except InvalidSetting as error:
            raise StoreError(str(error)) from error

    def submit(
        self,
        comparison: Comparison,
        *,
        use_cache: bool = True,
        owner: str = "",
        replaces: str = "",
        simple: bool = False,
    ) -> str:
        """Store the comparison, queue what is not cached, wake the coordinator; its id.

        `replaces`: one of the same owner's, of which nothing more is wanted from now on.
        `simple`: with simple models beside its arms, fitted where the store doesn't have them.
        """
        self._check_space()
        public_id = secrets.token_hex(8)
        salt = "" if use_cache else public_id
        planned = intent.planned_trainings(comparison, salt)
        with self.store.write() as connection:
            comparison = as_first_planned(connection, comparison)
            intent.add_comparison(connection, public_id, comparison, owner, salt)
            summaries.add(connection, public_id, comparison)
            intent.want(connection, public_id, planned)
            if replaces and intent.belongs_to(connection, replaces, owner):
                intent.drop(connection, replaces, intent.REPLACED)
            if simple:
                beside.want(connection, public_id, comparison)
        self._try_to_wake()  # also where nothing waits: it is to be summed up
        return public_id

    def add_seeds(self, comparison_id: str, count: int, by: Visitor) -> None:
        """Train the next `count` integers as seeds, too; the id (and link) stays.

        Raises InvalidSetting for an unknown id, or when that would be too many trainings, and
        NotYours unless `by` may change it.
        """
        self._check_space()
        with self.store.read() as connection:
            comparison, salt, _ = intent.stored(connection, comparison_id, by)
        larger = comparison.enlarged(count)
        planned = intent.planned_trainings(larger, salt)
        new = [training for training in planned if training.config.seed not in comparison.seeds]
        with self.store.write() as connection:
            _, _, owner = intent.stored(connection, comparison_id, by)
            check_comparison(by, owner, "add seeds to", _OF_ONES_OWN)
            intent.enlarge(connection, comparison_id, larger)
            summaries.enlarged(connection, comparison_id, larger)
            intent.want(connection, comparison_id, new)
            if beside.is_wanted(connection, comparison_id):  # by now another version may fit them
                beside.want(connection, comparison_id, larger)
        self._try_to_wake()

    def cancel(self, comparison_id: str, by: Visitor) -> None:
        """Stop all that no other comparison wants; running workers are killed within 2 s.

        Raises InvalidSetting for an unknown id, and NotYours unless `by` may change it.
        """
        with self.store.write() as connection:
            owner = intent.owner_of(connection, comparison_id, by)
            check_comparison(by, owner, "stop")
            intent.drop(connection, comparison_id, intent.STOPPED)

    def snapshot(self, comparison_id: str) -> Snapshot | None:
        """All that is known now; None for an id that names nothing for who looks.

        Under 50 ms for 60 trainings.

        Where trainings or simple models wait and nobody works, a coordinator is started; `note`
        says why it can't.
        Raises InvalidSetting for a comparison that this version of the program can't read.
        """
        with self.store.read() as connection:
            snapshot = read_snapshot(self.store, connection, comparison_id)
        if snapshot is None or snapshot.coordinator_alive:
            return snapshot
        if not (snapshot.active or snapshot.fits):
            return snapshot
        why = self._try_to_wake()
        return replace(snapshot, note=why) if why else snapshot

    def has(self, comparison_id: str) -> bool:
        """Whether there is a comparison of that id for who looks."""
        with self.store.read() as connection:
            return intent.is_there(connection, comparison_id, looking())

    def results(
        self, which: Filter = _ALL, sort: Sort = _NEWEST, *, first: int = 0, most: int = 25
    ) -> Page:
        """At most so many stored comparisons from place `first` on, and how many there are in all.

        What who looks may not see isn't there. Under 50 ms for 10,000 comparisons.
        """
        with self.store.read() as connection:
            return read_page(connection, which, sort, first=first, most=most)

    def listed(self, ids: Sequence[str]) -> tuple[Listed, ...]:
        """The rows of these comparisons that there are; deleted ones for who may restore them."""
        with self.store.read() as connection:
            return read_rows(connection, ids)

    def rename(self, comparison_id: str, name: str, by: Visitor) -> None:
        """Give a comparison a name, at most LONGEST_NAME characters; "" for none.

        This and the following raise NotYours unless `by` may change it, and InvalidSetting for an
        unknown id or what is too long.
        """
        with self.store.write() as connection:
            remarks.rename(connection, comparison_id, name, by)

    def annotate(self, comparison_id: str, note: str, by: Visitor) -> None:
        """Give it a note, at most LONGEST_NOTE characters."""
        with self.store.write() as connection:
            remarks.annotate(connection, comparison_id, note, by)

    def tag(self, comparison_id: str, tags: Sequence[str], by: Visitor) -> None:
        """Give it tags, at most MOST_TAGS of LONGEST_TAG characters, in place of those it has."""
        with self.store.write() as connection:
            remarks.tag(connection, comparison_id, tags, by)

    def delete(self, comparison_id: str, by: Visitor) -> None:
        """Hide it and stop what is unfinished of it; `restore` shows it again."""
        with self.store.write() as connection:
            remarks.delete(connection, comparison_id, by)

    def restore(self, comparison_id: str, by: Visitor) -> None:
        """Show a deleted comparison again."""
        with self.store.write() as connection:
            remarks.restore(connection, comparison_id, by)

    def show_tests(self, comparison_id: str, by: Visitor) -> None:
        """Store that its test scores are looked at; counted in `Snapshot.test_looks`.

        Raises InvalidSetting when there is none of that id that `by` may see.
        """
        with self.store.write(_BRIEFLY) as connection:
            shown.show(connection, comparison_id, by)

    def recent(self, limit: int = 10) -> list[ComparisonSummary]:
        """The newest comparisons that this version can read and who looks may see, newest first."""
        with self.store.read() as connection:
            return read_recent(connection, limit)

    def warm_up(self) -> None:
        """Start the coordinator and its worker template in the background; returns at once."""
        with self.store.read() as connection:
            asked = look(connection, WARM)
        if asked.age > _ASK_AGAIN:
            with self.store.write(_BRIEFLY) as connection:
                touch(connection, WARM)
        self.wake()

    def status(self) -> CoordinatorState | None:
        """What the coordinator at work says of itself; None when there is none."""
        with self.store.read() as connection:
            lease = look(connection, COORDINATOR)
        return lease.state if lease.is_alive else None

    def estimate(self, comparison: Comparison) -> Estimate:
        """What training it will cost, before the click."""
        with self.store.read() as connection:
            return estimate(connection, comparison)

    def sight(self, comparison: Comparison) -> Sight:
        """How large a difference it could show."""
        with self.store.read() as connection:
            return sight(connection, comparison)

    def _check_space(self) -> None:
        free = self.store.free_bytes()
        if free is not None and free < LEAST_FREE:
            raise StoreError(
                f"The disk of the store {self.store.name} has only {free / 2**20:.0f} MB left. "
                "Free some space, then try again."
            )

    def _try_to_wake(self) -> str:
        """Wake the coordinator; why it can't be now. What waits is in the store already."""
        try:
            self.wake(_AT_ONCE)
        except StoreError as error:
            return f"{error} What waits goes on by itself once that is mended."
        return ""

    def wake(self, waits: float = _BRIEFLY) -> None:
        """Start a coordinator unless there is one, or one has just been started.

        Unlike `warm_up` it doesn't load TensorFlow: enough for NumPy trainings to start at once.
        `waits`: seconds for another writer.
        """
        with self.store.read() as connection:
            lease, start = look(connection, COORDINATOR), look(connection, START)
        # one that runs but doesn't beat is stuck on the store: a second one would be, too
        patience = _STUCK if lease.beat_at and lease.holder_runs else _PATIENCE
        if lease.is_alive or start.age < patience:
            return
        with self.store.write(waits) as connection:
            if look(connection, START).beat != start.beat:
                return  # another page was first
            touch(connection, START)
        _start_coordinator(self.store)


@lru_cache(maxsize=8)
def _store(named: str) -> Store:
    """The store of a place, one for all labs of this process.

    What was compiled and looked up for it, SQL and the version of its tables, serves them all.
    """
    return Store(named)


def _start_coordinator(store: Store) -> None:
    try:
        # the address is not in the command, which everybody can read
        variables = {"NNLAB_STORE": store.url}
        start_detached("nncore.lab.coordinator", log=store.beside(".log"), variables=variables)
    except OSError as error:
        raise StoreError(
            f"The engine of the store {store.name} can't be started: {error}."
        ) from error
