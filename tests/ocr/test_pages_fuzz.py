"""Damaged bytes of every type: the outcome is a page within the limits or a DocumentError."""

from io import BytesIO

import img2pdf
import numpy as np
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from ocr.errors import DocumentError
from ocr.pages import Limits, count_pages, load_page

LIMITS = Limits(page_pixels=1_000_000, pages=20, render_seconds=10)
PAGE = Image.fromarray(np.kron(np.arange(64, dtype=np.uint8).reshape(8, 8) * 4, np.ones((8, 8))))


def encoded(kind, image=PAGE, **options):
    stream = BytesIO()
    image.convert(options.pop("mode", "L")).save(stream, kind, **options)
    return stream.getvalue()


def drawn_pdf():
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(50, 50))
    pdf.pages[0].Contents = pdf.make_stream(b"10 10 20 20 re f")
    stream = BytesIO()
    pdf.save(stream)
    return stream.getvalue()


SEEDS = {
    "png": encoded("PNG"),
    "palette png": encoded("PNG", mode="P", transparency=3),
    "jpeg": encoded("JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06"),
    "progressive jpeg": encoded("JPEG", mode="RGB", progressive=True),
    "bmp": encoded("BMP", mode="RGB"),
    "tiff": encoded("TIFF"),
    "fax tiff": encoded("TIFF", mode="1", compression="group4"),
    "tiff of two": encoded("TIFF", save_all=True, append_images=[PAGE.convert("L")]),
    "scanned pdf": img2pdf.convert(encoded("JPEG")),
    "fax pdf": img2pdf.convert(encoded("TIFF", mode="1", compression="group4")),
    "drawn pdf": drawn_pdf(),
}
PLACES = st.floats(0, 1, exclude_max=True)
CHANGES = st.lists(st.tuples(PLACES, st.binary(min_size=1, max_size=4)), max_size=6)


def damaged(seed, changes, kept):
    content = bytearray(seed)
    for place, replacement in changes:
        start = int(place * len(content))
        content[start : start + len(replacement)] = replacement
    return bytes(content[: max(1, round(len(content) * kept))])


@pytest.mark.parametrize("kind", SEEDS)
@settings(
    # A page that poppler draws takes two processes.
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changes=CHANGES, kept=st.sampled_from([1.0, 1.0, 1.0, 0.99, 0.7, 0.2]))
def test_damage_gives_a_page_or_a_document_error(tmp_path, kind, changes, kept):
    path = tmp_path / "damaged"
    path.write_bytes(damaged(SEEDS[kind], changes, kept))
    for read in (count_pages, load_page):
        try:
            outcome = read(path, limits=LIMITS)
        except DocumentError:
            continue
        if read is count_pages:
            assert 1 <= outcome <= LIMITS.pages
        else:
            assert outcome.gray.dtype == np.uint8
            assert min(outcome.gray.shape) >= LIMITS.shortest_side_px
            assert outcome.gray.size <= LIMITS.page_pixels


@pytest.mark.parametrize("kind", SEEDS)
def test_the_undamaged_seed_is_a_page(tmp_path, kind):
    path = tmp_path / "whole"
    path.write_bytes(SEEDS[kind])
    assert load_page(path).gray.ndim == 2
