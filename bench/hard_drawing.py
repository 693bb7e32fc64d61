"""Crops that a reader of digits must not read, and some that it may: seeded drawings.

The handwriting is that of the samples. Every function draws one crop; what must not be read has
no text, what may be read comes with its digits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_sample_images

from ocr.arrays import Gray
from samples.drawing.hands import CLOSED, LOOPED, ROUND, UPRIGHT, WIDE, Hand
from samples.drawing.handwriting import Mask, sign, write_glyph, write_line, write_words
from samples.drawing.paper import BLACK_INK, BLUE_INK, blank_sheet, put_ink, scan
from samples.drawing.typeset import put_box, put_rule

Rng = np.random.Generator

HANDS = (ROUND, CLOSED, UPRIGHT, LOOPED, WIDE)
_WORDS = (
    *("void", "see", "note", "paid", "zero", "none", "illegible", "Smith", "April", "deceased"),
    *("unknown", "Boston", "ditto", "same", "yes", "no", "cancelled", "refused", "absent", "empty"),
    *("total", "N/A", "five", "hundred", "only", "Baker", "street", "wrong", "moved"),
)
_SCRIPTS = (cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX)
_OTHER_UPSIDE_DOWN = "347"  # no digit is read in these when they stand on their heads
_OWN_INK = 0.4  # of each of two digits: so much stands beside the other, or they look like one


@dataclass(frozen=True, eq=False, slots=True)
class HardCrop:
    """A crop and its digits; None if no number may be taken from it."""

    gray: Gray
    digits: str | None


Draw = Callable[[Rng], HardCrop]


def scribble(rng: Rng) -> HardCrop:
    """Loops, zigzags and hatching where digits should be."""
    height, width = 90, int(rng.integers(90, 360))
    turns = int(rng.integers(6, 30))
    x = np.linspace(10, width - 10, turns) + rng.normal(0, rng.uniform(2, 40), turns)
    y = rng.uniform(8, height - 8, turns)
    smooth = rng.random() < 0.6
    return HardCrop(on_paper(_curve(np.stack([x, y], 1), (height, width), rng, smooth), rng), None)


def signature(rng: Rng) -> HardCrop:
    """A signature."""
    return HardCrop(on_paper(sign(int(rng.integers(150, 320)), rng.uniform(2, 4), rng), rng), None)


def word(rng: Rng) -> HardCrop:
    """One word, in one of three scripts."""
    text = str(rng.choice(_WORDS))
    if rng.random() < 0.5:
        return HardCrop(on_paper(write_words(text, rng.uniform(32, 44), 3, rng), rng), None)
    face, size, pen = int(rng.choice(_SCRIPTS)), rng.uniform(1.4, 2.0), int(rng.integers(2, 5))
    (width, height), below = cv2.getTextSize(text, face, size, pen)
    ink = np.zeros((height + below + 30, width + 20), np.uint8)
    cv2.putText(ink, text, (8, height + 12), face, size, (255,), pen, cv2.LINE_AA)
    return HardCrop(on_paper(np.asarray(ink / 255, np.float32), rng), None)


def struck_out(rng: Rng) -> HardCrop:
    """A number with a stroke, two strokes, a cross or a zigzag through all of it."""
    ink = _number(rng, 2)
    written = np.argwhere(ink > 0.5)
    (top, left), (bottom, right) = written.min(axis=0), written.max(axis=0)
    tall, wide = bottom - top, right - left
    reach = rng.uniform(0.0, 0.2) * tall
    ends = left - reach, right + reach

    def stroke(start: float, end: float) -> list[list[float]]:
        return [[ends[0], top + start * tall], [ends[1], top + end * tall]]

    way = rng.integers(5)
    middle = rng.uniform(0.35, 0.65)
    if way == 0:
        strokes = [stroke(middle, middle + rng.normal(0, 0.05))]
    elif way == 1:
        strokes = [stroke(0.35, 0.35 + rng.normal(0, 0.05)), stroke(0.65, 0.65)]
    elif way == 2:
        strokes = [stroke(0.95, 0.05) if rng.random() < 0.5 else stroke(0.05, 0.95)]
    elif way == 3:
        strokes = [stroke(0.95, 0.05), stroke(0.05, 0.95)]
    else:
        turns = max(4, round(3 * wide / tall))
        x = np.linspace(*ends, turns)
        strokes = [[[float(at), top + tall * (0.15 + 0.7 * (k % 2))] for k, at in enumerate(x)]]
    for path in strokes:
        bent = np.array(path) + rng.normal(0, 0.02 * tall, (len(path), 2))
        ink = np.maximum(ink, _curve(bent, ink.shape, rng, smooth=False))
    return HardCrop(on_paper(ink, rng), None)


def overwritten(rng: Rng) -> HardCrop:
    """A number one of whose digits is written over another."""
    hand, height, pen = _hand(rng), rng.uniform(34, 44), rng.uniform(2.8, 4.0)
    before, after = _digits(rng, 0, 3), _digits(rng, 0, 3)
    blot = _two_in_one(hand, height, pen, rng)
    parts = [write_line(before, hand, height, pen, rng) if before else None, blot]
    parts.append(write_line(after, hand, height, pen, rng) if after else None)
    drawn = [part for part in parts if part is not None]
    tall = max(part.shape[0] for part in drawn)
    gap = round(0.12 * height)
    padded = [np.pad(p, ((0, tall - p.shape[0]), (gap, 0))) for p in drawn]
    return HardCrop(on_paper(np.hstack(padded), rng), None)


def two_lines(rng: Rng) -> HardCrop:
    """Two numbers, one below the other."""
    upper, lower = _tight(_number(rng, 2)), _tight(_number(rng, 2))
    gap, aside = round(rng.uniform(0.05, 0.4) * lower.shape[0]), int(rng.integers(0, 20))
    wide = max(upper.shape[1], lower.shape[1] + aside)
    shape = (upper.shape[0] + gap + lower.shape[0], wide)
    ink = np.zeros(shape, np.float32)
    ink[: upper.shape[0], : upper.shape[1]] = upper
    ink[-lower.shape[0] :, aside : aside + lower.shape[1]] = lower
    return HardCrop(on_paper(np.pad(ink, 6), rng), None)


def upside_down(rng: Rng) -> HardCrop:
    """A number on its head; it holds a digit that is none then."""
    text = list(_digits(rng, 2, 5))
    text[int(rng.integers(len(text)))] = str(rng.choice(list(_OTHER_UPSIDE_DOWN)))
    gray = on_paper(_number(rng, text="".join(text)), rng)
    return HardCrop(np.ascontiguousarray(gray[::-1, ::-1]), None)


def photograph(rng: Rng) -> HardCrop:
    """A piece of scikit-learn's two sample photographs."""
    picture = _photographs()[int(rng.integers(2))]
    height, width = int(rng.integers(30, 200)), int(rng.integers(60, 400))
    top = int(rng.integers(picture.shape[0] - height))
    left = int(rng.integers(picture.shape[1] - width))
    return HardCrop(np.ascontiguousarray(picture[top : top + height, left : left + width]), None)


