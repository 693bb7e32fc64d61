"""PDF: one scan on a page gives the scanner's pixels; any other page is drawn."""

from io import BytesIO
from pathlib import Path

import img2pdf
import numpy as np
import pikepdf
import pytest
from PIL import Image

from ocr.errors import (
    DamagedImage,
    DamagedPdf,
    EncryptedPdf,
    PageTimeout,
    ServiceError,
    TooLarge,
    TooManyPages,
    TooSmall,
)
from ocr.pages import Limits, count_pages, load_page

WIDTH_PT, HEIGHT_PT = 144.0, 96.0  # of the drawn page at 60 dpi
UPRIGHT = f"{WIDTH_PT} 0 0 {HEIGHT_PT} 0 0"
JPEG_TOLERANCE = 12  # gray levels; quality 95 rings beside an edge


def drawn():
    page = np.full((80, 120), 255, np.uint8)
    page[10:30, 10:60] = 0
    page[64:, 96:] = 128
    return page


def encoded(image, kind="JPEG", **options):
    stream = BytesIO()
    image.save(stream, kind, **({"quality": 95} if kind == "JPEG" else {}), **options)
    return stream.getvalue()


def jpeg_object(pdf, image, **keys):
    space = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}[image.mode]
    return pdf.make_stream(
        encoded(image),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=image.width,
        Height=image.height,
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name(space),
        Filter=pikepdf.Name.DCTDecode,
        **keys,
    )


