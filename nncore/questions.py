"""The catalogue: the questions people ask, each with its arms and a good start.

To add one: define it here and list it in QUESTIONS. The command line then knows it; its page
is one thin file in `pages/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nncore.arms import arm_title
from nncore.defined import DEFINED
from nncore.registry import Registry


@dataclass(frozen=True)
class Question:
    """One entry of the catalogue: what varies, what to look for, and a good start."""

    name: str
    label: str
    question: str
    look_for: str  # two or three sentences under the title
    why: str  # the longer explanation, folded away; Markdown with LaTeX
    factor: str  # the Config field that an arm's bare value sets
    levels: tuple[str, ...]  # arms chosen at first
    options: tuple[str, ...]  # arms offered
    base: Mapping[str, Any]  # flat: where the question starts from
    level_titles: Mapping[str, str] = field(default_factory=dict)  # where the general rule is poor
    icon: str = ":material/science:"


def title(label: str, question: Question) -> str:
    """An arm's label as charts and tables show it: "ReLU" for "relu", "Dropout 0.3" for "0.3"."""
    return question.level_titles.get(label) or arm_title(label, question.factor)


ACTIVATIONS_QUESTION = Question(
    name="activations",
    label="Activations",
    icon=":material/ssid_chart:",
    question="Which activation function learns fastest, and which ends best?",
    look_for=(
        "Compare how steeply the validation curves rise in the first epochs, and where they end. "
        "Linear is the yardstick: without a bend the whole network is only a linear model, however "
        "many layers it has. Where two bands overlap, these seeds can't tell the two apart."
    ),
    why=r"""
Between two layers stands a function $f$ that bends: without it $W_2 (W_1 x) = (W_2 W_1)\,x$,
and many layers are worth no more than one.

Its **derivative** decides how well the network learns. Backpropagation multiplies the error
signal by it at every layer,

$$\delta^{(l)} = \bigl(W^{(l+1)\top} \delta^{(l+1)}\bigr) \odot f'\bigl(z^{(l)}\bigr).$$

- **Sigmoid**: $f' \le \tfrac14$, so $L$ layers shrink the signal by up to $4^{-L}$; far from 0
  it is flat and learns nearly nothing. Its outputs are never negative, which makes the next
  layer's updates zigzag.
- **Tanh**: centred on 0 with $f'(0) = 1$, better on both counts, but flat at its ends too.
- **ReLU**: $f' = 1$ wherever a unit is active, so the signal passes unchanged; a unit that is
  negative for every sample gets no gradient any more and is *dead*. Leaky ReLU, ELU, GELU and
  SiLU leave it a way back.

With one hidden layer the differences are small and mostly in speed. Add layers to see them grow.
""",
    factor="activation",
    levels=("linear", "sigmoid", "tanh", "relu"),
    options=tuple(DEFINED["activation"]),
    base={"dataset": "mnist", "hidden": [128], "epochs": 5},
)

INITIALIZERS_QUESTION = Question(
    name="initializers",
    label="Initializers",
    icon=":material/casino:",
    question="Where should the weights start, so that a deep network learns at all?",
    look_for=(
        "Look at the first epochs: a good start learns at once, a bad one stays at chance level "
        "for a while or for good. Zeros can't break the symmetry between units and never gets "
        "beyond guessing. The chart of the spread through depth shows, before any training, which "
        "starts let the signal die out or explode."
    ),
    why=r"""
Each layer multiplies the spread of its inputs. With $n_{in}$ inputs and weights of variance
$\sigma^2$, a unit's pre-activation has

$$\operatorname{Var}(z) = n_{in}\,\sigma^2\,\mathbb{E}[a^2],$$

so after $L$ layers the signal has grown or shrunk by about $(n_{in}\sigma^2)^{L/2}$. Only
$n_{in}\sigma^2 \approx 1$ keeps it level, and the same holds backwards with $n_{out}$.

- **Glorot** takes $\sigma^2 = 2 / (n_{in} + n_{out})$, the compromise between both directions,
  right for tanh-like units.
- **He** takes $\sigma^2 = 2 / n_{in}$: ReLU zeroes half of its inputs, and the 2 makes up for it.
- **Random normal** with a fixed $\sigma = 0.05$ ignores the width: in a deep narrow network the
  signal shrinks layer by layer.
- **Zeros**: all units of a layer compute the same and get the same gradient, so they stay equal
  for ever; with ReLU the gradient is zero as well, and only the output bias learns.
""",
    factor="initializer",
    levels=("zeros", "random_normal", "glorot_uniform", "he_normal"),
    options=tuple(DEFINED["initializer"]),
    base={"dataset": "mnist", "hidden": [64] * 6, "optimizer": "sgd", "epochs": 8},
)

