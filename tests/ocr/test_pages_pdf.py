"""PDF: pages that are drawn, limits, and files that cannot be read."""

from pathlib import Path

import pikepdf
import pytest
from drawn_pdf import HEIGHT_PT, WIDTH_PT, drawn, jpeg_object, pdf_file, put, scan
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
