"""The catalogue: the questions people ask, each with its arms and a good start.

To add one: define it here and list it in QUESTIONS. The command line then knows it; its page
is one thin file in `pages/`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nncore.config.engine_names import ENGINES
from nncore.config.settings import DEFINED
from nncore.declare.registry import Registry
from nncore.questions.arms import Arm, arm_title
from nncore.questions.planes import ON_PLANES, On

_UNPARTED = ("circles", "xor")  # data sets on which a straight line is worth no more than a guess


@dataclass(frozen=True)
class Exempt:
    """An arm that fails on purpose: it may diverge, or be no better than the trivial model."""

    arm: str  # its label
    why: str
    datasets: tuple[str, ...] = ()  # where; (): on all


@dataclass(frozen=True)
class Question:
    """One entry of the catalogue: what varies, what to look for, and a good start."""

    name: str
    label: str
    question: str
    look_for: str  # two or three sentences under the title
    why: str  # the longer explanation, folded away; Markdown with LaTeX
    factor: str  # the setting that an arm's bare value sets; "": one network, nothing varies
    levels: tuple[str, ...]  # arms chosen at first
    options: tuple[str, ...]  # arms offered
    base: Mapping[str, Any]  # flat: where the question starts from
    level_titles: Mapping[str, str] = field(default_factory=dict)  # where the general rule is poor
    icon: str = ":material/science:"
    over: str = "epochs"  # the x axis its chart opens with: what is held equal in a fair comparison
    observe: tuple[str, ...] = ()  # what its trainings bring besides records and scores
    draws_the_plane: bool = False  # its data must be points of the plane
    is_watched: bool = False  # for as long as it trains; what comes of it is no result to keep
    exempt: tuple[Exempt, ...] = ()  # arms of `levels` that need not learn from the start values
    keeps: tuple[str, ...] = ()  # what of `base` makes the question: kept on every data set
    on: Mapping[str, On] = field(default_factory=dict)  # data sets on which it starts otherwise
    starts: str = "2"  # which start values of its page these are, as links call them

    def exempted(self, dataset: str) -> set[str]:
        """The labels of the arms that need not learn on a data set."""
        return {e.arm for e in self.exempt if not e.datasets or dataset in e.datasets}


def title(label: str, question: Question) -> str:
    """An arm's label as charts and tables show it: "ReLU" for "relu", "Dropout 0.3" for "0.3"."""
    return question.level_titles.get(label) or arm_title(label, question.factor)


def titles(arms: Iterable[Arm], question: Question) -> dict[str, str]:
    """Arm label -> its title; arms that would share one have their labels beside."""
    title_of = {arm.label: title(arm.label, question) for arm in arms}
    while True:  # a label may read like another arm's title
        counts = Counter(title_of.values())
        shared = [label for label, name in title_of.items() if counts[name] > 1]
        if not shared:
            return title_of
        title_of |= {label: f"{title_of[label]} ({label})" for label in shared}


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
    exempt=(
        Exempt("linear", "no line parts these classes: it is the yardstick", _UNPARTED),
        Exempt("linear", "no plane comes near these heights: it is the yardstick", ("hills",)),
    ),
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
    keeps=("hidden",),
    exempt=(
        Exempt("zeros", "all units of a layer stay equal: that it can't learn is the answer"),
        Exempt("random_normal", "its signal dies out on the way through six narrow layers"),
    ),
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
    over="seconds",  # a rule that computes more per step pays for it in time, not in epochs
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
    keeps=("hidden",),
)

CAPACITY_QUESTION = Question(
    name="capacity",
    label="Width and depth",
    icon=":material/account_tree:",
    question="How wide and how deep must a network be, and what does more of it cost?",
    look_for=(
        "Quality rises steeply with the first units and hardly at all with the last ones, while "
        "parameters and computing grow all the way. Look for the smallest network whose interval "
        "reaches that of the best one. More layers of the same width cost less than more width, "
        "but they are harder to train."
    ),
    why=r"""
A dense layer from $n$ to $m$ units has $n m + m$ parameters, so the first layer of a picture
network holds nearly all of them: 784 inputs times its width.

- **Width**: one hidden layer with enough units can come as close as you like to any continuous
  function (Cybenko 1989, Hornik 1991). That says nothing of how many it takes, nor whether
  training finds them.
- **Depth**: a layer works with what the layer below it has found, so some functions need
  exponentially fewer units when they are arranged in layers. Every layer is also one more factor
  in the gradient, which may vanish or explode on the way.
- **Pyramid** (256 – 128 – 64) narrows step by step towards the classes; **constant** widths
  (64 – 64 – 64) put the same number everywhere. With the same number of parameters the two often
  can't be told apart.

Too little capacity shows in a training loss that stays high. Too much shows in a growing gap to
the validation loss; it costs time before it costs quality.
""",
    factor="hidden",
    over="flops",  # a larger network does more work in every epoch
    levels=("16", "216", "512", "1024", "256-128-64"),
    options=(
        *("none", "8", "16", "32", "64", "128", "216", "512", "1024"),
        *("64-64", "64-64-64", "64-64-64-64-64-64", "128-128", "512-128"),
        *("128-64", "256-128-64", "512-256-128-64"),
    ),
    base={"dataset": "mnist", "epochs": 5},
)

