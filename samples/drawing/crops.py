"""Courtesy amounts as they are cut out of checks: loose crops with what lies around them."""

import numpy as np

from samples.drawing.hands import Hand
from samples.drawing.handwriting import write_line
from samples.drawing.paper import (
    BLACK_INK,
    BLUE_INK,
    Colour,
    Sheet,
    blank_sheet,
    guilloche,
    put_ink,
    scan,
)
from samples.drawing.typeset import put_box, put_rule, put_text

DPI = 200


def draw_crop(text: str, hand: Hand, rng: np.random.Generator, *, boxed: bool) -> Sheet:
    """Draw and scan an amount.

    Args:
        text: As written, with separators and fillers.
        hand: Who writes.
        rng: Where all differences come from.
        boxed: A printed box lies around the writing, and a pattern below; else a rule below it.
    """
    height_px, pen_px = rng.uniform(34, 44), rng.uniform(2.8, 4.0)
    ink = write_line(text, hand, height_px, pen_px, rng)
    size = (ink.shape[1] + 44, ink.shape[0] + 12)
    sheet = blank_sheet(*size, (240, 244, 238) if boxed else (255, 255, 255))
    colour: Colour = BLUE_INK if rng.random() < 0.6 else BLACK_INK
    if boxed:
        guilloche(sheet, (218, 228, 214), rng)
        put_box(sheet, (5, 5, size[0] - 11, size[1] - 11), line_px=2)
    else:
        put_rule(sheet, 0, 1.48 * height_px + 6, size[0])
        put_text(sheet, "$", (2, 1.4 * height_px + 4), 30, 600)
    put_ink(sheet, ink, 26, 6, colour, rng)
    return scan(sheet, rng, rng.normal(0, 0.8), rng.uniform(2, 6))
