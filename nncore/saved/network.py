"""A trained network as an npz file: weights, what preprocessing learnt, and the config as JSON.

Entries of the file: `config`, a text with the flat config; `weight_000`, `weight_001`, ... in
the order of Keras's `model.get_weights()`; `target`, scale and offset that lead from the scale
trained on to raw targets; for standardized inputs `mean` and `std` of every feature; and for a
table with a recipe `recipe`, a text with what was fitted of it, so that raw rows can be asked.

A file may come from anybody: nothing in it is executed or unpickled, every header is checked
against the config before its data is read, and sizes are capped.
"""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from nncore.config.config import Config
from nncore.datasets.preparation.plane_inputs import plane_inputs
from nncore.datasets.preparation.preprocessing import (
    NOTHING,
    Learnt,
    Standardization,
    Transform,
    fitted_transform,
    padding,
)
from nncore.datasets.recipe.fitted import Fitted, fitted_from
from nncore.network.layers import weight_shapes
from nncore.system.arrays import Array
from nncore.system.errors import BadNetwork, InvalidSetting, quoted
from nncore.system.outside import Npz, Unreadable, read_json

MOST_BYTES = 64 * 2**20  # of a file, packed or unpacked
MOST_ENTRIES = 500
_RECIPE_CHARACTERS = 8_000_000  # 500 columns by their quantiles take these
_CONFIG_CHARACTERS = 300_000  # 10,000 given weights with all their digits take 250,000


@dataclass(frozen=True)
class SavedNetwork:
    """A trained network, ready to be used without its training data.

    weights: as `nncore.engines.loop.Run.get_weights` gives them. learnt: by preprocessing, on
    the training rows.
    raw target = output * target_scale + target_offset.
    """

    config: Config
    weights: tuple[Array, ...]
    learnt: Learnt = NOTHING
    target_scale: float = 1.0
    target_offset: float = 0.0

    def inputs(self, x: Any) -> Array:
        """Raw values as the network wants them, prepared as in training.

        x: (n, *input_shape), or for texts a Ragged of word numbers.
        """
        if self.config.data.kind == "text":
            return padding(*self.config.text_sizes())(x)
        ready = self.transform()(x)
        return plane_inputs(ready, self.config.inputs) if self.config.inputs else ready

    def transform(self) -> Transform:
        """What `inputs` does with rows of numbers. Raises BadNetwork where what it needs lacks."""
        recipe, fitted = self.learnt
        fit = (lambda: fitted) if fitted is not None else _no_standardization
        after = fitted_transform(self.config.data, self.config.preprocess, fit)
        if self.config.data.recipe is None:
            return after
        if recipe is None:
            raise BadNetwork("The file lacks 'recipe': what was fitted to the table's columns.")
        return lambda x: after(recipe.apply(x))


def to_bytes(network: SavedNetwork) -> bytes:
    """The network as an npz file. Raises BadNetwork when it is larger than MOST_BYTES."""
    size = sum(weight.nbytes for weight in network.weights)
    if size > MOST_BYTES:
        raise BadNetwork(
            f"The weights of this network take {size / 2**20:,.0f} MB; NN Lab keeps networks up "
            f"to {MOST_BYTES / 2**20:.0f} MB. Take fewer or narrower layers."
        )
    entries: dict[str, Any] = {"config": np.array(json.dumps(network.config.flat()))}
    entries |= {_name(i): weight for i, weight in enumerate(network.weights)}
    entries["target"] = np.array([network.target_scale, network.target_offset])
    recipe, standardization = network.learnt
    if recipe is not None:
        entries["recipe"] = np.frombuffer(json.dumps(recipe.to_json()).encode(), np.uint8)
    if standardization is not None:
        entries |= {"mean": standardization.mean, "std": standardization.std}
    stream = io.BytesIO()
    np.savez(stream, **entries)
    return stream.getvalue()


def from_bytes(data: bytes) -> SavedNetwork:
    """The network in an npz file of any origin. Raises BadNetwork with one helpful sentence."""
    if len(data) > MOST_BYTES:
        raise BadNetwork(
            f"The file has {len(data) / 2**20:,.0f} MB; networks may have up to "
            f"{MOST_BYTES / 2**20:.0f} MB."
        )
    try:
        file = Npz(io.BytesIO(data))
    except Unreadable as error:
        raise BadNetwork(
            f"This is not an npz file, or it can't be used: {error}. Take one that the Workshop "
            "has saved."
        ) from error
    return _read(_Entries(file))


