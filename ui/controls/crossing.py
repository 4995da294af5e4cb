"""What a question's arms may be crossed with by a click, and what that is called."""

from collections.abc import Mapping
from typing import Any

from nncore.config.settings import SETTINGS, Setting
from nncore.declare.domains import AUTO, Range
from nncore.declare.params import HIDDEN
from nncore.network.models import MODELS
from nncore.questions.arms import parse_arm
from nncore.questions.grids import parse_crossing
from nncore.system.errors import InvalidSetting
from ui.controls.form import Form

Owned = Mapping[str, Mapping[str, Any]]  # setting -> {definition's label: its own default}


def crossings(form: Form) -> list[str]:
    """The crossings offered, each with the value that the page itself has.

    A setting that is crossed already isn't offered twice. What the question varies is offered
    where some arm sets something else; it may be typed anyway.
    """
    without = {text.partition("=")[0].strip() for text in form.crossings}
    if all(_only_varies(arm, form.blank.factor) for arm in form.arms):
        without.add(form.blank.factor)
    owned = form.draft.owned
    if any(d in MODELS.values() and d.most_hidden == 0 for d in form.draft.chosen):
        without |= {s.name for s in SETTINGS.values() if HIDDEN in s.needs}
    offered = (
        s
        for s in SETTINGS.values()
        if s.param.crossed and s.name not in without and (s.of_config or s.name in owned)
    )
    return [f"{setting.name}={','.join(_values(setting, form, owned))}" for setting in offered]


def _only_varies(arm: str, factor: str) -> bool:
    try:
        return set(parse_arm(arm, factor).overrides) == {factor}
    except InvalidSetting:
        return True


def _values(setting: Setting, form: Form, owned: Owned) -> list[str]:
    """The values declared for it and the page's own, numbers in their order."""
    own = form.texts.get(setting.name, "")
    defaults = {setting.write(value) for value in owned.get(setting.name, {}).values()}
    if not own and len(defaults) == 1:
        (own,) = defaults
    values = list(setting.param.crossed)
    if own and own != AUTO and own not in values and _is_fine(setting, own):
        values.append(own)
    return sorted(values, key=float) if isinstance(setting.domain, Range) else values


def _is_fine(setting: Setting, text: str) -> bool:
    try:
        setting.parse(text)
    except InvalidSetting:
        return False
    return True


def crossing_title(text: object) -> str:
    """A crossing as people read it: "Learning rate: 0.001, 0.01"."""
    try:
        key, values = parse_crossing(str(text))
    except InvalidSetting:
        return str(text)
    setting = SETTINGS[key]
    return f"{setting.short}: {', '.join(map(setting.title, values))}"