def raw_object(pdf, pixels, **keys):
    """An image without compression, gray unless the keys say otherwise."""
    keys = {"BitsPerComponent": 8, "ColorSpace": pikepdf.Name.DeviceGray} | keys
    return pdf.make_stream(
        pixels.tobytes(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=pixels.shape[1],
        Height=pixels.shape[0],
        **{key: value for key, value in keys.items() if value is not None},
    )


def pdf_file(tmp_path, content, images=lambda pdf: [], size=(WIDTH_PT, HEIGHT_PT), **page_keys):
    """A PDF of one page with that content stream; images are called /I0, /I1, ..."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=size)
    page = pdf.pages[0]
    named = {f"/I{number}": image for number, image in enumerate(images(pdf))}
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(named), Font=pikepdf.Dictionary({"/F": font})
    )
    page.Contents = pdf.make_stream(content.encode())
    for key, value in page_keys.items():
        page[f"/{key}"] = value
    path = tmp_path / "page.pdf"
    pdf.save(path)
    return path


def scan(pdf):
    return [jpeg_object(pdf, Image.fromarray(drawn()))]


def put(matrix=UPRIGHT, name="/I0"):
    return f"q {matrix} cm {name} Do Q\n"


def differs(gray, expected):
    """Largest difference in gray levels."""
    assert gray.shape == expected.shape
    return np.abs(gray.astype(int) - expected).max()


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
    wide = {"Width": 120, "BitsPerComponent": 1}

    def of(bits, **keys):
        def images(pdf):
            image = raw_object(pdf, bits, **keys)
            image.Width = 120
            return [image]

        return load_page(pdf_file(tmp_path, put(), images)).gray

    page = np.where(drawn() == 0, 0, 255)
    del wide["Width"]
    assert differs(of(bits, **wide), page) == 0
    assert differs(of(~bits, Decode=[1, 0], **wide), page) == 0
    assert differs(of(bits, ImageMask=True, ColorSpace=None, **wide), page) <= 1


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


def test_a_vector_page_is_drawn_at_300_dpi(tmp_path):
    path = pdf_file(tmp_path, "72 0 72 48 re f", size=(WIDTH_PT, HEIGHT_PT), Rotate=90)
    loaded = load_page(path)
    assert (loaded.source, loaded.dpi, loaded.gray.shape) == ("pdf-rendered", 300, (600, 400))
    assert (loaded.gray[400:500, 50:150] == 0).all()  # the lower right quarter, turned clockwise
    assert (loaded.gray[100:200] == 255).all()


def test_only_the_crop_box_is_shown(tmp_path):
    path = pdf_file(tmp_path, "0 0 144 96 re f", CropBox=[0, 0, 72, 48])
    assert load_page(path).gray.shape == (200, 300)


def test_a_large_page_is_drawn_at_a_lower_resolution(tmp_path):
    path = pdf_file(tmp_path, "0 0 10 10 re f", size=(1440, 1440))
    loaded = load_page(path, limits=Limits(page_pixels=4_000_000))
    assert loaded.gray.size <= 4_000_000
    assert loaded.dpi == pytest.approx(100, abs=1)


def test_a_page_too_large_even_at_a_low_resolution_is_refused(tmp_path):
    path = pdf_file(tmp_path, "0 0 10 10 re f", size=(14_400, 14_400))
    with pytest.raises(TooLarge, match="inches"):
        load_page(path, limits=Limits(page_pixels=4_000_000))


def test_a_tiny_page_is_too_small(tmp_path):
    with pytest.raises(TooSmall):
        load_page(pdf_file(tmp_path, "0 0 1 1 re f", MediaBox=[0, 0, 1, 1]))


def test_an_embedded_bomb_is_refused_before_it_is_decoded(tmp_path):
    def images(pdf):
        bomb = jpeg_object(pdf, Image.fromarray(drawn()))
        bomb.Width, bomb.Height = 60_000, 40_000
        return [bomb]

    with pytest.raises(TooLarge, match="60000 x 40000"):
        load_page(pdf_file(tmp_path, put(), images))


def test_an_embedded_scan_that_breaks_off_is_damaged(tmp_path):
    def images(pdf):
        image = jpeg_object(pdf, Image.fromarray(drawn()))
        image.write(image.read_raw_bytes()[:-40], filter=pikepdf.Name.DCTDecode)
        return [image]

    with pytest.raises(DamagedImage, match=r"page\.pdf"):
        load_page(pdf_file(tmp_path, put(), images))


def pages_file(tmp_path, number):
    pdf = pikepdf.new()
    for _ in range(number):
        pdf.add_blank_page(page_size=(100, 100))
    path = tmp_path / "pages.pdf"
    pdf.save(path)
    return path


def test_pages_are_counted_up_to_the_limit(tmp_path):
    path = pages_file(tmp_path, 3)
    assert count_pages(path, Limits(pages=3)) == 3
    with pytest.raises(TooManyPages):
        count_pages(path, Limits(pages=2))


def test_a_page_past_the_last_is_damage(tmp_path):
    with pytest.raises(DamagedPdf, match="no page 4"):
        load_page(pages_file(tmp_path, 3), 4)


def test_a_password_is_asked_for_by_encrypted_files_only(tmp_path):
    for user, name in (("secret", "locked.pdf"), ("", "owned.pdf")):
        with pikepdf.open(pdf_file(tmp_path, put(), scan)) as pdf:
            pdf.save(tmp_path / name, encryption=pikepdf.Encryption(user=user, owner="owner"))
    for read in (count_pages, load_page):
        with pytest.raises(EncryptedPdf, match=r"locked\.pdf"):
            read(tmp_path / "locked.pdf")
    assert load_page(tmp_path / "owned.pdf").source == "pdf-embedded"


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(3000)])
def test_a_broken_pdf_is_damaged(tmp_path, content):
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)
    for read in (count_pages, load_page):
        with pytest.raises(DamagedPdf, match=r"broken\.pdf"):
            read(path)


def test_a_pdf_may_begin_behind_a_mail_header(tmp_path):
    path = pages_file(tmp_path, 2)
    path.write_bytes(b"Content-Type: application/pdf\r\n\r\n" + path.read_bytes())
    assert count_pages(path) == 2


def test_drawing_is_stopped_in_time(tmp_path):
    path = pdf_file(tmp_path, "0 0 10 10 re f")
    with pytest.raises(PageTimeout, match="over 0 s"):
        load_page(path, limits=Limits(render_seconds=0))


def test_without_poppler_the_remedy_is_named(tmp_path, monkeypatch):
    path = pdf_file(tmp_path, "0 0 10 10 re f")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServiceError, match="apt-get install poppler-utils"):
        load_page(path)


def test_a_file_is_closed_after_reading(tmp_path):
    path = pdf_file(tmp_path, put(), scan)
    load_page(path)
    opened = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.exists()]
    assert str(path) not in opened
