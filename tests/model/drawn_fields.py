"""Drawn labelled fields: a folder of images and a CSV file of labels."""

import csv

import cv2

from tests.ocr.drawn_digits import plain


def write_fields(folder, rows, images=(), header=("file", "value")):
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for name in images:
        cv2.imwrite(str(folder / "images" / name), plain("10").gray)
    with (folder / "labels.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return folder / "images", folder / "labels.csv"
