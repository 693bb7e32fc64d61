"""A picture of many signs with what is said about them, to be looked through by a person."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from PIL import Image, ImageDraw, ImageFont, ImageOps

from model.suspects import Suspect
from ocr.errors import ExportError

_COLUMNS = 8
_SIGN_PX = 84  # square in which a sign is shown
_CELL_PX = (148, 136)  # width, height: the sign, two lines of text and some air
_TEXT_PX = 12
_NAME_LETTERS = 22  # of a file's name: as many as fit into a cell


def write_sheet(path: Path, data: Path, suspects: Sequence[Suspect]) -> None:
    """Draw suspects row by row, each with its labels (given, suggested) and its file's name.

    Raises:
        ExportError: The picture cannot be written.
    """
    rows = -(-max(1, len(suspects)) // _COLUMNS)
    sheet = Image.new("L", (_COLUMNS * _CELL_PX[0], rows * _CELL_PX[1]), 255)
    for place, suspect in enumerate(suspects):
        row, column = divmod(place, _COLUMNS)
        sheet.paste(_cell(data, suspect), (column * _CELL_PX[0], row * _CELL_PX[1]))
    try:
        sheet.save(path, "PNG")
    except OSError as cause:
        raise ExportError(
            f"cannot write {path} ({cause.strerror}); give --sheet a file in a folder that exists"
        ) from cause


def _cell(data: Path, suspect: Suspect) -> Image.Image:
    cell = Image.new("L", _CELL_PX, 255)
    with Image.open(data / suspect.path) as stored:
        sign = ImageOps.pad(stored.convert("L"), (_SIGN_PX, _SIGN_PX), color=128)
    cell.paste(sign, ((_CELL_PX[0] - _SIGN_PX) // 2, 4))
    pen, font = ImageDraw.Draw(cell), ImageFont.load_default(_TEXT_PX)
    name = PurePosixPath(suspect.path).name[-_NAME_LETTERS:]
    for line, text in enumerate((f"{suspect.given}, rather {suspect.suggested}?", name)):
        pen.text((6, _SIGN_PX + 10 + line * (_TEXT_PX + 4)), text, fill=0, font=font)
    return cell
