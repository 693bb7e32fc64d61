"""PNG, JPEG and BMP: whatever their mode, the page comes out gray, upright and on white paper."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps

from ocr.errors import DamagedImage, EmptyFile, FileUnreadable, TooLarge, TooSmall, UnsupportedType
from ocr.pages import Limits, count_pages, load_page

JPEG_TOLERANCE = 12  # gray levels; quality 95 rings by up to about 8 beside an edge


def drawn():
    """A page that is different in all eight orientations: one dark bar, one gray corner."""
    page = np.full((80, 120), 255, np.uint8)
    page[10:30, 10:60] = 0
    page[64:, 96:] = 128
    return page


def saved(tmp_path, image, name="page.png", **options):
    path = tmp_path / name
    image.save(path, **options)
    return path


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "LA"])
def test_png_of_every_mode_keeps_its_gray_levels(tmp_path, mode):
    path = saved(tmp_path, Image.fromarray(drawn()).convert(mode))
    # Colour weights are rounded: up to 1 level.
    assert np.abs(load_page(path).gray.astype(int) - drawn()).max() <= 1


def test_one_bit_png_is_black_on_white(tmp_path):
    page = np.where(drawn() == 0, 0, 255).astype(np.uint8)
    path = saved(tmp_path, Image.fromarray(page).convert("1"))
    np.testing.assert_array_equal(load_page(path).gray, page)


def test_sixteen_bit_png_is_scaled_not_clipped(tmp_path):
    levels = drawn().astype(np.uint16) * 257  # 255 becomes 65535
    path = saved(tmp_path, Image.fromarray(levels))
    assert np.abs(load_page(path).gray.astype(int) - drawn()).max() <= 1


@pytest.mark.parametrize("name", ["page.png", "page.bmp"])
def test_transparent_parts_show_white_paper(tmp_path, name):
    ink = drawn()
    rgba = np.zeros((*ink.shape, 4), np.uint8)  # black everywhere, and opaque where there is ink
    rgba[..., 3] = 255 - ink
    if name.endswith("bmp"):
        rgba[..., :3] = ink[..., None]  # Pillow writes no alpha into BMP
        image = Image.fromarray(rgba).convert("RGB")
    else:
        image = Image.fromarray(rgba)
    loaded = load_page(saved(tmp_path, image, name)).gray
    assert np.abs(loaded.astype(int) - ink).max() <= 1


def test_palette_with_a_transparent_entry_shows_white_paper(tmp_path):
    image = Image.fromarray(np.where(drawn() == 255, 1, 0).astype(np.uint8))
    image.putpalette([0, 0, 0, 10, 10, 10])
    loaded = load_page(saved(tmp_path, image, transparency=1)).gray
    assert loaded[0, 0] == 255
    assert loaded[15, 15] == 0


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_of_every_mode_keeps_its_gray_levels(tmp_path, mode, progressive):
    image = Image.fromarray(drawn()).convert("RGB").convert(mode)
    path = saved(tmp_path, image, "page.jpg", quality=95, progressive=progressive)
    assert np.abs(load_page(path).gray.astype(int) - drawn()).max() <= JPEG_TOLERANCE


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["page.jpg", "page.png"])
def test_exif_orientation_is_undone(tmp_path, name, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path, Image.fromarray(drawn()), name, exif=exif)
    with Image.open(path) as image:
        upright = np.asarray(ImageOps.exif_transpose(image).convert("L"))
    gray = load_page(path).gray
    assert gray.flags.c_contiguous
    assert gray.shape == ((80, 120) if orientation < 5 else (120, 80))
    assert np.abs(gray.astype(int) - upright).max() <= JPEG_TOLERANCE


@pytest.mark.parametrize(
    ("stated", "expected"), [(300, 300), (72, 72), (20, None), (9600, None), (None, None)]
)
def test_only_a_plausible_resolution_is_believed(tmp_path, stated, expected):
    options = {} if stated is None else {"dpi": (stated, stated)}
    path = saved(tmp_path, Image.fromarray(drawn()), **options)
    # PNG states dots per metre: 300 dpi come back as 299.9994.
    assert load_page(path).dpi == (None if expected is None else pytest.approx(expected, abs=0.02))


def test_unequal_resolutions_are_not_believed(tmp_path):
    path = saved(tmp_path, Image.fromarray(drawn()), "page.jpg", dpi=(204, 98))
    assert load_page(path).dpi is None


def test_the_content_decides_not_the_name(tmp_path):
    path = saved(tmp_path, Image.fromarray(drawn()), "scan.pdf", format="PNG")
    assert load_page(path).source == "image"
    assert count_pages(path) == 1


@pytest.mark.parametrize("name", ["page.png", "page.jpg", "page.bmp"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_an_image_that_breaks_off_is_damaged_never_partly_gray(tmp_path, name, kept):
    noise = np.random.default_rng(1).integers(0, 255, (300, 200), np.uint8)
    path = saved(tmp_path, Image.fromarray(noise), name)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(DamagedImage, match=name):
        load_page(path)


def test_the_end_of_a_thumbnail_does_not_hide_that_a_jpeg_breaks_off(tmp_path):
    thumbnail = BytesIO()
    Image.fromarray(drawn()).save(thumbnail, "JPEG")
    noise = np.random.default_rng(1).integers(0, 255, (300, 200), np.uint8)
    path = saved(tmp_path, Image.fromarray(noise), "page.jpg", comment=thumbnail.getvalue())
    assert load_page(path).gray.shape == (300, 200)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 3 // 4])
    with pytest.raises(DamagedImage):
        load_page(path)


def test_a_jpeg_may_be_followed_by_other_bytes(tmp_path):
    path = saved(tmp_path, Image.fromarray(drawn()), "page.jpg")
    path.write_bytes(path.read_bytes() + bytes(512))  # scanners pad to whole blocks
    assert load_page(path).gray.shape == (80, 120)


def test_a_png_with_a_flipped_bit_is_damaged(tmp_path):
    path = saved(tmp_path, Image.fromarray(drawn()))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedImage):
        load_page(path)


def bomb_png(width, height):
    """A PNG whose header promises far more pixels than its few bytes hold."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def test_a_decompression_bomb_is_refused_by_its_header(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(bomb_png(50_000, 50_000))
    with pytest.raises(TooLarge, match="50000 x 50000"):
        load_page(path)


