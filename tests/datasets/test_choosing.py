"""What a table's columns are taken for, what is chosen at first, and why, in words."""

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.own import upload as own
from nncore.datasets.own.matching import raw_rows
from nncore.datasets.own.profile import read_profiles
from nncore.datasets.own.suggest import suggest, suggested_target
from nncore.datasets.preparation import prepare
from nncore.datasets.preparation.cache import raw
from nncore.datasets.splits import groups_of, parts
from nncore.engines.row_weights import row_weights
from nncore.system.errors import InvalidSetting

pytestmark = pytest.mark.usefixtures("home_of_tables")

N = 240


def table(columns, name="t.csv"):
    """A table of columns by name, each values or a function of the row's number."""
    lines = [",".join(columns)]
    made = [[c(i) for i in range(N)] if callable(c) else list(c) for c in columns.values()]
    lines += [",".join(map(str, row)) for row in zip(*made, strict=True)]
    return own.inspect("\n".join(lines).encode(), name)


RNG = np.random.default_rng(8)
NOISE = RNG.normal(size=N).round(3).tolist()
LABEL = RNG.choice(["yes", "no"], size=N).tolist()
FEW = RNG.integers(0, 60, size=N).tolist()


@pytest.mark.parametrize(
    ("name", "values", "role", "why"),
    [
        ("Id", lambda i: 5000 - i * 7, "identifier", "another number"),
        ("RowNumber", lambda i: i + 1, "identifier", "counts the rows"),
        ("anything", lambda i: i, "identifier", "counts the rows"),
        ("year", lambda i: 1800 + i, "number", ""),
        ("customerID", lambda i: f"{i:04}-XY", "identifier", "another text"),
        ("remark", lambda i: f"he said {i} times", "text", "another text"),
        ("salary", lambda i: 1000 + i * i, "number", ""),
        ("PLZ", FEW, "category", "names, not amounts"),
        ("zip_code", FEW, "category", "names, not amounts"),
        ("patient", FEW, "group", "stay together"),
        ("one", lambda i: 7, "leave_out", "the same in every row"),
        ("noise", lambda i: 0.1 + 0.2 if i % 2 else 0.3, "leave_out", "the same in every row"),
        ("empty", lambda i: "", "leave_out", "it is empty"),
        ("day", lambda i: f"2024-{i % 12 + 1:02}-{i % 28 + 1:02}", "date", ""),
        ("tag", lambda i: f"{i % 28 + 1}.{i % 12 + 1}.2024", "date", ""),
        ("size", lambda i: ["small", "large", "medium"][i % 3], "ordered", "small < medium < l"),
        ("colour", lambda i: ["red", "green", "blue"][i % 3], "category", ""),
    ],
)  # fmt: skip
def test_what_a_column_is_taken_for(name, values, role, why):
    uploaded = table({"x": NOISE, name: values, "y": LABEL})
    said = suggest(uploaded, "y")
    assert said.roles[name] == role
    assert why in said.why[name]
    assert own.plan(uploaded, target="y").rows == N


@pytest.mark.parametrize(
    ("names", "target"),
    [
        (("Survived", "x", "town"), "Survived"),
        (("a", "SalePrice", "b"), "SalePrice"),
        (("class", "price", "b"), "class"),
        (("a", "b", "c"), "c"),
    ],
)
def test_the_target_is_found_by_its_name_else_it_is_last(names, target):
    assert suggested_target(table(dict.fromkeys(names, FEW))) == target


def test_a_copy_of_the_target_is_left_out_and_what_nearly_knows_it_is_asked_about():
    price = [round(float(v), 2) for v in RNG.uniform(50, 90, N)]
    uploaded = table(
        {
            "cents": [round(100 * p) for p in price],
            "estimate": [round(p + float(n) / 10, 2) for p, n in zip(price, NOISE, strict=True)],
            "x": NOISE,
            "price": price,
        }
    )
    said = suggest(uploaded, "price")
    assert said.roles["cents"] == "leave_out"
    assert "says the same as price" in said.why["cents"]
    assert said.roles["estimate"] == "number"
    assert "was it known beforehand?" in said.warnings["estimate"][0]
    assert said.relation["estimate"] > 0.95
    assert said.relation["x"] < 0.2
    coded = table({"x": NOISE, "code": [int(v == "yes") for v in LABEL], "y": LABEL})
    assert suggest(coded, "y").roles["code"] == "leave_out"


