"""Drawn data sets and model versions: every test knows its own truth."""

import json
from pathlib import Path

import cv2
import numpy as np

from model.augment import Augmentation, warp

_HAND = Augmentation(rotation_deg=12.0, slant=0.3, aspect=0.3, elastic_px=2.0)


def draw_sign(label: str, side_px: int = 40, pen_px: int = 3, *, dark: bool = False) -> np.ndarray:
    """A machine-printed sign, white on black, or dark on light gray paper."""
    image = np.zeros((side_px, side_px), np.uint8)
    scale = side_px / 30
    origin = (side_px // 5, side_px - side_px // 5)
    cv2.putText(image, label, origin, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, pen_px, cv2.LINE_AA)
    return 200 - (image * 0.7).astype(np.uint8) if dark else image


def draw_folders(
    data: Path, labels: str = "01234", per_class: int = 6, split: str = "train"
) -> None:
    """A folder data set without a manifest; no two images are equal, nor scaled copies."""
    rng = np.random.default_rng(0 if split == "train" else 1)
    for label in labels:
        folder = data / split / label
        folder.mkdir(parents=True, exist_ok=True)
        for k in range(per_class):
            sign = warp(draw_sign(label, 32 + 2 * (k % 20)), _HAND, rng)
            image = 200 - (sign * 0.7).astype(np.uint8) if k % 2 == 1 else sign
            cv2.imwrite(str(folder / f"{k}.png"), image)


def write_version(models: Path, version: str, champion: str, *doubts: str) -> Path:
    """A version folder that is complete as far as the registry looks.

    It was compared with `champion`, and `doubts` are what came out.
    """
    folder = models / version
    folder.mkdir(parents=True)
    (folder / "digits.tflite").write_bytes(b"network")
    card = {
        "version": version,
        "labels": ["0", "1", "not"],
        "input_px": 28,
        "temperature": 1.0,
        "created": "2026-01-01T00:00:00+00:00",
        "test": {"accuracy": {"value": 0.99}},
        "comparison": {"champion": champion, "doubts": list(doubts)},
    }
    (folder / "card.json").write_text(json.dumps(card))
    return folder
