"""Update rules. Settings are frozen; running averages live in `Slots`.

Shapes: `w`, `g` and every slot are flat arrays of one length: all parameters of a network
in one buffer. `step` changes `w` and `slots` in place and may overwrite `g`.

A step costs one pass through memory per line, so the rules are written for few lines:
a running average a <- b a + (1 - b) x is kept as a / (1 - b), whose update b a + x needs
no scaling, and its constants move into the one factor at the end. The results are Keras's,
up to rounding. Numbers are Python floats: a NumPy float64 would turn float32 work into
float64.

To add one: define it here and list it in OPTIMIZERS. Nothing else changes.
"""

from abc import abstractmethod
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from nncore.declare.definition import Definition
from nncore.declare.domains import Flag, Range
from nncore.declare.params import hyper
from nncore.declare.registry import Registry
from nncore.system.arrays import Array

Slots = dict[str, Any]  # name -> array shaped like w, or a running scalar

RATE = Range(1e-6, 100.0, log=True)
DECAY = Range(0.0, 0.9999)
EPSILON = Range(1e-12, 1e-1, log=True)


def _rate(default: float) -> Any:
    words = "Size of each step: too small is slow, too large overshoots or diverges."
    return hyper(
        default,
        RATE,
        label="Learning rate η",
        help=words,
        crossed=("0.0001", "0.001", "0.01"),
        brief="rate",
        compiled=False,
    )


def _momentum() -> Any:
    words = "Share of the last step that is kept. 0 is off."
    return hyper(0.0, DECAY, label="Momentum μ", help=words)


def _beta_1() -> Any:
    return hyper(0.9, DECAY, label="Beta β₁", help="Memory of past gradients: near 1 is long.")


def _beta_2() -> Any:
    words = "Memory of past squared gradients: near 1 is long."
    return hyper(0.999, DECAY, label="Beta β₂", help=words)


def _rho(default: float) -> Any:
    words = "Memory of past squared gradients: near 1 is long."
    return hyper(default, DECAY, label="Decay ρ", help=words)


def _epsilon() -> Any:
    words = "Keeps the divisor above zero; larger values calm the steps of quiet weights."
    return hyper(1e-7, EPSILON, label="Epsilon ε", help=words)


@dataclass(frozen=True)
class Optimizer(Definition):
    """Turns gradients into parameter changes. One instance may serve many trainings."""

    learning_rate: float = _rate(0.001)

    @abstractmethod
    def init(self, w: Array) -> Slots:
        """The state before the first step."""

    @abstractmethod
    def step(self, w: Array, g: Array, slots: Slots, learning_rate: float) -> None:
        """One update in place. The rate is passed in, because a schedule may change it."""


@dataclass(frozen=True)
class SGD(Optimizer):
    """Stochastic gradient descent, with a velocity when momentum is on.

        u <- mu u - lr g
        w <- w + u               plain momentum
        w <- w + mu u - lr g     Nesterov

    The rate is inside the velocity, as in Keras; PyTorch multiplies by it later.
    """

    name = "sgd"
    label = "SGD"
    formula = r"u \leftarrow \mu u - \eta g,\quad w \leftarrow w + u"
    help = "Steps straight downhill; momentum lets it keep some of its speed."
    source = "Sutskever et al., On the importance of initialization and momentum, ICML 2013."

    learning_rate: float = _rate(0.01)
    momentum: float = _momentum()
    nesterov: bool = hyper(
        False, Flag(), label="Nesterov", help="Looks ahead along the velocity. Needs momentum."
    )

    def init(self, w: Array) -> Slots:
        return {"u": np.zeros_like(w)} if self.momentum else {}

    def step(self, w: Array, g: Array, slots: Slots, learning_rate: float) -> None:
        g *= learning_rate
        if not self.momentum:
            w -= g
            return
        u = slots["u"]
        u *= self.momentum
        u -= g
        if not self.nesterov:
            w += u
            return
        w -= g
        np.multiply(u, self.momentum, out=g)
        w += g


