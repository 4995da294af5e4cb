"""`networks`: the trained networks that are kept on this machine."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from nncore.cli.network_of import key_of
from nncore.cli.output import JsonTarget, file_to_write, put, table, write_file
from nncore.export.json import plain
from nncore.saved.child import ask
from nncore.saved.kept import find, keep_file, kept, keys
from nncore.saved.network import SavedNetwork, to_bytes
from nncore.saved.shared import network_for
from nncore.system.errors import BadNetwork, InvalidSetting
from nncore.system.owners import OPERATOR
from nncore.system.wording import times

HELP = "list, export and load the trained networks that are kept"
DESCRIPTION = (
    "List the networks that are kept on this machine, export one, or load one from a file."
)
EXAMPLE = """networks list
networks export 12ab34cd mine.npz
networks export 12ab34cd mine.keras
networks load mine.npz"""
DOINGS = {"list": 0, "export": 2, "load": 1}  # how many words follow
_FORMS = (".npz", ".keras")
_SHORT = 12  # letters of a key in a table


def add_options(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which network and file."""
    add = parser.add_argument
    add("doing", metavar="DOING", help="list, export KEY PATH, or load PATH", choices=list(DOINGS))
    add("words", metavar="KEY PATH", nargs="*", help="a key as `networks list` shows it; a file")


def run(options: argparse.Namespace) -> int:
    """Do it; 0."""
    target = JsonTarget(options.json)
    words, wanted = options.words, DOINGS[options.doing]
    if len(words) != wanted:
        forms = {"list": "list", "export": "export KEY PATH", "load": "load PATH"}
        raise InvalidSetting(
            f"It must be `networks {forms[options.doing]}`; got {len(words)} more."
        )
    if options.doing == "export":
        entry, said = export(*words)
    elif options.doing == "load":
        entry, said = load(words[0])
    else:
        entries = [_entry(key) for key in keys()]
        entry, said = {"networks": entries}, _listed(entries)
    target.write(plain(entry))
    if not target.takes_stdout:
        put(sys.stdout, f"{said}\n")
    return 0


def export(text: str, name: str) -> tuple[dict[str, Any], str]:
    """Write a kept network to a file: (its JSON, what is said). Raises BadNetwork."""
    path, key = file_to_write("PATH", name, _FORMS), key_of(text)
    network = network_for(OPERATOR, key, OPERATOR.key)
    data = to_bytes(network) if path.suffix == ".npz" else _keras_file(network)
    write_file(path, data)
    return {"key": key, "path": name, "bytes": len(data)}, f"{name}: {len(data):,} bytes."


def load(name: str) -> tuple[dict[str, Any], str]:
    """Keep the network in a file: (its JSON, what is said). Raises BadNetwork."""
    try:
        data = Path(name).read_bytes()
    except OSError as error:
        raise BadNetwork(f"{name} can't be read: {error.strerror or error}.") from error
    key = keep_file(name, data)
    return _entry(key), f"Kept as {key[:_SHORT]}."


def _keras_file(network: SavedNetwork) -> bytes:
    try:
        replace(network.config, engine="keras")
    except InvalidSetting as error:
        raise BadNetwork(f"Keras has no network of this family: {error}") from error
    written: bytes = ask("keras_file", network)
    return written


def _entry(key: str) -> dict[str, Any]:
    """One network; of what can't be used any more the reason."""
    path = find(key)
    size = path.stat().st_size if path is not None else None
    try:
        config = kept(key).config
    except BadNetwork as error:
        return {"key": key, "bytes": size, "error": str(error)}
    parameters = {"parameters": int(sum(weight.size for weight in kept(key).weights))}
    return {"key": key, "bytes": size, **parameters, "config": config.flat()}


def _listed(entries: list[dict[str, Any]]) -> str:
    if not entries:
        return "No network is kept here. The Workshop keeps what it trains, and so does `predict`."
    rows = [_row(entry) for entry in entries]
    head = ("Key", "Data set", "Model", "Hidden", "Epochs", "Seed", "Parameters", "Engine")
    count = times(len(entries), "network")
    return f"{table(head, rows, right=range(4, 7))}\n\n{count}, those used last first."


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    key = entry["key"][:_SHORT]
    if "error" in entry:
        return (key, "can't be used any more", *([""] * 6))
    flat = entry["config"]
    hidden = "-".join(map(str, flat.get("hidden") or ())) or "none"
    names = ("epochs", "seed")
    numbers = (f"{flat.get(name, ''):,}" for name in names)
    parameters = f"{entry['parameters']:,}"
    return (
        key, str(flat["dataset"]), str(flat.get("model", "")), hidden, *numbers, parameters,
        str(flat["engine"]),
    )  # fmt: skip
