"""The pictures of README's walk-through: ``python -m samples.walkthrough``.

A blank form is drawn and scanned; a form is proposed from it, drawn, and edited as a person would;
it reads a filled page. All is done by the command line. The pictures are small and of few colours.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from samples.draw import FORM_DPI
from samples.drawing.forms import MM_PER_INCH, PAGE_MM, print_item, printed
from samples.drawing.paper import blank_sheet, scan

PICTURES = Path(__file__).parent / "walkthrough"
FILLED = Path(__file__).parent / "forms" / "clean.png"
_WIDTH_PX, _COLOURS = 520, 24
# What a person makes of the proposal: names and types, and no fields for names and signatures.
_POSTAL_CODE = 'type = "postal_code"\ncountry = "US"'
_EDITS = {
    "row1_col1": ("customer_number", 'type = "digits"'),
    "row4_col2": ("old_postal_code", _POSTAL_CODE),
    "row6_col2": ("new_postal_code", _POSTAL_CODE),
    "row7_col1": ("move_date", 'type = "date"\norder = "MDY"'),
    "row8_col1": ("persons", 'type = "digits"'),
}


def main() -> None:
    """Make the pictures anew."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _draw_blank(folder / "blank.png")
        _formdigits(folder, "forms", "new", "blank.png", "-o", "address.toml")
        _formdigits(folder, "forms", "preview", "address.toml", "blank.png", "-o", "proposed.png")
        _edit(folder / "address.toml")
        _formdigits(folder, "forms", "check", "address.toml")
        shutil.copy(FILLED, folder / "filled.png")
        read = ("read", "filled.png", "--form", "address.toml", "--annotate", "read.png")
        _formdigits(folder, *read)
        for name in ("proposed.png", "read.png"):
            _shrink(folder / name, PICTURES / name)


def _draw_blank(path: Path) -> None:
    scale = FORM_DPI / MM_PER_INCH
    width_mm, height_mm = PAGE_MM
    sheet = blank_sheet(round(width_mm * scale), round(height_mm * scale))
    for item in printed():
        print_item(sheet, item, scale)
    seen = scan(sheet, np.random.default_rng(5), 0.2, 0.8)
    gray = np.asarray(Image.fromarray(seen).convert("L")) // 16 * 17  # as `samples.draw` stores it
    Image.fromarray(gray).save(path, dpi=(FORM_DPI, FORM_DPI))


def _edit(form: Path) -> None:
    """Name the wanted fields, give their types, and take the others out."""
    head, *fields = form.read_text(encoding="utf-8").split("\n[[field]]\n")
    kept = [head]
    for field in fields:
        proposed = field.split('"')[1]
        if proposed in _EDITS:
            name, kind = _EDITS[proposed]
            kept.append(field.replace(proposed, name).replace('type = "digits"', kind))
    form.write_text("\n[[field]]\n".join(kept), encoding="utf-8")


def _formdigits(folder: Path, *words: str) -> None:
    """Show and run a command; leave the program if it fails."""
    print("$ formdigits", *words, flush=True)
    command = [str(Path(sys.executable).with_name("formdigits")), *words]
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603  # our own


def _shrink(source: Path, target: Path) -> None:
    with Image.open(source) as image:
        size = (_WIDTH_PX, round(image.height * _WIDTH_PX / image.width))
        small = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    small.quantize(_COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    print(f"{target.relative_to(Path.cwd())}  {target.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
