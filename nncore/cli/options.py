"""What several commands share: reading `--set`, and the settings that help lists."""

import argparse
from collections.abc import Iterable
from typing import Any

from nncore.config.settings import DEFINED, SETTINGS
from nncore.system.errors import InvalidSetting


def add_settings(parser: argparse.ArgumentParser) -> None:
    """`--variant` and `--set`."""
    parser.add_argument("--variant", metavar="NAME", help="extract (default) or full")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help="any setting below; may repeat",
    )


def add_storing(parser: argparse.ArgumentParser) -> None:
    """`--store` and `--no-cache`."""
    add = parser.add_argument
    add("--no-cache", action="store_true", help="train again what is stored already")
    add("--store", metavar="URL", help="SQLAlchemy URL of the store (default NNLAB_STORE)")


def read_settings(pairs: Iterable[str]) -> dict[str, Any]:
    """`--set` values as flat settings, each by its declared domain."""
    settings: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        key = key.strip()
        if not equals or not key:
            raise InvalidSetting(f"--set must be KEY=VALUE, such as hidden=128,64; got {pair!r}.")
        if key in settings:
            raise InvalidSetting(f"--set {key} is given twice.")
        settings[key] = SETTINGS[key].parse(text)
    return settings


def merge(settings: dict[str, Any], **options: str | None) -> dict[str, Any]:
    """`settings` with options such as --dataset; the same key in both is refused."""
    given = {k: SETTINGS[k].parse(text) for k, text in options.items() if text is not None}
    twice = next((key for key in given if key in settings), None)
    if twice is not None:
        raise InvalidSetting(f"{twice} is given twice: by --{twice} and by --set {twice}.")
    return {**settings, **given}


def help_of_settings() -> str:
    """The settings that `--set` takes, with their domains."""
    lines = ["settings:"]
    lines += [f"  {s.name:<20} {s.label}: {s.domain}" for s in SETTINGS.values() if s.of_config]
    for kind, registry in DEFINED.items():
        for definition in registry.values():
            if own := [s.name for s in SETTINGS.values() if definition in s.owners]:
                lines.append(f"  of {kind} {definition.name}: {', '.join(own)}")
    return "\n".join(lines)
