"""Files as strangers, tired disks and bad connections make them: changed bytes, archives, texts.

Every function takes its chance from the `random.Random` it is given, so that a seed is a file.
"""

import copy
import io
import json
import struct
import zipfile

_ENDS = (0, 1, 0x7F, 0x80, 0xFF)
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_DESCR = (
    *("'|O'", "'<f16'", "'<f3'", "'>f4'", "'<f2'", "'<U1'", "'<U99999999'", "'<U0'", "'|V8'"),
    *("'<M8[ns]'", "[('a', '<f4')]", "[]", "'|b1'", "'<c8'", "'a5'", "''", "'\\N{BULLET}'", "7"),
    *("'<i8'", "'<u4'", "'|S4'", "('<f4', (9,))", "b'<f4'", "'<f8'", "'\\d4'"),
)
_SHAPE = (
    *("(-1,)", "(-4, -5)", "(10**18,)", "(999999999999999999, 999999999999999999)", "()", "4"),
    *("(4L, 5L)", "(4, 5.0)", "(True,)", "((4,),)", "(0,)", "(0, 999999999999999999)", "(None,)"),
    *("(4, 5", "(" * 300, "[" * 99_999, "(1,) * 9", "('4',)", "(0777,)", "(1_0,)", "(5,)", "(4,5)"),
    *("(" + "9" * 5000 + ",)", "(" + "1, " * 70 + ")", "(5, 4)", "(2147483648, 2147483648)"),
    "(" + ("9" * 18 + ", ") * 30 + ")",
)
_HEADERS = (
    *("{}", "", "(", "[1", "'''", '"', "\0", "\\", "{'descr': 1}", "lambda: 0", "\n  a\n b", "0x"),
    *("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}", "\xff\xfe", "é", "1L"),
    *("{'shape': (2,), 'descr': '<f4', 'fortran_order': 0}", "{**{}}", "\t x\n y", "\x0c$", "`a`"),
    *("{1: 2, 'a': 3, None: 4}", "{[]: 1}", "-" * 3000 + "1", "f'{x}'", "{'descr': '<f4'"),
)  # fmt: skip
NASTY = (
    *(None, True, False, -1, 0, 1, 2**31, 2**63, 10**30, 10**400, 0.5, -0.0, 1e308, float("nan")),
    *(float("inf"), "", " ", "auto", "none", "x" * 5000, "\ud800", "a\0b", "a\nb", "١", "1e999"),
    *("1" * 5000, "\u202eabc", "[x](//evil.test)", [], [[]], {}, {"a": {}}, [None], ["relu"] * 13),
    *([4096] * 12, [0.5], "4-4-4", ["\ud800"], [10**400], "stratified:0.0", "first:9999999"),
    *("first:0", "last:0.٢", "iris", "imdb", "csv_0123456789ab", "keras", "numpy", "float64"),
)  # fmt: skip


def changed_bytes(rng, data, other=b""):
    """One to three small accidents anywhere."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        _accident(rng, data, other)
    return bytes(data)


def _accident(rng, data, other):
    at = rng.randrange(len(data) + 1)
    end = min(len(data), at + rng.choice((1, 2, 4, 8, 40, 400)))
    match rng.randrange(9):
        case 0 | 1:
            for place in range(at, min(end, at + 4)):
                data[place] ^= 1 << rng.randrange(8)
        case 2:
            data[at:end] = bytes([rng.choice(_ENDS)]) * (end - at)
        case 3:
            data[at:end] = rng.randbytes(end - at)
        case 4:
            del data[at:end]
        case 5:
            data[at:at] = data[at:end]
        case 6:
            data[at:at] = rng.randbytes(rng.randint(1, 40))
        case 7:
            del data[at if rng.random() < 0.5 else rng.randint(0, len(data)) :]
        case 8:
            start = rng.randrange(len(other) + 1)
            data[at:end] = other[start : start + rng.choice((4, 40, 400))]


def entries_of(data):
    """[name, content] of every entry of a zip file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [[info.filename, archive.read(info)] for info in archive.infolist()]


