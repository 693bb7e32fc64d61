"""A sheet on a table, photographed by hand: a camera's perspective, tables and shadows."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray

Matrix = NDArray[np.float64]  # (3, 3), from pixels of the sheet to pixels of the photo
Light = NDArray[np.float32]  # (H, W), share of the light that falls there

_FOCAL = 0.75  # focal length over the photo's longer side: 26 mm on small film
_PAPER = 0.92  # share of the light that white paper gives back
_GRAIN_PX = 9  # of wood


@dataclass(frozen=True, slots=True)
class Scene:
    """What is photographed and how.

    Attributes:
        tilt_deg: Largest angle between the camera's axis and the upright on the table.
        turn_deg: Largest turn of the sheet in the picture.
        fills: Share of the picture's side that the sheet takes, smallest and largest.
        table: Share of the light that the table gives back, smallest and largest.
        shadow: Largest share of the light that a shadow takes.
        fold: Whether a corner may be folded over.
        longer_px: Longer side of the photo; the shorter one is three quarters of it.
    """

    tilt_deg: float = 22.0
    turn_deg: float = 9.0
    fills: tuple[float, float] = (0.72, 0.9)
    table: tuple[float, float] = (0.08, 0.55)
    shadow: float = 0.5
    fold: bool = True
    longer_px: int = 3000


def photograph(sheet: Gray, scene: Scene, rng: np.random.Generator) -> tuple[Gray, Matrix]:
    """Photograph a sheet; upright or on its side as the sheet is.

    Returns:
        The photo, and where points of the sheet are in it.
    """
    height, width = sheet.shape
    sides = (round(0.75 * scene.longer_px), scene.longer_px)
    size = sides if height > width else sides[::-1]  # width, height
    matrix = _seen_at(sheet.shape, size, scene, rng)
    paper = _folded(sheet, rng) if scene.fold and rng.random() < 0.5 else np.full(sheet.shape, 255)
    lit = sheet.astype(np.float32) * (_PAPER / 255)
    table = _table(size, float(rng.uniform(*scene.table)), rng)
    seen = cv2.warpPerspective(lit, matrix, size, flags=cv2.INTER_AREA)
    there = cv2.warpPerspective(paper.astype(np.float32) / 255, matrix, size)
    picture = (seen * there + table * (1 - there)) * _light(size, scene.shadow, rng)
    blurred = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.6, 1.1)))
    noisy = 255 * blurred + rng.normal(0, rng.uniform(1.5, 4.5), blurred.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8), matrix


def _seen_at(
    shape: tuple[int, ...], size: tuple[int, int], scene: Scene, rng: np.random.Generator
) -> Matrix:
    """The sheet's plane through a pinhole camera, brought to fill its share of the picture."""
    height, width = shape
    focal = _FOCAL * max(size)
    tilt, about = np.deg2rad(rng.uniform(0, scene.tilt_deg)), rng.uniform(0, 2 * np.pi)
    turn = np.deg2rad(rng.uniform(-scene.turn_deg, scene.turn_deg))
    lean, _ = cv2.Rodrigues(tilt * np.array([np.cos(about), np.sin(about), 0.0]))
    roll, _ = cv2.Rodrigues(np.array([0.0, 0.0, turn]))
    plane = lean @ roll @ np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 0.0]])
    away = focal * max(width / size[0], height / size[1]) / rng.uniform(*scene.fills)
    plane[2, 2] += away
    plane[:2, 2] += rng.uniform(-0.02, 0.02, 2) * width
    camera = np.array([[focal, 0, size[0] / 2], [0, focal, size[1] / 2], [0, 0, 1.0]])
    return np.asarray(camera @ plane)


def _folded(sheet: Gray, rng: np.random.Generator) -> Gray:
    """255 where paper is: one corner lies folded under the sheet."""
    height, width = sheet.shape
    there = np.full(sheet.shape, 255, np.uint8)
    right, low = rng.random(2) < 0.5
    leg = rng.uniform(0.03, 0.09, 2) * width
    x, y = (width if right else 0), (height if low else 0)
    along, down = (-leg[0] if right else leg[0]), (-leg[1] if low else leg[1])
    corner = np.array([(x, y), (x + along, y), (x, y + down)], np.float64)
    cv2.fillPoly(there, [np.rint(corner).astype(np.int32)], (0,))
    return there


def _table(size: tuple[int, int], level: float, rng: np.random.Generator) -> Light:
    """Plain, or wood: long grain in one direction, with gaps between boards."""
    width, height = size
    table = np.full((height, width), level, np.float32)
    if rng.random() < 0.35:
        return table
    grain = rng.normal(0, 1, (height // _GRAIN_PX, width // 200)).astype(np.float32)
    wood = cv2.resize(grain, size, interpolation=cv2.INTER_CUBIC)
    table *= 1 + rng.uniform(0.03, 0.15) * wood
    for row in range(int(rng.integers(0, 400)), height, int(rng.integers(300, 900))):
        table[row : row + 4] *= 0.6
    return np.ascontiguousarray(table[:, ::-1] if rng.random() < 0.5 else table)


def _light(size: tuple[int, int], shadow: float, rng: np.random.Generator) -> Light:
    """Lamps on one side, darker rims, and the shadow of whoever holds the camera."""
    width, height = size
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    across = (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle)
    rim = (x - 0.5) ** 2 + (y - 0.5) ** 2
    light = rng.uniform(0.8, 1.0) + rng.uniform(0, 0.3) * across - rng.uniform(0, 0.35) * rim
    if rng.random() < 0.7:
        edge, soft = rng.uniform(-0.2, 0.3), rng.uniform(0.004, 0.06)
        bend = 0.05 * np.sin(6 * (x + y) + rng.uniform(0, 6))
        light *= 1 - rng.uniform(0.1, shadow) / (1 + np.exp(-(across - edge + bend) / soft))
    return np.asarray(light, np.float32)
