"""The bytes of a user's file -> its text, in one of the encodings that people use."""

from charset_normalizer import from_bytes

from nncore.datasets.own.how import ENCODINGS
from nncore.system.errors import InvalidSetting

_USUAL = "cp1252"
_PROBED = 200_000  # bytes, of those around letters that aren't English
_SURE = 0.4  # coherence, by which a text is in a language and not by chance


def decoded(data: bytes, filename: str, encoding: str = "") -> tuple[str, str, list[str]]:
    """(text, encoding, what to say of it). Raises InvalidSetting where none fits."""
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
    name = _found(data)
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        name = _USUAL
        text = data.decode(name, errors="replace")
    note = (
        f"The file isn't UTF-8, so it was read as {ENCODINGS[name]} ({name}): check letters "
        "such as ä, é, ñ and signs such as €."
    )
    return text, name, [note]


def _found(data: bytes) -> str:
    """The encoding in which letters make words; the usual one where that isn't sure."""
    lines = [line for line in data[: 20 * _PROBED].splitlines() if not line.isascii()]
    sample = b"\n".join(lines)[:_PROBED]
    able = [name for name in ENCODINGS if name not in ("utf-8", "utf-16")]
    best = from_bytes(sample, cp_isolation=able).best()
    if best is None or best.encoding not in ENCODINGS or best.coherence < _SURE:
        return _USUAL
    return best.encoding