def zipped(entries, method=zipfile.ZIP_STORED):
    """A zip file whose sums are right; names may come twice."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in entries:
            while name in archive.NameToInfo:  # or it would warn
                del archive.NameToInfo[name]
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return stream.getvalue()


def changed_contents(rng, data, change=None):
    """Some entries changed inside; all sums are right, so that every parser is reached."""
    entries = entries_of(data)
    for place in {rng.randrange(len(entries)) for _ in range(rng.choice((1, 1, 1, 2)))}:
        entries[place][1] = (change or changed_npy)(rng, entries[place][1])
    return zipped(entries, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))


def changed_npy(rng, content):
    """An npy file with another header, version or length, or with other values."""
    length = int.from_bytes(content[8:10], "little")
    header, values = content[10 : 10 + length].decode("latin-1"), content[10 + length :]
    version = content[6:8]
    match rng.randrange(8):
        case 0 | 1:
            header = _with(header, "'descr': ", ", 'fortran", rng.choice(_DESCR))
        case 2 | 3:
            header = _with(header, "'shape': ", ", }", rng.choice(_SHAPE))
        case 4:
            header = rng.choice(_HEADERS)
        case 5:
            header = changed_bytes(rng, header.encode("latin-1")).decode("latin-1")
        case 6:
            values = changed_bytes(rng, values, content)
        case 7:
            version = bytes([rng.choice((0, 1, 2, 3, 4, 255)), rng.choice((0, 0, 1))])
    text = header.encode("latin-1")
    size = len(text) if rng.random() < 0.9 else rng.choice((0, 1, 9_999, 2**16 - 1, 2**31))
    packed = struct.pack("<H", min(size, 65_535)) if version == b"\1\0" else struct.pack("<I", size)
    return content[:6] + version + packed + text + values


def _with(text, before, after, instead):
    start = text.index(before) + len(before)
    return text[:start] + instead + text[text.index(after, start) :]


def changed_archive(rng, data):
    """The same entries in an odd archive: names, methods, flags, sizes, places, ends."""
    entries = entries_of(data)
    place = rng.randrange(len(entries))
    name, content = entries[place]
    match rng.randrange(12):
        case 0:
            entries.append([name, content])
        case 1:
            entries.append([name.removesuffix(".npy"), content])
        case 2:
            odd = ("../up", "/root", "a\0b", "ü☃", "x" * 60_000, "a\nb", "\u202e", "", ".npy", "d/")
            entries[place][0] = rng.choice(odd)
        case 3:
            del entries[place]
        case 4:
            entries += [[f"more_{i}", b""] for i in range(rng.choice((1, 600)))]
        case 5:
            methods = (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED)
            return changed_bytes(rng, zipped(entries, rng.choice(methods)))
        case 6:
            return _other_end(rng, zipped(entries))
        case _:
            return _other_fields(rng, zipped(entries))
    return zipped(entries)


def _other_fields(rng, data):
    """Flags, versions, methods, sums, sizes or places of an entry, in one or both directories."""
    data = bytearray(data)
    # where a field is from the start of an entry: in its own header, in the directory, its size
    fields = [(4, 6, 2), (6, 8, 2), (8, 10, 2), (14, 16, 4), (18, 20, 4), (22, 24, 4), (26, 28, 2)]
    fields += [(28, 30, 2), (None, 42, 4), (None, 34, 2), (None, 32, 2)]
    own, central, size = rng.choice(fields)
    numbers = (0, 1, 2, 8, 9, 12, 14, 20, 45, 63, 93, 99, 2048, 2049, 2**16 - 1, 2**31, 2**32 - 1)
    value = (rng.choice(numbers) & (256**size - 1)).to_bytes(size, "little")
    ends = [at for at in range(len(data)) if data[at : at + 4] == _CENTRAL]
    at = rng.choice(ends)
    there = int.from_bytes(data[at + 42 : at + 46], "little")
    if own is not None and rng.random() < 0.7:
        data[there + own : there + own + size] = value
    if own is None or rng.random() < 0.8:
        data[at + central : at + central + size] = value
    return bytes(data)


def _other_end(rng, data):
    """Another end of the archive: comments, counts, disks, sizes, the records of zip64."""
    at = data.rindex(_END)
    match rng.randrange(4):
        case 0:
            return data[:-2] + struct.pack("<H", 5) + rng.choice((b"hello", b"PK\5\6\0", b""))
        case 1:
            end = bytearray(data[at:])
            place, size = rng.choice(((4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)))
            end[place : place + size] = rng.choice((b"\0", b"\1", b"\xff", b"\x7f")) * size
            return data[:at] + bytes(end)
        case 2:
            big = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, *(2**62,) * 4)
            locator = struct.pack("<4sLQL", b"PK\6\7", 0, rng.choice((at, 0, 2**63)), 1)
            return data[:at] + big + locator + data[at:]
        case _:
            return rng.choice((b"PK\3\4", b"#!/bin/sh\n", bytes(100))) + data + rng.randbytes(3)


def changed_json(rng, value):
    """The text of a JSON value in which something is another."""
    value = copy.deepcopy(value)
    for _ in range(rng.choice((1, 1, 2))):
        part, keys = value, []
        while isinstance(part, dict | list) and part and (not keys or rng.random() < 0.5):
            key = rng.choice(list(part) if isinstance(part, dict) else range(len(part)))
            keys.append((part, key))
            part = part[key]
        if not keys:
            return rng.choice(("null", "[]", "7", '"x"'))
        part, key = keys[-1]
        match rng.randrange(5):
            case 0 | 1 | 2:
                part[key] = rng.choice(NASTY)
            case 3:
                del part[key]
            case 4 if isinstance(part, dict):
                part[rng.choice(("", "exploit", "\ud800", "x" * 5000, "hidden"))] = part[key]
    if rng.random() < 0.1:
        depth = rng.choice((50, 900, 50_000))
        return "[" * depth + "]" * depth
    return json.dumps(value)


def changed_text(rng, text, words):
    """A text of which some places say something else."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        end = min(len(text), at + rng.choice((0, 0, 1, 5)))
        text = text[:at] + rng.choice(words) + text[end:]
    return text
