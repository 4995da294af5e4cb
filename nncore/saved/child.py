"""Work with a saved network that the web process must not do itself: Keras, and whole data sets.

    python -m nncore.saved.child FOLDER

The folder has the job (`job.json`, `network.npz`, `x.npy`) and receives the answer. One child
at a time: each may take half a gigabyte.
"""

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import numpy as np

from nncore.engines.keras.setup import ENVIRONMENT
from nncore.saved.network import SavedNetwork, from_bytes, to_bytes
from nncore.system.arrays import Array
from nncore.system.blas import environment
from nncore.system.child import AGAIN, run_child
from nncore.system.errors import InvalidSetting

SECONDS = 180.0  # TensorFlow's import on a busy machine takes many
_ONE = threading.Lock()
_ANSWERS = {"predict": "out.npy", "evaluate": "result.json", "keras_file": "network.keras"}


class ChildFailed(InvalidSetting):
    """The child process could not do it; the message says why."""


def ask(what: str, network: SavedNetwork, *, x: Array | None = None) -> Any:
    """Have a child process do it, and wait.

    what "predict": outputs (n, units) for prepared inputs x; "evaluate": the JSON of
    `nncore.results.Trial.result` with "mistakes", on the data set of the config; "keras_file":
    the bytes of a `.keras` file. Raises InvalidSetting with the reason.
    """
    with tempfile.TemporaryDirectory(prefix="nnlab-") as name, _ONE:
        folder = Path(name)
        (folder / "job.json").write_text(json.dumps({"what": what}))
        (folder / "network.npz").write_bytes(to_bytes(network))
        if x is not None:
            np.save(folder / "x.npy", x, allow_pickle=False)
        _run(folder)
        if (folder / "refused.txt").exists():
            raise ChildFailed((folder / "refused.txt").read_text(encoding="utf-8"))
        answer = folder / _ANSWERS[what]
        if what == "predict":
            return np.load(answer, allow_pickle=False)
        return json.loads(answer.read_text()) if what == "evaluate" else answer.read_bytes()


def _run(folder: Path) -> None:
    variables = {**ENVIRONMENT, **environment()}
    try:
        child = run_child("nncore.saved.child", str(folder), seconds=SECONDS, variables=variables)
    except subprocess.TimeoutExpired as error:
        raise ChildFailed(f"It took over {SECONDS:g} seconds. {AGAIN}") from error
    except OSError as error:
        raise ChildFailed(f"A process for it can't be started: {error}. {AGAIN}") from error
    if child.code != 0:
        raise ChildFailed(f"The process for it ended with an error: {child.reason}")


def _predict(network: SavedNetwork, folder: Path) -> None:
    from nncore.engines.keras.builder import build

    model = build(network.config)
    model.set_weights(list(network.weights))
    x = np.load(folder / "x.npy", allow_pickle=False)
    np.save(folder / _ANSWERS["predict"], model.predict(x, verbose=0))


def _keras_file(network: SavedNetwork, folder: Path) -> None:
    from nncore.engines.keras.builder import build

    model = build(network.config)
    model.set_weights(list(network.weights))
    model.save(folder / _ANSWERS["keras_file"])


def _evaluate(network: SavedNetwork, folder: Path) -> None:
    from nncore.datasets.preparation.prepare import prepared, raw_of
    from nncore.engines.assess import assess
    from nncore.engines.begin import begin
    from nncore.engines.mistakes import worst_mistakes
    from nncore.saved.network import in_numpy

    config = in_numpy(network.config) or network.config
    data = prepared(config)
    run = begin(config.engine, config, data)
    run.set_weights(list(network.weights))
    result = assess(run, data, [], "done", unit_factor=config.data.unit_factor)
    out = run.predict(data.x_test)
    result["mistakes"] = worst_mistakes(config, data, out, raw_of(config).x_test)
    (folder / _ANSWERS["evaluate"]).write_text(json.dumps(result, allow_nan=False))


def main(folder: Path) -> int:
    """Do the job in `folder`."""
    from nncore.engines.keras.setup import configure
    from nncore.system.errors import DataError

    job = json.loads((folder / "job.json").read_text())
    try:
        network = from_bytes((folder / "network.npz").read_bytes())
        if job["what"] == "evaluate":
            _evaluate(network, folder)
        else:
            configure()
            (_predict if job["what"] == "predict" else _keras_file)(network, folder)
    except (InvalidSetting, DataError) as error:
        (folder / "refused.txt").write_text(str(error), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
