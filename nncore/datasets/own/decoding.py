"""The bytes of a user's file -> its text, in one of the encodings that people use."""

from charset_normalizer import from_bytes

from nncore.datasets.own.alphabets import differing, latin
from nncore.datasets.own.how import ENCODINGS
from nncore.datasets.own.kinds import is_packed
from nncore.system.errors import InvalidSetting

_USUAL = "cp1252"
_OTHER_SCRIPTS = ("cp1251", "cp1253", "shift_jis", "gb18030", "big5", "euc_kr")
_PROBED = 200_000  # bytes, of those around letters that aren't English
_SURE = 0.4  # coherence, by which a text is in a language and not by chance
_LONGEST = 40  # characters of an example
_DENSE = 0.3  # of a script's letters, of all bytes in lines that have some


def decoded(
    data: bytes, filename: str, encoding: str = "", likely: str = ""
) -> tuple[str, str, list[str]]:
    """(text, encoding, what to say of it). Raises InvalidSetting where none fits.

    encoding: what a person says; likely: of bytes that aren't UTF-8, unless they don't fit it.
    """
    if is_packed(data):
        raise InvalidSetting(f"{filename} is packed twice: unpack it and upload what is inside.")
    if encoding:
        try:
            return data.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding, []
        except UnicodeDecodeError as error:
            raise InvalidSetting(
                f"{filename} isn't written in {ENCODINGS[encoding]}: choose another encoding."
            ) from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), "utf-16", []
        except UnicodeDecodeError as error:
            raise InvalidSetting(f"{filename} begins as UTF-16 does but is no text.") from error
    try:
        return data.decode("utf-8-sig"), "utf-8", []
    except UnicodeDecodeError:
        pass
    name, other = (likely, "") if likely else _found(data)
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        name, other = _USUAL, ""
        text = data.decode(name, errors="replace")
    note = f"The file isn't UTF-8, so it was read as {ENCODINGS[name]} ({name}): "
    one, two = differing(data, name, other) if other else ("", "")
    if one:
        note += (
            f"{one[:_LONGEST]!r} could as well be {two[:_LONGEST]!r} in {ENCODINGS[other]} "
            f"({other}). Choose the encoding if that is right."
        )
    else:
        note += "check letters such as ä, é, ñ and signs such as €."
    return text, name, [note]


def _found(data: bytes) -> tuple[str, str]:
    """(the encoding, another one that fits as well), by nearly all letters that aren't English."""
    lines = [line for line in data[: 20 * _PROBED].splitlines() if not line.isascii()]
    sample = b"\n".join(lines)[:_PROBED]
    if sum(byte > 127 for byte in sample) < _DENSE * len(sample):
        return latin(sample)
    best = from_bytes(sample, cp_isolation=list(_OTHER_SCRIPTS)).best()
    if best is None or best.encoding not in _OTHER_SCRIPTS or best.coherence < _SURE:
        return latin(sample)
    return best.encoding, ""
