"""Postal codes: those in use are valid, others say why not."""

import pytest

from ocr.values import Value
from ocr.values.postal_code import postal_code_value


@pytest.mark.parametrize(
    ("digits", "country", "text"),
    [
        ("01230", "US", "01230"),
        ("00501", "US", "00501"),  # Holtsville, the lowest
        ("123456789", "US", "12345-6789"),
        ("09009", "US", "09009"),  # a field post office
        ("01067", "DE", "01067"),
        ("75001", "FR", "75001"),
        ("00184", "IT", "00184"),
        ("52006", "ES", "52006"),
        ("110001", "IN", "110001"),
        ("8001", "CH", "8001"),
        ("1010", "AT", "1010"),
        ("01310100", "BR", "01310100"),
        ("1000001", "JP", "1000001"),
        ("0200", "AU", "0200"),
    ],
)
def test_real_postal_codes_are_valid_and_keep_their_zeros(digits, country, text):
    assert postal_code_value(digits, country) == Value(text)


@pytest.mark.parametrize(
    ("digits", "country"),
    [
        ("00500", "US"),
        ("01234", "US"),
        ("53001", "ES"),
        ("090001", "IN"),
        ("990001", "IN"),
        ("00999", "DE"),
    ],
)
def test_codes_not_in_use_are_invalid(digits, country):
    assert postal_code_value(digits, country) == Value(digits, False, "no_such_postal_code")


@pytest.mark.parametrize(("digits", "country"), [("1234", "US"), ("123456", "US"), ("1234", "DE")])
def test_codes_of_another_length_are_invalid(digits, country):
    assert postal_code_value(digits, country) == Value(digits, False, "wrong_length")
