"""What a file is, decided by its first bytes; its name may lie."""

from enum import StrEnum
from pathlib import Path

from ocr.errors import EmptyFile, FileUnreadable, TooLarge, UnsupportedType
from ocr.pages.page import Limits


class Content(StrEnum):
    """The supported types."""

    PNG = "PNG"
    JPEG = "JPEG"
    BMP = "BMP"
    TIFF = "TIFF"
    PDF = "PDF"


_MAGIC = {
    b"\x89PNG\r\n\x1a\n": Content.PNG,
    b"\xff\xd8\xff": Content.JPEG,
    b"II*\0": Content.TIFF,
    b"MM\0*": Content.TIFF,
    b"II+\0": Content.TIFF,  # BigTIFF
    b"MM\0+": Content.TIFF,
}
_BMP_HEADER_BYTES = {12, 40, 52, 56, 64, 108, 124}  # of all versions; "BM" alone may begin a text
_HEAD_BYTES = 1024  # readers of PDF allow this much before its signature


def content_of(path: Path, limits: Limits) -> Content:
    """Decide what a file is, and refuse it by its length.

    Raises:
        FileUnreadable: It is gone, no regular file, or may not be read.
        EmptyFile, UnsupportedType, TooLarge: As their names say.
    """
    try:
        if not path.is_file():
            raise FileUnreadable(f"{path}: no such file; check its path")
        length = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        raise FileUnreadable(f"{path}: cannot be read ({error}); check its permissions") from error
    if not head:
        raise EmptyFile(f"{path}: has no bytes; scan or copy it again")
    content = _by_magic(head)
    if content is None:
        raise UnsupportedType(f"{path}: is no PDF, TIFF, PNG, JPEG or BMP; convert it")
    paged = content in {Content.PDF, Content.TIFF}
    most = limits.document_bytes if paged else limits.image_bytes
    if length > most:
        raise TooLarge(f"{path}: {length} bytes are over the limit of {most}; split it")
    return content


def _by_magic(head: bytes) -> Content | None:
    for magic, content in _MAGIC.items():
        if head.startswith(magic):
            return content
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADER_BYTES:
        return Content.BMP
    return Content.PDF if b"%PDF-" in head else None