class _Entries:
    """The entries of an npz file; each is read only when its header is what it should be."""

    def __init__(self, file: Npz) -> None:
        self.names = file.names()
        most = MOST_BYTES + 4 * _CONFIG_CHARACTERS + _RECIPE_CHARACTERS
        if len(self.names) > MOST_ENTRIES or file.unpacked > most:
            raise BadNetwork(
                f"The file unpacks to {len(self.names):,} entries with "
                f"{file.unpacked / 2**20:,.0f} MB; networks may have {MOST_ENTRIES} entries with "
                f"{MOST_BYTES / 2**20:.0f} MB."
            )
        self._file = file

    def config(self) -> Config:
        """The config that the file was saved with."""
        if "config" not in self.names:
            raise BadNetwork(
                "The file has no entry 'config': it was not saved by the Workshop, and weights "
                "alone don't say what network they belong to."
            )
        with self._reading("config", "U", ()):
            text = self._file.text("config", 4 * _CONFIG_CHARACTERS)
        try:
            flat = read_json(text)
        except Unreadable as error:
            raise BadNetwork(f"The file's config is no JSON text: {error}.") from error
        if not isinstance(flat, dict):
            raise BadNetwork("The file's config is no list of settings: it was tampered with.")
        try:
            return Config.from_flat(flat)
        except InvalidSetting as error:
            raise BadNetwork(f"The file's config can't be used here: {error}") from error

    def recipe(self, config: Config) -> Fitted | None:
        """What was fitted to the columns of a table; None where its data set has no recipe."""
        if "recipe" not in self.names or config.data.recipe is None:
            return None
        try:
            header = self._file.header("recipe")
            if header.dtype != np.uint8 or header.size > _RECIPE_CHARACTERS:
                raise Unreadable("it is no text")
            text = self._file.arrays(["recipe"])["recipe"].tobytes()
            return fitted_from(read_json(text), config.data.recipe)
        except Unreadable as error:
            raise BadNetwork(f"'recipe' in the file can't be used: {error}.") from error

    def numbers(self, name: str, shape: tuple[int, ...], dtype: str) -> Array:
        """Finite numbers of exactly this shape."""
        with self._reading(name, "f", shape, dtype):
            array = self._file.arrays([name])[name]
        if not np.isfinite(array).all():
            raise BadNetwork(
                f"{name!r} has values that are not finite: the network diverged or the file is "
                "damaged, so it can't answer anything."
            )
        return array

    @contextmanager
    def _reading(
        self, name: str, kind: str, shape: tuple[int, ...], dtype: str = ""
    ) -> Iterator[None]:
        """Around reading what should be of this kind, shape and type, which is seen before."""
        try:
            header = self._file.header(name)
            if header.dtype.kind != kind or (dtype and header.dtype != np.dtype(dtype)):
                raise BadNetwork(
                    f"{name!r} has values of type {header.dtype.name}, which a network never has "
                    "there: it was not saved by the Workshop."
                )
            if header.shape != shape:
                raise BadNetwork(
                    f"{name!r} has the shape {_words(header.shape)}; the network of the file's "
                    f"config needs {_words(shape)} there."
                )
            yield
        except Unreadable as error:
            raise BadNetwork(
                f"{name!r} in the file can't be read: {error}. Take a file that the Workshop has "
                "saved."
            ) from error


def _read(entries: _Entries) -> SavedNetwork:
    config = entries.config()
    parameters = sum(
        prod(shape) for layer in config.layers() for shape in weight_shapes(layer).values()
    )
    itemsize = np.dtype(config.dtype).itemsize
    if parameters * itemsize > MOST_BYTES:
        raise BadNetwork(
            f"The file's config has {parameters:,} parameters, more than a network here may have."
        )
    shapes = [shape for layer in config.layers() for shape in weight_shapes(layer).values()]
    wanted = {"config", "target", *map(_name, range(len(shapes)))}
    names = entries.names
    beside = {"mean", "std"} | ({"recipe"} if config.data.recipe is not None else set())
    if not wanted <= names <= wanted | beside:
        odd = sorted(wanted - names) or sorted(names - wanted - beside)
        what = "lacks" if wanted - names else "has besides"
        raise BadNetwork(
            f"The file {what} {quoted(odd[0])}: its entries don't belong to the network of its "
            "config."
        )
    scale, offset = entries.numbers("target", (2,), "float64")
    fitted = None
    if {"mean", "std"} & names:
        if not {"mean", "std"} <= names:
            raise BadNetwork("The file has only one of 'mean' and 'std': it is damaged.")
        size = (config.data.n_features,)
        mean, std = (entries.numbers(name, size, "float64") for name in ("mean", "std"))
        if (std <= 0).any():
            raise BadNetwork("'std' has values that are not above 0: the file is damaged.")
        fitted = Standardization(mean, std)
    network = SavedNetwork(
        config,
        tuple(entries.numbers(_name(i), s, config.dtype) for i, s in enumerate(shapes)),
        Learnt(entries.recipe(config), fitted),
        float(scale),
        float(offset),
    )
    if config.data.kind != "text":
        network.transform()  # says if mean and std are missing
    return network


def _no_standardization() -> Standardization:
    raise BadNetwork(
        "The file has no 'mean' and 'std', but the inputs of its network are standardized."
    )


def _name(position: int) -> str:
    return f"weight_{position:03d}"


def _words(shape: tuple[int, ...]) -> str:
    return " x ".join(f"{size:,}" for size in shape) or "a single value"


def in_numpy(config: Config) -> Config | None:
    """The same network for the NumPy engine; None where that can't compute it."""
    try:
        return replace(config, engine="numpy")
    except InvalidSetting:
        return None
