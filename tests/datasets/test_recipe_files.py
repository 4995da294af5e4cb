"""A recipe as a file, a test part of one's own, and orders by hand."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.own import upload as own
from nncore.datasets.own.alike import as_read
from nncore.datasets.own.orders import in_order, is_ordered
from nncore.datasets.own.recipe_file import RecipeFile, recipe_file_from
from nncore.datasets.own.store import own_problems
from nncore.datasets.own.wish import wish
from nncore.datasets.preparation import prepare
from nncore.datasets.preparation.cache import raw
from nncore.system.errors import InvalidSetting

pytestmark = pytest.mark.usefixtures("home_of_tables")


SIZES = ("tall", "grande", "venti")


def shop(n, seed=0, towns="ENS", more="", decimal=",", names=("width", "size", "town", "sold")):
    """Rows of a shop; `more` is a column that others don't have."""
    rng = np.random.default_rng(seed)
    rows = [";".join([*names, *([more] if more else [])])]
    for i in range(n):
        width = "n.v." if i % 10 == 7 else f"{rng.normal(5):.3f}".replace(".", decimal)
        size, town = SIZES[rng.integers(3)], towns[i % len(towns)]
        sold = ("yes", "no")[int(rng.integers(2))]
        rows.append(";".join([width, size, town, sold, *([str(i * i)] if more else [])]))
    return "\n".join(rows).encode()


def read(data, name="shop.csv", **how):
    return own.inspect(data, name, **how)


def saved(**choices):
    """(the table, its recipe after a way through a file)."""
    table = read(shop(120), missing={"width": {"n.v.": True}})
    choices = {"target": "sold", "orders": {"size": "tall < grande < venti"}} | choices
    choices["roles"] = {"size": "ordered", **choices.get("roles", {})}
    made = RecipeFile(as_read(table), wish(table, **choices))
    again = recipe_file_from(made.to_bytes(), "recipe.json")
    assert again.wish.roles == made.wish.roles
    return table, again


def test_a_recipe_makes_of_the_same_file_the_same_set():
    table, recipe = saved(gaps="leave_rows_out")
    first = own.add(table, label="One", **recipe.choices(table))
    again = read(shop(120), **asdict(recipe.how))
    assert own.add(again, label="Two", **recipe.choices(again)).name == first.name
    other = own.add(table, label="Three", target="sold", features=["width", "size"])
    assert other.name != first.name


def test_a_recipe_reads_and_chooses_of_next_months_file_by_the_names_of_columns():
    _, recipe = saved()
    columns = ("width", "size", "town", "sold")
    lines = shop(60, seed=3, more="till").decode().splitlines()
    turned = "\n".join(";".join(reversed(line.split(";"))) for line in lines)
    table = read(turned.encode(), "june.csv", **asdict(recipe.how))
    assert table.column("width").kind == "number"  # n.v. is a gap there, too
    choices = recipe.choices(table)
    assert choices["roles"] == {
        "till": "leave_out", "town": "category", "size": "ordered", "width": "number",
    }  # fmt: skip
    assert recipe.notes(table) == ("Left out, because the recipe doesn't know them: till.",)
    planned = own.plan(table, **choices)
    assert set(planned.features) == set(columns) - {"sold"}
    assert "size: tall < grande < venti." in planned.notes


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (shop(60, names=("wide", "size", "town", "sold")), r"june\.csv lacks width, which the"),
        (
            shop(60, decimal="x"),
            "takes width for numbers, but june.csv has texts there, such as '.*' in width",
        ),
    ],
)
def test_a_file_that_a_recipe_does_not_fit_is_refused_with_a_reason(file, says):
    _, recipe = saved()
    with pytest.raises(InvalidSetting, match=says):
        recipe.choices(read(file, "june.csv", **asdict(recipe.how)))


def test_files_that_are_no_recipe_are_refused():
    _, recipe = saved()
    sound = json.loads(recipe.to_bytes())
    spoiled = [
        b"", b"[]", b"{}", b"\xff\xfe", b'{"format": 1}', b"[" * 5000,
        sound | {"format": "NN Lab recipe 2"},
        sound | {"more": 1},
        sound | {"how": sound["how"] | {"decimal": "x"}},
        sound | {"how": sound["how"] | {"missing": {"a": {"b": 1}}}},
        sound | {"how": sound["how"] | {"odd": 1}},
        *(sound | {"wish": sound["wish"] | {key: bad}} for key, bad in [
            ("target", "a\nb"), ("task", "sort"), ("roles", {"width": "king"}), ("roles", []),
            ("gaps", ["impute"]), ("by_time", None), ("orders", {"size": ["a", "a"]}),
            ("orders", {"size": "a < b"}), ("orders", {"size": [1, 2]}),
        ]),
    ]  # fmt: skip
    for bad in spoiled:
        data = bad if isinstance(bad, bytes) else json.dumps(bad).encode()
        with pytest.raises(InvalidSetting, match=r"r\.json is no recipe that can be used"):
            recipe_file_from(data, "r.json")


