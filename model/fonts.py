"""Digits of fonts: handwriting that was drawn as a font, and machine print.

Public collections hold the digits of few schools. Fonts that imitate a hand, above all those that
schools teach by, add the shapes of other countries; each font file counts as one writer, so that
lines are written in one hand. What a font cannot give is a hand's own variation: augmentation does.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocr.arrays import Strokes
from ocr.errors import DataError

_SUFFIXES = {".ttf", ".otf", ".woff"}
_DIGITS = "0123456789"
_EM_PX = 64  # digits about 45 px high: above the 40 px at which signs are kept
_FIELD_PX = 3 * _EM_PX  # room for the widest swashes
_NO_CHARACTER = "\uffff"  # never assigned: a font draws its sign for what it lacks


def read_fonts(source: Path) -> Iterator[tuple[Strokes, str, str]]:
    """Draw the ten digits of every font below a folder, each look once; fonts without are left out.

    Returns:
        Strokes, class, and the font file's name as the writer.

    Raises:
        DataError: A file that is no font, or no font with digits at all.
    """
    seen: set[bytes] = set()
    for path in sorted(p for p in source.rglob("*") if p.suffix.lower() in _SUFFIXES):
        font = _open(path)
        missing = _drawn(font, _NO_CHARACTER).tobytes()
        signs = [_drawn(font, digit) for digit in _DIGITS]
        looks = b"".join(sign.tobytes() for sign in signs)
        lacking = any(not sign.any() or sign.tobytes() == missing for sign in signs)
        if lacking or looks in seen:  # parts of one font for other alphabets repeat its digits
            continue
        seen.add(looks)
        yield from ((sign, digit, path.stem) for sign, digit in zip(signs, _DIGITS, strict=True))
    if not seen:
        raise DataError(f"no .ttf, .otf or .woff font with digits below {source}; give its folder")


def _open(path: Path) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(path, _EM_PX)
    except OSError as cause:
        raise DataError(f"{path} is no readable font ({cause}); remove it") from cause


def _drawn(font: ImageFont.FreeTypeFont, character: str) -> Strokes:
    """One character, ink 255, in the middle of a black field."""
    field = Image.new("L", (_FIELD_PX, _FIELD_PX))
    middle = (_FIELD_PX // 2, _FIELD_PX // 2)
    ImageDraw.Draw(field).text(middle, character, fill=255, font=font, anchor="mm")
    return np.asarray(field, np.uint8)
