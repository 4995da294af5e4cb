"""Files that come packed: gzip, and zip with one file inside. Never unpacked beyond the limit."""

import gzip
import io
import zipfile
import zlib

from nncore.datasets.own.csv_table import MOST_BYTES
from nncore.datasets.own.kinds import PACKED, is_zip, kind_of
from nncore.system.errors import InvalidSetting


def unpacked(data: bytes, filename: str) -> tuple[bytes, str]:
    """(the bytes of the file inside, what to say of it); of files that aren't packed themselves.

    Raises InvalidSetting for what is damaged, locked, too large, or holds several files.
    """
    if kind_of(data) != PACKED:
        return data, ""
    try:
        if is_zip(data):
            inside, name = _of_zip(data, filename)
        else:
            with gzip.open(io.BytesIO(data)) as file:
                inside, name = file.read(MOST_BYTES + 1), "gzip"
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
        raise InvalidSetting(
            f"{filename} is a packed file that can't be unpacked: it may be damaged. Unpack it and "
            "upload what is inside."
        ) from error
    except RuntimeError as error:  # zipfile's, for a password
        raise InvalidSetting(
            f"{filename} is locked by a password: unpack it and upload what is inside."
        ) from error
    if len(inside) > MOST_BYTES:
        raise InvalidSetting(
            f"What is in {filename} has over {MOST_BYTES / 1e6:.0f} MB, the most that is read. "
            "Take a random part of its rows, or only the columns that matter."
        )
    return inside, f"Unpacked: {name}."


def _of_zip(data: bytes, filename: str) -> tuple[bytes, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        names = [one.filename for one in file.infolist() if not one.is_dir()]
        names = [name for name in names if not name.startswith("__MACOSX/")]
        if len(names) != 1:
            shown = ", ".join(name[:40] for name in names[:5]) or "none"
            raise InvalidSetting(
                f"{filename} must hold one file to be read; it holds {len(names):,} ({shown}). "
                "Unpack it and upload one of them."
            )
        with file.open(names[0]) as inside:
            return inside.read(MOST_BYTES + 1), names[0][:100]
