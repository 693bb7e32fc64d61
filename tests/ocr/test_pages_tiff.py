"""TIFF: pages of any kind and size in one file, each read alone."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from ocr.errors import DamagedImage, TooLarge, TooManyPages, TooSmall
from ocr.pages import Limits, count_pages, load_page

PHOTOMETRIC = 262
ORIENTATION = 274


def drawn():
    page = np.full((80, 120), 255, np.uint8)
    page[10:30, 10:60] = 0
    page[64:, 96:] = 128
    return page


def black_and_white():
    return np.where(drawn() == 0, 0, 255).astype(np.uint8)


def saved(tmp_path, image, **options):
    path = tmp_path / "pages.tif"
    image.save(path, format="TIFF", **options)
    return path


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "CMYK", "LA"])
@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate"])
def test_every_mode_keeps_its_gray_levels(tmp_path, mode, compression):
    image = Image.fromarray(drawn()).convert(mode)
    loaded = load_page(saved(tmp_path, image, compression=compression))
    assert loaded.source == "tiff"
    assert np.abs(loaded.gray.astype(int) - drawn()).max() <= 1


@pytest.mark.parametrize("compression", [None, "group3", "group4", "packbits", "tiff_lzw"])
@pytest.mark.parametrize("photometric", [0, 1])
def test_one_bit_pages_are_black_on_white_whichever_is_zero(tmp_path, compression, photometric):
    image = Image.fromarray(black_and_white()).convert("1")
    path = saved(tmp_path, image, compression=compression, tiffinfo={PHOTOMETRIC: photometric})
    np.testing.assert_array_equal(load_page(path).gray, black_and_white())


@pytest.mark.parametrize("white_is_zero", [False, True])
def test_sixteen_bits_are_scaled_and_turned_black_on_white(tmp_path, white_is_zero):
    levels = drawn().astype(np.uint16) * 257
    path = saved(tmp_path, Image.fromarray(65535 - levels if white_is_zero else levels))
    if white_is_zero:  # Pillow writes 1; the tag is 12 bytes: id, type 3, count 1, value
        entry = PHOTOMETRIC.to_bytes(2, "little") + b"\x03\0\x01\0\0\0"
        content = path.read_bytes()
        assert content.count(entry + b"\x01\0") == 1
        path.write_bytes(content.replace(entry + b"\x01\0", entry + b"\0\0"))
    assert np.abs(load_page(path).gray.astype(int) - drawn()).max() <= 1


def test_lightness_of_lab_is_the_gray_level(tmp_path):
    channels = [Image.fromarray(drawn()), *(Image.new("L", (120, 80), 128) for _ in "ab")]
    path = saved(tmp_path, Image.merge("LAB", channels))
    np.testing.assert_array_equal(load_page(path).gray, drawn())


def test_real_numbers_are_stretched_from_black_to_white(tmp_path):
    path = saved(tmp_path, Image.fromarray(drawn().astype(np.float32) / 1000))
    assert np.abs(load_page(path).gray.astype(int) - drawn()).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("compression", [None, "tiff_lzw"])
def test_orientation_is_undone(tmp_path, orientation, compression):
    image = Image.fromarray(drawn())
    tags = {ORIENTATION: orientation}
    path = saved(tmp_path, image, compression=compression, tiffinfo=tags)
    image.getexif()[ORIENTATION] = orientation
    np.testing.assert_array_equal(load_page(path).gray, np.asarray(ImageOps.exif_transpose(image)))


def many_pages(tmp_path, sizes, **options):
    pages = [Image.new("L", size, 10 * number) for number, size in enumerate(sizes, 1)]
    return saved(tmp_path, pages[0], save_all=True, append_images=pages[1:], **options)


def test_each_page_has_its_own_size(tmp_path):
    sizes = [(100, 50), (30, 70), (64, 64)]
    path = many_pages(tmp_path, sizes, dpi=(200, 200))
    assert count_pages(path) == 3
    for number, (width, height) in enumerate(sizes, 1):
        loaded = load_page(path, number)
        assert loaded.gray.shape == (height, width)
        assert (loaded.gray == 10 * number).all()
        assert loaded.dpi == 200


def test_a_page_past_the_last_is_damage(tmp_path):
    with pytest.raises(DamagedImage, match="no page 3"):
        load_page(many_pages(tmp_path, [(50, 50)] * 2), 3)


def test_the_page_limit_is_the_last_number_allowed(tmp_path):
    path = many_pages(tmp_path, [(50, 50)] * 3)
    assert count_pages(path, Limits(pages=3)) == 3
    with pytest.raises(TooManyPages):
        count_pages(path, Limits(pages=2))


def test_a_page_is_refused_by_its_size_and_the_others_are_read(tmp_path):
    path = many_pages(tmp_path, [(50, 50), (4, 50), (200, 200)])
    limits = Limits(page_pixels=10_000)
    assert load_page(path, 1, limits).gray.shape == (50, 50)
    with pytest.raises(TooSmall):
        load_page(path, 2, limits)
    with pytest.raises(TooLarge):
        load_page(path, 3, limits)


def test_a_page_larger_than_pillows_own_limit_brings_no_warning(tmp_path):
    # 90 million pixels are over Pillow's 89 and within ours; one bit each and G4: 11 KB.
    path = saved(tmp_path, Image.new("1", (9_000, 10_000), 1), compression="group4")
    assert load_page(path).gray.shape == (10_000, 9_000)


@pytest.mark.parametrize("compression", [None, "group4", "tiff_lzw", "jpeg"])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_page_that_breaks_off_is_damaged(tmp_path, compression, kept):
    noise = np.random.default_rng(1).integers(0, 2, (300, 200), np.uint8) * 255
    image = Image.fromarray(noise)
    image = image.convert("1") if compression == "group4" else image
    path = saved(tmp_path, image, compression=compression)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(DamagedImage):
        load_page(path)