EPOCHS_QUESTION = Question(
    name="epochs",
    label="Training length",
    icon=":material/timer:",
    question="How long should a network train, and who tells it to stop?",
    look_for=(
        "The training loss falls for as long as you train. The validation loss turns round, and "
        "what the network learns from then on is its training data by heart. Look for the epoch at "
        "which it turned, and whether early stopping found it."
    ),
    why=r"""
Each epoch is one more pass through the same rows. At first the network learns what they have in
common, which helps with new rows, too; later it learns what sets them apart, which doesn't.

- **The gap** between validation and training loss grows all along. On its own that is no reason
  to stop: as long as the validation loss falls, new rows still gain.
- **Early stopping by patience** waits $p$ epochs for a new best validation loss, and stops when
  none came. The weights are then $p$ epochs past their best, unless the **best weights are
  restored**.
- **Stopping at a training loss** needs no validation data, but somebody has to know the number.
- The validation loss may rise while the accuracy still climbs: the network gets more rows right,
  and is more and more sure about those it gets wrong. Cross-entropy charges
  $-\ln p_{\text{true}}$ for that, accuracy charges nothing.

A stop that looks at validation data has chosen by it, so its validation score is a little too
good; the test data has no part in it.
""",
    factor="epochs",
    levels=("5", "15", "30"),
    options=(
        *("1", "2", "5", "10", "15", "30", "60", "100"),
        *("patience=3", "patience=3,restore_best=true", "patience=10"),
        *("stop_loss=0.3", "stop_loss=0.1"),
    ),
    level_titles={"patience=3,restore_best=true": "Patience 3, best weights restored"},
    base={"dataset": "fashion_mnist", "hidden": [256], "epochs": 30},
)

LEARNING_RATE_QUESTION = Question(
    name="learning_rate",
    label="Learning rate",
    icon=":material/speed:",
    question="How large may a step be before training gets worse, and should it stay that large?",
    look_for=(
        "From small to large rates the score climbs, stays level for a while, and then falls off "
        "a cliff. A good rate lies well before the edge. Compare the best constant rate with "
        "schedules that start there and end with small steps."
    ),
    why=r"""
Along a direction of curvature $\lambda$ a step of gradient descent multiplies the distance to the
valley's floor by $1 - \eta\lambda$. It shrinks only while

$$\eta < \frac{2}{\lambda_{\max}},$$

so the steepest direction dictates the rate, and flat ones crawl. Beyond the limit the weights
swing further with every step, until the loss is no number any more: **divergence**. A network of
ReLUs may also survive the jump with all its units dead, and then stays at guessing for good.

- **Step, exponential, cosine** begin with large steps, which get far, and end with small ones,
  which settle: the noise of the mini-batches is proportional to $\eta$.
- **Warm-up** begins small, because the first gradients are the largest.
- **On plateau** waits until the validation loss has stopped falling.

A **range test** (Smith 2017) raises the rate from batch to batch by a constant factor and watches
the loss: where it falls fastest, the rate is right; where it climbs again, it is too large.
""",
    factor="learning_rate",
    levels=("0.001", "0.01", "0.1", "1", "10"),
    options=(
        *("0.0001", "0.001", "0.01", "0.03", "0.1", "0.3", "1", "3", "10", "100"),
        # with their rates: an optimizer's own would be a hidden difference from the ladder
        "learning_rate=0.1,schedule=step,step_epochs=4",
        "learning_rate=0.1,schedule=exponential",
        "learning_rate=0.1,schedule=cosine",
        "learning_rate=0.1,schedule=warm_up",
        "learning_rate=0.1,schedule=plateau",
    ),
    level_titles={
        "learning_rate=0.1,schedule=step,step_epochs=4": "Learning rate 0.1, halved every 4 epochs"
    },
    base={"dataset": "mnist", "hidden": [128], "optimizer": "sgd", "epochs": 10},
    exempt=(
        Exempt("10", "the top of the ladder lies beyond the edge, so that one sees where it is"),
        Exempt(
            "1",
            "the same on data with steep directions",
            ("fashion_mnist", "diabetes", "california_housing", "slope", "hills"),
        ),
        Exempt(
            "0.001",
            "the bottom of the ladder is too slow, so that one sees where it is",
            ("circles",),
        ),
    ),
)

