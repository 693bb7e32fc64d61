"""Draw all samples and write down their truth: ``python -m samples.draw [--out FOLDER]``.

Seeded: the same pictures each time. Handwriting and print come from packages (scikit-learn's
digits, OpenCV's fonts), names and banks are invented, nothing is copied from a real document.
"""

import argparse
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pikepdf
from PIL import Image

from samples.drawing import broken, catalog, pdf
from samples.drawing.checks import DPI as CHECK_DPI
from samples.drawing.checks import draw_indian_check, draw_us_check
from samples.drawing.crops import DPI as CROP_DPI
from samples.drawing.crops import draw_crop
from samples.drawing.forms import draw_form, scan_form
from samples.drawing.paper import Sheet, scan

SEED = 20241
FORM_DPI = 200
FAX_DPI = 300  # a bilevel page needs it for thin pens


@dataclass(frozen=True, slots=True)
class Sample:
    """One file of the samples.

    Attributes:
        file: Where it lies below the samples' folder.
        content: Its bytes.
        truth: Per page the normalized value of each field; a broken file has one page whose
            nameless field says the error's code.
    """

    file: str
    content: bytes
    truth: tuple[dict[str, str], ...]


def samples() -> Iterator[Sample]:
    """All samples, one after the other."""
    yield from checks()
    yield from forms()
    yield from crops()
    yield from broken_files()


def write(folder: Path) -> None:
    """Write all samples below a folder, and their truth to its ``truth.csv``."""
    rows = []
    for sample in samples():
        path = folder / sample.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sample.content)
        for page, fields in enumerate(sample.truth, start=1):
            rows += [(sample.file, page, name, value) for name, value in fields.items()]
        print(f"{sample.file}  {len(sample.content) // 1024} KB")
    with (folder / "truth.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows([("file", "page", "field", "value"), *rows])


def checks() -> Iterator[Sample]:
    """The bank checks, one page each."""
    for name, us_check in catalog.US_CHECKS.items():
        sheet = draw_us_check(us_check, _rng(name))
        yield Sample(f"checks/{name}.jpg", _jpeg(sheet, CHECK_DPI), (us_check.truth,))
    for name, indian_check in catalog.INDIAN_CHECKS.items():
        sheet = draw_indian_check(indian_check, _rng(name))
        yield Sample(f"checks/{name}.jpg", _jpeg(sheet, CHECK_DPI), (indian_check.truth,))


def forms() -> Iterator[Sample]:
    """The change-of-address forms: PNG, JPEG, PDF and TIFF."""
    first, second, third, fourth, fifth = catalog.FORMS
    clean = _gray(scan_form(first, FORM_DPI, _rng("clean"), noise=0.8))
    yield Sample("forms/clean.png", _png(clean // 16 * 17, FORM_DPI), (first.truth,))
    skewed = _gray(scan_form(second, FORM_DPI, _rng("skewed"), skew_deg=-2.1, noise=8.0))
    yield Sample("forms/skewed-noisy.jpg", _jpeg(skewed, FORM_DPI), (second.truth,))
    three = (third, fourth, fifth)
    yield Sample("forms/three-pages.pdf", _pdf(), tuple(form.truth for form in three))
    two = (fourth, second)
    yield Sample("forms/two-pages.tif", _tiff(), tuple(form.truth for form in two))


def _pdf() -> bytes:
    """Two scans that fill their pages, then a printed page that has to be rendered."""
    document, rng = pikepdf.new(), _rng("three-pages")
    for filled, skew_deg in ((catalog.FORMS[2], 0.6), (catalog.FORMS[3], -0.9)):
        page = _gray(scan_form(filled, FORM_DPI, rng, skew_deg))
        pdf.scan_page(document, _jpeg(page, FORM_DPI), page.shape[1], page.shape[0])
    pdf.vector_page(document, catalog.FORMS[4], rng)
    return pdf.saved(document)


def _tiff() -> bytes:
    """Two black and white pages, as a fax or an office scanner writes them (CCITT group 4)."""
    pages, rng = [], _rng("two-pages")
    for filled, skew_deg in ((catalog.FORMS[3], 0.5), (catalog.FORMS[1], -0.4)):
        page = _gray(scan(draw_form(filled, FAX_DPI, rng), rng, skew_deg, 5.0))
        pages.append(Image.fromarray(page > 150))
    out = io.BytesIO()
    pages[0].save(
        out,
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        compression="group4",
        dpi=(FAX_DPI, FAX_DPI),
    )
    return out.getvalue()


def crops() -> Iterator[Sample]:
    """The courtesy amounts cut out of checks."""
    for number, (written, value, hand) in enumerate(catalog.CROPS, start=1):
        crop = draw_crop(written, hand, _rng(written), boxed=number % 2 == 1)
        yield Sample(f"crops/amount-{number}.png", _png(crop, CROP_DPI), ({"amount": value},))


def broken_files() -> Iterator[Sample]:
    """The files that cannot be read."""
    crop = draw_crop("1,250.00", catalog.CROPS[0][2], _rng("broken"), boxed=True)
    files = {
        "truncated.jpg": (broken.truncated_jpeg(_jpeg(crop, CROP_DPI)), "damaged_image"),
        "encrypted.pdf": (broken.encrypted_pdf(), "encrypted_pdf"),
        "empty.png": (b"", "empty_file"),
        "text.png": (b"This is a note, not a picture.\n", "unsupported_type"),
        "one-pixel.png": (broken.one_pixel_png(), "too_small"),
    }
    for name, (content, code) in files.items():
        yield Sample(f"broken/{name}", content, ({"": code},))


def _rng(name: str) -> np.random.Generator:
    """Each document has its own stream, so that a new one leaves the others as they are."""
    return np.random.default_rng([SEED, *name.encode()])


def _gray(sheet: Sheet) -> Sheet:
    return np.asarray(cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY), np.uint8)


def _jpeg(sheet: Sheet, dpi: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(sheet).save(out, "JPEG", quality=60, dpi=(dpi, dpi))
    return out.getvalue()


def _png(sheet: Sheet, dpi: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(sheet).save(out, "PNG", optimize=True, dpi=(dpi, dpi))
    return out.getvalue()


def main() -> None:
    """Draw the samples into the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    write(parser.parse_args().out)


if __name__ == "__main__":
    main()
