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
            column["income_dollars"] / 1e4,
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
    name="iris",
    label="Iris",
    task="multiclass",
    input_shape=(4,),
    variants={
        "full": Variant(
            train=120,
            test=30,
            sha256="1fa8230ecab4bade6783963f75e0ed59be41ab49509d460c8da9805151c0f17f",
            note="all 150 flowers",
            load=partial(_from_sklearn, "load_iris"),
        )
    },
    description=(
        "Three species of iris told apart by four lengths. Small and easy: one species is "
        "separable by a line, the other two nearly."
    ),
    source=(
        "Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7, 1936"
    ),
    licence=_BSD,
    classes=("setosa", "versicolor", "virginica"),
    features=("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"),
)


def _load_setosa() -> Raw:
    """Iris with two of its columns and two classes, held out by those."""
    from sklearn import datasets

    x, y = datasets.load_iris(return_X_y=True)
    return without_test(x[:, 2:], (y == 0).astype(y.dtype), stratify=True)


IRIS_SETOSA = Dataset(
    name="iris_setosa",
    label="Iris: setosa or not",
    task="binary",
    input_shape=(2,),
    variants={
        "full": Variant(
            train=120,
            test=30,
            sha256="f5b6b276d211d8c9aeaa68e28ad70b2760bbee0862feb2494eb5978efce75b60",
            note="all 150 flowers",
            load=_load_setosa,
        )
    },
    description=(
        "Iris setosa or one of two other species, by the length and width of a petal. A straight "
        "line separates them, so a perceptron finds one. Measured to a tenth of a centimetre, many "
        "flowers have the same two lengths."
    ),
    source=IRIS.source,
    licence=_BSD,
    classes=("other", "setosa"),
    features=("petal length (cm)", "petal width (cm)"),
)
WINE = Dataset(
    name="wine",
    label="Wine",
    task="multiclass",
    input_shape=(13,),
    variants={
        "full": Variant(
            train=142,
            test=36,
            sha256="e001756e2133fdff74421ffc46399f0eb5327e4d9fbc622213f121a70151c9ac",
            note="all 178 wines",
            load=partial(_from_sklearn, "load_wine"),
        )
    },
    description=(
        "Three grape cultivars told apart by the chemistry of their wine. The columns have very "
        "different sizes, so it shows what standardizing is worth."
    ),
    source=(
        "Aeberhard and Forina, Wine, UCI Machine Learning Repository 1991, doi 10.24432/C5PC7J"
    ),
    licence=_BSD,
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
    name="breast_cancer",
    label="Breast cancer",
    task="binary",
    input_shape=(30,),
    variants={
        "full": Variant(
            train=455,
            test=114,
            sha256="3ec18c5875df56074236d5ef75f4233fc88ad94e2e38b1ed85079d822029fd80",
            note="all 569 patients",
            load=partial(_from_sklearn, "load_breast_cancer"),
        )
    },
    description=(
        "Malignant or benign, from 30 measurements of cell nuclei under the microscope. 63 % "
        "are benign, so guessing is already right more often than not."
    ),
    source=(
        "Wolberg, Mangasarian, Street and Street, Breast Cancer Wisconsin (Diagnostic), UCI "
        "Machine Learning Repository 1993, doi 10.24432/C5DW2B"
    ),
    licence=_BSD,
    classes=("malignant", "benign"),
    features=tuple(
        [f"mean {cell}" for cell in _CELLS]
        + [f"{cell} error" for cell in _CELLS]
        + [f"worst {cell}" for cell in _CELLS]
    ),
)
DIABETES = Dataset(
    name="diabetes",
    label="Diabetes",
    task="regression",
    input_shape=(10,),
    variants={
        "full": Variant(
            train=353,
            test=89,
            sha256="c75107ce621ce65a06cc4274f1371db2b532a49e68d2a2ff167644337a15a699",
            note="all 442 patients",
            load=partial(_from_sklearn, "load_diabetes", stratify=False),
        )
    },
    description=(
        "How far diabetes progressed within a year, from ten measurements of a patient. Small "
        "and noisy: about half of the variation can be explained."
    ),
    source=(
        "Efron, Hastie, Johnstone and Tibshirani, Least Angle Regression, Annals of Statistics "
        "32, 2004"
    ),
    licence=_BSD,
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
    name="california_housing",
    label="California housing",
    task="regression",
    input_shape=(8,),
    variants={
        "full": Variant(
            train=16512,
            test=4128,
            sha256="e054196c509c2dbd7b616ce46a566855b9b6c8fc201a5ec795761ca22a4205ef",
            note="all 20,640 districts",
            load=_load_california,
        )
    },
    description=(
        "The median house value of a census district of 1990, from income, age, rooms, people "
        "and place. Values above 500,000 dollars were cut off there."
    ),
    source=(
        "Pace and Barry, Sparse Spatial Autoregressions, Statistics and Probability Letters 33, "
        "1997"
    ),
    licence="none stated; derived from the 1990 US census",
    features=(
        "median income (10,000 dollars)",
        "house age (years)",
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
