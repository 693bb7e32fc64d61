"""PNG, JPEG and BMP: one image, read whole.

Pillow reads the header without decoding; OpenCV decodes, twice as fast and straight to gray.
Neither tells of a JPEG that breaks off (the rest is gray) without decoding it in colour, so the
end marker is looked for: under 1 % of the decoding.
"""

from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import BmpImagePlugin, Image, ImageFile, JpegImagePlugin, PngImagePlugin

from ocr.arrays import Gray
from ocr.errors import DamagedImage
from ocr.pages.content import Content
from ocr.pages.page import Limits, LoadedPage, check_size, plausible_dpi

# The classes are called directly: `Image.open` would try others too, and warn by limits of its own.
_HEADER_READERS: dict[Content, type[ImageFile.ImageFile]] = {
    Content.PNG: PngImagePlugin.PngImageFile,
    Content.JPEG: JpegImagePlugin.JpegImageFile,
    Content.BMP: BmpImagePlugin.BmpImageFile,
}
_ORIENTATION = 0x0112  # the EXIF tag
_END_OF_IMAGE = b"\xff\xd9"


def load_raster(path: Path, content: Content, limits: Limits) -> LoadedPage:
    """Load the one page of a PNG, JPEG or BMP file.

    Raises:
        DamagedImage, TooLarge, TooSmall: As their names say.
    """
    encoded = path.read_bytes()
    with _HEADER_READERS[content](BytesIO(encoded)) as header:
        check_size(*header.size, limits)
        if content is Content.JPEG:
            gray = decode_jpeg(encoded, limits)
        elif content is Content.BMP or _has_alpha(header):
            gray = gray_of(header)
        else:
            gray = _decode_png(encoded)
        dpi = plausible_dpi(header.info.get("dpi"))
        return LoadedPage(_upright(gray, _orientation(header)), dpi, "image")


def decode_jpeg(encoded: bytes, limits: Limits) -> Gray:
    """Decode a JPEG as it is stored, without turning it.

    Raises:
        DamagedImage: It breaks off or does not decode.
        TooLarge, TooSmall: Its header says so.
    """
    stream = BytesIO(encoded)
    with JpegImagePlugin.JpegImageFile(stream) as header:
        check_size(*header.size, limits)
        # Pillow stops behind the header of the first scan. From there on the two bytes can only be
        # the end (T.81, B.1.1.5), while before it they may end a thumbnail.
        if encoded.rfind(_END_OF_IMAGE, stream.tell()) < 0:
            raise DamagedImage("the JPEG breaks off; scan or copy it again")
    return _decoded(encoded)


def _decode_png(encoded: bytes) -> Gray:
    """Decode an opaque PNG; the checksums of all its parts are compared first (1 ms of 40)."""
    PngImagePlugin.PngImageFile(BytesIO(encoded)).verify()
    return _decoded(encoded)


def _decoded(encoded: bytes) -> Gray:
    flags = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
    gray = cv2.imdecode(np.frombuffer(encoded, np.uint8), flags)
    if gray is None:
        raise DamagedImage("the image does not decode; scan or copy it again")
    return np.asarray(gray, np.uint8)


def gray_of(image: Image.Image) -> Gray:
    """Gray levels of any image that Pillow has opened; what is transparent shows white paper."""
    if _has_alpha(image):
        gray, alpha = image.convert("RGBA").convert("LA").split()
        paper = Image.new("L", image.size, 255)
        paper.paste(gray, mask=alpha)
        return np.array(paper)
    return np.array(image.convert("L"))


def _has_alpha(image: Image.Image) -> bool:
    keyed = "transparency" in image.info and not image.mode.startswith("I")  # a level of 16 bits
    return "A" in image.getbands() or keyed


def _orientation(header: Image.Image) -> int:
    """EXIF orientation 1..8; `getexif` is not asked, as it decodes a PNG to find out."""
    exif = Image.Exif()
    exif.load(header.info.get("exif", b""))
    return int(exif.get(_ORIENTATION, 1))


def _upright(gray: Gray, orientation: int) -> Gray:
    """Undo an EXIF orientation; an undefined one counts as upright."""
    if orientation in {5, 6, 7, 8}:
        gray = gray.T
    if orientation in {2, 3, 6, 7}:
        gray = gray[:, ::-1]
    if orientation in {3, 4, 7, 8}:
        gray = gray[::-1]
    return np.ascontiguousarray(gray)
