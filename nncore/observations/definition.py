"""What looks at a training, besides what is measured anyway."""

from dataclasses import dataclass
from typing import Any, ClassVar

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.engines.run import Run


@dataclass(frozen=True)
class Finished:
    """A training that has just ended, with its weights as they are returned."""

    config: Config
    data: Data
    run: Run
    status: str  # "done" or "diverged"
    key: str  # what the training is stored under


class Observation:
    """One observation of one training; what it sees is plain JSON.

    It stands under its `name` in the records and the result that have it. It must not change the
    run.
    """

    name: ClassVar[str]

    def __init__(self, config: Config, data: Data) -> None:
        """Get ready to look at a training of `config` on `data`."""

    def watch(self, run: Run, epoch: int) -> Any:
        """What the record of this epoch gets; None: nothing.

        Called before the first epoch, with 0, and then once per record.
        """

    def end(self, finished: Finished) -> Any:
        """What the result of a training that is done gets; None: nothing."""
