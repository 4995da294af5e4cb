"""Looking for a setting by what it is called and by what its explanation says."""

from collections.abc import Iterable

from nncore.config.settings import Setting
from nncore.system.wording import listing
from ui.controls.fields import Blank
from ui.guards.plain import plain

_MOST_NAMED = 3  # settings in one answer


def matching(settings: Iterable[Setting], sought: str) -> set[str]:
    """The names of the settings whose label, name and help have every word of `sought`."""
    words = sought.casefold().split()
    return {s.name for s in settings if all(word in _about(s) for word in words)}


def _about(setting: Setting) -> str:
    return " ".join((setting.label, setting.name, setting.help)).casefold()


def elsewhere(blank: Blank, sought: str) -> str:
    """What to say where nothing matches: of whom a setting is that isn't in use, as Markdown."""
    settings = [field.setting for field in blank.fields.values() if not field.extra]
    fits = matching(settings, sought)
    owned = [s for s in settings if s.name in fits and s.owners][:_MOST_NAMED]
    above = [s.label for s in settings if s.name in fits and s.basic]
    sentences = [
        *([f"In sight already: {listing(above)}."] if above else []),
        *(f"{s.label} belongs to {listing([d.label for d in s.owners])}." for s in owned),
    ]
    return " ".join(map(plain, sentences)) or "No setting is called that, or explained by it."
