"""What scanners, faxes, copiers and telephones make of a sheet, and where its points went."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from bench.pages.camera import Matrix, Scene, photograph
from ocr.arrays import Gray


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """A sheet as it was seen.

    Attributes:
        gray: (H, W).
        matrix: Where points of the sheet are in it.
    """

    gray: Gray
    matrix: Matrix


def clean(sheet: Gray, rng: np.random.Generator) -> Picture:
    """A good scanner."""
    return Picture(_noisy(cv2.GaussianBlur(sheet, (0, 0), 0.7), 3.0, rng), np.eye(3))


def scan(sheet: Gray, rng: np.random.Generator) -> Picture:
    """Skew of up to 3 degrees, 3 % of scale, 4 mm of shift, blur and noise."""
    height, width = sheet.shape
    middle = (width / 2, height / 2)
    matrix = np.eye(3)
    matrix[:2] = cv2.getRotationMatrix2D(middle, rng.uniform(-3, 3), rng.uniform(0.97, 1.03))
    matrix[:2, 2] += rng.uniform(-0.019, 0.019, 2) * width
    seen = cv2.warpPerspective(sheet, matrix, (width, height), borderValue=(250.0,))
    return Picture(_noisy(cv2.GaussianBlur(seen, (0, 0), 0.8), 6.0, rng), matrix)


def fax(sheet: Gray, rng: np.random.Generator) -> Picture:
    """Black and white, with specks, at the sheet's resolution."""
    seen = scan(sheet, rng)
    black = _noisy(seen.gray, 14.0, rng) < 165
    black ^= rng.random(black.shape) < 0.001
    return Picture(np.where(black, 0, 255).astype(np.uint8), seen.matrix)


def photocopy(sheet: Gray, rng: np.random.Generator) -> Picture:
    """A pale copy of a copy: uneven toner, a dark edge, specks."""
    seen = scan(sheet, rng)
    toner = cv2.resize(
        rng.uniform(0.55, 1.0, (6, 5)).astype(np.float32), sheet.shape[::-1],
        interpolation=cv2.INTER_CUBIC,
    )  # fmt: skip
    pale = 255 - (255 - cv2.GaussianBlur(seen.gray, (0, 0), 0.9).astype(np.float32)) * toner
    pale[rng.random(pale.shape) < 0.0005] = 60
    pale[:, : round(0.01 * sheet.shape[1])] = 50
    return Picture(_noisy(np.clip(pale, 0, 255).astype(np.uint8), 5.0, rng), seen.matrix)


def phone(sheet: Gray, rng: np.random.Generator) -> Picture:
    """A sheet on a dark table, seen at a slant, with a shadow over a part of it."""
    height, width = sheet.shape
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    margin = 0.08 * width
    off = rng.uniform(-0.045, 0.045, (4, 2)) * width + margin
    matrix = cv2.getPerspectiveTransform(corners, (corners + off).astype(np.float32))
    size = (round(width + 2 * margin), round(height + 2 * margin))
    seen = cv2.warpPerspective(sheet, matrix, size, borderValue=(72.0,)).astype(np.float32)
    column = np.linspace(0, 1, size[0], dtype=np.float32)
    edge = rng.uniform(0.3, 0.7)
    light = 1 - rng.uniform(0.15, 0.4) / (1 + np.exp(-(column - edge) / 0.03))
    lit = cv2.GaussianBlur(seen * light, (0, 0), 0.9)
    return Picture(_noisy(lit.astype(np.uint8), 4.0, rng), np.asarray(matrix, np.float64))


def photo(sheet: Gray, rng: np.random.Generator) -> Picture:
    """A photograph by hand: a camera's true perspective, all kinds of tables, folded corners."""
    return Picture(*photograph(sheet, Scene(), rng))


DEGRADATIONS: dict[str, Callable[[Gray, np.random.Generator], Picture]] = {
    "clean": clean, "scan": scan, "fax": fax, "photocopy": photocopy, "phone": phone,
    "photo": photo,
}  # fmt: skip


def _noisy(gray: cv2.typing.MatLike, deviation: float, rng: np.random.Generator) -> Gray:
    grain = rng.normal(0, deviation, gray.shape)
    return np.asarray(np.clip(np.rint(gray + grain), 0, 255), np.uint8)
