"""The tables of the store, and the steps from one version of them to the next.

The store is at once queue, cache and live feed: a training is one row from the click that
wants it to its result, found by its key; a comparison points at the trainings it wants.
"""

from collections.abc import Callable

from sqlalchemy import (
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    inspect,
    select,
    text,
    update,
)

from nncore.lab.store.compared import compared_in

METADATA = MetaData()

META = Table(
    "meta",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

TRAINING = Table(
    "training",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("config", Text, nullable=False),  # flat, JSON
    Column("data_folders", Text, nullable=False),  # JSON: where the asker looks for full data
    Column("engine", String(40), nullable=False),
    Column("code", String(64), nullable=False),  # hash of the sources it is to be trained by
    Column("program", String(64), nullable=False),  # trainings that can share a compiled program
    Column("flops", Float, nullable=False),
    Column("steps", Float, nullable=False),  # updates of the weights
    Column("updates", Float, nullable=False),  # steps times the weights that each updates
    Column("epochs", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("epochs_done", Integer, nullable=False, default=0),
    Column("queued_at", Float, nullable=False),
    Column("started_at", Float),
    Column("finished_at", Float),
    Column("seconds", Float),  # of the training itself
    Column("epoch_seconds", Float),  # of one epoch, and before the first: as its records tell
    Column("start_seconds", Float),
    Column("records", Text),  # JSON list, once finished; until then they are rows of `record`
    Column("result", Text),  # JSON, see `nncore.results.results`
    Column("error", Text),  # a sentence for people
    # JSON list: what it brings besides records and scores, see `nncore.observations`
    Column("observe", Text, nullable=False, server_default="[]"),
    # coordinators that were lost while it ran, since somebody asked for it; none is an attempt
    Column("lost", Integer, nullable=False, server_default="0"),
    Index("training_status", "status"),
    Index("training_engine", "engine", "finished_at"),
)

RECORD = Table(
    "record",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("training_id", ForeignKey("training.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("body", Text, nullable=False),  # JSON, non-finite numbers as null
    UniqueConstraint("training_id", "attempt", "epoch"),
)

COMPARISON = Table(
    "comparison",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("body", Text, nullable=False),  # JSON of `Comparison.to_json`
    Column("salt", String(32), nullable=False),  # in the keys of one that must not use the cache
    Column("time_limit", Float, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),  # its first training
    Column("number", Integer, nullable=False, server_default="0"),  # grows from one to the next
    # seconds while at least one of its trainings ran; so many before its time limit began
    Column("ran", Float, nullable=False, server_default="0"),
    Column("ran_before", Float, nullable=False, server_default="0"),
    # what people say of it, see `nncore.lab.remarks`
    Column("name", String(120), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("tags", Text, nullable=False, server_default="[]"),  # JSON list of texts
    Column("deleted_at", Float),  # hidden since then
    # all that a list is sorted and counted by, so that the bodies need not be read for it
    Index("comparison_listed", "number", "id", "owner", "created_at", "deleted_at", "name"),
)

# What a list says of a comparison, to be found, sorted and shown without reading its trainings:
# what was asked, from the moment it is asked; what came of it, once nothing of it is unfinished.
# The coordinator writes that; whatever may change it empties `version` in the same transaction.
SUMMARY = Table(
    "summary",
    METADATA,
    Column("comparison_id", ForeignKey("comparison.id"), primary_key=True),
    # of the analysis that read the trainings; "": they are not read yet, or not as they are now
    Column("version", String(64), nullable=False, server_default=""),
    Column("question", String(40)),
    Column("dataset", String(80)),
    Column("engines", String(80)),  # between commas: ",keras,numpy,"
    Column("arms", Integer),  # how many
    Column("seeds", Integer),  # how many
    # in small letters, to search in: what is asked, and what people say of it
    Column("asked", Text, nullable=False, server_default=""),
    Column("said", Text, nullable=False, server_default=""),
    # equal for comparisons of the same base and arms, see `nncore.lab.plans`; "": not known
    Column("compared", String(64), nullable=False, server_default=""),
    Column("state", String(20)),  # see `nncore.results.snapshots`; none while it is under way
    Column("winner", Text),  # title of the arm that the verdict calls best
    Column("leader", Text),  # title of the arm in front, best or not
    Column("place", String(20)),  # the state of the verdict
    Column("metric", String(20)),
    Column("unit", String(80)),
    Column("score", Float),  # of the arm in front, in that unit
    Column("half", Float),  # half the width of its interval
    Column("seconds", Float),  # of all its trainings
    Index("summary_version", "version"),
    Index("summary_state", "state"),
    Index("summary_question", "question"),
    Index("summary_dataset", "dataset"),
    Index("summary_compared", "compared"),
)

# That somebody wanted to see test scores: a row for each comparison whose scores were shown.
SHOWN = Table(
    "shown",
    METADATA,
    Column("comparison_id", ForeignKey("comparison.id"), primary_key=True),
    Column("dataset", String(200), primary_key=True),  # and its variant: "mnist:extract"
    Column("shown_at", Float, nullable=False),  # for the first time
    Index("shown_dataset", "dataset"),
)

# The trainings a comparison wants, in the order they are trained.
WANTED = Table(
    "wanted",
    METADATA,
    Column("comparison_id", ForeignKey("comparison.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("training_id", ForeignKey("training.id"), nullable=False),
    Column("arm", Text, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("round", Integer, nullable=False),  # how many seeds came before
    Column("cached", Integer, nullable=False),  # 1: it was finished when it was asked for
    Column("dropped", Text),  # why it is no longer wanted; a sentence for people
    Index("wanted_training", "training_id"),
)

# Simple models beside the arms: a row per data set, split, preprocessing and version of the models.
BASELINE = Table(
    "baseline",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("settings", Text, nullable=False),  # JSON: those that decide what the data is
    Column("config", Text, nullable=False),  # flat, JSON: of a training that has them
    Column("data_folders", Text, nullable=False),  # JSON, as in `training`
    Column("version", String(64), nullable=False),  # hash of the sources it is to be fitted by
    Column("status", String(20), nullable=False),  # queued, running, done or failed
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("lost", Integer, nullable=False, server_default="0"),  # as in `training`
    Column("queued_at", Float, nullable=False),
    Column("finished_at", Float),
    Column("models", Text, nullable=False, server_default="[]"),  # JSON of those that have ended
    Column("error", Text),  # why others will not come; a sentence for people
    Index("baseline_status", "status"),
)

# Which comparisons they stand beside.
BESIDE = Table(
    "beside",
    METADATA,
    Column("comparison_id", ForeignKey("comparison.id"), primary_key=True),
    Column("baseline_id", ForeignKey("baseline.id"), primary_key=True),
    Index("beside_baseline", "baseline_id"),
)

# Who works on the store ("coordinator"), who last started one ("start"), who wants it warm.
LEASE = Table(
    "lease",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("holder", String(200), nullable=False),
    Column("host", String(200), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("fence", Integer, nullable=False),  # grows with every new holder
    # by the monotonic clock of the boot; 0 when it was given back
    Column("beat_at", Float, nullable=False),
    Column("state", Text, nullable=False),  # JSON
    # when its process began, and the machine's boot, see `nncore.system.machine`
    Column("began", Float, nullable=False, server_default="0"),
    Column("boot", String(80), nullable=False, server_default=""),
)


def _first_tables(connection: Connection) -> None:
    METADATA.create_all(connection)


def _observed_trainings(connection: Connection) -> None:
    _add_column(connection, TRAINING, "observe TEXT NOT NULL DEFAULT '[]'")


def _lost_trainings(connection: Connection) -> None:
    _add_column(connection, TRAINING, "lost INTEGER NOT NULL DEFAULT 0")


def _clocks(connection: Connection) -> None:
    """What had been decided by the time of day."""
    _add_column(connection, LEASE, "began FLOAT NOT NULL DEFAULT 0")
    _add_column(connection, LEASE, "boot VARCHAR(80) NOT NULL DEFAULT ''")
    _add_column(connection, COMPARISON, "ran FLOAT NOT NULL DEFAULT 0")
    _add_column(connection, COMPARISON, "ran_before FLOAT NOT NULL DEFAULT 0")
    _add_column(connection, COMPARISON, "number INTEGER NOT NULL DEFAULT 0")
    query = select(COMPARISON.c.id).order_by(COMPARISON.c.created_at)
    for number, public_id in enumerate(connection.execute(query).scalars().all(), start=1):
        this = update(COMPARISON).where(COMPARISON.c.id == public_id)
        connection.execute(this.values(number=number))


def _paces(connection: Connection) -> None:
    """What estimates learn from."""
    _add_column(connection, TRAINING, "epoch_seconds FLOAT")
    _add_column(connection, TRAINING, "start_seconds FLOAT")


def _summaries(connection: Connection) -> None:
    """What people say of a comparison, and a row in lists for each: the coordinator fills it."""
    _add_column(connection, COMPARISON, "name VARCHAR(120) NOT NULL DEFAULT ''")
    _add_column(connection, COMPARISON, "note TEXT NOT NULL DEFAULT ''")
    _add_column(connection, COMPARISON, "tags TEXT NOT NULL DEFAULT '[]'")
    _add_column(connection, COMPARISON, "deleted_at FLOAT")
    METADATA.create_all(connection, tables=[SUMMARY])
    for index in COMPARISON.indexes:
        index.create(connection, checkfirst=True)
    query = select(COMPARISON.c.id)
    rows = [{"comparison_id": public_id} for public_id in connection.execute(query).scalars()]
    if rows:
        connection.execute(insert(SUMMARY), rows)


def _verdicts(connection: Connection) -> None:
    """What a verdict says in lists, the plan that it rests on, and who saw test scores."""
    _add_column(connection, SUMMARY, "leader TEXT")
    _add_column(connection, SUMMARY, "compared VARCHAR(64) NOT NULL DEFAULT ''")
    for index in SUMMARY.indexes:
        index.create(connection, checkfirst=True)
    METADATA.create_all(connection, tables=[SHOWN])
    connection.execute(update(SUMMARY).values(leader=SUMMARY.c.winner))
    connection.execute(update(SUMMARY).where(SUMMARY.c.place != "clear").values(winner=None))
    bodies = connection.execute(select(COMPARISON.c.id, COMPARISON.c.body)).all()
    for public_id, body in bodies:
        row = update(SUMMARY).where(SUMMARY.c.comparison_id == public_id)
        connection.execute(row.values(compared=compared_in(body)))


def _baselines(connection: Connection) -> None:
    """Simple models beside the arms, for comparisons from now on."""
    METADATA.create_all(connection, tables=[BASELINE, BESIDE])


def _add_column(connection: Connection, table: Table, column: str) -> None:
    existing = {there["name"] for there in inspect(connection).get_columns(table.name)}
    if column.split()[0] not in existing:  # a new store has it from its first step
        connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {column}"))


# Step i leads from version i to i + 1. Append; never change one that was released.
MIGRATIONS: list[Callable[[Connection], None]] = [
    _first_tables,
    _observed_trainings,
    _lost_trainings,
    _clocks,
    _paces,
    _summaries,
    _verdicts,
    _baselines,
]
