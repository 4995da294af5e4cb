"""One network of a comparison: drawn, and its weights looked at."""

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from nncore.analysis.reading import ReadArm, Reading
from nncore.config.config import Config
from nncore.engines.assess import MOST_KEPT
from nncore.figures.parts.chart import Chart
from nncore.figures.untrained.network import drawn_network
from nncore.questions.arms import Arm
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.questions.comparisons import Comparison
from nncore.saved.weights import arm_weights
from nncore.system.owners import NOBODY
from ui.controls.fields import blank_of
from ui.controls.form import Form
from ui.controls.widgets import choice
from ui.guards.visitor import visitor
from ui.results.charts import show
from ui.results.errors import choice_of_arm
from ui.results.weights import weights_of
from ui.shell import has_page, page_path

_WORKSHOP = EVERY_QUESTION["workshop"]


def network_of(key: str, reading: Reading, chosen: str) -> None:
    """Draw the network of an arm, at first the chosen one or else the first, and its weights."""
    first = reading.arm(chosen) if chosen else reading.arms[0]
    arm = first
    if len(reading.arms) > 1:
        arm = choice_of_arm("Network of", reading, f"{key}.network", first=first)
    weights = arm_weights(reading, arm, visitor() or NOBODY)
    show(network_drawing(weights.config), f"{key}.drawn")
    st.subheader(f"Its weights with seed {weights.config.seed}", anchor=False)
    if weights.after is None:
        st.markdown(
            "As training starts from them. After it, comparisons keep those of networks with at "
            f"most {MOST_KEPT}."
        )
        _to_workshop(reading, arm)
    weights_of(f"{key}.weights", weights)


@lru_cache(maxsize=64)
def network_drawing(config: Config) -> Chart:
    """The drawn network of a config, made once for all sessions: leave it as it is."""
    return drawn_network(config)


def networks_drawn(key: str, configs: Mapping[str, Config]) -> None:
    """The network of one of these configs, by the title of its arm, before any training."""
    if not configs:
        return
    title = next(iter(configs))
    if len(configs) > 1:
        title = choice("Network of", {each: each for each in configs}, f"{key}.of")
    show(network_drawing(configs[title]), f"{key}.drawn")


def _asked(reading: Reading, arm: ReadArm) -> Arm:
    (asked,) = (each for each in reading.snapshot.arms if each.label == arm.label)
    return asked


def _to_workshop(reading: Reading, arm: ReadArm) -> None:
    """Where this network is trained once more and its weights are kept."""
    if not has_page(_WORKSHOP.name):
        return
    made, used = reading.snapshot.comparison, arm.config.flat()
    said = {**made.base, **_asked(reading, arm).overrides}
    base = {name: value for name, value in said.items() if name in used}  # other arms' left out
    if made.repeat_splits:
        base["split_seed"] = arm.config.split_seed
    alone = Comparison(_WORKSHOP.name, base, (Arm(_WORKSHOP.levels[0], {}),), (arm.config.seed,))
    st.page_link(
        page_path(_WORKSHOP.name),
        label="Train it in the Workshop, which keeps all of them",
        icon=_WORKSHOP.icon,
        query_params=Form.of(blank_of(_WORKSHOP), alone).query(),
    )
