"""Which places found without a form are fields."""

import pytest

from ocr.confidence import Evidence
from ocr.find import Placement
from ocr.forms import FormField
from ocr.geometry import Box
from ocr.recognize import Recognition
from ocr.written import are_fields

LINE = (FormField(name="line_1", type="digits"), Placement(Box(0, 0, 200, 40)))


@pytest.mark.parametrize(
    ("line", "reason", "is_field"),
    [
        (-0.1, "", True),
        (-4.0, "", False),  # what is read as a number by the lattice alone may be a word
        (-0.1, "overwritten", True),  # in doubt which digits, not whether
        (-0.1, "overwritten repaired", True),
        (-0.1, "struck_out", False),
    ],
)
def test_a_line_is_a_field_when_it_surely_holds_digits(line, reason, is_field):
    evidence = Evidence(posterior=0.8, worst_part=-1.0, mean_part=-0.5, digits=3, line=line)
    said = Recognition("123", "123", 0.06, reason, evidence)
    assert are_fields([LINE], [said]) == [is_field]