def test_rows_of_a_second_file_test_and_never_train():
    table, recipe = saved()
    rows = shop(40, seed=9, towns="NW").decode().splitlines()
    rows[1] = rows[1].rpartition(";")[0] + ";"  # nobody knows
    rows[2] = rows[2].rpartition(";")[0] + ";perhaps"
    test = read("\n".join(rows).encode(), "test.csv", **asdict(as_read(table)))
    choices = recipe.choices(table)
    planned = own.plan(table, test_file=test, **choices)
    assert (planned.rows, planned.test_rows) == (120, 38)
    assert planned.notes[-3:] == (
        "1 of 40 rows of test.csv lack sold: left out.",
        "1 of 40 rows of test.csv are of classes that training rows don't have: left out.",
        "Rows of test.csv with a rare or new text: town: 19.",
    )
    made = own.add(table, label="Shop", test_file=test, **choices)
    assert own_problems() == []
    form = made.variants["full"]
    assert (form.train, form.test, form.test_given) == (120, 38, True)
    arrays = raw(made.name, "full")
    columns = [column.name for column in made.recipe.columns]
    truth = [line.split(";") for line in rows[3:]]
    assert arrays.y_test.tolist() == [made.classes.index(line[3]) for line in truth]
    size = arrays.x_test[:, columns.index("size")]
    assert size.tolist() == [SIZES.index(line[1]) for line in truth]
    assert sorted(arrays.x_train[:, columns.index("size")]) == sorted(
        SIZES.index(line.split(";")[1]) for line in shop(120).decode().splitlines()[1:]
    )
    config = Config(dataset=made.name)
    assert config.counts() == (96, 24, 38)
    assert Config(dataset=made.name, split="random:0.25:42").counts() == (90, 30, 38)
    data = prepare.prepared(config)
    place = made.recipe.names.index("town = E")
    unknown = [line[2] == "W" for line in truth]
    assert (data.x_test[unknown, place : place + 3] == 0).all()  # in the place of no town it knew
    assert np.isfinite(data.x_test).all()
    other = own.add(table, label="Shop", **choices)
    assert other.name != made.name
    assert "120 of 120 rows of shop.csv are among the training rows, too" in str(
        own.plan(table, test_file=table, **choices).notes
    )


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (shop(40, names=("width", "size", "town", "bought")), r"lacks sold, which is to be"),
        (shop(40, names=("width", "size", "place", "sold")), r"lacks town: training rows have"),
        (shop(3), "has 3 rows to test with, but at least 4"),
    ],
)
def test_a_file_that_cannot_test_is_refused(file, says):
    table, recipe = saved()
    test = read(file, "test.csv", **asdict(as_read(table)))
    with pytest.raises(InvalidSetting, match=says):
        own.plan(table, test_file=test, **recipe.choices(table))


@pytest.mark.parametrize(
    "texts",
    [
        ("1-2 years", "3-5 years", "6-10 years", "10+ years"),
        ("< 1 year", "1 year", "2 years", "10 years", "10+ years"),
        ("under 18", "18-25", "26-65", "over 65"),
        ("0 - 500 €", "500 - 1,000 €", "1,000 - 25,000 €"),
        ("Low", "Medium", "High"),
        ("XS", "S", "M", "L", "XXL"),
    ],
)
def test_steps_of_an_amount_are_ordered_unasked(texts):
    assert is_ordered(texts)
    assert in_order(sorted(texts)) == texts


def test_names_are_not_ordered_unasked_but_months_stand_in_their_order():
    for names in (("iPhone 4", "iPhone 5", "iPhone 6+"), ("E", "N", "S"), ("A1", "B2", "C3-4")):
        assert not is_ordered(names)
    assert not is_ordered(("jan", "feb", "mar"))
    assert in_order(("apr", "jan", "mar")) == ("jan", "mar", "apr")
    assert in_order(("Friday", "Monday")) == ("Monday", "Friday")


def test_an_order_by_hand_gives_each_text_its_place_and_must_name_all():
    table, recipe = saved()
    made = own.add(table, label="Shop", **recipe.choices(table))
    assert {c.name: c.categories for c in made.recipe.columns}["size"] == SIZES
    for order, says in (
        ("tall < grande", "it lacks 'venti'"),
        ("tall < grande < venti < trenta", "the column has no 'trenta'"),
        ("tall < grande < tall < venti", "a text stands in it twice"),
    ):
        with pytest.raises(InvalidSetting, match=f"The order of size must .*{says}"):
            own.plan(table, target="sold", roles={"size": "ordered"}, orders={"size": order})
