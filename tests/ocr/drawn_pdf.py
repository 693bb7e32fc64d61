"""PDF pages drawn from a content stream and images, so that a test knows what is on them."""

from io import BytesIO

import numpy as np
import pikepdf
from PIL import Image

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
