"""Model families: from a Config to the list of layers that both engines build.

The NumPy engine, the Keras builder and the cost module read the same list, so a network
is described once. What layers are is in `nncore.network.layers`.

To add one: define it here and list it in MODELS.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nncore.datasets.columns import ALL, ColumnName
from nncore.declare.domains import Each, Range
from nncore.declare.params import hyper
from nncore.declare.registry import Registry
from nncore.definitions.activations import ReLU
from nncore.definitions.initializers import RandomUniform
from nncore.network.architecture import Architecture
from nncore.network.family import Model
from nncore.network.layers import (
    Activate,
    BatchNorm,
    Columns,
    Concatenate,
    Conv1D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Layer,
    MaxPooling1D,
    Output,
    output_shape,
)
from nncore.network.named_columns import MOST_COLUMNS, check_columns, places
from nncore.system.errors import InvalidSetting

_KERAS = ("keras", "keras_fit")


@dataclass(frozen=True)
class Perceptron(Model):
    """One layer that says yes or no.

    With its own loss it learns by the perceptron rule; with squared error and a sigmoid it is
    the sigmoid neuron, which learns by the delta rule.
    """

    name = "perceptron"
    label = "Perceptron"
    formula = r"\hat y = 1 \text{ if } w^\top x + b > 0 \text{ else } 0"
    help = "One unit that weighs its inputs and says yes or no: a straight border, learnt by rule."
    source = "Rosenblatt, The perceptron, Psychological Review 65, 1958."
    tasks = ("binary",)
    hidden = ()
    most_hidden = 0
    loss = "perceptron"

    def layers(self, config: Architecture) -> tuple[Layer, ...]:
        """Dense, Output."""
        return tuple(_last(config, self.inputs(config)))


@dataclass(frozen=True)
class Logistic(Model):
    """Logistic regression, or softmax regression when there are more than two classes."""

    name = "logistic"
    label = "Logistic regression"
    formula = r"\hat y = \sigma(w^\top x + b)"
    help = "No hidden layer: probabilities from weighed inputs, so its borders are straight."
    source = "Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3."
    tasks = ("binary", "multiclass")
    hidden = ()
    most_hidden = 0

    def layers(self, config: Architecture) -> tuple[Layer, ...]:
        """Dense, Output."""
        return tuple(_last(config, self.inputs(config)))


@dataclass(frozen=True)
class Mlp(Model):
    """Multilayer perceptron: dense hidden layers, each with its activation."""

    name = "mlp"
    label = "Multilayer perceptron"
    formula = r"a^{(l)} = f(W^{(l)\top} a^{(l-1)} + b^{(l)})"
    help = "Layers of units, each fed by all units of the layer before."
    source = "Rumelhart, Hinton & Williams, Learning representations, Nature 323, 1986."

    def layers(self, config: Architecture) -> tuple[Layer, ...]:
        """Dense, [BatchNorm], Activate, [Dropout] per hidden layer; then Dense, Output."""
        inputs = self.inputs(config)
        last = config.hidden[-1] if config.hidden else inputs
        return (*_hidden(config, inputs), *_last(config, last))


@dataclass(frozen=True)
class WideDeep(Model):
    """A multilayer perceptron whose output layer also sees the input itself."""

    name = "wide_deep"
    label = "Wide and deep"
    formula = r"\hat y = g(W^\top [x;\, a^{(L)}] + b)"
    help = (
        "A path through the hidden layers and a short one around them: the output layer sees "
        "the input as well, so that simple rules need no hidden unit."
    )
    source = "Cheng et al., Wide & Deep Learning for Recommender Systems, DLRS 2016."
    hidden = (30, 30)
    fewest_hidden = 1

    wide_inputs: tuple[str, ...] = hyper(
        (ALL,),
        Each(ColumnName(), most=MOST_COLUMNS, least=1),
        label="Wide columns",
        levels=(ALL,),
        titles={ALL: "All columns"},
        later=True,
        help="Which columns take the short path, by name, such as house_age-latitude.",
    )
    deep_inputs: tuple[str, ...] = hyper(
        (ALL,),
        Each(ColumnName(), most=MOST_COLUMNS, least=1),
        label="Deep columns",
        levels=(ALL,),
        titles={ALL: "All columns"},
        later=True,
        help="Which columns go through the hidden layers, by name.",
    )

    def layers(self, config: Architecture) -> tuple[Layer, ...]:
        """[Columns], the hidden layers of `Mlp`; then Concatenate, Dense, Output."""
        wide, deep = (places(config, names) for names in (self.wide_inputs, self.deep_inputs))
        everything = self.inputs(config)
        first = (Columns("deep_inputs", len(deep), deep),) if deep else ()
        n_wide, n_deep = len(wide) or everything, len(deep) or everything
        both = n_wide + config.hidden[-1]
        beside = Concatenate("concatenate", n_wide, both, wide)
        return (*first, *_hidden(config, n_deep), beside, *_last(config, both))

    def check(self, config: Architecture) -> None:
        check_columns(config, "WideDeep.wide_inputs", self.wide_inputs)
        check_columns(config, "WideDeep.deep_inputs", self.deep_inputs)


@dataclass(frozen=True)
class TextModel(Model):
    """A family that reads texts: every word is looked up in a table of learnt numbers."""

    kinds = ("text",)
    hidden = (250,)
    engines = _KERAS

    words: int = hyper(
        5000,
        Range(10, 50_000, integer=True),
        label="Vocabulary",
        help="Only so many of the most frequent words are told apart.",
    )
    tokens: int = hyper(
        500,
        Range(4, 2000, integer=True),
        label="Words per text",
        help="Longer texts lose their beginning, shorter ones are filled up in front.",
    )
    embedding: int = hyper(
        32,
        Range(1, 512, integer=True),
        label="Embedding size",
        help="How many learnt numbers stand for a word.",
    )

    def inputs(self, config: Architecture) -> int:
        return self.tokens

    def text_sizes(self) -> tuple[int, int]:
        return self.words, self.tokens


@dataclass(frozen=True)
class TextMlp(TextModel):
    """Text: the numbers of all words side by side, into dense layers."""

    name = "text_mlp"
    label = "Text: dense"
    formula = r"a^{(0)} = [E_{w_1};\, E_{w_2};\, \dots;\, E_{w_T}]"
    help = "Learnt numbers for every word, all side by side, into dense layers: places matter."
    source = "Bengio et al., A Neural Probabilistic Language Model, JMLR 3, 2003."

    def layers(self, config: Architecture) -> tuple[Layer, ...]:
        """Embedding, Flatten; then the layers of `Mlp`."""
        looked_up = _look_up(self.words, self.tokens, self.embedding)
        return (looked_up, *_flattened(config, looked_up))


@dataclass(frozen=True)
class TextCnn(TextModel):
    """Text: filters that look for patterns of a few words, then dense layers."""

    name = "text_cnn"
    label = "Text: convolution"
    formula = r"z_t = \sum_{i} K_i^\top E_{w_{t+i}} + b,\quad a = \max_{\text{pool}} f(z)"
    help = "Filters slide over the words and find short patterns wherever they stand."
    source = "Kim, Convolutional Neural Networks for Sentence Classification, EMNLP 2014."

    filters: int = hyper(
        32, Range(1, 512, integer=True), label="Filters", help="How many patterns are looked for."
    )
    kernel_size: int = hyper(
        3,
        Range(1, 20, integer=True),
        label="Filter width",
        help="Neighbouring words that one filter sees.",
    )
    pool_size: int = hyper(
        2,
        Range(1, 20, integer=True),
        label="Pool size",
        help="Of so many neighbouring places only the strongest answer goes on.",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.pool_size > self.tokens:
            raise InvalidSetting(
                f"TextCnn.pool_size must not be above tokens; "
                f"got pool_size {self.pool_size} and tokens {self.tokens}."
            )

    def layers(self, config: Architecture) -> tuple[Layer, ...]:
        """Embedding, Conv1D with ReLU, MaxPooling1D, Flatten; then the layers of `Mlp`."""
        looked_up = _look_up(self.words, self.tokens, self.embedding)
        convolution = Conv1D(
            "conv1d",
            *(self.tokens, self.embedding, self.filters, self.kernel_size),
            initializer=config.initializer,
            activation=ReLU(),
            **_kernel(config),
        )
        pooled = MaxPooling1D("max_pooling1d", self.tokens, self.filters, self.pool_size)
        return (looked_up, convolution, pooled, *_flattened(config, pooled))


def _look_up(words: int, tokens: int, size: int) -> Embedding:
    # Keras's default for embeddings, whatever the dense layers start from: the initializers
    # one chooses from are made for sums over inputs, and a look-up sums nothing
    return Embedding("embedding", words, tokens, size, RandomUniform())


def _flattened(config: Architecture, before: Layer) -> Iterator[Layer]:
    """Flatten what `before` puts out, then the layers of a multilayer perceptron."""
    steps, channels = output_shape(before)
    yield Flatten("flatten", steps * channels)
    yield from _hidden(config, steps * channels)
    yield from _last(config, config.hidden[-1] if config.hidden else steps * channels)


def _kernel(config: Architecture) -> dict[str, Any]:
    """What every layer with a kernel has of the config."""
    biases = {"bias": config.use_bias, "bias_initializer": config.bias_initializer}
    return {"l1": config.l1, "l2": config.l2, **biases}


def _hidden(config: Architecture, inputs: int) -> Iterator[Layer]:
    """Dense, [BatchNorm], Activate, [Dropout] for every hidden layer."""
    pairs = zip(config.hidden, config.activations(), strict=True)
    for i, (units, activation) in enumerate(pairs, start=1):
        yield Dense(f"dense_{i}", inputs, units, config.initializer, **_kernel(config))
        if config.batch_norm:
            yield BatchNorm(f"batch_norm_{i}", units, config.batch_norm_momentum)
        yield Activate(f"{activation.name}_{i}", units, activation)
        if config.dropout:
            yield Dropout(f"dropout_{i}", units, config.dropout)
        inputs = units


def _last(config: Architecture, inputs: int) -> Iterator[Layer]:
    """The output layer and its activation."""
    units = config.output_units
    yield Dense("output", inputs, units, config.initializer, **_kernel(config))
    yield Output("prediction", units, config.output_activation)


MODELS: Registry[type[Model]] = Registry(
    "model", Perceptron, Logistic, Mlp, WideDeep, TextMlp, TextCnn
)


def default_model(kind: str) -> str:
    """The family that is taken for data sets of this kind where the config names none."""
    return TextCnn.name if kind in TextCnn.kinds else Mlp.name
