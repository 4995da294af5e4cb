"""Work with a saved network that the web process must not do itself: Keras, and whole data sets.

    python -m nncore.saved.child FOLDER

The folder has the job (`job.json`, `network.npz`, `x.npy`) and receives the answer. One child
at a time: each may take half a gigabyte.
"""

import io
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nncore.engines.keras.setup import ENVIRONMENT
from nncore.saved.network import SavedNetwork, from_bytes, to_bytes
from nncore.system.arrays import Array
from nncore.system.blas import environment
from nncore.system.child import Jobs, serve

SECONDS = 180.0  # TensorFlow's import on a busy machine takes many
_JOBS = Jobs("nncore.saved.child", seconds=SECONDS)
_DOING = {
    "predict": "Asking the network",
    "evaluate": "Evaluating the network",
    "keras_file": "Writing the Keras file",
}


def ask(what: str, network: SavedNetwork, *, x: Array | None = None) -> Any:
    """Have a child process do it, and wait.

    what "predict": outputs (n, units) for prepared inputs x; "evaluate": the JSON of a
    `Result` with "mistakes", on the data set of the config;
    "keras_file": the bytes of a `.keras` file. Raises UserError with the reason.
    """
    with tempfile.TemporaryDirectory(prefix="nnlab-") as name:
        folder = Path(name)
        (folder / "network.npz").write_bytes(to_bytes(network))
        if x is not None:
            np.save(folder / "x.npy", x, allow_pickle=False)
        variables = {**ENVIRONMENT, **environment()}
        answer = _JOBS.ask(folder, {"what": what}, doing=_DOING[what], variables=variables)
        if what == "evaluate":
            return answer
        content = (folder / answer).read_bytes()
        return np.load(io.BytesIO(content), allow_pickle=False) if what == "predict" else content


def _predict(network: SavedNetwork, folder: Path) -> str:
    from nncore.engines.keras.builder import build

    model = build(network.config)
    model.set_weights(list(network.weights))
    x = np.load(folder / "x.npy", allow_pickle=False)
    np.save(folder / "out.npy", model.predict(x, verbose=0))
    return "out.npy"


def _keras_file(network: SavedNetwork, folder: Path) -> str:
    from nncore.engines.keras.builder import build

    model = build(network.config)
    model.set_weights(list(network.weights))
    model.save(folder / "network.keras")
    return "network.keras"


def _evaluate(network: SavedNetwork) -> dict[str, Any]:
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
    mistakes = worst_mistakes(config, data, out, raw_of(config).x_test)
    return replace(result, observed={"mistakes": mistakes}).to_json()


def main(folder: Path) -> None:
    """Do the job in `folder`."""
    from nncore.engines.keras.setup import configure

    def work(job: dict[str, Any]) -> Any:
        network = from_bytes((folder / "network.npz").read_bytes())
        if job["what"] == "evaluate":
            return _evaluate(network)
        configure()
        return (_predict if job["what"] == "predict" else _keras_file)(network, folder)

    serve(folder, work)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
