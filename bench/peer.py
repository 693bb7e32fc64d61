"""The peer: RapidOCR's recognizer (PP-OCR), whose models come inside its package."""

import logging
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from numpy.typing import NDArray

Recognizer = Callable[[NDArray[Any]], tuple[str, float]]  # BGR crop to text and confidence


def load_peer() -> Recognizer | None:
    """The recognizer alone, on one thread as the product's own network; None if not installed."""
    if find_spec("rapidocr") is None:
        return None
    from rapidocr import RapidOCR  # noqa: PLC0415  # an extra

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    threads = {"EngineConfig.onnxruntime.intra_op_num_threads": 1}
    engine: Any = RapidOCR(params={**threads, "Global.log_level": "error"})

    def recognize(crop: NDArray[Any]) -> tuple[str, float]:
        found = engine(crop, use_det=False, use_cls=False, use_rec=True)
        return ("", 0.0) if not found.txts else (str(found.txts[0]), float(found.scores[0]))

    return recognize
