"""Pages and crops at another size."""

import cv2
import numpy as np

from ocr.arrays import Gray


def scaled(gray: Gray, factor: float) -> Gray:
    """A picture with its sides times `factor`, antialiased; enlarged without ringing at lines.

    Each side keeps at least one pixel: a strip may be a thousand times longer than wide.
    """
    height, width = (max(1, round(side * factor)) for side in gray.shape)
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(gray, (width, height), interpolation=method), np.uint8)
