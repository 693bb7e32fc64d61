"""The batch that is disturbed: small drawn crops, and files that the tests' worker chokes on."""

import random
from pathlib import Path

import cv2
import numpy as np

FORM = "digits"
# What the product must say of a page that does this to its reader each time (`poisoned`).
POISON = {
    "box-2/poison-segfault.png": "page_crashed",
    "box-4/poison-out-of-memory.png": "page_crashed",
    "box-1/poison-hang.png": "page_timeout",
}


def draw_batch(folder: Path, pages: int) -> None:
    """Draw the same batch each time: `pages` crops, some in folders below, and the poison."""
    rng = random.Random(pages)
    for number in range(pages):
        path = folder / f"box-{number % 7}" / f"{number:05}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        _draw(path, str(rng.randrange(10, 10_000)))
    for number, name in enumerate(POISON):
        _draw(folder / name, f"6660{number}")  # unlike any other: no page has been read for it


def _draw(path: Path, digits: str) -> None:
    crop = np.full((64, 36 * len(digits) + 24), 245, np.uint8)
    cv2.putText(crop, digits, (12, 48), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 20, 3, cv2.LINE_AA)
    if not cv2.imwrite(str(path), crop):
        raise OSError(f"{path} cannot be written")