def empty(rng: Rng) -> HardCrop:
    """Paper, mostly with a printed rule or box."""
    shape = int(rng.integers(30, 120)), int(rng.integers(80, 400))
    return HardCrop(on_paper(np.zeros(shape, np.float32), rng), None)


def white_on_black(rng: Rng) -> HardCrop:
    """A number in light on dark."""
    text = _digits(rng, 2, 6)
    return HardCrop(np.asarray(255 - on_paper(_number(rng, text=text), rng), np.uint8), text)


def low(rng: Rng) -> HardCrop:
    """Digits 15 pixels high."""
    text = _digits(rng, 2, 6)
    ink = _number(rng, text=text)
    gray = on_paper(ink, rng)
    scale = 15 / _tight(ink).shape[0]
    return HardCrop(
        np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)), text
    )


def wide(rng: Rng) -> HardCrop:
    """A number somewhere in a crop 4000 pixels wide."""
    text = _digits(rng, 2, 6)
    ink = _number(rng, text=text)
    left = int(rng.integers(0, 3900 - ink.shape[1]))
    canvas = np.zeros((ink.shape[0], 3960), np.float32)
    canvas[:, left : left + ink.shape[1]] = ink
    return HardCrop(on_paper(canvas, rng), text)


NEVER_READ: dict[str, Draw] = {
    draw.__name__: draw
    for draw in (
        scribble,
        signature,
        word,
        struck_out,
        overwritten,
        two_lines,
        upside_down,
        photograph,
        empty,
    )
}
MAY_BE_READ: dict[str, Draw] = {draw.__name__: draw for draw in (white_on_black, low, wide)}


