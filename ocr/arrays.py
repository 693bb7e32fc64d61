"""The array types of the reader: shape, type and polarity, said once.

`Gray` is a scan (dark writing on light paper); `Ink` a mask of writing; `Strokes` writing as
gray levels on black, the polarity that MNIST and the network use.
"""

import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]  # (H, W), 0 = black, 255 = white
Ink = NDArray[np.bool_]  # (H, W), True = ink
Strokes = NDArray[np.uint8]  # (H, W), 0 = paper, 255 = full ink
Digits = NDArray[np.uint8]  # (N, 28, 28), Strokes normalized as MNIST's
Probabilities = NDArray[np.float32]  # (N, classes), rows sum to 1
