"""The fields of a Config that say what is trained on; see `nncore.config.declared`."""

from dataclasses import dataclass

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.preparation.plane_inputs import PLANE_INPUTS
from nncore.datasets.split_form import SplitForm
from nncore.declare.domains import AUTO, Choice, Each, Name, Range
from nncore.declare.params import DRAWN, hyper


@dataclass(frozen=True)
class DataFields:
    """Data set, what is held out of it, and how its inputs are scaled."""

    dataset: str = hyper(
        "digits",
        Name(DATASETS),
        label="Data set",
        group="Data",
        basic=True,
        help="What the networks learn from; the Data page shows what is in each.",
    )
    variant: str = hyper(
        "extract",
        Choice(("extract", "full")),
        label="Variant",
        group="Data",
        basic=True,
        help="The bundled extract, or the full set. Sets with one form always use it.",
    )
    points: int = hyper(
        0,
        Range(0, 5000, integer=True),
        label="Points",
        group="Data",
        basic=True,
        needs=DRAWN,
        levels=("0", "100", "200", "500", "1000", "2000", "5000"),
        titles={"0": "Automatic"},
        help="How many points of the plane are drawn, a fifth of them for the test; 0 takes the "
        "data set's own number.",
    )
    noise: float = hyper(
        None,
        Range(0.0, 2.0),
        label="Noise",
        group="Data",
        basic=True,
        needs=DRAWN,
        levels=("0", "0.05", "0.1", "0.2", "0.4", "1"),
        help="Standard deviation of what chance adds to points of the plane; auto takes the data "
        "set's own.",
    )
    inputs: tuple[str, ...] = hyper(
        None,
        Each(Name(PLANE_INPUTS), most=len(PLANE_INPUTS)),
        label="Inputs",
        group="Data",
        needs=DRAWN,
        levels=(
            *("x1-x2", "x1_squared-x2_squared", "x1-x2-x1x2", "x1-x2-sin_x1-sin_x2"),
            "-".join(PLANE_INPUTS),
        ),
        help="What the network gets to see of a point of the plane: its coordinates, their "
        "squares, product and sines, such as x1-x2-x1x2.",
    )
    split: str = hyper(
        "stratified:0.2",
        SplitForm(),
        label="Validation split",
        group="Data",
        levels=(
            *("stratified:0.2", "stratified:0.1", "last:0.2", "first:1000", "random:0.25:42"),
            "none",
        ),
        titles={
            "stratified:0.2": "20 %, every class in proportion",
            "stratified:0.1": "10 %, every class in proportion",
            "last:0.2": "the last 20 %",
            "first:1000": "the first 1,000 rows",
            "random:0.25:42": "scikit-learn's 25 %, state 42",
            "none": "No rows held out",
        },
        help="Which part of the training data is held out for validation, the same for every seed "
        "unless splits are repeated. "
        "random:SHARE:STATE takes the rows of scikit-learn's train_test_split with that "
        "random_state, the test part, too, so that scores can be laid beside published ones. "
        "none holds out nothing and validates on the training rows themselves.",
    )
    split_seed: int = hyper(
        0,
        Range(0, 2**31 - 1, integer=True),
        label="Split number",
        group="Data",
        compiled=False,
        later=True,
        levels=("0", "1", "2", "3"),
        titles={"0": "The split that all share"},
        help="Which of many random splits: another number draws other rows for validation from "
        "the same training data. Test rows stay.",
    )
    preprocess: str = hyper(
        AUTO,
        Choice((AUTO, "none", "scale_255", "standardize", "l2_axis1")),
        label="Preprocessing",
        group="Data",
        titles={
            "none": "None",
            "scale_255": "Divide by 255",
            "standardize": "Standardize",
            "l2_axis1": "Unit length per image row",
        },
        help="auto scales images to 0-1, standardizes tables on the training part and leaves "
        "points of the plane as they are.",
    )
