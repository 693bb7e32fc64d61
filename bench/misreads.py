"""What is misread, and how: ``python -m bench.misreads --set NAME [--limit N] [--pictures FILE]``.

Each misread field of a labelled set is put to its kind by comparing what was read with the truth,
digit by digit: one digit taken for another, digits overlooked, digits invented, several faults.
"""

import argparse
import tempfile
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import cv2
from PIL import Image, ImageDraw, ImageFont, ImageOps
from rich.console import Console
from rich.table import Table

import ocr
from bench.evaluation import SETS, select, without_disputed

_CROP_PX, _TEXT_PX, _COLUMNS = (260, 70), 14, 5
_WRITTEN = [each for each in SETS if each.folder.startswith("strings/")]


@dataclass(frozen=True, slots=True)
class Misread:
    """A field that was read otherwise than labelled."""

    path: Path
    truth: str
    read: str
    confidence: float

    @property
    def kind(self) -> str:
        """In one of four words what went wrong, with the digits if it was one for another."""
        faults = [
            (tag, self.truth[a:b], self.read[c:d])
            for tag, a, b, c, d in SequenceMatcher(None, self.truth, self.read).get_opcodes()
            if tag != "equal"
        ]
        if len(faults) > 1:
            return "several faults"
        ((tag, true, read),) = faults
        if tag == "replace" and len(true) == len(read) == 1:
            return f"{true} taken for {read}"
        names = {"delete": "overlooked", "insert": "invented"}
        return f"digits {names[tag]}" if tag in names else "several faults"


def main() -> None:
    """Read a set, print its misreads by kind, and draw them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--set", choices=[each.name for each in _WRITTEN], required=True)
    parser.add_argument("--limit", type=int, help="read a seeded sample")
    parser.add_argument("--pictures", type=Path, help="PNG to draw the misread fields into")
    options = parser.parse_args()
    (chosen,) = (each for each in _WRITTEN if each.name == options.set)
    (target,) = chosen.targets
    misreads = []
    with tempfile.TemporaryDirectory() as scratch:
        selection = select(chosen, options.limit, Path(scratch))
        rows = without_disputed(selection.rows, chosen.name)
        for row in rows:
            path = selection.images / row["file"]
            field = ocr.read_page(path, chosen.form).fields[0]
            read = "".join(c for c in field.value if c.isdigit())
            if read != target.truth(row):
                misreads.append(Misread(path, target.truth(row), read, field.confidence or 0.0))
        if options.pictures:
            _draw(misreads, options.pictures)
    _print(misreads, len(rows))


def _print(misreads: list[Misread], n: int) -> None:
    table = Table("fault", "fields", "share of all %", title=f"{len(misreads)} misread of {n}")
    for kind, count in Counter(misread.kind for misread in misreads).most_common():
        table.add_row(kind, str(count), f"{100 * count / n:.1f}")
    Console().print(table)


def _draw(misreads: list[Misread], path: Path) -> None:
    """The misread fields in a grid, by kind, each with truth, reading and confidence."""
    width, height = _CROP_PX[0] + 10, _CROP_PX[1] + _TEXT_PX + 10
    rows = -(-max(1, len(misreads)) // _COLUMNS)
    sheet = Image.new("L", (_COLUMNS * width, rows * height), 255)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(_TEXT_PX)
    for place, misread in enumerate(sorted(misreads, key=lambda m: (m.kind, -m.confidence))):
        x, y = place % _COLUMNS * width, place // _COLUMNS * height
        gray = cv2.imread(str(misread.path), cv2.IMREAD_GRAYSCALE)
        if gray is not None:
            sheet.paste(ImageOps.contain(Image.fromarray(gray), _CROP_PX), (x, y))
        told = f"{misread.truth} read {misread.read or 'nothing'} {misread.confidence:.2f}"
        pen.text((x, y + _CROP_PX[1] + 2), told, fill=0, font=font)
    sheet.save(path)


if __name__ == "__main__":
    main()
