"""`table`, `compare --csv` and `predict --csv`: a file of one's own by command."""

import csv
import io
import json
import math
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

from nncore.analysis.weights import Weights
from nncore.cli.main import build_parser, main
from nncore.cli.own_file import kept_file
from nncore.config.config import Config
from nncore.datasets.own.matching import raw_rows
from nncore.datasets.own.store import own_by_name
from nncore.datasets.own.upload import inspect
from nncore.datasets.preparation import prepare
from nncore.engines.begin import begin
from nncore.engines.weights import initial_weights
from nncore.export.plane import check_plane, over_the_plane
from nncore.figures.trained.coefficients import coefficients
from nncore.network.layers import Concatenate
from nncore.saved.inference import predict
from nncore.saved.network import SavedNetwork, from_bytes, to_bytes
from nncore.system.errors import BadNetwork, InvalidSetting
from tests.in_process import read_here
from tests.workbooks import xlsx


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NNLAB_DATA", "")
    read_here(monkeypatch)
    prepare._prepared.cache_clear()
    yield tmp_path
    prepare._prepared.cache_clear()


def homes(n=120, columns=("Id", "rooms", "town", "built", "price")):
    rng = np.random.default_rng(3)
    lines = [",".join(columns)]
    for i in range(n):
        rooms, town = rng.integers(1, 9), rng.choice(["E", "N", "S"])
        row = {
            "Id": 1000 + i,
            "rooms": "" if i % 20 == 3 else rooms,
            "town": town,
            "built": np.datetime64("1990-01-01") + int(rng.integers(9000)),
            "price": round(50 * rooms + 100 * (town == "S") + rng.normal(), 1),
        }
        lines.append(",".join(str(row[name]) for name in columns))
    return "\n".join(lines)


@pytest.fixture
def file(home):
    path = home / "homes.csv"
    path.write_text(homes())
    return path


def asked(*words, capsys):
    code = main([*map(str, words)])
    return code, capsys.readouterr()


def test_a_sheet_and_standard_input_say_the_same_as_the_file(file, capsys, monkeypatch):
    rows = [[typed(cell) for cell in line.split(",")] for line in homes().splitlines()]
    book = file.with_suffix(".xlsx")
    book.write_bytes(xlsx(First=rows[:40], Homes=rows))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    answers = []
    for words in (["-"], [file], [book, "--set", "sheet=Homes"]):
        code, said = asked("table", *words, "--json", "-", capsys=capsys)
        assert code == 0
        answers.append(json.loads(said.out))
    piped, plain, sheet = answers
    assert piped == plain
    assert "The sheet 'Homes' was read; there are also 'First'." in sheet["steps"]
    assert (sheet["encoding"], sheet["separator"], sheet["decimal"]) == ("", "", ".")
    told = ("encoding", "separator", "steps")
    assert {k: v for k, v in sheet.items() if k not in told} == {
        k: v for k, v in plain.items() if k not in told
    }
    code, said = asked("table", book, "--set", "sheet=Hones", capsys=capsys)
    assert (code, "Did you mean 'Homes'?" in said.err) == (2, True)
    asking = [["--csv", str(file)], ["--csv", str(book), "--sheet", "Homes"]]
    kept = [build_parser().parse_args(["compare", "activations", *words]) for words in asking]
    assert kept_file(kept[0]).name == kept_file(kept[1]).name  # that of its content


def typed(cell):
    """A cell as a spreadsheet program takes what is typed."""
    try:
        return float(cell)
    except ValueError:
        return cell or None


