"""Settings, times and counts in words."""

import math
from collections import Counter
from typing import Any

from nncore.analysis.reading import Reading
from nncore.analysis.words import split_words
from nncore.config.config import Config
from nncore.config.settings import SETTINGS
from nncore.lab.estimate import Estimate
from nncore.lab.spreads import Sight
from nncore.results.snapshots import Status
from nncore.system.wording import listing, number, times
from ui.guards.plain import plain

_HALF = 0.5  # of all rows: a larger difference is rarely there to be seen
_MOST_NAMED = 4  # arms in one sentence
_IN_WORDS = {
    Status.QUEUED: "waiting",
    Status.RUNNING: "training",
    Status.DONE: "done",
    Status.DIVERGED: "diverged",
    Status.FAILED: "failed",
    Status.CANCELLED: "stopped",
}


def duration(seconds: float) -> str:
    """ "under 1 s", "8 s", "2 min", "1 h 5 min"."""
    if seconds < 1:
        return "under 1 s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def span(estimate: Estimate) -> str:
    """How long it will take: "8 to 12 s", "at most 3 min", "under 2 s"."""
    low, high = duration(estimate.low), duration(estimate.high)
    if estimate.high < 1:
        return high
    if estimate.at_most:
        return f"at most {high}"
    if low == high:
        return f"about {high}"
    if estimate.low < 1:
        return f"under {high}"
    number, _, unit = low.partition(" ")
    return f"{number if high.endswith(f' {unit}') else low} to {high}"


def estimate_words(estimate: Estimate) -> str:
    """What Run would do, in one short line: "12 trainings, 3 of them stored · 8 to 12 s"."""
    count = times(estimate.trainings, "training")
    if not estimate.to_train:
        return f"{count}, stored already: Run shows the result at once"
    cached = f", {estimate.cached:,} of them stored" if estimate.cached else ""
    rough = " (a guess)" if estimate.rough else ""
    return f"{count}{cached} · {span(estimate)}{rough}"


def sight_words(sight: Sight, config: Config) -> str:
    """What so many seeds can show: "Shows differences from about 1.5 points on."."""
    if math.isinf(sight.spreads):
        return "One seed gives no verdict."
    if sight.difference is None:
        return f"Shows differences of {number(sight.spreads, 2)} times seeds' scatter."
    if config.data.task == "regression":
        size = f"{number(sight.difference, 2)} {config.data.unit}".rstrip()
    elif sight.difference > _HALF:
        return "Shows hardly any difference: take more seeds."
    else:
        size = f"{number(100 * sight.difference, 2)} points"
    return f"Shows differences from about {size} on."


def statuses(reading: Reading) -> str:
    """ "9 done, 2 training, 1 waiting"."""
    counts = [(len(reading.of_status(status)), word) for status, word in _IN_WORDS.items()]
    return ", ".join(f"{n} {word}" for n, word in counts if n)


def network(config: Config) -> str:
    """ "784-128-10"."""
    widths = (config.model.inputs(config), *config.hidden, config.output_units)
    return "-".join(map(str, widths))


def trained_words(reading: Reading) -> str:
    """One line that says what all arms share: data, network, optimizer, epochs, seeds."""
    shared, config = shared_settings(reading), reading.config
    words = [f"{config.data.label} ({_rows(config)})"]
    if "hidden" in shared:
        words.append(network(config))
    if shared.get("model", "mlp") != "mlp":
        words.append(SETTINGS["model"].title(shared["model"]))
    full_batch = config.batch_size >= config.counts()[0]
    for key, setting in SETTINGS.items():
        if key == "batch_size" and key in shared and full_batch:
            words.append("full batch")
        elif shared.get(key) and (brief := setting.param.brief) is not None:
            named = setting.named(shared[key])
            words.append(f"{brief} {setting.title(shared[key])}" if brief else named)
    own = ", each its own split" if reading.repeats_splits else ""
    words.append(times(len(reading.seeds), "seed") + own)
    return " · ".join(word for word in words if word)


def _rows(config: Config) -> str:
    """ "all 1,797 images: 1,150 to train, 287 to validate, 360 to test"."""
    train, validation, test = config.counts()
    note = config.form.note
    held_out = "which validate as well" if config.split == "none" else f"{validation:,} to validate"
    whose = f" ({said})" if (said := split_words(config)) else ""
    return f"{note}: {train:,} to train, {held_out}, {test:,} to test{whose}"


def shared_settings(reading: Reading) -> dict[str, Any]:
    """The flat settings that every arm has with the same value; the seed is left out."""
    flats = [arm.config.flat() for arm in reading.arms]
    first = flats[0]
    return {
        key: value
        for key, value in first.items()
        if key != "seed" and all(key in flat and flat[key] == value for flat in flats)
    }


def reasons(reading: Reading) -> list[str]:
    """Why trainings failed, each once, as Markdown: "**ReLU** (2 of 3 seeds) failed: why"."""
    by_reason: dict[str, Counter[str]] = {}
    for trial in reading.of_status(Status.FAILED):
        reason = trial.error or "The training ended without a word."
        by_reason.setdefault(reason, Counter())[trial.arm] += 1
    return [
        f"{_who(reading, failed)} failed: {plain(reason)}" for reason, failed in by_reason.items()
    ]


def _who(reading: Reading, failed: Counter[str]) -> str:
    """Arms by name with how many of their seeds; only a count where they are many."""
    if len(failed) > _MOST_NAMED:
        return f"{failed.total()} of {times(len(reading.trials), 'training')}"
    arms = [(reading.arm(label), count) for label, count in failed.items()]
    return listing(
        [
            f"**{plain(arm.title)}** ({count} of {times(len(arm.trials), 'seed')})"
            for arm, count in arms
        ]
    )
