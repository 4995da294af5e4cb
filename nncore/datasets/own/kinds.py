"""What kind of file bytes are. They tell it themselves, whatever the file is called."""

import io
import zipfile

WORKBOOK, PARQUET, PACKED, TEXT = "workbook", "parquet", "packed", "text"
KINDS = "CSV or another text with separated columns, an Excel or LibreOffice workbook, or Parquet"
TEXTS = ("csv", "tsv", "txt", "data")
WORKBOOKS = ("xlsx", "xlsm", "xlsb", "xls", "ods")
ENDINGS = (*TEXTS, *WORKBOOKS, "parquet", "gz", "zip")  # of files that are tried
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # workbooks before 2007, and any with a password
_PARQUET = (b"PAR1", b"PARE")  # the second is encrypted
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
_PARTS = (b"[Content_Types].xml", b"xl/workbook", b"docProps/app.xml", _OPEN_DOCUMENT)
_START = 2000  # bytes, where a damaged workbook still says what it is


def is_text(data: bytes) -> bool:
    """Whether the bytes are of no kind that says so in its first bytes. At once."""
    return not (data.startswith((_GZIP, _ZIP, _OLD_OFFICE)) or _is_parquet(data))


def kind_of(data: bytes) -> str:
    """WORKBOOK, PARQUET, PACKED for other gzip and zip files, or TEXT."""
    if data.startswith(_OLD_OFFICE):
        return WORKBOOK
    if _is_parquet(data):
        return PARQUET
    if data.startswith(_ZIP) and _is_workbook(data):
        return WORKBOOK
    return PACKED if is_packed(data) else TEXT


def is_packed(data: bytes) -> bool:
    """Whether the bytes are those of a gzip or zip file; workbooks are, too."""
    return data.startswith((_GZIP, _ZIP))


def is_zip(data: bytes) -> bool:
    """Whether the bytes are those of a zip file."""
    return data.startswith(_ZIP)


def _is_parquet(data: bytes) -> bool:
    return data.startswith(_PARQUET) and b"\0" in data  # unlike a column of that name


def _is_workbook(data: bytes) -> bool:
    """Whether a zip file holds the parts of an office document, of which a table is one kind."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            names = file.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return any(part in data[:_START] for part in _PARTS)
    is_open = "content.xml" in names and "META-INF/manifest.xml" in names
    return is_open or any(name.startswith(("[Content_Types]", "xl/")) for name in names)