BATCH_SIZE_QUESTION = Question(
    name="batch_size",
    label="Batch size",
    icon=":material/stacks:",
    question="How many samples should the network look at before each step?",
    look_for=(
        "By epoch, small batches seem far ahead: they take many more steps. Compare the curves by "
        "updates, then by seconds, before you judge. A single sample makes a noisy step, the full "
        "batch an exact one, and the best use of time usually lies between."
    ),
    why=r"""
The gradient of a batch is the mean over its $B$ samples. Drawn from $N$ training rows, it is off
the gradient of all of them by

$$\sigma_B = \frac{\sigma}{\sqrt B}\,\sqrt{\frac{N - B}{N - 1}},$$

where $\sigma$ is the spread of single samples' gradients. Four times the batch costs four times
the work for half the noise, and takes a quarter of the steps per epoch.

- **Single sample** ($B = 1$): $N$ noisy steps per epoch, each hardly using the machine.
- **Mini-batch** (16 to 512): the products of whole matrices keep the machine busy, and the noise
  does little harm; it can even help to leave sharp minima.
- **Full batch** ($B = N$): one exact step per epoch; with the same seed nothing is left to chance
  but the first weights.

With a larger batch a larger rate is stable, about in proportion (Goyal 2017). Here the rate is
the same for all, so that one thing changes at a time: try a batch of 256 at 8 times the rate.
""",
    factor="batch_size",
    over="seconds",  # an epoch of small batches has many times the updates, and takes longer
    levels=("1", "32", "256", "100000"),
    options=("1", "8", "16", "32", "64", "128", "256", "512", "1024", "100000"),
    level_titles={"1": "Single sample", "100000": "Full batch"},  # as many as a batch may have
    base={
        "dataset": "digits",
        "engine": "numpy",  # Keras would count its compiling into the first seconds
        "hidden": [64],
        "optimizer": "sgd",
        "learning_rate": 0.1,
        "epochs": 20,
    },
    exempt=(
        Exempt(
            "100000",
            "in as many epochs as the other batches need, it makes too few steps: its answer",
            ("california_housing", "hills"),
        ),
        Exempt("256", "the same on the smallest rate that one row's steps ask for", ("hills",)),
    ),
)

WORKSHOP = Question(
    name="workshop",
    label="Workshop",
    icon=":material/construction:",
    question="One network, from data to a saved model: what does it get right, and what wrong?",
    look_for=(
        "Choose everything in the sidebar, read in the summary what you have built, press **Run** "
        "and watch it learn. Then look at its worst mistakes, ask it about single samples, and "
        "take it with you as a file."
    ),
    why=r"""
1. **Build.** The summary lists the layers. A dense layer from $n_{in}$ to $n_{out}$ units has
   $n_{in} n_{out}$ weights and $n_{out}$ biases, and needs about twice as many operations per
   sample.
2. **Train.** Every epoch goes once through the training rows. The validation rows are never learnt
   from; they show whether the network understands or only remembers.
3. **Judge.** The test rows are looked at once, at the end. The confusion matrix counts what is
   taken for what; the worst mistakes are those rows for whose true answer the network had the least
   probability left. Often they are badly drawn, wrongly labelled, or truly ambiguous.
4. **Try.** A network answers everything, also what it was never meant for: draw a letter where it
   expects digits, and see how sure it is. Probabilities are of the classes it knows, nothing else.
5. **Keep.** The `.npz` file has the weights, how inputs must be prepared, and all settings, and can
   be loaded here again. The `.keras` file is for your own programs.

One training says what this network does, not whether its settings are better than others: the
comparison pages do, with several seeds.
""",
    factor="",
    levels=("network",),
    options=("network",),
    level_titles={"network": "This network"},
    base={"dataset": "mnist", "hidden": [128], "epochs": 5},
    observe=("network", "mistakes"),
)

ENGINES_QUESTION = Question(
    name="engines",
    label="NumPy and Keras",
    icon=":material/compare_arrows:",
    question="Do a network written by hand and one built with Keras learn the same, and how fast?",
    look_for=(
        "The curves should lie on top of each other: all engines start from the same weights and "
        "see the same batches. What is left between them are the last digits of single precision, "
        "shown on their own below. Then look at the seconds: who is faster depends on the size of "
        "the network and of the batch."
    ),
    why=r"""
All engines compute the same thing: a forward pass, the loss, the gradients by the chain rule, the
update. Real numbers have no rounding, floating-point numbers do: $(a + b) + c \neq a + (b + c)$ in
the last digit, and every engine adds in its own order. A difference of about $10^{-7}$ per step is
all there is at first; training can make it grow, the more the larger the learning rate.

- **NumPy** runs a few whole-array operations per layer. For small networks little is lost between
  them, and there is nothing to compile.
- **Keras** here compiles a whole epoch into one program: long to start, then fast.
- **Plain fit** starts TensorFlow anew for every batch. That costs the same whatever the network's
  size, so it hurts small networks most.
""",
    factor="engine",
    levels=("numpy", "keras", "keras_fit"),
    options=tuple(ENGINES),
    base={
        "dataset": "synthetic_100",
        "hidden": [20, 5],
        "optimizer": "sgd",
        "learning_rate": 0.5,
        "batch_size": 100_000,
        "epochs": 50,
    },
)