@dataclass(frozen=True)
class RMSprop(Optimizer):
    r"""RMSprop: divide each step by the recent size of that weight's gradient.

        v <- rho v + (1 - rho) g^2
        c <- rho c + (1 - rho) g             only when centered, else 0
        u <- mu u + lr g / sqrt(v - c^2 + eps)
        w <- w - u

    eps sits inside the root, as in Keras; PyTorch adds it outside. Centered, the root's
    content is a difference of near-equal numbers, which in float32 may even fall below 0.
    """

    name = "rmsprop"
    label = "RMSprop"
    formula = (
        r"v \leftarrow \rho v + (1-\rho) g^2,\quad w \leftarrow w - \eta\, g / \sqrt{v + \epsilon}"
    )
    help = "Divides each step by the recent size of that weight's gradient."
    source = "Hinton, Neural Networks for Machine Learning, lecture 6e, 2012."

    rho: float = _rho(0.9)
    momentum: float = _momentum()
    epsilon: float = _epsilon()
    centered: bool = hyper(
        False,
        Flag(),
        label="Centered",
        help="Divides by the spread of recent gradients in place of their size.",
    )

    def init(self, w: Array) -> Slots:
        slots = {"v": np.zeros_like(w), "scratch": np.empty_like(w)}
        if self.centered:
            slots["c"] = np.zeros_like(w)
        if self.momentum:
            slots["u"] = np.zeros_like(w)
        return slots

    def step(self, w: Array, g: Array, slots: Slots, learning_rate: float) -> None:
        v, scratch = slots["v"], slots["scratch"]
        new = 1 - self.rho
        v *= self.rho
        np.multiply(g, g, out=scratch)
        v += scratch
        if self.centered:
            c = slots["c"]
            c *= self.rho
            c += g
            np.multiply(c, c, out=scratch)
            scratch *= -new
            scratch += v
            scratch += self.epsilon / new
        else:
            np.add(v, self.epsilon / new, out=scratch)
        np.sqrt(scratch, out=scratch)
        g /= scratch
        g *= learning_rate / sqrt(new)
        if self.momentum:
            u = slots["u"]
            u *= self.momentum
            u += g
            w -= u
        else:
            w -= g


@dataclass(frozen=True)
class Adagrad(Optimizer):
    """Adagrad: divide by the size of all gradients so far.

        v <- v + g^2
        w <- w - lr g / sqrt(v + eps)

    v starts above zero and eps sits inside the root, as in Keras.
    """

    name = "adagrad"
    label = "Adagrad"
    formula = r"v \leftarrow v + g^2,\quad w \leftarrow w - \eta\, g / \sqrt{v + \epsilon}"
    help = "Each weight's steps shrink with all the gradient it has seen: good for rare features."
    source = "Duchi, Hazan & Singer, Adaptive Subgradient Methods, JMLR 12, 2011."

    initial_accumulator_value: float = hyper(
        0.1, Range(0.0, 10.0), label="Initial v", help="Where the sum of squares starts."
    )
    epsilon: float = _epsilon()

    def init(self, w: Array) -> Slots:
        v = np.full_like(w, self.initial_accumulator_value)
        return {"v": v, "scratch": np.empty_like(w)}

    def step(self, w: Array, g: Array, slots: Slots, learning_rate: float) -> None:
        v, scratch = slots["v"], slots["scratch"]
        np.multiply(g, g, out=scratch)
        v += scratch
        np.add(v, self.epsilon, out=scratch)
        np.sqrt(scratch, out=scratch)
        g /= scratch
        g *= learning_rate
        w -= g


