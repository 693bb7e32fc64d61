"""Print on checks, told by its shape: currency signs and the word DATE."""

import cv2
import numpy as np
import pytest

from ocr.find.lettering import DATE_LABELS, SIGNS
from ocr.find.lines import line_darkness
from ocr.find.printed import find_date_labels, find_signs
from samples.drawing.paper import blank_sheet
from samples.drawing.typeset import put_text


def printed_row(words, size_px=44, weight=500, face="uni"):
    """Words in a row with gaps between them; where each begins."""
    sheet, x, starts = blank_sheet(1400, 120, (236, 240, 244)), 40, []
    for word in words:
        starts.append(x)
        x = put_text(sheet, word, (x, 80), size_px, weight, face) + 60
    return np.asarray(cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY), np.uint8), starts


@pytest.mark.parametrize("weight", [300, 500, 800])
def test_currency_signs_are_told_from_letters_and_digits(weight):
    words = ["8", "S", "$", "B", "5", "€", "R", "3", "£", "E", "₹", "6"]
    gray, starts = printed_row(words, weight=weight)
    darkness = line_darkness(gray)
    found = find_signs(darkness, darkness > 40, (12, 60))
    best = {starts[words.index(sign)]: sign for sign in SIGNS if sign in words}
    for start, sign in best.items():
        assert any(f.text == sign and abs(f.box.x - start) < 12 and f.score > 0.6 for f in found), (
            sign
        )
    for word in "8SB5R3E6":
        near = [f.score for f in found if abs(f.box.x - starts[words.index(word)]) < 6]
        assert max(near, default=0.0) < 0.85, word


def test_the_word_date_is_told_from_other_words():
    words = ["PAY TO", "DATE", "BANK", "Date", "ORDER", "Datum", "MEMO"]
    gray, starts = printed_row(words, size_px=30, face="sans")
    darkness = line_darkness(gray)
    found = find_date_labels(darkness, darkness > 40, (10, 40))
    assert {f.text for f in found[:3]} == set(DATE_LABELS)
    places = [start for start, word in zip(starts, words, strict=True) if word in DATE_LABELS]
    assert sorted(f.box.x for f in found[:3]) == pytest.approx(places, abs=6)
