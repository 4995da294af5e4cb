"""What can be fetched, from where, and which of our files it becomes."""

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from nncore.datasets.download import published
from nncore.datasets.download.fetching import Part
from nncore.datasets.files import find_placed
from nncore.datasets.sets import reviews, text
from nncore.declare.registry import Registry
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting
from nncore.system.paths import home_folder
from nncore.system.printable import one_line

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

    Without user and password, so that it may be shown: `credentials` has them. Raises
    InvalidSetting for anything but the http or https address of a folder.
    """
    mirror = _mirror()
    place = mirror.netloc.rpartition("@")[2]
    folder = quote(mirror.path.rstrip("/"), safe="/%:@!$&'()*+,;=~")
    return f"{mirror.scheme}://{place}{folder}/"


def credentials() -> dict[str, str]:
    """The header that lets in whom NNLAB_DOWNLOAD_URL names; empty without user and password."""
    user, at, _ = _mirror().netloc.rpartition("@")
    if not at:
        return {}
    name, _, password = user.partition(":")
    pair = f"{unquote(name)}:{unquote(password)}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _mirror() -> SplitResult:
    url = os.environ.get("NNLAB_DOWNLOAD_URL") or KERAS_HOST
    try:
        address = urlsplit(url)
        is_folder = bool(address.hostname) and address.port != 0 and not {"?", "#"} & {*url}
        if is_folder and address.scheme in ("http", "https") and url.isprintable():
            return address
    except ValueError:  # its text may hold the password, as the address itself may
        pass
    scheme, is_url, _ = url.partition("://")
    got = f"something that begins with {one_line(scheme, 20)}://" if is_url else "no address"
    raise InvalidSetting(
        "NNLAB_DOWNLOAD_URL must be the address of a folder, begin with https:// or http://, and "
        f"have no ? and #; got {got}. In a user name or password, write %40 for @, %3A for :, "
        "%2F for /, %3F for ? and %23 for #."
    )


def place_for_files() -> Path:
    """The folder that fetched files are put into."""
    return home_folder() / "data"


def by_hand(download: Download) -> str:
    """How to have the data without our download."""
    try:
        base = base_url()
    except InvalidSetting as error:
        return str(error)
    urls = [base + part.name for target in download.missing() for part in target.parts]
    return (
        f"By hand: fetch {', '.join(urls)} with a browser, put everything as it is into "
        f"{place_for_files()}, and start the download again, which then takes it from there."
    )