def test_columns_that_add_up_to_the_target_are_left_out_and_all_others_stay():
    casual, registered = RNG.integers(0, 900, N), RNG.integers(20, 5000, N)
    warm = registered / 100 + np.array(NOISE)
    count = casual + registered
    bikes = {"warm": warm, "casual": casual, "registered": registered, "cnt": count}
    said = suggest(table(bikes), "cnt")
    assert (said.roles["casual"], said.roles["registered"]) == ("leave_out", "leave_out")
    assert said.why["casual"] == "cnt is registered + casual, in every row"
    assert said.roles["warm"] == "number"
    assert suggest(table(bikes), "casual").why["cnt"] == (
        "casual is cnt − registered, in every row"
    )
    # of what is but a rule with weights, or not quite, nothing is taken away
    for near in (2 * casual + registered, np.where(np.arange(N) == 7, count + 1, count)):
        said = suggest(table(bikes | {"cnt": near}), "cnt")
        assert set(said.roles.values()) == {"number"}
    said = suggest(table({"a": casual, "b": registered, "sum": count}), "sum")
    assert set(said.roles.values()) == {"number"}  # nothing else to learn from


def test_what_may_stand_for_missing_is_pointed_out():
    pressure = [0 if i % 17 == 0 else int(v) for i, v in enumerate(RNG.uniform(60, 110, N))]
    sensor = [-200 if i % 20 == 0 else round(float(v), 3) for i, v in enumerate(RNG.normal(size=N))]
    seen = read_profiles(table({"pressure": pressure, "sensor": sensor, "x": NOISE, "y": LABEL}))
    assert "0 stands 15 times" in seen["pressure"].warnings[0]
    assert "-200 stands 12 times" in seen["sensor"].warnings[0]
    assert seen["x"].warnings == ()


def test_a_date_tells_of_the_target_as_its_days_do():
    days = RNG.permutation(N)
    when = [str(np.datetime64("2023-01-01") + int(d)) for d in days]
    said = suggest(table({"x": NOISE, "when": when, "y": [int(d) * 3 + 0.5 for d in days]}), "y")
    assert (said.roles["when"], said.relation["when"] > 0.9) == ("date", True)


def test_both_orders_of_day_and_month_are_said():
    uploaded = table({"x": NOISE, "when": lambda i: f"{i % 12 + 1}/{i % 11 + 1}/2024", "y": LABEL})
    profile = read_profiles(uploaded)["when"]
    assert (profile.role, profile.date_form) == ("date", "%d/%m/%Y")
    assert "other way round" in profile.warnings[0]
    clear = table({"x": NOISE, "when": lambda i: f"{i % 12 + 1}/{i % 28 + 1}/2024", "y": LABEL})
    profile = read_profiles(clear)["when"]
    assert (profile.date_form, profile.warnings) == ("%m/%d/%Y", ())


def test_rare_texts_share_a_place_and_many_become_the_mean_target():
    town = ["odd" if i == 3 else "ENS"[i % 3] for i in range(N)]
    many = [f"s{i % 60}" for i in range(6 * N)]
    planned = own.plan(table({"x": NOISE, "town": town, "y": LABEL}), target="y")
    assert planned.columns == ("x", "town = E", "town = N", "town = S", "town = (other)")
    rows = "".join(f"{i * i % 97},{many[i]},{i % 2}\n" for i in range(6 * N))
    planned = own.plan(own.inspect(f"x,shop,y\n{rows}".encode(), "t.csv"), target="y")
    assert planned.columns == ("x", "shop: target's mean")
    assert any("so the mean of y stands" in note for note in planned.notes)


def test_roles_can_be_changed():
    uploaded = table({"x": NOISE, "stars": lambda i: i % 4, "y": LABEL})
    roles = {"stars": "category"}
    assert own.plan(uploaded, target="y", roles=roles).columns[1:] == (
        *("stars = 0", "stars = 1", "stars = 2", "stars = 3"),
    )
    assert own.plan(uploaded, target="y", roles={"stars": "ordered"}).columns == ("x", "stars")
    assert own.plan(uploaded, target="y", roles={"stars": "leave_out"}).columns == ("x",)