def test_table_says_what_is_in_a_file(file, capsys):
    code, said = asked("table", file, "--json", "-", capsys=capsys)
    answer = json.loads(said.out)
    assert code == 0
    assert {"rows", "header", "encoding", "separator", "decimal", "thousands", "columns", "target",
            "task", "classes", "features", "left_out", "usable_rows", "steps",
            } == set(answer)  # fmt: skip
    assert (answer["rows"], answer["usable_rows"], answer["separator"]) == (120, 120, ",")
    assert (answer["target"], answer["task"], answer["classes"]) == ("price", "regression", {})
    assert answer["features"] == ["rooms", "town", "built"]
    assert answer["left_out"] == [{"name": "Id", "why": "it counts the rows"}]
    by_name = {column["name"]: column for column in answer["columns"]}
    assert [by_name[n]["kind"] for n in ("rooms", "town", "built")] == [
        "number", "category", "date",
    ]  # fmt: skip
    assert [by_name[n]["role"] for n in ("Id", "rooms", "price")] == ["left out", "input", "target"]
    assert (by_name["rooms"]["missing"], by_name["town"]["categories"]) == (6, ["E", "N", "S"])


def test_table_follows_what_is_chosen(file, capsys):
    chosen = ("--target", "town", "--set", "use.price=leave_out", "--set", "gaps=leave_rows_out")
    code, said = asked("table", file, *chosen, capsys=capsys)
    assert code == 0
    assert "To predict: town, classification" in said.out
    assert "Usable rows: 114" in said.out
    assert "price" in said.out.split("Left out:")[1]


def test_a_file_is_read_as_somebody_says(home, capsys):
    path = home / "doubtful.csv"
    rows = [f"{i}.234;{'NSx'[i % 3]};{i % 2}" for i in range(1, 90)]
    path.write_text("\n".join(["x;town;y", *rows]))
    _, said = asked("table", path, "--json", "-", capsys=capsys)
    first = json.loads(said.out)
    assert (first["decimal"], first["columns"][0]["max"]) == (".", 89.234)
    assert any("could as well be 1234" in step for step in first["steps"])
    how = ("--set", "decimal=,", "--set", "missing.town=x", "--set", "header=yes")
    _, said = asked("table", path, *how, "--json", "-", capsys=capsys)
    other = json.loads(said.out)
    assert (other["decimal"], other["columns"][0]["max"]) == (",", 89234.0)
    assert other["columns"][1]["missing"] == 30


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--set", "decimal=x"), "decimal must be . or ,"),
        (("--target", "prise"), "Did you mean 'price'?"),
        (("--task", "guess"), "--task must be auto, classification, regression"),
        (("--set", "use.town=purple"), "town can be used as number, category"),
        (("--set", "colour=red"), "--set must be use.COLUMN"),
        (("--target", "town", "--task", "regression"), "town holds texts"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(file, capsys, words, says):
    code, said = asked("table", file, *words, capsys=capsys)
    assert code == 2
    assert says in said.err
    assert said.err.count("\n") == 1


def test_a_file_that_is_none_is_said(home, capsys):
    code, said = asked("table", home / "nothing.csv", capsys=capsys)
    assert (code, said.err.count("\n")) == (2, 1)
    assert "can't be read" in said.err


@pytest.fixture
def network(file):
    from nncore.cli.own_file import read_file
    from nncore.datasets.own.upload import add

    entry = add(read_file(str(file)), label="Homes")
    config = Config(dataset=entry.name, engine="numpy", hidden=(8,))
    data = prepare.prepared(config)
    run = begin("numpy", config, data)
    run.advance(300, 0.01)
    made = SavedNetwork(config, tuple(run.get_weights()), prepare.learnt(config),
                        data.target_scale, data.target_offset)  # fmt: skip
    return made, run.predict(data.x_test)[:, 0] * data.target_scale + data.target_offset


def test_a_network_file_takes_raw_rows(network):
    made, expected = network
    again = from_bytes(to_bytes(made))
    x_test = prepare.raw_of(made.config).x_test
    assert np.isnan(x_test).any() or np.isnan(prepare.raw_of(made.config).x_train).any()
    said = predict(again, x_test)[:, 0] * again.target_scale + again.target_offset
    np.testing.assert_allclose(said, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        (None, "lacks 'recipe'"),
        (np.frombuffer(b'{"scaled": true, "columns": []}', np.uint8), "other columns"),
        (np.frombuffer(b"\xff{", np.uint8), "can't be used"),
        (np.ones(3), "no text"),
    ],
)
def test_a_network_file_whose_recipe_was_changed_is_refused(network, recipe, says):
    made, _ = network
    with np.load(io.BytesIO(to_bytes(made))) as file:
        entries = {name: file[name] for name in file if name != "recipe"}
    stream = io.BytesIO()
    np.savez(stream, **entries, **({} if recipe is None else {"recipe": recipe}))
    with pytest.raises(BadNetwork, match=says):
        from_bytes(stream.getvalue())


