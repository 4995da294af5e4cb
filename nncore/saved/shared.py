"""Whose a kept network is: whoever had it trained uses it, others once it is shared with them.

Equal trainings are trained once, so a network may have several owners. `KEY.shared` beside its
file lists those of them who let everybody use it who sees their comparison.
"""

import json
from pathlib import Path

from nncore.saved.kept import NotKept, beside, kept
from nncore.saved.network import SavedNetwork
from nncore.system.errors import BadNetwork
from nncore.system.files import write_whole
from nncore.system.locks import only_one
from nncore.system.outside import Unreadable, json_file
from nncore.system.owners import Visitor, check_owner

_MOST_BYTES = 1_000_000


def network_for(visitor: Visitor, key: str, owner: str) -> SavedNetwork:
    """A kept network of `owner`, as a visitor may use it.

    Raises NotKept, with the same words whether it isn't there or isn't theirs to use.
    """
    if not visitor.may_change(owner) and not is_shared(key, owner):
        raise NotKept.absent()
    return kept(key)


def is_shared(key: str, owner: str) -> bool:
    """Whether `owner` lets everybody use the network of this training."""
    return owner in _sharing(beside(key, ".shared"))


def share(key: str, owner: str, shared: bool, by: Visitor) -> None:
    """Let everybody use a network of `owner`, or only them.

    Raises NotYours unless `by` may say so, and BadNetwork where it can't be noted.
    """
    check_owner(by, owner, "network", "share")
    path = beside(key, ".shared")
    with only_one(path.parent):
        sharing = _sharing(path) - {owner} | ({owner} if shared else set())
        try:
            write_whole(path, json.dumps(sorted(sharing)).encode())
        except OSError as error:
            raise BadNetwork(f"{path} can't be written: {error.strerror or error}.") from error


def _sharing(path: Path) -> set[str]:
    """Nobody's where the file is missing or damaged."""
    try:
        listed = json_file(path, _MOST_BYTES) if path.is_file() else []
    except Unreadable:
        return set()
    return {owner for owner in listed if isinstance(owner, str)} if type(listed) is list else set()