OPTIMIZERS_QUESTION = Question(
    name="optimizers",
    label="Optimizers",
    icon=":material/moving:",
    question="Which update rule gets furthest in the same number of epochs?",
    look_for=(
        "Compare how fast the training loss falls, then whether the validation loss follows it. "
        "Every rule starts with its own default learning rate, so a slow curve may only mean a "
        "small rate: change the rate before you judge a rule. On the loss surface below, watch who "
        "crosses the valley in zigzags and who runs along it."
    ),
    why=r"""
All of them step against the gradient $g$ of one mini-batch; they differ in what they remember.

- **SGD**: $w \leftarrow w - \eta\, g$. One rate $\eta$ for all weights: steep directions
  dictate it, flat ones crawl.
- **Momentum** keeps a velocity, $v \leftarrow \mu v - \eta\, g,\; w \leftarrow w + v$: zigzags
  cancel, and steady directions speed up by up to $1/(1-\mu)$.
- **RMSprop** divides by the recent size of each weight's gradient,
  $w \leftarrow w - \eta\, g / \sqrt{v + \epsilon}$: every weight gets a rate of its own.
- **Adam** has both, with bias correction,
  $w \leftarrow w - \eta\, \hat m / (\sqrt{\hat v} + \epsilon)$;
  **AdamW** adds weight decay beside the gradient, **Nadam** looks ahead, and **Lion** takes only
  the sign of the averaged gradient.

A step of an adaptive rule has about the size $\eta$ whatever the size of the gradient, so
their rates can't be compared with that of SGD: 0.001 is usual there, 0.01 to 0.1 here.
""",
    factor="optimizer",
    levels=("sgd", "rmsprop", "adam"),
    options=(*DEFINED["optimizer"], "momentum=0.9"),
    level_titles={"momentum=0.9": "SGD, momentum 0.9"},  # the base is plain SGD
    base={"dataset": "mnist", "hidden": [128], "optimizer": "sgd", "epochs": 5},
)

DROPOUT_QUESTION = Question(
    name="dropout",
    label="Dropout & regularization",
    icon=":material/grain:",
    question="How much does it take to stop a network from learning its training data by heart?",
    look_for=(
        "Look at the gap between the training and the validation loss: it opens when the network "
        "starts to memorise. A good regularizer keeps the gap small and the validation loss low; "
        "too much of it keeps both losses high. Training loss with dropout is measured while units "
        "are switched off, so it may stand above the validation loss."
    ),
    why=r"""
A wide network on few samples can learn every one of them by heart, noise included; its training
loss goes on falling while its validation loss turns up again: **overfitting**.

- **Dropout** switches off a random share $p$ of the hidden units in every step and scales the
  others by $1/(1-p)$. No unit can rely on a particular other one, and the trained network acts
  like the average of many thinner ones.
- **L2** adds $\lambda \sum w^2$ to the loss and pulls all weights towards 0 in proportion to
  their size; **L1** adds $\lambda \sum |w|$, pulls with constant force, and makes many of them
  vanish.
- **Batch normalization** normalises each unit over the mini-batch. It is there for speed, but the
  noise of the batches regularises a little, too.

The losses compared here leave the L1 and L2 penalties out, so that arms with different
penalties are measured by the same yardstick.
""",
    factor="dropout",
    levels=("0", "0.2", "0.5"),
    options=(
        *("0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"),
        *("l2=0.0001", "l2=0.001", "l2=0.01", "l1=0.00001", "l1=0.0001", "batch_norm=true"),
    ),
    level_titles={"0": "No dropout"},
    base={"dataset": "fashion_mnist", "hidden": [512, 256], "epochs": 20},
)

QUESTIONS: Registry[Question] = Registry(
    "comparison",
    ACTIVATIONS_QUESTION,
    INITIALIZERS_QUESTION,
    OPTIMIZERS_QUESTION,
    DROPOUT_QUESTION,
)
