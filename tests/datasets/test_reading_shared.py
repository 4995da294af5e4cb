"""Public files as people have them, against pandas with the options that a person finds by hand.

They aren't in this repository; without them these tests are skipped.
"""

import numpy as np
import pandas as pd
import pytest

from nncore.datasets.own.csv_columns import store_table
from nncore.datasets.own.csv_table import read_table
from nncore.datasets.own.how import How
from tests.real_tables import TABLES

pytestmark = pytest.mark.slow

NO_NAMES = {"header": None}
QUOTED = {"header": None, "quotechar": "'"}
SPACES = {"header": None, "sep": r"\s+"}
OPTIONS = {
    "AirQualityUCI_eu.csv": {"usecols": range(13)},
    **{f"{name}.csv": NO_NAMES for name in (
        "abalone", "adult-train", "auto-insurance", "auto_imports", "ecoli", "german", "glass",
        "haberman", "horse-colic", "housing", "ionosphere", "new-thyroid", "oil-spill", "phoneme",
        "pima-indians-diabetes", "sonar", "wine", "winequality-red", "winequality-white")},
    "breast-cancer-wisconsin.data": NO_NAMES,
    "breast-cancer.csv": QUOTED,
    "mammography.csv": QUOTED,
    "ecoli.data": SPACES,
    "housing.data": SPACES,
}  # fmt: skip
NAMED = (
    *("AirQualityUCI.csv", "Churn_Modelling.csv", "Iris.csv", "daily-max-temperatures.csv"),
    *("house_train.csv", "melb.csv", "shampoo.csv", "titanic.csv"),
    "WA_Fn-UseC_-Telco-Customer-Churn.csv",
)


@pytest.mark.parametrize("name", [*OPTIONS, *NAMED])
def test_values_are_those_that_pandas_reads_with_the_right_options(name, tmp_path):
    if not (TABLES / name).is_file():
        pytest.skip(f"{name} is not on this machine")
    store_table((TABLES / name).read_bytes(), name, How(), tmp_path)
    table = read_table(tmp_path)
    cells = pd.read_csv(TABLES / name, dtype=str, keep_default_na=False, skipinitialspace=True,
                        **OPTIONS.get(name, {}))  # fmt: skip
    assert table.rows == len(cells)
    assert len(table.columns) == cells.shape[1]
    for place, column in enumerate(table.columns):
        texts = cells[cells.columns[place]].str.strip()
        gone = texts.isin(["", "?", "NA", "nan"])
        assert column.missing == gone.sum()
        if column.kind == "number":
            wanted = pd.to_numeric(texts.where(~gone)).to_numpy(np.float64)
            np.testing.assert_array_equal(column.values, wanted)
        else:
            known = [*column.categories, ""]
            got = pd.Series([known[code] for code in column.values], texts.index)
            assert (got[~gone] == texts[~gone].str.split().str.join(" ")).all()


def test_every_file_that_is_there_is_compared():
    there = {file.name for file in TABLES.glob("*")} - {"README.md"}
    assert there <= {*OPTIONS, *NAMED}
