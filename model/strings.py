"""Strings of digits written by one hand, and what the reader's own segmentation makes of them.

The class `not` has to hold what segmentation really produces, in the proportions in which it does.
So strings are synthesized from isolated digits of one writer, cleaned and segmented by the very
code that reads, and every candidate of the lattice is labelled by the digit whose ink it holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.marks import mark, printed_currency
from model.strokes import scaled
from ocr.arrays import Digits, Gray, Strokes
from ocr.clean import strokes_of
from ocr.digits.normalize import FIELD_PX, normalize
from ocr.lattice import Lattice
from ocr.segment import INK_LEVEL, segment

Rng = np.random.Generator

_DIGIT_PX = (30, 62)  # height of a digit; fields are about 96 px high when they are segmented
_TOUCHING = 0.22  # share of gaps that are negative
_SMALL_ZEROS = 0.25  # share of writers whose zeros are small
_LINKED_ZEROS = 0.4  # share of writers whose zeros touch or hang together
_WHOLE = 0.86  # share of a digit's ink, and of a candidate's, from which one is the other
_PARTIAL = 0.65  # below it the candidate is surely not that digit; in between nobody can tell


@dataclass(frozen=True, eq=False, slots=True)
class LabelledString:
    """A drawn field.

    Attributes:
        gray: (H, W) as scanned.
        owners: (H, W) 0 = no digit's ink, k = ink of the k-th digit (from 1).
        labels: The digits' classes, from left to right.
    """

    gray: Gray
    owners: NDArray[np.int32]
    labels: tuple[str, ...]


def synthesize(signs: Sequence[Strokes], labels: Sequence[str], rng: Rng) -> LabelledString:
    """Write one string.

    Args:
        signs: Tight crops of one writer, in the order in which they are written.
        labels: Their classes.
        rng: Source of chance.
    """
    height = rng.uniform(*_DIGIT_PX)
    margin = int(rng.uniform(2, 24))
    layers, end = _written(signs, labels, height, margin, rng)
    if rng.random() < _MARK_BEFORE:
        layers, end = _after_mark(layers, end, height, rng)
    if rng.random() < _MARK_AFTER:
        filler = scaled_to(mark(_AFTER, rng), height * rng.uniform(0.15, 1.9))
        left = end + int(rng.uniform(-0.15, 0.6) * height)
        end = _put(layers[-1], filler, max(0, left), _baseline(height))
    return _scanned(layers[:, :, : end + margin], tuple(labels), rng)


def _baseline(height: float) -> int:
    return int(height * 1.3)


def _written(
    signs: Sequence[Strokes], labels: Sequence[str], height: float, margin: int, rng: Rng
) -> tuple[NDArray[np.uint8], int]:
    """One layer per digit and a last one for marks; and the column where the writing ends."""
    width = int(2 * margin + (len(signs) + 5) * 1.6 * height)
    layers = np.zeros((len(signs) + 1, int(height * 1.7) + 8, width), np.uint8)
    small_zeros, linked = rng.random() < _SMALL_ZEROS, rng.random() < _LINKED_ZEROS
    base, x, before = _baseline(height), margin, ""
    for k, (sign, label) in enumerate(zip(signs, labels, strict=True)):
        size = rng.uniform(0.45, 0.8) if small_zeros and label == "0" and k else 1.0
        glyph = scaled_to(sign, height * size * rng.normal(1.0, 0.08))
        both_zeros = linked and label == before == "0"
        start = max(0, x + (_touch(height, rng) if both_zeros else _gap(height, rng)))
        x = _put(layers[k], glyph, start, base + int(rng.normal(0, 0.05) * height))
        if both_zeros and rng.random() < 0.5:
            _link(layers[k], start, base - int(height * size * rng.uniform(0.0, 1.0)), rng)
        if rng.random() < _MARK_BETWEEN and k + 1 < len(signs):
            point = scaled_to(mark(_BETWEEN, rng), height * rng.uniform(0.08, 0.4))
            y = base + int(rng.uniform(-0.1, 0.2) * height)
            x = _put(layers[-1], point, max(0, x + int(rng.uniform(-0.08, 0.2) * height)), y)
        before = label
    return layers, x


def _after_mark(
    layers: NDArray[np.uint8], end: int, height: float, rng: Rng
) -> tuple[NDArray[np.uint8], int]:
    """The same writing behind a currency sign or star."""
    sign = printed_currency(rng) if rng.random() < 0.6 else mark(_BEFORE, rng)
    sign = scaled_to(sign, height * rng.uniform(0.4, 1.4))
    shift = sign.shape[1] + int(rng.uniform(0.0, 0.5) * height)
    moved = np.pad(layers, ((0, 0), (0, 0), (shift, 0)))
    _put(moved[-1], sign, 0, _baseline(height))
    return moved, end + shift


_MARK_BEFORE, _MARK_BETWEEN, _MARK_AFTER = 0.2, 0.16, 0.3  # chances
_BEFORE = ("dollar", "rupee", "euro", "pound", "star", "hash", "equals", "dash")
_BETWEEN = ("comma", "point")
_AFTER = (
    "dash",
    "slash_dash",
    "slash_dash",
    "slash",
    "equals",
    "point",
    "star",
    "flat_slash",
    "dash_comma",
    "wave",
)


def scaled_to(sign: Strokes, height_px: float) -> Strokes:
    """Scale a sign so that its longer side is `height_px`."""
    return scaled(sign, max(2.0, height_px) / max(sign.shape))


def _gap(height: float, rng: Rng) -> int:
    """Distance to the next digit; negative where they touch or overlap."""
    if rng.random() < _TOUCHING:
        return _touch(height, rng)
    return round(rng.uniform(0.02, 0.35) * height)


def _touch(height: float, rng: Rng) -> int:
    return round(rng.uniform(-0.22, 0.02) * height)


def _put(layer: Strokes, sign: Strokes, x: int, bottom: int) -> int:
    """Draw a sign with its left and bottom there; what does not fit is cut off. Returns its end."""
    y = max(0, bottom - sign.shape[0])
    place = layer[y : y + sign.shape[0], x : x + sign.shape[1]]
    np.maximum(place, sign[: place.shape[0], : place.shape[1]], out=place)
    return x + int(sign.shape[1])


def _link(layer: Strokes, start: int, y: int, rng: Rng) -> None:
    """A ligature: the pen stayed down on its way from the digit before."""
    reach = int(rng.uniform(6, 20))
    ends = (start - reach, y + int(rng.integers(-5, 6))), (start + reach, y)
    cv2.line(layer, *ends, 255, int(rng.integers(2, 5)), cv2.LINE_AA)


def _scanned(layers: Strokes, labels: tuple[str, ...], rng: Rng) -> LabelledString:
    """Slant, pen, paper and scanner, for all layers alike."""
    _, height, width = layers.shape
    slant = rng.normal(0.0, 0.18)
    shear = np.array([[1, -slant, slant * height / 2], [0, 1, 0]], np.float32)
    pen = int(rng.integers(-1, 3))
    written = np.stack(
        [
            _with_pen(np.asarray(cv2.warpAffine(a, shear, (width, height)), np.uint8), pen)
            for a in layers
        ]
    )
    digits = written[:-1]
    owners = np.where(digits.max(axis=0) >= INK_LEVEL, digits.argmax(axis=0) + 1, 0)
    writing = written.max(axis=0).astype(np.float32) / 255.0
    paper = rng.uniform(150, 250) + _print(height, width, rng)
    gray = paper * (1.0 - writing * rng.uniform(0.3, 0.85)) + rng.normal(0, 2.5, writing.shape)
    gray = cv2.GaussianBlur(gray, (0, 0), rng.uniform(0.4, 1.4))
    if rng.random() < 0.3:
        gray = _low_resolution(gray, rng)
    return LabelledString(np.clip(gray, 0, 255).astype(np.uint8), owners.astype(np.int32), labels)


def _with_pen(strokes: Strokes, pen: int) -> Strokes:
    if pen == 0:
        return np.asarray(strokes, np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(pen) + 1, abs(pen) + 1))
    return np.asarray((cv2.dilate if pen > 0 else cv2.erode)(strokes, kernel), np.uint8)


def _print(height: int, width: int, rng: Rng) -> NDArray[np.float64]:
    """What is printed on the paper: nothing, security hairlines, a rule or a frame; <= 0."""
    paper = np.zeros((height, width), np.float32)
    kind = rng.random()
    if kind < 0.25:
        xs = np.arange(0, width, 4)
        pitch, wave, tilt = rng.uniform(5, 12), rng.uniform(0, 3), rng.uniform(-0.4, 0.4)
        for y in np.arange(-abs(tilt) * width, height + abs(tilt) * width, pitch):
            ys = y + tilt * xs + wave * np.sin(xs / rng.uniform(10, 14))
            line = np.stack([xs, ys], axis=1).astype(np.int32)
            cv2.polylines(paper, [line], False, -rng.uniform(10, 45), 1, cv2.LINE_AA)
    elif kind < 0.45:
        y, level = int(height * rng.uniform(0.76, 0.97)), -rng.uniform(40, 140)
        cv2.line(paper, (0, y), (width, y + int(rng.normal(0, 2))), level, int(rng.integers(1, 4)))
        if rng.random() < 0.5:
            x = int(width - rng.uniform(1, 10))
            cv2.line(paper, (x, 0), (x, height), level, int(rng.integers(1, 4)))
    return paper.astype(np.float64)


def _low_resolution(gray: NDArray[np.float64], rng: Rng) -> NDArray[np.float64]:
    factor = rng.uniform(0.28, 0.6)
    coarse = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    size = (gray.shape[1], gray.shape[0])
    return np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC), np.float64)


# --- what segmentation makes of it ---------------------------------------------------------------


def lattice_samples(
    string: LabelledString, other: str, most: int, rng: Rng
) -> tuple[Digits, list[str]]:
    """Cut a string as the reader does and label what comes out.

    Args:
        string: The field and whose ink is where.
        other: Class of what is no digit.
        most: How many digits, and how many others, to keep, drawn by chance.
        rng: Source of chance.

    Returns:
        (N, 28, 28) normalized candidates and their classes. Candidates of which nobody could say
        whether they are the digit or a part of it are left out.
    """
    lattice = segment(strokes_of(string.gray))
    labels = _labels(lattice, string, other)
    digits = [k for k, label in enumerate(labels) if label not in {None, other}]
    others = [k for k, label in enumerate(labels) if label == other]
    kept = [int(k) for group in (digits, others) for k in rng.permutation(group)[:most]]
    examples = np.zeros((len(kept), FIELD_PX, FIELD_PX), np.uint8)
    for place, k in enumerate(kept):
        examples[place] = normalize(lattice.strokes_of(lattice.candidates[k]))
    return examples, [str(labels[k]) for k in kept]


def _labels(lattice: Lattice, string: LabelledString, other: str) -> list[str | None]:
    """Class of each candidate; None where it is in between."""
    count = len(string.labels) + 1
    joint = np.zeros((len(lattice.atoms) + 1, count), np.int64)
    np.add.at(joint, (lattice.labels.ravel(), string.owners.ravel()), 1)
    totals = np.maximum(np.bincount(string.owners.ravel(), minlength=count), 1)
    found: list[str | None] = []
    for candidate in lattice.candidates:
        ink = joint[candidate.first + 1 : candidate.last + 2].sum(axis=0)
        best = int(ink[1:].argmax()) + 1
        # the cleaned stroke is a little wider than the drawn one: a rim belongs to nobody
        purity = ink[best] / max(int(ink[1:].sum() + _foreign(ink)), 1)
        share = min(float(purity), float(ink[best] / totals[best]))
        found.append(
            string.labels[best - 1] if share >= _WHOLE else other if share < _PARTIAL else None
        )
    return found


_RIM = 0.6  # of a digit's own ink: how much ink beside it the cleaning may add as a rim


def _foreign(ink: NDArray[np.int64]) -> int:
    """Ink that is no digit's, beyond the rim that cleaning adds around digits."""
    return max(0, int(ink[0] - _RIM * ink[1:].sum()))