def on_paper(ink: Mask, rng: Rng) -> Gray:
    """Writing on paper, perhaps with a rule below or a box around, as a scanner sees it."""
    margin = 20
    size = (ink.shape[1] + 2 * margin, ink.shape[0] + 2 * margin)
    sheet = blank_sheet(*size)
    printed = rng.random()
    if printed < 0.3:
        put_rule(sheet, 0, size[1] - 14, size[0])
    elif printed < 0.5:
        put_box(sheet, (5, 5, size[0] - 11, size[1] - 11), line_px=2)
    put_ink(sheet, ink, margin, margin, BLUE_INK if rng.random() < 0.5 else BLACK_INK, rng)
    seen = scan(sheet, rng, rng.normal(0, 0.6), rng.uniform(1.5, 6))
    return np.asarray(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY), np.uint8)


def _hand(rng: Rng) -> Hand:
    return HANDS[int(rng.integers(len(HANDS)))]


def _digits(rng: Rng, fewest: int, most: int) -> str:
    return "".join(str(digit) for digit in rng.integers(0, 10, int(rng.integers(fewest, most + 1))))


def _number(rng: Rng, fewest: int = 1, text: str = "") -> Mask:
    text = text or _digits(rng, fewest, 6)
    return write_line(text, _hand(rng), rng.uniform(34, 44), rng.uniform(2.8, 4.0), rng)


def _two_in_one(hand: Hand, height: float, pen: float, rng: Rng) -> Mask:
    """Two digits on one place, that do not cover one another."""
    while True:
        one, other = (_tight(write_glyph(str(d), hand, height, pen, rng)) for d in _pair(rng))
        shape = max(one.shape[0], other.shape[0]), max(one.shape[1], other.shape[1])
        first, second = _centred(one, shape), _centred(other, shape)
        beside = min(_beside(first, second), _beside(second, first))
        if beside >= _OWN_INK:
            above = round(0.4 * height)
            return np.pad(np.maximum(first, second), ((above, above), (0, 0)))


def _pair(rng: Rng) -> NDArray[np.int64]:
    return rng.choice(10, 2, replace=False)


def _beside(ink: Mask, other: Mask) -> float:
    """Share of the ink that is not within two pixels of the other."""
    near = cv2.dilate((other > 0.5).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return float((ink[~near] > 0.5).sum() / max(1, (ink > 0.5).sum()))


def _centred(ink: Mask, shape: tuple[int, int]) -> Mask:
    field = np.zeros(shape, np.float32)
    top, left = (shape[0] - ink.shape[0]) // 2, (shape[1] - ink.shape[1]) // 2
    field[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return field


def _tight(ink: Mask) -> Mask:
    (top, left), (bottom, right) = (f(np.argwhere(ink > 0.3), axis=0) for f in (np.min, np.max))
    return ink[top : bottom + 1, left : right + 1]


def _curve(path: NDArray[np.float64], shape: tuple[int, int], rng: Rng, smooth: bool) -> Mask:
    """A pen's line along points, as arcs or straight."""
    if smooth:
        at = np.linspace(0, len(path) - 1, 20 * len(path))
        path = np.stack([np.interp(at, range(len(path)), path[:, axis]) for axis in (0, 1)], 1)
        smoothed = cv2.GaussianBlur(path, (1, 41), 8, borderType=cv2.BORDER_REPLICATE)
        path = np.asarray(smoothed, np.float64)
    ink = np.zeros(shape, np.uint8)
    points = np.rint(path * 8).astype(np.int32)
    pen = int(rng.integers(2, 5))
    cv2.polylines(ink, [points], False, 255, pen, cv2.LINE_AA, shift=3)
    return np.asarray(ink / 255, np.float32)


@lru_cache(maxsize=1)
def _photographs() -> list[Gray]:
    return [
        np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
        for picture in load_sample_images().images
    ]