def test_rows_of_another_file_are_answered_beside_it(network, home, capsys):
    made, _ = network
    (home / "network.npz").write_bytes(to_bytes(made))
    text = homes(columns=("built", "town", "rooms", "Id"))
    (home / "next.csv").write_text(text.replace(",S,", ",W,", 1))  # a town that nobody knew
    out = home / "out.csv"
    words = ("predict", home / "network.npz", "--csv", home / "next.csv", "--out", out)
    code, _ = asked(*words, capsys=capsys)
    assert code == 0
    with out.open() as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 120
    table = inspect((home / "next.csv").read_bytes(), "next.csv")
    x = raw_rows(made.config.data, table)
    wanted = predict(made, x)[:, 0] * made.target_scale + made.target_offset
    said = [float(row["predicted price"]) for row in rows]
    np.testing.assert_allclose(said, wanted, rtol=1e-4)
    assert rows[3]["rooms"] == ""
    assert (x[:, 1] == made.config.data.recipe.columns[1].other).sum() == 1


def test_a_typed_row_is_read_as_a_row_of_a_file(network, home, capsys):
    made, _ = network
    (home / "network.npz").write_bytes(to_bytes(made))
    line = "rooms,town,built\n"
    for typed, seen in (
        ("3,S,1999-12-31", [3.0, "S", "1999-12-31"]),
        (", W ,1999-12-31", [None, "(other)", "1999-12-31"]),
    ):
        words = ("predict", home / "network.npz", typed, "--json", "-")
        code, said = asked(*words, capsys=capsys)
        assert code == 0, said.err
        answer = json.loads(said.out)
        assert answer["input"]["row"] == seen
        # read_file wants some rows, so that a column of few values is one of texts
        rows = [typed.replace(" ", ""), *(f"{i},E,2001-01-0{i + 1}" for i in range(1, 6))]
        table = inspect((line + "\n".join(rows)).encode(), "next.csv")
        out = predict(made, raw_rows(made.config.data, table))[0, 0]
        wanted = out * made.target_scale + made.target_offset
        assert answer["predicted"] == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("3,S", "must have 3 values (rooms, town, built)"),
        ("three,S,1999-12-31", "rooms of a row for Homes must be a number; got 'three'"),
        ("3,S,yesterday", "built of a row for Homes must be a date such as 2024-05-31"),
    ],
)
def test_a_typed_row_that_is_none_is_said(network, home, capsys, typed, says):
    made, _ = network
    (home / "network.npz").write_bytes(to_bytes(made))
    code, said = asked("predict", home / "network.npz", typed, capsys=capsys)
    assert code == 2
    assert says in said.err


def test_predict_takes_an_input_or_a_file(capsys):
    for words in ((), ("1,2", "--csv", "a.csv", "--out", "b.csv"), ("--csv", "a.csv")):
        code, said = asked("predict", "dataset=iris", *words, capsys=capsys)
        assert code == 2
        assert "--csv" in said.err


