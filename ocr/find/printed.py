"""Finding small print by its shape: a check's currency sign, the words DATE and AMOUNT.

Connected components, alone and in short words, are brought to one size and correlated with the
drawings of `lettering`. Gray levels are compared, not ink: at 100 dpi a sign is a blot of ink and
still has its grays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Ink
from ocr.components import component_boxes
from ocr.find.lettering import AMOUNT_LABELS, DATE_LABELS, OTHERS, SIGNS, Strokes, points_of
from ocr.geometry import Box, around
from ocr.levels import percentiles_of

Shapes = NDArray[np.float32]  # (N, pixels), each of mean 0 and norm 1

_SIGN_SIZE, _WORD_SIZE = (26, 36), (64, 20)  # width and height at which shapes are compared
_SOFT_PX = 1.0  # blur of both: print and scan differ by less
_CHANNELS = 128  # of a picture: the most that OpenCV 5 takes; letters are softened together
_FULL_PERCENTILE = 90.0  # of a letter's box: a third and more of it is ink
_RAMP = 0.3, 0.8  # of full ink: from paper to ink
_WEIGHTS = 10, 20  # of 100: breadth of the strokes of light and bold faces
_LEAST_MARGIN = 0.04  # over the best character that is none of those looked for
_STRETCH = 1.45  # by how much a face may be narrower or wider than the drawing
_GAP = 0.4  # of the height: between the letters of a word
_NEXT = 0.13  # of the height: letters of one word stand closer, words do not
_ALIKE = 0.2  # of the height: how far feet of letters may differ
_MOST_BOXES = 600  # components of a letter's size; more is a texture


@dataclass(frozen=True, slots=True)
class Printed:
    """A sign or word found.

    Attributes:
        text: Which.
        box: Where.
        score: Correlation with its drawing.
    """

    text: str
    box: Box
    score: float


def find_signs(darkness: Gray, ink: Ink, tall_px: tuple[float, float]) -> list[Printed]:
    """Find what looks like a printed currency sign of such a height, the most alike first."""
    return _find(darkness, ink, tall_px, _library(tuple(SIGNS), _SIGN_SIZE), letters=4)


def find_date_labels(darkness: Gray, ink: Ink, tall_px: tuple[float, float]) -> list[Printed]:
    """Find what looks like the printed word DATE of such a height, the most alike first."""
    found = _find(darkness, ink, tall_px, _library(tuple(DATE_LABELS), _WORD_SIZE), letters=5)
    pieces = components(ink, (0.5 * tall_px[0], tall_px[1]))
    return [label for label in found if _is_whole(label.box, pieces)]


def find_amount_labels(darkness: Gray, ink: Ink, tall_px: tuple[float, float]) -> list[Printed]:
    """Find what looks like the printed word AMOUNT of such a height, the most alike first."""
    return _find(darkness, ink, tall_px, _library(tuple(AMOUNT_LABELS), _WORD_SIZE), letters=6)


def components(ink: Ink, tall_px: tuple[float, float]) -> list[Box]:
    """Connected components of such a height, from the left."""
    boxes = component_boxes(ink)
    tall = (boxes[:, 3] >= tall_px[0]) & (boxes[:, 3] <= tall_px[1])
    return sorted((Box(*row) for row in boxes[tall].tolist()), key=lambda box: box.x)


def _find(
    darkness: Gray, ink: Ink, tall_px: tuple[float, float], library: "_Library", letters: int
) -> list[Printed]:
    pieces = components(ink, (0.5 * tall_px[0], tall_px[1]))[:_MOST_BOXES]
    least, most = library.narrowest, library.widest
    words = [
        box
        for box in _words(pieces, letters)
        if tall_px[0] <= box.height and least <= box.width / box.height <= most
    ]
    if not words:
        return []
    shapes = _shapes([_cover(darkness[box.slices]) for box in words], library.size)
    found = library.matched(shapes, words)
    return sorted(found, key=lambda each: -each.score)


def _is_whole(word: Box, pieces: list[Box]) -> bool:
    """Whether no letter stands close before or behind a word: it is no part of a longer one."""
    near = _NEXT * word.height
    before, behind = word.x - near, word.right + near
    return not any(
        (before < piece.right <= word.x or word.right <= piece.x < behind)
        and abs(piece.bottom - word.bottom) <= _ALIKE * word.height
        for piece in pieces
    )


def _cover(darkness: Gray) -> NDArray[np.float32]:
    """Share of ink of each pixel: background print is none, the middle of a stroke is full."""
    full = max(*percentiles_of(darkness, [_FULL_PERCENTILE]), 1.0)
    low, high = _RAMP
    share = (darkness / np.float32(full) - low) / (high - low)
    return np.asarray(np.clip(share, 0.0, 1.0), np.float32)


def _words(boxes: list[Box], most: int) -> Iterator[Box]:
    """Each component alone, and with those that follow it closely on its line, so many at most."""
    for first, box in enumerate(boxes):
        yield box
        word, letters = box, 1
        for other in boxes[first + 1 :]:
            if letters == most or other.x - word.right > _GAP * word.height:
                break
            if abs(other.bottom - box.bottom) <= _ALIKE * box.height:
                word, letters = around([word, other]), letters + 1
                yield word


@dataclass(frozen=True, eq=False, slots=True)
class _Library:
    """Drawings to compare with: those of the names looked for, then the others.

    Attributes:
        names: Of the drawings; empty for the others.
        aspects: (N,) width over height of each.
        shapes: (N, pixels).
        size: Width and height at which they are drawn.
        narrowest: Width over height of the narrowest face of a name looked for.
        widest: The same of the widest.
    """

    names: tuple[str, ...]
    aspects: NDArray[np.float64]
    shapes: Shapes
    size: tuple[int, int]
    narrowest: float
    widest: float

    def matched(self, shapes: Shapes, boxes: list[Box]) -> Iterator[Printed]:
        """The boxes that agree better with a name than with anything else."""
        # Not by BLAS, whose threads take eight times as long on a page's other cores.
        scores = np.einsum("ik,jk->ij", shapes, self.shapes)
        aspects = np.array([box.width / box.height for box in boxes])
        stretch = np.abs(np.log(aspects[:, None] / self.aspects[None, :]))
        scores[stretch > np.log(_STRETCH)] = 0.0
        other = np.array([not name for name in self.names])
        rival = np.max(scores[:, other], axis=1)
        scores[:, other] = 0.0
        for row, box, against in zip(scores, boxes, rival, strict=True):
            best = int(row.argmax())
            if row[best] >= against + _LEAST_MARGIN:
                yield Printed(self.names[best], box, float(row[best]))


@cache
def _library(names: tuple[str, ...], size: tuple[int, int]) -> _Library:
    known: Mapping[str, Sequence[Strokes]] = SIGNS | DATE_LABELS | AMOUNT_LABELS
    drawings = [(name, strokes) for name in names for strokes in known[name]]
    drawings += [("", strokes) for strokes in OTHERS]
    pictures = [(name, _draw(strokes, w)) for name, strokes in drawings for w in _WEIGHTS]
    aspects = np.array([picture.shape[1] / picture.shape[0] for _, picture in pictures])
    shapes = _shapes([picture for _, picture in pictures], size)
    named = [float(a) for a, (name, _) in zip(aspects, pictures, strict=True) if name]
    return _Library(
        tuple(name for name, _ in pictures),
        aspects,
        shapes,
        size,
        narrowest=min(named) / _STRETCH,
        widest=max(named) * _STRETCH,
    )


def _draw(strokes: Strokes, weight: int) -> NDArray[np.float32]:
    """A drawing cut to its ink."""
    points = np.array(points_of(strokes))
    left, top = points.min(axis=0) - weight // 2
    right, bottom = points.max(axis=0) + weight // 2 + 1
    canvas = np.zeros((bottom - top, right - left), np.uint8)
    for stroke in strokes:
        cv2.polylines(canvas, [np.array(stroke, np.int32) - (left, top)], False, (1,), weight)
    return canvas.astype(np.float32)


def _shapes(covers: Sequence[NDArray[np.float32]], size: tuple[int, int]) -> Shapes:
    """Pictures at one size, softened, of mean 0 and norm 1."""
    sized = [cv2.resize(cover, size, interpolation=cv2.INTER_AREA) for cover in covers]
    padded = np.pad(np.stack(sized, axis=-1), ((2, 2), (2, 2), (0, 0)))
    parts = (padded[..., k : k + _CHANNELS] for k in range(0, len(covers), _CHANNELS))
    soft = [cv2.GaussianBlur(np.ascontiguousarray(part), (0, 0), _SOFT_PX) for part in parts]
    level = np.concatenate([each.reshape(padded[..., 0].size, -1) for each in soft], axis=1).T
    level = level - level.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(level, axis=1, keepdims=True)
    return np.ascontiguousarray(level / np.maximum(norm, 1e-6), np.float32)