MODELS_QUESTION = Question(
    name="models",
    label="Model family",
    icon=":material/hub:",
    question="What does the shape of a network let it learn that another can't?",
    look_for=(
        "Compare where the curves end, then what it cost: a family that fits the data gets further "
        "with fewer parameters. On the flower a straight border stays far behind four hidden "
        "units; on reviews a convolution needs half the parameters of a dense network."
    ),
    why=r"""
- **Logistic regression** is one layer: its border is a straight line, $w^\top x + b = 0$.
- A **hidden layer** bends it, but only with an activation between the layers:
  $W_2 (W_1 x) = (W_2 W_1)\, x$ is one layer again.
- **Wide and deep** shows the last layer the inputs, too: simple rules take the short way, and the
  deep part is left with what is not simple.
- A **convolution** over text uses the same small filter at every place: a phrase is recognised
  wherever it stands, and the filter has few weights. A **dense** layer on the same words has
  weights of its own for every place.
""",
    factor="model",
    levels=("logistic", "mlp"),
    options=(
        *("perceptron", "logistic", "mlp", "wide_deep"),
        "Linear stack:model=mlp,activation=linear",
    ),
    level_titles={"Linear stack:model=mlp,activation=linear": "Linear stack"},
    base={
        "dataset": "planar",
        "hidden": [4],
        "activation": "tanh",
        "engine": "numpy",
        "optimizer": "sgd",
        "learning_rate": 1.2,
        "batch_size": 100_000,
        "epochs": 2_000,
    },
    exempt=(Exempt("logistic", "no line parts these classes: that is the answer", _UNPARTED),),
)

PLAYGROUND = Question(
    name="playground",
    label="Playground",
    icon=":material/toys:",
    question="Where does a network draw the border, and how does it get there?",
    look_for=(
        "Colour says which class the network would give a point of the plane, strength how sure "
        "it is. Every change trains it anew."
    ),
    why=r"""
Without a hidden layer the output is $\sigma(w_1 x_1 + w_2 x_2 + b)$. It is one half where
$w_1 x_1 + w_2 x_2 + b = 0$, which is a **straight line**, whatever the weights are. On circles and
on XOR it stays near chance, however long it trains.

A hidden unit $a_j = f(w_j^\top x + b_j)$ is constant along parallel lines, too: its map shows a
ramp. The output adds such ramps, $\sigma(\sum_j v_j a_j + c)$, so three of them can close a border
around a ring. Units of a second layer add up maps that are bent already, and can be islands at
once.
- If $f$ is **linear**, the sum of ramps is a ramp again: layers without a bend are worth one line.
- **ReLU** makes borders with corners, **tanh** and **sigmoid** smooth ones.
- **Inputs** may bend the border, too: straight in $x_1^2$ and $x_2^2$ is an ellipse in the plane.
- With **squared error** on a sigmoid the first hundred steps may change hardly anything: where the
  output is flat, the gradient is small. Then it goes quickly.
- A border that winds around single points is **learnt by heart**: the validation loss rises again.
""",
    factor="",
    levels=ON_PLANES["circles"].levels,
    options=(),
    base={
        "dataset": "circles",
        "engine": "numpy",
        "points": 500,
        "epochs": 150,
    },
    observe=("frames",),
    draws_the_plane=True,
    is_watched=True,
    starts="3",
    on=ON_PLANES,
)

QUESTIONS: Registry[Question] = Registry(
    "comparison",
    ACTIVATIONS_QUESTION,
    INITIALIZERS_QUESTION,
    OPTIMIZERS_QUESTION,
    DROPOUT_QUESTION,
    CAPACITY_QUESTION,
    EPOCHS_QUESTION,
    LEARNING_RATE_QUESTION,
    BATCH_SIZE_QUESTION,
    ENGINES_QUESTION,
    MODELS_QUESTION,
)

# whatever a stored comparison can be of: the catalogue, and pages that train networks of their own
EVERY_QUESTION: Registry[Question] = Registry(
    "comparison", *QUESTIONS.values(), PLAYGROUND, WORKSHOP
)
