"""What can be fetched, from where, and which of our files it becomes."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nncore.datasets.download import published
from nncore.datasets.download.fetching import Part
from nncore.datasets.files import find_placed
from nncore.datasets.sets import reviews, text
from nncore.declare.registry import Registry
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting
from nncore.system.paths import home_folder

KERAS_HOST = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


@dataclass(frozen=True)
class Target:
    """One of our files, and what it is made from."""

    file: str
    parts: tuple[Part, ...]
    read: Callable[[list[Path]], dict[str, Array]] | None = None  # None: kept as published


@dataclass(frozen=True)
class Download:
    """What one data set needs."""

    name: str  # of the data set
    label: str
    targets: tuple[Target, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for target in self.targets for part in target.parts)

    @property
    def size(self) -> int:
        """Bytes to fetch when nothing is there."""
        return sum(part.size for part in self.parts)

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(target.file for target in self.targets)

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(base_url() + part.name for part in self.parts)

    def missing(self) -> list[Target]:
        """What no data folder has yet."""
        return [target for target in self.targets if find_placed(target.file) is None]


DOWNLOADS: Registry[Download] = Registry(
    "download",
    Download(
        "mnist",
        "MNIST, all 60,000 images",
        (
            Target(
                "mnist.npz",
                (
                    Part(
                        "mnist.npz",
                        11_490_434,
                        "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
                    ),
                ),
                published.mnist,
            ),
        ),
    ),
    Download(
        "fashion_mnist",
        "Fashion-MNIST, all 60,000 images",
        (
            Target(
                "fashion_mnist.npz",
                (
                    Part("train-images-idx3-ubyte.gz", 26_421_880),
                    Part("train-labels-idx1-ubyte.gz", 29_515),
                    Part("t10k-images-idx3-ubyte.gz", 4_422_102),
                    Part("t10k-labels-idx1-ubyte.gz", 5_148),
                ),
                published.fashion_mnist,
            ),
        ),
    ),
    Download(
        "imdb",
        "IMDB, 50,000 reviews",
        (
            Target(
                reviews.FILE,
                (
                    Part(
                        "imdb.npz",
                        17_464_789,
                        "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
                    ),
                ),
                published.imdb,
            ),
            Target(
                text.FILE,
                (
                    Part(
                        text.FILE,
                        1_641_221,
                        "027313fe9a320280f3bf0fac5baf58c4a683cf39a7ed9c3d3d3912bde4284cf6",
                    ),
                ),
            ),
        ),
    ),
)


def base_url() -> str:
    """Where files are fetched from: NNLAB_DOWNLOAD_URL names a mirror, else Keras's own host.

    Raises InvalidSetting for anything but http and https.
    """
    url = os.environ.get("NNLAB_DOWNLOAD_URL") or KERAS_HOST
    if not url.startswith(("https://", "http://")):
        raise InvalidSetting(f"NNLAB_DOWNLOAD_URL must begin with https:// or http://; got {url}.")
    return url.rstrip("/") + "/"


def place_for_files() -> Path:
    """The folder that fetched files are put into."""
    return home_folder() / "data"


def by_hand(download: Download) -> str:
    """How to have the data without our download."""
    urls = [base_url() + part.name for target in download.missing() for part in target.parts]
    return (
        f"By hand: fetch {', '.join(urls)} with a browser, put everything as it is into "
        f"{place_for_files()}, and start the download again, which then takes it from there."
    )
