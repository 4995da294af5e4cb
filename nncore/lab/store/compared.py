"""What a stored comparison compares, as a text that is equal for equal ones."""

import hashlib
import json


def compared_in(body: str) -> str:
    """A hash of the base and the arms in a comparison's JSON; "" where that can't be read.

    Seeds, plan and time limit have no part in it, nor has the order of the arms.
    """
    try:
        flat = json.loads(body)
        arms = sorted(_written(arm) for arm in flat["arms"])
        text = _written([flat["base"], arms])
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return hashlib.sha256(text.encode()).hexdigest()


def _written(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
