"""Tables: those that come with scikit-learn, and the bundled California housing table."""

from functools import partial

import numpy as np

from nncore.datasets.definition import Dataset, Raw, Variant
from nncore.datasets.files import read_bundled
from nncore.datasets.splits import without_test

_BSD = "BSD-3-Clause, as distributed with scikit-learn"
_CELLS = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)


def _from_sklearn(loader: str, stratify: bool = True) -> Raw:
    from sklearn import datasets

    # unscaled: the scaled diabetes table differs in its last bits between processors
    options = {"scaled": False} if loader == "load_diabetes" else {}
    x, y = getattr(datasets, loader)(return_X_y=True, **options)
    return without_test(x, y, stratify=stratify)


def _load_california() -> Raw:
    """Rebuild the table from the census's own integers; exact, because they were the source."""
    column = {key: a.astype(np.float64) for key, a in read_bundled("california_housing").items()}
    households = column["households"]
    x = np.column_stack(
        [
            column["income_10_dollars"] / 1e4,
            column["house_age"],
            column["rooms"] / households,
            column["bedrooms"] / households,
            column["population"],
            column["population"] / households,
            column["latitude_100"] / 100.0,
            column["longitude_100"] / 100.0,
        ]
    )
    return without_test(x, column["value_dollars"] / 1e5, stratify=False)


IRIS = Dataset(
    "iris",
    "Iris",
    "multiclass",
    (4,),
    {"full": Variant(120, 30, "", "all 150 flowers", partial(_from_sklearn, "load_iris"))},
    "Three species of iris told apart by four lengths. Small and easy: one species is separable "
    "by a line, the other two nearly.",
    "Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7, 1936",
    _BSD,
    classes=("setosa", "versicolor", "virginica"),
    features=("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"),
)
WINE = Dataset(
    "wine",
    "Wine",
    "multiclass",
    (13,),
    {"full": Variant(142, 36, "", "all 178 wines", partial(_from_sklearn, "load_wine"))},
    "Three grape cultivars told apart by the chemistry of their wine. The columns have very "
    "different sizes, so it shows what standardizing is worth.",
    "Aeberhard and Forina, Wine, UCI Machine Learning Repository 1991, doi 10.24432/C5PC7J",
    _BSD,
    classes=("cultivar 1", "cultivar 2", "cultivar 3"),
    features=(
        "alcohol",
        "malic acid",
        "ash",
        "alcalinity of ash",
        "magnesium",
        "total phenols",
        "flavanoids",
        "nonflavanoid phenols",
        "proanthocyanins",
        "color intensity",
        "hue",
        "OD280/OD315 of diluted wines",
        "proline",
    ),
)
BREAST_CANCER = Dataset(
    "breast_cancer",
    "Breast cancer",
    "binary",
    (30,),
    {
        "full": Variant(
            455, 114, "", "all 569 patients", partial(_from_sklearn, "load_breast_cancer")
        )
    },
    "Malignant or benign, from 30 measurements of cell nuclei under the microscope. 63 % are "
    "benign, so guessing is already right more often than not.",
    "Wolberg, Mangasarian, Street and Street, Breast Cancer Wisconsin (Diagnostic), UCI Machine "
    "Learning Repository 1993, doi 10.24432/C5DW2B",
    _BSD,
    classes=("malignant", "benign"),
    features=tuple(
        [f"mean {cell}" for cell in _CELLS]
        + [f"{cell} error" for cell in _CELLS]
        + [f"worst {cell}" for cell in _CELLS]
    ),
)
DIABETES = Dataset(
    "diabetes",
    "Diabetes",
    "regression",
    (10,),
    {
        "full": Variant(
            353, 89, "", "all 442 patients", partial(_from_sklearn, "load_diabetes", stratify=False)
        )
    },
    "How far diabetes progressed within a year, from ten measurements of a patient. Small and "
    "noisy: about half of the variation can be explained.",
    "Efron, Hastie, Johnstone and Tibshirani, Least Angle Regression, Annals of Statistics 32, "
    "2004",
    _BSD,
    features=(
        "age",
        "sex",
        "body mass index",
        "blood pressure",
        "total cholesterol",
        "LDL",
        "HDL",
        "cholesterol / HDL",
        "log triglycerides",
        "blood sugar",
    ),
    target="disease progression after one year",
    unit="points",
    standardize_target=True,
)
CALIFORNIA_HOUSING = Dataset(
    "california_housing",
    "California housing",
    "regression",
    (8,),
    {"full": Variant(16512, 4128, "", "all 20,640 districts", _load_california)},
    "The median house value of a census district of 1990, from income, age, rooms, people and "
    "place. Values above 500,000 dollars were cut off there.",
    "Pace and Barry, Sparse Spatial Autoregressions, Statistics and Probability Letters 33, 1997",
    "none stated; derived from the 1990 US census",
    features=(
        "median income",
        "house age",
        "average rooms",
        "average bedrooms",
        "population",
        "average occupancy",
        "latitude",
        "longitude",
    ),
    target="median house value",
    unit="$",
    unit_factor=100_000.0,
)
