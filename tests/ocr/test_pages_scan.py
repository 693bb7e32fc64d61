"""A PDF page that is one scan gives the scanner's pixels; with anything over it, it is drawn."""

import img2pdf
import numpy as np
import pikepdf
import pytest
from drawn_pdf import (
    HEIGHT_PT,
    JPEG_TOLERANCE,
    WIDTH_PT,
    differs,
    drawn,
    encoded,
    jpeg_object,
    pdf_file,
    put,
    raw_object,
    scan,
)
from PIL import Image

from ocr.pages import load_page


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_scanned_page_gives_the_scans_own_pixels(tmp_path, kind, mode):
    picture = encoded(Image.fromarray(drawn()).convert(mode), kind, dpi=(300, 300))
    path = tmp_path / "page.pdf"
    path.write_bytes(img2pdf.convert(picture))
    loaded = load_page(path)
    assert loaded.source == "pdf-embedded"
    assert loaded.dpi == pytest.approx(300, rel=0.01)
    assert differs(loaded.gray, drawn()) <= (JPEG_TOLERANCE if kind == "JPEG" else 1)


def test_a_fax_page_gives_the_scans_own_pixels(tmp_path):
    page = np.where(drawn() == 0, 0, 255).astype(np.uint8)
    fax = encoded(Image.fromarray(page).convert("1"), "TIFF", compression="group4")
    path = tmp_path / "page.pdf"
    path.write_bytes(img2pdf.convert(fax))
    loaded = load_page(path)
    assert loaded.source == "pdf-embedded"
    np.testing.assert_array_equal(loaded.gray, page)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_rotation_of_the_page_is_honoured(tmp_path, turn):
    path = pdf_file(tmp_path, put(), scan, Rotate=turn)
    loaded = load_page(path)
    assert loaded.source == "pdf-embedded"
    assert loaded.dpi == pytest.approx(60, rel=0.01)
    assert differs(loaded.gray, np.rot90(drawn(), -turn // 90)) <= JPEG_TOLERANCE


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    "matrix",
    [
        "{w} 0 0 {h} 0 0",
        "-{w} 0 0 {h} {w} 0",
        "{w} 0 0 -{h} 0 {h}",
        "-{w} 0 0 -{h} {w} {h}",
        "0 {h} -{w} 0 {w} 0",
        "0 -{h} {w} 0 0 {h}",
        "0 {h} {w} 0 0 0",
        "0 -{h} -{w} 0 {w} {h}",
    ],
)
def test_an_image_is_mirrored_and_turned_as_poppler_draws_it(tmp_path, matrix, packed):
    turned = matrix.startswith("0")
    width, height = (HEIGHT_PT, WIDTH_PT) if turned else (WIDTH_PT, HEIGHT_PT)
    images = scan if packed else (lambda pdf: [raw_object(pdf, drawn())])
    content = put(matrix.format(w=width, h=height))
    embedded = load_page(pdf_file(tmp_path, content, images, size=(width, height)))
    assert embedded.source == "pdf-embedded"
    # An ink dot beside the page's edge makes it a page to be drawn.
    content += "0 0 0.1 0.1 re f"
    rendered = load_page(pdf_file(tmp_path, content, images, size=(width, height)))
    assert rendered.source == "pdf-rendered"
    small = Image.fromarray(rendered.gray).resize(embedded.gray.shape[::-1], Image.Resampling.BOX)
    # Only pixels at an edge differ after resizing from 300 to 60 dpi.
    assert np.abs(np.asarray(small).astype(int) - embedded.gray).mean() < 4


def test_an_invisible_text_layer_does_not_matter(tmp_path):
    text = "BT 3 Tr /F 12 Tf 20 20 Td (12345) Tj ET\n"
    assert load_page(pdf_file(tmp_path, put() + text, scan)).source == "pdf-embedded"


@pytest.mark.parametrize(
    "over",
    [
        "BT /F 12 Tf 20 20 Td (12345) Tj ET\n",
        "20 20 30 30 re f\n",
        put("20 0 0 20 0 0", "/I1"),
    ],
    ids=["text", "path", "second image"],
)
def test_a_scan_with_something_over_it_is_drawn(tmp_path, over):
    path = pdf_file(tmp_path, put() + over, lambda pdf: scan(pdf) + scan(pdf))
    loaded = load_page(path)
    assert (loaded.source, loaded.dpi) == ("pdf-rendered", 300)
    assert loaded.gray.shape == (400, 600)  # 144 x 96 points at 300 dpi
    assert (loaded.gray[200:, :300] < 128).any()  # what is over the scan, on white there


def test_a_scan_with_an_annotation_is_drawn(tmp_path):
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Square,
        Rect=[80, 60, 100, 80],
        C=[0, 0, 0],
    )
    path = pdf_file(tmp_path, put(), scan, Annots=pikepdf.Array([note]))
    assert load_page(path).source == "pdf-rendered"


@pytest.mark.parametrize(
    "matrix",
    [f"{WIDTH_PT / 2} 0 0 {HEIGHT_PT / 2} 0 0", f"{WIDTH_PT * 2} 0 0 {HEIGHT_PT * 2} 0 0"],
    ids=["half the page", "beyond the page"],
)
def test_an_image_that_does_not_end_with_the_page_is_drawn(tmp_path, matrix):
    assert load_page(pdf_file(tmp_path, put(matrix), scan)).source == "pdf-rendered"


def test_oblong_pixels_are_drawn_square(tmp_path):
    loaded = load_page(pdf_file(tmp_path, put("144 0 0 192 0 0"), scan, size=(144, 192)))
    assert loaded.source == "pdf-rendered"
    assert loaded.gray.shape == (800, 600)


def test_a_clipped_scan_is_drawn(tmp_path):
    path = pdf_file(tmp_path, "q 0 0 50 50 re W n\n" + put() + "Q", scan)
    assert load_page(path).source == "pdf-rendered"


def test_a_soft_mask_hides_what_it_hides(tmp_path):
    def images(pdf):
        mask = raw_object(pdf, 255 - drawn())
        return [raw_object(pdf, np.zeros((80, 120), np.uint8), SMask=mask)]

    assert differs(load_page(pdf_file(tmp_path, put(), images)).gray, drawn()) <= 1


def test_inverted_levels_and_stencils_come_out_black_on_white(tmp_path):
    bits = np.packbits(drawn() > 0, axis=1)  # a set bit is white, and not painted in a stencil

    def of(bits, **keys):
        def images(pdf):
            image = raw_object(pdf, bits, BitsPerComponent=1, **keys)
            image.Width = 120  # 15 bytes a row
            return [image]

        return load_page(pdf_file(tmp_path, put(), images)).gray

    page = np.where(drawn() == 0, 0, 255)
    assert differs(of(bits), page) == 0
    assert differs(of(~bits, Decode=[1, 0]), page) == 0
    assert differs(of(bits, ImageMask=True, ColorSpace=None), page) <= 1


@pytest.mark.parametrize("inverted", [False, True])
def test_ink_of_a_four_colour_scan_is_dark(tmp_path, inverted):
    image = Image.fromarray(drawn()).convert("CMYK")

    def images(pdf):
        keys = {"Decode": [1, 0] * 4} if inverted else {}
        return [jpeg_object(pdf, image, **keys)]

    gray = load_page(pdf_file(tmp_path, put(), images)).gray
    # Pillow stores four-colour JPEGs inverted, as Adobe does; a PDF then says so in /Decode.
    dark = gray[15:25, 20:50].mean() < gray[40:60, 20:50].mean()
    assert dark == inverted
