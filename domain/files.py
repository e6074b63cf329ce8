"""Files that people upload, and those that jobs make for them: what they are, by their content."""

import codecs
import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_NAME = 200
DOWNLOAD_SECONDS = 600
"""How long the address of a download is good."""
SNIFFED = 65_536
"""How many bytes from its beginning tell what a file is."""

CSV, GZIP, XLSX, NDJSON = (
    "text/csv",
    "application/gzip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/x-ndjson",
)
_GZIP_MARK = b"\x1f\x8b\x08"
_ZIP_MARK = b"PK\x03\x04"
_FIRST_IN_XLSX = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"customXml/")
_GB18030_MARK = b"\x84\x31\x95\x33"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (_GB18030_MARK, "gb18030"),
)
LONGEST_MARK = 4
ENCODINGS = frozenset(
    {"utf-8", "utf-16", "gb18030", "gbk", "gb2312", "big5", "shift_jis", "euc-jp", "euc-kr", "ascii"}
    | {f"windows-{number}" for number in range(1250, 1259)}
    | {f"iso-8859-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)}
)
"""Those that somebody who maps a file may name."""


class FileKind(StrEnum):
    """How a file came into being."""

    UPLOAD = "UPLOAD"
    REPORT = "REPORT"
    RESULT = "RESULT"


@dataclass(frozen=True)
class Upload:
    """What is allowed: bytes of one file, and bytes of all files of one user that are kept at a time."""

    largest: int
    quota: int


def media_type_of(beginning: bytes) -> str | None:
    """The media type of a file that begins with these bytes (`SNIFFED` of them, or all); None for what is no table."""
    if beginning.startswith(_GZIP_MARK):
        return GZIP
    if beginning.startswith(_ZIP_MARK):
        return XLSX if beginning[30:].startswith(_FIRST_IN_XLSX) else None
    encoding = encoding_of(beginning)
    return encoding and f"{CSV}; charset={encoding.removesuffix('-sig')}"


def encoding_of(beginning: bytes) -> str | None:
    """The codec of a text that begins with these bytes: by its mark, else UTF-8 or else GB18030; None for no text."""
    if marked := encoding_by_mark(beginning):
        return marked
    if not beginning or b"\0" in beginning:
        return None
    return next((encoding for encoding in ("utf-8", "gb18030") if _decodes(beginning, encoding)), None)


def encoding_by_mark(beginning: bytes) -> str | None:
    """The codec that the byte order mark names, if there is one."""
    return next((encoding for mark, encoding in _MARKS if beginning.startswith(mark)), None)


def _decodes(beginning: bytes, encoding: str) -> bool:
    """Whether the bytes are of this encoding; the last character may be cut off."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(beginning, final=len(beginning) < SNIFFED)
    except UnicodeDecodeError:
        return False
    return True


def plain_name(name: str) -> str:
    """A file's name as it is kept: without folders and control characters, not too long; "file" for nothing."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(char for char in last if char.isprintable()).strip(" .")
    return shown[-LONGEST_NAME:] or "file"
