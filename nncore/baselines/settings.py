"""Which settings decide what the data is: simple models are fitted once for all that share them."""

from typing import Any

from nncore.config.config import Config
from nncore.datasets.preparation.prepare import Wanted
from nncore.declare.params import params_of

# whatever preparation asks for, so that no setting of it can be forgotten
_NAMES = {name for name, member in vars(Wanted).items() if isinstance(member, property)}


def data_settings(config: Config) -> dict[str, Any]:
    """Their values as plain JSON, with how many words are known and read of a text."""
    flat = {p.name: p.domain.plain(getattr(config, p.name)) for p in params_of(config)}
    words, tokens = config.text_sizes()
    return {name: flat[name] for name in flat if name in _NAMES} | {"text": [words, tokens]}