def test_a_column_named_for_one_side_stands_for_all_numbers_made_of_it(network):
    flat = network[0].config.flat() | {"model": "wide_deep", "hidden": "8"}
    config = Config.from_flat({**flat, "wide_inputs": "town", "deep_inputs": "rooms-built"})
    towns = [i for i, name in enumerate(config.data.inputs) if name.startswith("town = ")]
    assert len(towns) >= 3
    layers = config.layers()
    (wide,) = (layer.columns for layer in layers if isinstance(layer, Concatenate))
    assert list(wide) == towns
    others = sorted(set(range(config.n_features)) - set(towns))
    assert sorted(layers[0].columns) == others
    with pytest.raises(InvalidSetting, match="Columns: rooms, town, built"):
        Config.from_flat({**flat, "wide_inputs": "price"})


def town_kept(home):
    """A text with two places, and nothing else: two inputs, but no plane."""
    from nncore.cli.own_file import read_file
    from nncore.datasets.own.upload import add

    rows = [f"{'E' if i % 3 else 'N'},{i % 7}.5" for i in range(60)]
    (home / "one.csv").write_text("\n".join(["town,price", *rows]))
    entry = add(read_file(str(home / "one.csv")), label="One", target="price")
    assert entry.n_features == 2
    return entry


def test_the_plane_of_two_columns_leaves_gaps_out(home):
    from nncore.cli.own_file import read_file
    from nncore.datasets.own.upload import add

    rng = np.random.default_rng(0)
    points = [f"{a:.3f},{b:.3f},{'u' if a > b else 'v'}" for a, b in rng.normal(size=(80, 2))]
    (home / "two.csv").write_text("\n".join(["a,b,y", "1.0,,u", *points]))
    entry = add(read_file(str(home / "two.csv")), label="Two", target="y")
    config = Config(dataset=entry.name, engine="numpy", hidden=(4,))
    prepare.prepared(config)
    made = SavedNetwork(config, tuple(initial_weights(config)), prepare.learnt(config))
    plane = over_the_plane(made)
    assert np.isfinite(plane.square).all()
    assert np.isfinite(plane.output).all()
    with pytest.raises(InvalidSetting, match="only the plane of two numbers"):
        check_plane(Config(dataset=town_kept(home).name))


def test_inputs_of_a_recipe_are_named_and_not_called_standardized(network):
    flat = network[0].config.flat() | {"hidden": "none"}
    config = Config.from_flat(flat)
    weights = initial_weights(config)
    chart = coefficients(Weights(config, weights), key="c")
    assert {"town = S", "rooms"} <= set(chart.table["Input"])
    assert "standardized" not in chart.look_for


@pytest.mark.parametrize(
    "choices", [{"roles": {"town": "group"}}, {"roles": {"built": "date"}, "by_time": "built"}]
)
def test_a_published_split_draws_no_rows_of_groups_or_of_time(file, choices):
    from nncore.cli.own_file import read_file
    from nncore.datasets.own.upload import add

    (column,) = {"town", "built"} & {*choices["roles"]}
    entry = add(read_file(str(file)), label="Homes", **choices)
    with pytest.raises(InvalidSetting, match=f"draws single rows by chance.*{column}"):
        Config(dataset=entry.name, split="random:0.25:42")
    Config(dataset=entry.name, split="last:0.2")


def test_a_published_split_of_a_file_is_scikit_learns(file):
    from sklearn.model_selection import train_test_split

    from nncore.cli.own_file import read_file
    from nncore.datasets.own.upload import add

    entry = add(read_file(str(file)), label="Homes")
    config = Config(dataset=entry.name, split="random:0.25:42")
    prices = [float(line.rsplit(",", 1)[1]) for line in homes().splitlines()[1:]]
    left, test = train_test_split(prices, test_size=0.25, random_state=42)
    train, _ = train_test_split(left, test_size=0.25, random_state=42)
    data = prepare.prepared(config)
    for part, published in ((data.y_test, test), (data.y_train, train)):
        np.testing.assert_allclose(part * data.target_scale + data.target_offset, published)
    assert config.data.counts("full", config.split) == (len(train), len(data.y_val), len(test))