@dataclass(frozen=True)
class Adadelta(Optimizer):
    """Adadelta: scale each gradient by the size of past changes over that of past gradients.

    v <- rho v + (1 - rho) g^2
    d <- g sqrt(s + eps) / sqrt(v + eps)
    s <- rho s + (1 - rho) d^2
    w <- w - lr d
    """

    name = "adadelta"
    label = "Adadelta"
    formula = (
        r"\Delta = g\,\sqrt{s + \epsilon} / \sqrt{v + \epsilon},\quad "
        r"s \leftarrow \rho s + (1-\rho)\Delta^2,\quad w \leftarrow w - \eta \Delta"
    )
    help = (
        "Learns its own step size from its past steps. Its author used the rate 1; "
        "Keras's default 0.001 makes it very slow."
    )
    source = "Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012, arXiv:1212.5701."

    rho: float = _rho(0.95)
    epsilon: float = _epsilon()

    def init(self, w: Array) -> Slots:
        slots = {name: np.zeros_like(w) for name in ("v", "s")}
        return slots | {name: np.empty_like(w) for name in ("scratch", "below")}

    def step(self, w: Array, g: Array, slots: Slots, learning_rate: float) -> None:
        v, s, scratch, below = (slots[name] for name in ("v", "s", "scratch", "below"))
        epsilon = self.epsilon / (1 - self.rho)
        v *= self.rho
        np.multiply(g, g, out=scratch)
        v += scratch
        np.add(s, epsilon, out=scratch)
        np.add(v, epsilon, out=below)
        scratch /= below
        np.sqrt(scratch, out=scratch)
        g *= scratch
        s *= self.rho
        np.multiply(g, g, out=scratch)
        s += scratch
        g *= learning_rate
        w -= g


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam: momentum divided by the recent size of the gradient, both freed of their start at 0.

        m <- b1 m + (1 - b1) g
        v <- b2 v + (1 - b2) g^2
        w <- w - lr sqrt(1 - b2^t) / (1 - b1^t) m / (sqrt(v) + eps)

    eps is added to the root of the uncorrected v, as in Keras; the paper's main text and
    PyTorch correct v first.
    """

    name = "adam"
    label = "Adam"
    formula = (
        r"m \leftarrow \beta_1 m + (1-\beta_1) g,\ v \leftarrow \beta_2 v + (1-\beta_2) g^2,\quad "
        r"w \leftarrow w - \eta \frac{\sqrt{1-\beta_2^t}}{1-\beta_1^t} \frac{m}{\sqrt v + \epsilon}"
    )
    help = "Momentum, with each weight's step divided by the recent size of its gradient."
    source = "Kingma & Ba, Adam: A Method for Stochastic Optimization, ICLR 2015."

    beta_1: float = _beta_1()
    beta_2: float = _beta_2()
    epsilon: float = _epsilon()

    def init(self, w: Array) -> Slots:
        return {"t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w)}

    def step(self, w: Array, g: Array, slots: Slots, learning_rate: float) -> None:
        _adam(w, g, slots, learning_rate, self.beta_1, self.beta_2, self.epsilon)


@dataclass(frozen=True)
class AdamW(Optimizer):
    """Adam after a step that shrinks all weights, biases included.

    w <- w - lr wd w
    then Adam's step
    """

    name = "adamw"
    label = "AdamW"
    formula = r"w \leftarrow (1 - \eta\lambda)\, w,\quad \text{then Adam}"
    help = "Adam that also pulls every weight a little towards zero in each step."
    source = "Loshchilov & Hutter, Decoupled Weight Decay Regularization, ICLR 2019."

    weight_decay: float = hyper(
        0.004, Range(0.0, 1.0), label="Weight decay λ", help="Strength of the pull towards zero."
    )
    beta_1: float = _beta_1()
    beta_2: float = _beta_2()
    epsilon: float = _epsilon()

    def init(self, w: Array) -> Slots:
        return {"t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w)}

    def step(self, w: Array, g: Array, slots: Slots, learning_rate: float) -> None:
        w *= 1 - learning_rate * self.weight_decay
        _adam(w, g, slots, learning_rate, self.beta_1, self.beta_2, self.epsilon)


@dataclass(frozen=True)
class Adamax(Optimizer):
    """Adamax: Adam with the largest recent gradient as its divisor.

    m <- b1 m + (1 - b1) g
    v <- max(b2 v, |g|)
    w <- w - lr / (1 - b1^t) m / (v + eps)
    """

    name = "adamax"
    label = "Adamax"
    formula = (
        r"v \leftarrow \max(\beta_2 v, |g|),\quad "
        r"w \leftarrow w - \frac{\eta}{1-\beta_1^t} \frac{m}{v + \epsilon}"
    )
    help = "Adam that divides by the largest recent gradient in place of the root mean square."
    source = "Kingma & Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, section 7.1."

    beta_1: float = _beta_1()
    beta_2: float = _beta_2()
    epsilon: float = _epsilon()

    def init(self, w: Array) -> Slots:
        return {"t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w)}

    def step(self, w: Array, g: Array, slots: Slots, learning_rate: float) -> None:
        slots["t"] += 1
        m, v = slots["m"], slots["v"]
        m *= self.beta_1
        m += g
        v *= self.beta_2
        np.abs(g, out=g)
        np.maximum(v, g, out=v)
        np.add(v, self.epsilon, out=g)
        np.divide(m, g, out=g)
        g *= learning_rate * (1 - self.beta_1) / _correction(self.beta_1, slots["t"], w)
        w -= g


@dataclass(frozen=True)
class Nadam(Optimizer):
    """Nadam: Adam that looks ahead along its momentum, as Nesterov's rule does.

    u_t = b1 (1 - 0.96^t / 2),  U_t = u_1 ... u_t
    m <- b1 m + (1 - b1) g
    v <- b2 v + (1 - b2) g^2
    n = u_{t+1} m / (1 - U_{t+1}) + (1 - u_t) g / (1 - U_t)
    w <- w - lr n / (sqrt(v / (1 - b2^t)) + eps)
    """

    name = "nadam"
    label = "Nadam"
    formula = (
        r"n = \frac{\mu_{t+1} m}{1 - \prod_{i \le t+1} \mu_i} + \frac{(1-\mu_t) g}"
        r"{1 - \prod_{i \le t} \mu_i},\quad w \leftarrow w - \eta\, n / (\sqrt{\hat v} + \epsilon)"
    )
    help = "Adam that looks ahead along its momentum before it steps."
    source = "Dozat, Incorporating Nesterov Momentum into Adam, ICLR workshop 2016."

    beta_1: float = _beta_1()
    beta_2: float = _beta_2()
    epsilon: float = _epsilon()

    def init(self, w: Array) -> Slots:
        slots = {"m": np.zeros_like(w), "v": np.zeros_like(w), "scratch": np.empty_like(w)}
        return slots | {"t": 0, "product": 1.0}

    def step(self, w: Array, g: Array, slots: Slots, learning_rate: float) -> None:
        slots["t"] += 1
        t, m, v, scratch = slots["t"], slots["m"], slots["v"], slots["scratch"]
        now = self.beta_1 * (1 - 0.5 * 0.96**t)
        ahead = self.beta_1 * (1 - 0.5 * 0.96 ** (t + 1))
        slots["product"] *= now
        weight_m = ahead * (1 - self.beta_1) / (1 - slots["product"] * ahead)
        weight_g = (1 - now) / (1 - slots["product"])
        size = sqrt((1 - self.beta_2) / _correction(self.beta_2, t, w))

        m *= self.beta_1
        m += g
        v *= self.beta_2
        np.multiply(g, g, out=scratch)
        v += scratch
        np.multiply(m, weight_m / weight_g, out=scratch)
        g += scratch
        np.sqrt(v, out=scratch)
        scratch += self.epsilon / size
        g /= scratch
        g *= learning_rate * weight_g / size
        w -= g


@dataclass(frozen=True)
class Lion(Optimizer):
    """Lion: every weight moves by the same amount, the rate; momentum only says which way.

    w <- w - lr sign(b1 m + (1 - b1) g)
    m <- b2 m + (1 - b2) g
    """

    name = "lion"
    label = "Lion"
    formula = (
        r"w \leftarrow w - \eta\, \mathrm{sign}(\beta_1 m + (1-\beta_1) g),\quad "
        r"m \leftarrow \beta_2 m + (1-\beta_2) g"
    )
    help = "Moves every weight by exactly the learning rate, up or down. Wants smaller rates."
    source = "Chen et al., Symbolic Discovery of Optimization Algorithms, NeurIPS 2023."

    beta_1: float = hyper(
        0.9,
        Range(0.01, DECAY.high),
        label="Beta β₁",
        help="Weight of past gradients in the choice of direction.",
    )
    beta_2: float = hyper(
        0.99, DECAY, label="Beta β₂", help="Memory of past gradients: near 1 is long."
    )

    def init(self, w: Array) -> Slots:
        return {"m": np.zeros_like(w), "scratch": np.empty_like(w)}

    def step(self, w: Array, g: Array, slots: Slots, learning_rate: float) -> None:
        m, scratch = slots["m"], slots["scratch"]
        np.multiply(m, self.beta_1 * (1 - self.beta_2) / (1 - self.beta_1), out=scratch)
        scratch += g
        m *= self.beta_2
        m += g
        np.sign(scratch, out=g)  # into its own input it would be ten times slower
        g *= learning_rate
        w -= g


def _adam(
    w: Array,
    g: Array,
    slots: Slots,
    learning_rate: float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> None:
    """Adam's step; g serves as scratch once v has its square."""
    slots["t"] += 1
    t, m, v = slots["t"], slots["m"], slots["v"]
    size = sqrt(1 - beta_2)
    rate = learning_rate * sqrt(_correction(beta_2, t, w)) / _correction(beta_1, t, w)
    m *= beta_1
    m += g
    g *= g
    v *= beta_2
    v += g
    np.sqrt(v, out=g)
    g += epsilon / size
    np.divide(m, g, out=g)
    g *= rate * (1 - beta_1) / size
    w -= g


def _correction(beta: float, t: int, w: Array) -> float:
    """1 - beta^t, rounded as Keras rounds it: 1 - 0.999 is 5e-5 off in float32."""
    return float(1 - w.dtype.type(beta) ** t)


OPTIMIZERS: Registry[type[Optimizer]] = Registry(
    "optimizer", SGD, RMSprop, Adagrad, Adadelta, Adam, AdamW, Adamax, Nadam, Lion
)