def test_the_pixel_limit_itself_is_allowed(tmp_path):
    path = saved(tmp_path, Image.fromarray(drawn()))
    assert load_page(path, limits=Limits(page_pixels=80 * 120)).gray.shape == (80, 120)
    with pytest.raises(TooLarge):
        load_page(path, limits=Limits(page_pixels=80 * 120 - 1))


def test_too_many_bytes_are_refused(tmp_path):
    path = saved(tmp_path, Image.fromarray(drawn()))
    with pytest.raises(TooLarge, match="bytes"):
        load_page(path, limits=Limits(image_bytes=10))


@pytest.mark.parametrize("size", [(1, 1), (7, 100), (100, 7)])
def test_an_image_too_small_for_writing_is_refused(tmp_path, size):
    with pytest.raises(TooSmall):
        load_page(saved(tmp_path, Image.new("L", size)))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFile),
        (b"Dear Sir or Madam,", UnsupportedType),
        (b"BMW, Mercedes and others", UnsupportedType),
        (b"\x89PNG\r\n\x1a\n", DamagedImage),
        (b"\xff\xd8\xff", DamagedImage),
        (b"BM" + bytes(12) + b"\x28\0\0\0", DamagedImage),
        (b"PK\x03\x04", UnsupportedType),
    ],
)
def test_what_is_no_image_has_its_own_error(tmp_path, content, error):
    path = tmp_path / "page.png"
    path.write_bytes(content)
    with pytest.raises(error, match=r"page\.png"):
        load_page(path)


def test_what_cannot_be_opened_is_unreadable(tmp_path):
    for path in (tmp_path, tmp_path / "gone.png", "null\0byte.png"):
        with pytest.raises(FileUnreadable):
            load_page(path)


def test_an_image_has_one_page_only(tmp_path):
    path = saved(tmp_path, Image.fromarray(drawn()))
    with pytest.raises(DamagedImage, match="no page 2"):
        load_page(path, 2)
    with pytest.raises(ValueError, match="count from 1"):
        load_page(path, 0)
