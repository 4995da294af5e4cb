"""What follows from the fields of a Config alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nncore.config.declared import Declared
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import Dataset, Variant, counts, selection_rows
from nncore.declare.definition import Definition
from nncore.definitions.activations import Activation
from nncore.definitions.losses import Objective
from nncore.network.layers import Layer


@dataclass(frozen=True)
class Fields(Declared):
    """The fields, and what they stand for."""

    @property
    def data(self) -> Dataset:
        """The catalogue entry of the data set."""
        return DATASETS[self.dataset]

    @property
    def form(self) -> Variant:
        """The variant of the data set; of points of the plane as many and as noisy as asked for."""
        variant = self.data.variants[self.variant]
        drawn = self.data.drawn
        if drawn is None or (self.points, self.noise) == (drawn.points, drawn.noise):
            return variant
        return drawn.form(self.points, self.noise)

    @property
    def n_features(self) -> int:
        """Numbers, or words, of one sample, as the network gets them."""
        return len(self.inputs) or self.data.n_features

    @property
    def columns(self) -> Mapping[str, tuple[int, ...]]:
        """What the network gets to see of a sample, as `Dataset.columns`."""
        return {name: (i,) for i, name in enumerate(self.inputs)} or self.data.columns

    def text_sizes(self) -> tuple[int, int]:
        """(words, tokens): what a text model knows and reads; 0 where there is no text."""
        return self.model.text_sizes()

    def counts(self) -> tuple[int, int, int]:
        """(train, validation, test) rows; those of the selection part are none of them."""
        train, validation, test = counts(self.form, self.split)
        left = train - self.selection_rows
        return left, left if self.split == "none" else validation, test

    @property
    def selection_rows(self) -> int:
        """How many of the training rows choose instead."""
        return selection_rows(counts(self.form, self.split)[0], self.selection_split)

    @property
    def weighs_rows(self) -> bool:
        """Whether training rows count differently: by their class, or by a column of weights."""
        recipe = self.data.recipe
        return self.class_weight != "none" or (recipe is not None and recipe.weight is not None)

    def activations(self) -> tuple[Activation, ...]:
        """The activation of each hidden layer."""
        return self.activation if len(self.activation) > 1 else self.activation * len(self.hidden)

    def layers(self) -> tuple[Layer, ...]:
        """The network, layer by layer."""
        return self.model.layers(self)

    @property
    def fused(self) -> bool:
        """Whether the loss reads what comes before the output activation."""
        return self.loss.fused == self.output_activation

    @property
    def objective(self) -> Objective:
        """The loss as it is computed behind this output activation."""
        return self.loss.objective(self.output_activation)

    def definitions(self) -> Iterator[Definition]:
        """The chosen model, activations, initializers, loss, optimizer and schedule."""
        yield self.model
        yield from self.activation
        yield from (self.initializer, self.bias_initializer)
        yield from (self.loss, self.optimizer, self.schedule)
