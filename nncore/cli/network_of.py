"""Which network a command asks: a file, one that is kept here, or one trained now."""

import argparse
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nncore.analysis.reading import Reading, read
from nncore.cli.asked import stored_as
from nncore.cli.compare import train
from nncore.cli.options import add_storing
from nncore.config.config import Config
from nncore.config.settings import SETTINGS
from nncore.lab.lab import Lab
from nncore.questions.arms import Arm, parse_settings
from nncore.questions.asking import TIME_LIMIT, ask
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.questions.comparisons import Comparison
from nncore.saved.kept import NotKept, from_file, kept, keys
from nncore.saved.network import SavedNetwork
from nncore.saved.trained import trained_network
from nncore.system.errors import BadNetwork, InvalidSetting, quoted
from nncore.system.outside import Unreadable, json_file
from nncore.system.owners import OPERATOR

EXAMPLES = (
    "NETWORK is the .npz file of an exported network, the key of a kept one (`networks list`; its\n"
    "first letters are enough), the id of a stored comparison of the Workshop, or settings: a\n"
    ".json file or KEY=VALUE,... such as dataset=iris,hidden=8-4,epochs=50. A network of settings\n"
    "is trained as the Workshop does and kept; equal ones are trained once."
)
_ID, _KEY = re.compile(r"[0-9a-f]{16}"), re.compile(r"[0-9a-f]{4,64}")
_MOST_BYTES = 1_000_000  # of a file of settings


def add_options(parser: argparse.ArgumentParser) -> None:
    """The network."""
    parser.add_argument("network", metavar="NETWORK", help="a file, a key, an id or settings")
    add_storing(parser)


@dataclass(frozen=True)
class Wanted:
    """The network that options name, before anything is trained for it."""

    config: Config
    network: SavedNetwork | None = None  # where it is there already
    comparison: Comparison | None = None  # of the Workshop, which trains it

    def have(self, options: argparse.Namespace) -> tuple[SavedNetwork | None, int]:
        """(network, exit code); None when its training was interrupted.

        Trained where it isn't yet; once more, where it was and its network is not kept any more.
        Raises UserError where there is none.
        """
        if self.comparison is None:
            return self.network, 0
        reading, code = train(self.comparison, options)
        try:
            return (None if reading is None else _of_comparison(reading)), code
        except NotKept:
            anew = argparse.Namespace(**vars(options) | {"no_cache": True})
            reading, code = train(self.comparison, anew)
        return (None if reading is None else _of_comparison(reading)), code


def wanted(options: argparse.Namespace) -> Wanted:
    """The network that the options name. Raises UserError where there is none."""
    text: str = options.network
    path = Path(text)
    if path.suffix == ".json" or ("=" in text and not path.is_file()):
        flat = _settings_in(path) if path.suffix == ".json" else parse_settings(text)
        comparison = workshop(flat)
        config = comparison.config(comparison.arms[0], comparison.seeds[0])
        return Wanted(config, comparison=comparison)
    network = _there(text, path, options.store)
    return Wanted(network.config, network)


def _there(text: str, path: Path, store: str | None) -> SavedNetwork:
    if path.is_file():
        try:
            return from_file(path.name, path.read_bytes())
        except OSError as error:
            raise BadNetwork(f"{text} can't be read: {error.strerror or error}.") from error
    if _ID.fullmatch(text) and Lab(store).has(text):
        return _of_comparison(read(stored_as(text, store)))
    if _KEY.fullmatch(text):
        return kept(key_of(text))
    raise InvalidSetting(
        "NETWORK must be a file (.npz, or .json with settings), the key of a kept network, the id "
        f"of a comparison of the Workshop, or settings as KEY=VALUE,...; got {quoted(text)}, and "
        "there is no such file."
    )


def key_of(text: str) -> str:
    """The key of the kept network that begins so. Raises NotKept for none, or for several."""
    found = [key for key in keys() if key.startswith(text)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotKept(f"{len(found)} kept networks begin with {text}: give more of the key.")
    raise NotKept(f"No network is kept under {quoted(text)}. `networks list` shows those that are.")


def workshop(settings: dict[str, Any]) -> Comparison:
    """One training of the Workshop, which keeps its network and its worst mistakes."""
    seed = SETTINGS["seed"].param.read(settings.pop("seed", 0))
    return replace(ask(EVERY_QUESTION["workshop"], settings=settings, seeds=1), seeds=(seed,))


def as_workshop(config: Config) -> Comparison:
    """The same training, as the Workshop would do it."""
    flat = {key: value for key, value in config.flat().items() if key != "seed"}
    return Comparison("workshop", flat, (Arm("network", {}),), (config.seed,), TIME_LIMIT)


def _of_comparison(reading: Reading) -> SavedNetwork:
    if "network" not in reading.snapshot.comparison.observe:
        raise BadNetwork(
            f"The trainings of {reading.id} kept no networks: only those of the Workshop do. Give "
            "the settings of the one you mean, as KEY=VALUE,..."
        )
    trial = reading.trials[0]
    if trial.error:
        raise BadNetwork(f"There is no network, because its training failed: {trial.error}")
    return trained_network(trial, reading.snapshot.owner, OPERATOR)


def _settings_in(path: Path) -> dict[str, Any]:
    """The flat settings in a JSON file, as `config` of an arm in `compare --json`."""
    try:
        flat = json_file(path, _MOST_BYTES)
    except Unreadable as error:
        raise InvalidSetting(f"{path} can't be read as settings: {error}.") from error
    if not isinstance(flat, dict):
        raise InvalidSetting(
            f'{path} must be settings as one JSON object, such as {{"hidden": 8}}.'
        )
    for key in flat:
        SETTINGS[key]  # UnknownName for what is none
    return flat