def test_rows_that_lack_a_column_are_refused(network):
    made, _ = network
    table = inspect(homes(columns=("rooms", "price")).encode(), "next.csv")
    with pytest.raises(InvalidSetting, match=r"next\.csv lacks town and built"):
        raw_rows(made.config.data, table)
    words = "".join(f"x{i},E,2001-01-0{i + 1}\n" for i in range(5))
    table = inspect(f"rooms,town,built\n{words}".encode(), "next.csv")
    with pytest.raises(InvalidSetting, match="rooms must hold numbers"):
        raw_rows(made.config.data, table)
    weighed = replace(made.config.data, how={"units": {"rooms": "kg"}})
    for unit, is_other in ((" kg", False), ("", False), (" g", True)):
        rows = "".join(f"{i}{unit},E,2001-01-0{i + 1}\n" for i in range(5))
        table = inspect(f"rooms,town,built\n{rows}".encode(), "next.csv")
        with pytest.raises(InvalidSetting, match="in kg") if is_other else nullcontext():
            raw_rows(weighed, table)


def bonuses(rows, decimal=","):
    """A file whose thousands, dates and one gap can be read in two ways."""
    lines = [f"{i % 30 + 1}.2{i % 8}4;{'NSx'[i % 3]};{i % 12 + 1}/{(i + 3) % 11 + 1}/2024"
             for i in rows]  # fmt: skip
    paid = [f"{(i % 30 + 1) * 1000 + (50 if i % 3 == 1 else 0)}" for i in rows]
    return "\n".join(["pay;town;when;paid", *map(";".join, zip(lines, paid, strict=True))])


def test_rows_to_come_are_read_as_the_file_of_the_set_was(home, capsys):
    from nncore.datasets.own import store
    from nncore.datasets.own.alike import alike, said_alike
    from nncore.datasets.own.upload import add

    said = {"decimal": ",", "missing": {"town": {"x": True}}, "undone": ("days",)}
    entry = add(inspect(bonuses(range(90)).encode(), "pay.csv", **said), label="Pay", target="paid")
    assert said_alike(entry) == (
        "Read as the file of Pay was: commas are decimal, 'x' is missing in town, months stand "
        "first in when."
    )
    config = Config(dataset=entry.name, engine="numpy", hidden=(4,))
    prepare.prepared(config)
    made = SavedNetwork(config, tuple(initial_weights(config)), prepare.learnt(config), 1.0, 0.0)
    (home / "network.npz").write_bytes(to_bytes(made))
    (home / "next.csv").write_text(bonuses(range(2, 6)))
    table = inspect((home / "next.csv").read_bytes(), "next.csv", **alike(entry))
    rows = raw_rows(entry, table)
    np.testing.assert_array_equal(rows[:, 0], [3224, 4234, 5244, 6254])  # of 3.224, ...
    assert [math.isnan(v) for v in rows[:, 1]] == [True, False, False, True]
    when = ["2024-03-06", "2024-04-07", "2024-05-08", "2024-06-09"]
    np.testing.assert_array_equal(rows[:, 2], np.array(when, "datetime64[D]").astype(int))
    alone = raw_rows(entry, inspect((home / "next.csv").read_bytes(), "next.csv"))
    assert alone[0, 0] == 3.224

    words = ("predict", home / "network.npz", "--csv", home / "next.csv", "--out", home / "o.csv")
    code, told = asked(*words, capsys=capsys)
    assert (code, told.out.count(said_alike(entry))) == (0, 1)
    as_inherited = (home / "o.csv").read_text()
    assert "3224" in as_inherited
    over = ("--set", "decimal=.", "--set", "keep.town=x", "--set", "step.days=yes")
    code, _ = asked(*words, *over, capsys=capsys)
    assert "3.224" in (home / "o.csv").read_text()
    assert ",x," in (home / "o.csv").read_text()
    code, told = asked(*words, "--set", "use.town=number", capsys=capsys)
    assert (code, "--set must be header=yes or no" in told.err) == (2, True)

    path = store.own_folder() / f"{entry.name}.json"  # as an older version kept it
    about = json.loads(path.read_text())
    path.write_text(json.dumps({key: value for key, value in about.items() if key != "how"}))
    older = own_by_name()[entry.name]
    assert (older.how, said_alike(older), alike(older)) == (None, "", {})
    path.write_text(json.dumps({**about, "how": {**about["how"], "decimal": "x"}}))
    assert entry.name not in own_by_name()


