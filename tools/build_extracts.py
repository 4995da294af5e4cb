"""Rebuild the bundled extracts from the full files, and print every data set's fingerprint.

    python -m tools.build_extracts FOLDER

FOLDER holds mnist.npz and fashion_mnist.npz (x_train, y_train, x_test, y_test) and
california_housing.npz (data, target). The seed is fixed: the same files give the same
extracts, byte for byte with the same zlib. The printed fingerprints belong into the
catalogue's `sha256` fields.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.files import EXTRACTS, fingerprint, read_npz
from nncore.datasets.splits import held_out_rows
from nncore.system.arrays import Array
from nncore.system.errors import DataError

SEED = 20_240_503
SIZES = {"mnist": (10_000, 2_000), "fashion_mnist": (5_000, 1_000)}  # train, test


def image_extract(folder: Path, name: str) -> dict[str, Any]:
    """Rows of each part with every class's share, in the order of the full file."""
    full = read_npz(folder / f"{name}.npz", ("x_train", "y_train", "x_test", "y_test"))
    rng = np.random.default_rng(SEED)
    extract: dict[str, Any] = {}
    for part, count in zip(("train", "test"), SIZES[name], strict=True):
        rows = held_out_rows(full[f"y_{part}"], count, rng, stratify=True)
        extract[f"x_{part}"] = full[f"x_{part}"][rows]
        extract[f"y_{part}"] = full[f"y_{part}"][rows].astype(np.uint8)
    return extract


def housing_columns(folder: Path) -> dict[str, Any]:
    """The whole table as the census's integers, which give every value back to the last bit.

    The published averages are quotients of whole numbers: rooms, bedrooms and people of a
    district by its households. Occupancy and population give the households.
    """
    full = read_npz(folder / "california_housing.npz", ("data", "target"))
    income, age, rooms, bedrooms, people, occupancy, latitude, longitude = full["data"].T
    households = people / occupancy
    columns = {
        "income_dollars": (income * 1e4, np.uint32),
        "house_age": (age, np.uint8),
        "rooms": (rooms * households, np.uint16),
        "bedrooms": (bedrooms * households, np.uint16),
        "population": (people, np.uint16),
        "households": (households, np.uint16),
        "latitude_100": (latitude * 100.0, np.int16),
        "longitude_100": (longitude * 100.0, np.int16),
        "value_dollars": (full["target"] * 1e5, np.uint32),
    }
    return {name: _whole(name, values).astype(dtype) for name, (values, dtype) in columns.items()}


def _whole(name: str, values: Array) -> Array:
    whole = np.rint(values)
    if not np.allclose(whole, values, rtol=0.0, atol=1e-6):
        raise SystemExit(f"{name} holds values that are not whole numbers: another table?")
    return whole


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m tools.build_extracts FOLDER")
    folder = Path(sys.argv[1])
    extracts = {name: image_extract(folder, name) for name in SIZES}
    extracts["california_housing"] = housing_columns(folder)
    for name, arrays in extracts.items():
        path = EXTRACTS / f"{name}.npz"
        np.savez_compressed(path, **arrays)
        print(f"{path.name}: {path.stat().st_size / 1024:,.0f} KiB")
    for dataset in DATASETS.values():
        for name, variant in dataset.variants.items():
            try:
                print(dataset.name, name, fingerprint(variant.load().arrays()))
            except DataError as error:
                print(dataset.name, name, error)


if __name__ == "__main__":
    main()
