"""The data sets by name, in the order menus show them. Light: no arrays, no scikit-learn."""

from collections.abc import Iterator

from nncore.datasets.definition import (
    Dataset,
)
from nncore.datasets.own.store import is_own, own_by_name
from nncore.datasets.sets.generated import (
    CIRCLES,
    GAUSSIANS,
    MOONS,
    PLANAR,
    SPIRALS,
    SYNTHETIC_100,
    XOR,
)
from nncore.datasets.sets.images import DIGITS, FASHION_MNIST, MNIST
from nncore.datasets.sets.neuron import SIGMOID_NEURON
from nncore.datasets.sets.reviews import IMDB
from nncore.datasets.sets.tables import (
    BREAST_CANCER,
    CALIFORNIA_HOUSING,
    DIABETES,
    IRIS,
    IRIS_SETOSA,
    WINE,
)
from nncore.declare.registry import Registry
from nncore.system.errors import UnknownName


class Catalogue(Registry[Dataset]):
    """The built-in sets, then a user's own, which come and go."""

    def __getitem__(self, name: str) -> Dataset:
        if name in self._items:  # not a look at the disk for what is always there
            return self._items[name]
        own = own_by_name()
        if name in own:
            return own[name]
        if is_own(name):
            raise UnknownName(
                f"The data set {name} isn't here for you: it was deleted, is on another machine, "
                "or its owner keeps it private. Upload its file again with the same choices to "
                "have it."
            )
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        return name in self._items or (is_own(name) and name in own_by_name())

    def __iter__(self) -> Iterator[str]:
        return iter([*self._items, *own_by_name()])

    def __len__(self) -> int:
        return len(self._items) + len(own_by_name())


DATASETS: Registry[Dataset] = Catalogue(
    "dataset",
    *(DIGITS, MNIST, FASHION_MNIST),
    *(IRIS, IRIS_SETOSA, WINE, BREAST_CANCER, DIABETES, CALIFORNIA_HOUSING),
    IMDB,
    *(CIRCLES, MOONS, SPIRALS, XOR, PLANAR, GAUSSIANS, SYNTHETIC_100),
    SIGMOID_NEURON,
)