def test_a_recipe_is_saved_and_applied_to_another_file(file, home, capsys):
    recipe, other = home / "recipe.json", home / "other.csv"
    words = ("--target", "town", "--set", "use.rooms=ordered", "--save-recipe", recipe)
    code, said = asked("table", file, *words, "--set", "use.built=leave_out", capsys=capsys)
    assert code == 0, said.err
    other.write_text(homes(n=60, columns=("price", "built", "town", "rooms")) + "\n,,W,12")
    code, said = asked("table", other, "--recipe", recipe, "--json", "-", capsys=capsys)
    answer = json.loads(said.out)
    assert code == 0
    assert (answer["target"], sorted(answer["features"])) == ("town", ["price", "rooms"])
    words = ("--recipe", recipe, "--set", "use.price=leave_out", "--target", "rooms")
    code, said = asked("table", other, *words, "--json", "-", capsys=capsys)
    answer = json.loads(said.out)
    assert (answer["target"], answer["task"]) == ("rooms", "regression")  # as suits that column
    other.write_text(homes(columns=("price", "town")))
    code, said = asked("table", other, "--recipe", recipe, capsys=capsys)
    assert code == 2
    assert "other.csv lacks rooms" in said.err
    code, said = asked("table", file, "--recipe", home / "none.json", capsys=capsys)
    assert code == 2
    assert "none.json can't be read" in said.err


@pytest.mark.slow
def test_compare_tests_on_a_file_of_its_own(file, home, capsys):
    (home / "test.csv").write_text(homes(n=30, columns=("town", "rooms", "built", "price")))
    words = ("compare", "models", "--csv", file, "--test-csv", home / "test.csv", "--seeds", "1",
             "--epochs", "2", "--no-baselines", "--engine", "numpy", "--arms", "mlp,wide_deep",
             "--store", f"sqlite:///{home / 'store.sqlite'}", "--test")  # fmt: skip
    code, said = asked(*words, capsys=capsys)
    assert code == 0, said.err
    assert "96 training, 24 validation and 30 test samples" in said.out


@pytest.mark.slow
def test_compare_trains_on_a_file(file, home, capsys, monkeypatch):
    words = ("compare", "models", "--csv", file, "--target", "price", "--features", "rooms,town",
             "--seeds", "2", "--epochs", "3", "--no-baselines", "--engine", "numpy",
             "--store", f"sqlite:///{home / 'store.sqlite'}", "--json", "-")  # fmt: skip
    code, said = asked(*words, capsys=capsys)
    assert code == 0, said.err
    (entry,) = own_by_name().values()
    assert (entry.label, entry.features) == ("homes", ("rooms", "town"))
    arms = [arm["label"] for arm in json.loads(said.out)["arms"]]
    assert arms == ["Linear regression", "mlp"]


def test_a_file_and_a_data_set_exclude_each_other(file, capsys):
    code, said = asked("compare", "models", "--csv", file, "--dataset", "iris", capsys=capsys)
    assert code == 2
    assert "exclude each other" in said.err
    code, said = asked("compare", "models", "--target", "price", capsys=capsys)
    assert code == 2
    assert "belong to a file" in said.err
