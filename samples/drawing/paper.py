"""Paper, ink on it, and the scanner that sees both.

A sheet is drawn as RGB on white; the scanner adds what paper, glass and sensor add.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.drawing.handwriting import Mask

Sheet = NDArray[np.uint8]  # (H, W, 3), RGB, 255 = bare paper
Colour = tuple[int, int, int]

BLUE_INK: Colour = (32, 42, 150)
BLACK_INK: Colour = (38, 36, 42)


def blank_sheet(width_px: int, height_px: int, tint: Colour = (255, 255, 255)) -> Sheet:
    """A sheet of one colour."""
    return np.full((height_px, width_px, 3), tint, np.uint8)


def put_ink(
    sheet: Sheet, ink: Mask, left: float, top: float, colour: Colour, rng: np.random.Generator
) -> None:
    """Write on a sheet, in place: a pen gives a little more or less ink along its way.

    Raises:
        ValueError: The writing would leave the sheet.
    """
    x, y = round(left), round(top)
    height, width = ink.shape
    part = sheet[y : y + height, x : x + width]
    if min(x, y) < 0 or part.shape[:2] != ink.shape:
        raise ValueError(f"writing of {width}x{height} px at {x}, {y} leaves the sheet")
    flow = 0.9 + 0.06 * _clouds(ink.shape, 6, rng)
    cover = np.clip(ink * flow, 0, 1)[..., None]
    part[:] = np.rint(part * (1 - cover) + np.array(colour) * cover).astype(np.uint8)


def guilloche(sheet: Sheet, colour: Colour, rng: np.random.Generator) -> None:
    """Cover a sheet, in place, with the fine waves of security paper."""
    height, width = sheet.shape[:2]
    x = np.arange(0, width + 8, 8)
    for family in range(2):
        period, swing = rng.uniform(300, 700), rng.uniform(14, 34)
        drift = rng.uniform(0.05, 0.2) * (1 if family else -1)
        for base in range(-height // 4, height + height // 4, 15):
            wave = base + swing * np.sin(2 * np.pi * x / period + base / 90) + drift * x
            points = np.stack([x, np.rint(wave)], axis=1).astype(np.int32)
            cv2.polylines(sheet, [points], False, colour, 1, cv2.LINE_AA)


def rosette(sheet: Sheet, centre: tuple[int, int], radius_px: int, colour: Colour) -> None:
    """Draw a wheel of interlaced ovals, in place, as on banknotes and checks."""
    for step in range(36):
        oval = (radius_px, round(radius_px * 0.42))
        cv2.ellipse(sheet, centre, oval, step * 5, 0, 360, colour, 1, cv2.LINE_AA)


def scan(
    sheet: Sheet, rng: np.random.Generator, skew_deg: float = 0.4, noise: float = 3.0
) -> Sheet:
    """See a sheet as a scanner does.

    Args:
        sheet: What is on the paper.
        rng: Where texture and noise come from.
        skew_deg: How far the sheet lies turned, counter-clockwise positive.
        noise: Standard deviation of the sensor's noise in gray levels; above 6 it is a poor scan,
            with specks and uneven light too.

    Returns:
        RGB of the same size; the glass shows at the corners of a turned sheet.
    """
    height, width = sheet.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew_deg, 1.0)
    seen = cv2.warpAffine(
        sheet, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(226, 227, 229)
    )
    blurred = cv2.GaussianBlur(seen, (0, 0), 0.65 + 0.05 * noise)
    shape = (height, width)
    light = 0.975 + (0.004 + 0.002 * noise) * _clouds(shape, 300, rng)
    light += 0.004 * _clouds(shape, 3, rng)  # fibres
    grain = rng.normal(0, noise, shape)
    lit = np.asarray(blurred * light[..., None] + grain[..., None], np.float32)
    if noise > 6:
        _dirty(lit, rng)
    return np.clip(np.rint(lit), 0, 255).astype(np.uint8)


def _dirty(lit: NDArray[np.float32], rng: np.random.Generator) -> None:
    """Dust on the glass and a fold, in place."""
    height, width = lit.shape[:2]
    for _ in range(160):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.circle(lit, centre, int(rng.integers(1, 3)), (int(rng.integers(70, 190)),) * 3, -1)
    fold = round(width * rng.uniform(0.4, 0.6))
    lit[:, fold : fold + 3] *= 0.93


def _clouds(shape: tuple[int, int], grain_px: float, rng: np.random.Generator) -> Mask:
    """Smooth random field of standard deviation 1; drawn small where the grain is coarse."""
    shrink = max(1, round(grain_px / 4))
    small = (shape[0] // shrink + 2, shape[1] // shrink + 2)
    field = cv2.GaussianBlur(rng.normal(0, 1, small).astype(np.float32), (0, 0), grain_px / shrink)
    field = (field - field.mean()) / max(float(field.std()), 1e-6)
    return np.asarray(cv2.resize(field, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)
