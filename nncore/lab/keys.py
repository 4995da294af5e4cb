"""What a training is stored under: a hash of all that its result depends on.

Config (seed included), data, the sources that train it, and library versions. Equal key,
equal result: it is never trained twice. Other sources (pages, figures, the lab itself)
don't count, so that editing them keeps the cache. Nothing heavy is imported here.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from nncore.config.config import Config
from nncore.config.engine_names import ENGINES
from nncore.datasets.catalogue import DATASETS
from nncore.system.paths import ROOT

PACKAGE = ROOT / "nncore"
# whole folders, so that a new module can't be forgotten; a test holds them against what a
# training really imports
_TRAINING = (
    *("config", "datasets", "declare", "definitions", "engines", "network", "results", "system"),
)
_OBSERVING = ("engines/numpy", "observations", "saved")  # what is seen is computed by NumPy
_ENGINE_FOLDER = {"numpy": "numpy", "keras": "keras", "keras_fit": "keras"}
# what a summary says: who is in front of whom, and what all of it is called
_SUMMING_UP = ("analysis", "config", "definitions", "questions", "results")
# what simple models are made of, and what prepares their rows
_FITTING = ("baselines", "datasets")
_LIBRARIES = ("numpy", "scikit-learn")
_TENSORFLOW = ("tensorflow", "keras")


def training_key(config: Config, code: str, salt: str = "", observe: Sequence[str] = ()) -> str:
    """The key of a training. `code`: its engine's `code_hash`; `salt` keeps it from the cache.

    A training that brings more (`observe`, see `nncore.observations`) is another one.
    """
    data = _fingerprint(config.dataset, config.variant)
    parts: list[Any] = [config.flat(), data, code, salt]
    if observe:
        parts += [sorted(observe), _hashed(False, tuple(_stamps(_observing())))]
    return _sha256(parts)


def baseline_key(config: Config, settings: Mapping[str, Any], version: str) -> str:
    """The key of the simple models for a config's data.

    `settings`: those that decide what the data is; `version`: `baseline_version`.
    """
    return _sha256([dict(settings), _fingerprint(config.dataset, config.variant), version])


def program_key(config: Config) -> str:
    """Equal for configs that can run the same compiled program one after the other."""
    return _sha256(config.compiled())


def code_hash(engine: str) -> str:
    """Hash of the sources and libraries an engine trains with, as they are on disk now."""
    return _hashed(ENGINES[engine].needs_tensorflow, tuple(_stamps(_sources(engine))))


def lab_hash() -> str:
    """Hash of all sources that coordinators and workers have loaded, as they are on disk now."""
    files = _python(PACKAGE / "lab") + _observing() + _summing_up() + _fitting()
    for engine in ENGINES:
        files += _sources(engine)
    return _hashed(True, tuple(_stamps(files)))


def summary_version() -> str:
    """Hash of the sources that sum comparisons up, as they are on disk now."""
    return _hashed(False, tuple(_stamps(_summing_up())))[:16]


def baseline_version() -> str:
    """Hash of the sources and libraries that simple models are fitted by, as they are now."""
    return _hashed(False, tuple(_stamps(_fitting())))


def versions(with_tensorflow: bool) -> dict[str, str]:
    """Versions of the libraries that results depend on."""
    return dict(_versions(with_tensorflow))


def _sources(engine: str) -> list[Path]:
    others = set(_ENGINE_FOLDER.values()) - {_ENGINE_FOLDER[engine]}
    left_out = [PACKAGE / "engines" / other for other in others]
    files = [path for name in _TRAINING for path in _python(PACKAGE / name)]
    return [path for path in files if not any(path.is_relative_to(folder) for folder in left_out)]


def _observing() -> list[Path]:
    return [path for name in _OBSERVING for path in _python(PACKAGE / name)]


def _summing_up() -> list[Path]:
    here = [PACKAGE / "lab" / "summaries.py"]
    return here + [path for name in _SUMMING_UP for path in _python(PACKAGE / name)]


def _fitting() -> list[Path]:
    return [path for name in _FITTING for path in _python(PACKAGE / name)]


def _python(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def _stamps(files: list[Path]) -> Iterator[tuple[str, int, int]]:
    for path in files:
        stat = path.stat()
        yield str(path), stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=8)
def _hashed(with_tensorflow: bool, stamps: tuple[tuple[str, int, int], ...]) -> str:
    digest = hashlib.sha256(json.dumps(_versions(with_tensorflow)).encode())
    for name, _, _ in stamps:
        path = Path(name)
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@lru_cache(maxsize=2)
def _versions(with_tensorflow: bool) -> tuple[tuple[str, str], ...]:
    names = _LIBRARIES + (_TENSORFLOW if with_tensorflow else ())
    return tuple((name, _version(name)) for name in names)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


@lru_cache(maxsize=100)
def _fingerprint(dataset: str, variant: str) -> str:
    """What of the data set's catalogue entry changes numbers."""
    data = DATASETS[dataset]
    form = data.variants[variant]
    return _sha256(
        {
            "arrays": form.sha256,
            "rows": [form.train, form.test],
            "about": [data.task, data.kind, list(data.input_shape), list(data.classes)],
            "target": [data.standardize_target, data.unit_factor, data.largest_pixel],
            **({"recipe": data.recipe.to_json()} if data.recipe is not None else {}),
        }
    )


def _sha256(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
