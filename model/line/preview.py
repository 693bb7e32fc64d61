"""A contact sheet of lines as training draws them."""

from pathlib import Path

import cv2
import numpy as np

from model.dataset import load
from model.line.text import compose
from model.line.writing import Line, write
from model.material import arrange
from model.variants import DIGITS
from ocr.arrays import Gray
from ocr.line.view import HEIGHT_PX, line_view

_TILE_PX = (330, 112)
_COLUMNS = 4
_SCAN_PX = 50  # height of the scan in its tile; the network's view stands below


def write_preview(data: Path, out: Path, count: int, seed: int) -> None:
    """Write a PNG with lines: the scan, the network's view of it, and what it says.

    Raises:
        DataError: If the data set cannot be loaded.
    """
    rng = np.random.default_rng(seed)
    material = arrange(load(data, "train"), DIGITS, 0.7)
    tiles = [_tile(write(compose(material, rng), rng)) for _ in range(count)]
    tiles += [np.zeros_like(tiles[0])] * (-count % _COLUMNS)
    rows = [np.hstack(tiles[k : k + _COLUMNS]) for k in range(0, len(tiles), _COLUMNS)]
    out.write_bytes(cv2.imencode(".png", np.vstack(rows))[1].tobytes())


def _tile(line: Line) -> Gray:
    width, height = _TILE_PX
    tile = np.full((height, width), 128, np.uint8)
    scale = min(_SCAN_PX / line.gray.shape[0], width / line.gray.shape[1])
    scan = cv2.resize(line.gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    tile[: scan.shape[0], : scan.shape[1]] = scan
    view = line_view(line.gray, line.ink)[:, :width]
    tile[_SCAN_PX + 4 : _SCAN_PX + 4 + HEIGHT_PX, : view.shape[1]] = view
    cv2.putText(tile, line.text, (3, height - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.55, 255, 1)
    return tile
