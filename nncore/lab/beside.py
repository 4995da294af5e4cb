"""Simple models beside the arms, as pages and the command line want and read them.

They are fitted once for all comparisons on the same data, split and preprocessing, by the
coordinator, when a worker's slot is idle (`nncore.lab.coordinator.fitting`).
"""

import json
import time
from typing import Any

from sqlalchemy import Connection, insert, select, update

from nncore.baselines.catalogue import models_for
from nncore.baselines.settings import data_settings
from nncore.config.config import Config
from nncore.datasets.catalogue import DATASETS
from nncore.lab.keys import baseline_key, baseline_version
from nncore.lab.store.schema import BASELINE, BESIDE
from nncore.questions.comparisons import Comparison
from nncore.results.simple import Simple, SimpleScore, completed
from nncore.results.snapshots import Status
from nncore.system.errors import UnknownName
from nncore.system.paths import data_folders

MOST_ATTEMPTS = 2  # at the models of one data set, by one version of the program
DAMAGED = "What is stored of them is damaged."


def wanted(comparison: Comparison) -> dict[str, Config]:
    """What stands beside a comparison: key -> a config that has the data.

    One, mostly; where splits are repeated, one for each.
    """
    version = baseline_version()
    seeds = comparison.seeds if comparison.repeat_splits else comparison.seeds[:1]
    configs = (comparison.config(arm, seed) for seed in seeds for arm in comparison.arms)
    return {baseline_key(c, data_settings(c), version): c for c in configs}


def want(connection: Connection, public_id: str, comparison: Comparison) -> None:
    """Link simple models to a comparison; queue those that nobody has fitted."""
    configs = wanted(comparison)
    rows = _stored(connection, configs)
    if new := [_row(key, config) for key, config in configs.items() if key not in rows]:
        connection.execute(insert(BASELINE), new)
        rows |= _stored(connection, configs)
    again = [
        row.id
        for row in rows.values()
        if row.status == Status.FAILED.value and row.attempt < MOST_ATTEMPTS
    ]
    if again:
        values = {"status": Status.QUEUED.value, "lost": 0, "error": None, "queued_at": time.time()}
        connection.execute(update(BASELINE).where(BASELINE.c.id.in_(again)).values(values))
    known = set(_linked(connection, public_id))
    links = [
        {"comparison_id": public_id, "baseline_id": row.id}
        for row in rows.values()
        if row.id not in known
    ]
    if links:
        connection.execute(insert(BESIDE), links)


def is_wanted(connection: Connection, public_id: str) -> bool:
    """Whether simple models stand beside a comparison, fitted or not."""
    return bool(_linked(connection, public_id))


def read(connection: Connection, public_id: str) -> tuple[Simple, ...]:
    """Those of a comparison as they stand; of several versions, the newest."""
    query = select(BASELINE).join(BESIDE, BESIDE.c.baseline_id == BASELINE.c.id)
    of_it = query.where(BESIDE.c.comparison_id == public_id).order_by(BASELINE.c.id)
    newest = {row.settings: row for row in connection.execute(of_it)}
    read_ones = (_simple(row) for row in newest.values())
    return tuple(simple for simple in read_ones if simple is not None)


def _simple(row: Any) -> Simple | None:
    """What a row says; None where not even its data can be made out."""
    error = str(row.error or "")
    try:
        settings = dict(json.loads(row.settings))
        names = [model.name for model in models_for(DATASETS[str(settings["dataset"])].task)]
    except (ValueError, TypeError, KeyError, UnknownName, RecursionError):
        return None
    try:
        known = [SimpleScore.from_json(flat) for flat in json.loads(row.models)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        known, error = [], DAMAGED
    return Simple(settings, completed(known, names, error))


def _stored(connection: Connection, keys: dict[str, Config]) -> dict[str, Any]:
    columns = (BASELINE.c.id, BASELINE.c.key, BASELINE.c.status, BASELINE.c.attempt)
    rows = connection.execute(select(*columns).where(BASELINE.c.key.in_(list(keys))))
    return {row.key: row for row in rows}


def _linked(connection: Connection, public_id: str) -> list[int]:
    query = select(BESIDE.c.baseline_id).where(BESIDE.c.comparison_id == public_id)
    return list(connection.execute(query).scalars())


def _row(key: str, config: Config) -> dict[str, Any]:
    return {
        "key": key,
        "settings": json.dumps(data_settings(config), sort_keys=True),
        "config": json.dumps(config.flat()),
        "data_folders": json.dumps([str(folder) for folder in data_folders()]),
        "version": baseline_version(),
        "status": Status.QUEUED.value,
        "queued_at": time.time(),
    }