def test_groups_stay_together_in_every_split():
    entry = own.add(
        table({"x": NOISE, "patient": lambda i: i // 6, "y": LABEL}), target="y", label="Patients"
    )
    assert entry.recipe.group == 1
    assert entry.n_features == 1
    rows = raw(entry.name, "full")
    groups = [set(x[:, 1]) for x in (rows.x_train, rows.x_test)]
    assert not groups[0] & groups[1]
    assert len(groups[0] | groups[1]) == N // 6
    for split in ("stratified:0.2", "last:0.3", "first:20"):
        train, selection, held_out = parts(
            rows.y_train, split, 0.2, stratify=True, groups=groups_of(entry, rows.x_train)
        )
        whose = [set(rows.x_train[part, 1]) for part in (train, selection, held_out)]
        assert all(whose)
        assert sum(map(len, whose)) == len(set.union(*whose))
    data = prepare.prepared(Config(dataset=entry.name, engine="numpy"))
    assert abs(len(data.x_val) - 0.2 * len(rows.x_train)) <= 6


def test_the_newest_rows_test_where_rows_go_by_time():
    days = RNG.permutation(N)
    when = [str(np.datetime64("2023-01-01") + int(d)) for d in days]
    uploaded = table({"x": NOISE, "when": when, "y": [int(d) * 3 + 0.5 for d in days]})
    entry = own.add(uploaded, target="y", by_time="when", label="Days")
    rows = raw(entry.name, "full")
    assert entry.recipe.by_time == "when"
    assert (np.diff(np.concatenate([rows.x_train[:, 1], rows.x_test[:, 1]])) > 0).all()
    assert entry.features == ("x", "when")
    assert entry.recipe.names[1:] == ("when: year", "when: month", "when: weekday",
                                      "when: days since")  # fmt: skip


def test_a_set_of_an_older_version_still_trains(home_of_tables):
    import hashlib
    import json

    from nncore.datasets.definition import Raw
    from nncore.datasets.files import fingerprint
    from nncore.datasets.own.store import own_by_name
    from nncore.lab.workers.messages import Outcome
    from nncore.lab.workers.worker import run_training

    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(50, 3)), rng.integers(2, size=50)
    arrays = Raw(x[:40], y[:40], x[40:], y[40:])
    features = ["age", "town = E", "town = N"]
    about = {"label": "Old", "text": "50 rows.", "file": "old.csv", "task": "binary",
             "target": "y", "classes": ["no", "yes"], "features": features, "train": 40,
             "test": 10, "sha256": fingerprint(arrays.arrays())}  # fmt: skip
    content = [about[key] for key in ("task", "target", "classes", "features", "sha256")]
    name = f"csv_{hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]}"
    folder = home_of_tables / "data" / "own"
    folder.mkdir(parents=True)
    (folder / f"{name}.json").write_text(json.dumps(about))
    np.savez_compressed(folder / f"{name}.npz", **arrays.arrays())
    entry = own_by_name()[name]
    assert (entry.recipe, entry.n_features) == (None, 3)
    config = Config(dataset=name, engine="numpy", hidden=(4,), epochs=2)
    np.testing.assert_allclose(prepare.prepared(config).x_train.mean(axis=0), 0, atol=1e-6)
    end = run_training(config.flat(), lambda _: None, lambda: False)
    assert end.outcome is Outcome.DONE


def test_a_weight_says_how_much_rows_count_in_training_and_nothing_else():
    weights = [["", 0.5, 2, 4][i % 4] for i in range(N)]
    uploaded = table({"x": NOISE, "w": weights, "y": LABEL})
    roles = {"w": "weight"}
    planned = own.plan(uploaded, target="y", roles=roles)
    assert planned.columns == ("x",)
    assert planned.features == ("x",)
    assert planned.rows == 0.75 * N  # who has no weight is left out, and that is said
    assert any("w lacks 60" in note for note in planned.notes)
    assert any("no input. In scores every row counts alike" in note for note in planned.notes)
    entry = own.add(uploaded, target="y", roles=roles, label="Weighed")
    config = Config(dataset=entry.name, engine="numpy", class_weight="balanced", dtype="float64")
    data = prepare.prepared(config)
    assert data.x_train.shape[1] == 1
    assert data.w_train.mean() == pytest.approx(1)
    assert set(np.unique(data.w_train / data.w_train.min()).round(9)) == {1, 4, 8}
    both, counts = row_weights(config, data), np.bincount(data.y_train)
    np.testing.assert_allclose(both, data.w_train * len(both) / (2 * counts[data.y_train]))
    # rows of another file, to predict, need no weights
    rows = raw_rows(entry, table({"x": NOISE, "y": LABEL}))
    assert rows.shape == (N, 2)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (lambda i: i - 5, r"^w can't be a weight: .* 5 rows of 240 have less, down to -5\."),
        (lambda i: "ab"[i % 2], r"^w holds texts, so it can't say how much a row counts"),
        (lambda i: 0, r"^w can't be a weight: no two rows to train on have a weight above 0"),
    ],
)
def test_what_is_no_weight_is_refused_in_a_sentence(values, told):
    uploaded = table({"x": NOISE, "w": values, "y": LABEL})
    with pytest.raises(InvalidSetting, match=told):
        own.plan(uploaded, target="y", roles={"w": "weight"})
