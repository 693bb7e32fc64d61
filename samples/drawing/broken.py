"""Files that no reader can read, each for another reason."""

import io

import pikepdf
from PIL import Image


def truncated_jpeg(whole: bytes) -> bytes:
    """The first part of a JPEG, as a copy that broke off leaves it."""
    return whole[: len(whole) // 8]


def encrypted_pdf() -> bytes:
    """A PDF of one page that asks for a password to open."""
    out = io.BytesIO()
    # RC4 and a fixed identifier: AES begins with random bytes, no two files would be the same.
    lock = pikepdf.Encryption(user="secret", owner="secret", R=4, aes=False, metadata=False)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, static_id=True, encryption=lock)
    return out.getvalue()


def one_pixel_png() -> bytes:
    """A PNG of 1x1 pixel."""
    out = io.BytesIO()
    Image.new("L", (1, 1), 255).save(out, "PNG")
    return out.getvalue()
