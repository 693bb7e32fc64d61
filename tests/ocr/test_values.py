"""Values: what digits mean under a field's type, and what is said when they mean nothing."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.forms import FormField
from ocr.values import Value, interpret
from ocr.values.amount import amount_value
from ocr.values.date import date_value
from ocr.values.number import aba, iso7064, luhn, number_value


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("1234", "1234"),
        ("1,234", "1234"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1234.50", "1234.50"),
        ("0.05", "0.05"),
        ("12,34,567", "1234567"),
        ("1,23,456", "123456"),
        ("1,23,45,678.90", "12345678.90"),
        ("12.34", "12.34"),
        ("1,234-50", "1234.50"),
        ("510,00,000/-", "51000000"),
        ("51/000/-", "51000"),  # a tall comma
        ("0012.50", "0012.50"),
        ("007", "007"),
    ],
)
def test_an_amount_loses_its_grouping_and_keeps_its_cents(raw, text):
    assert amount_value(raw) == Value(text)


@pytest.mark.parametrize(
    "raw", ["1,250.00-", "--1,250.00", "1,250.00/-", ",1,250.00.", "1,250..00"]
)
def test_fillers_around_an_amount_are_no_part_of_it(raw):
    assert amount_value(raw) == Value("1250.00")


def test_the_dash_after_whole_rupees_is_no_decimal_point():
    assert amount_value("1250/-") == amount_value("1,250,-") == Value("1250")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("12,3456", "123456"),
        ("1234,567", "1234567"),
        ("1,2,3", "123"),
        ("1,23.45.67", "12345.67"),
        ("50.000-4", "500004"),
        ("51,00/-", "51.00"),  # rupees have no paise behind `/-`: a zero was lost
        ("22,23,00/-", "2223.00"),
    ],
)
def test_odd_separators_are_named_and_the_digits_stand(raw, text):
    assert amount_value(raw) == Value(text, reason="odd_grouping")


@pytest.mark.parametrize(("raw", "text"), [("1,68,9.00/-", "168900"), ("1,234,5.67", "1234567")])
def test_a_point_that_may_be_a_speck_in_a_group_is_unclear(raw, text):
    assert amount_value(raw) == Value(text, reason="marks_unclear")


def test_where_cents_are_always_written_a_point_among_groups_parts_them_off():
    assert amount_value("1,234,5.67", cents=True) == Value("12345.67", reason="odd_grouping")


def test_cents_over_a_hundred_are_cents_and_named():
    assert amount_value("1,23450/100") == Value("1234.50", reason="cents_fraction")


def test_cents_alone_are_not_taken_for_a_whole_in_silence():
    assert amount_value(".50") == Value("50", reason="odd_grouping")


@pytest.mark.parametrize("raw", ["120", "1,234", "12.345.678", "$120"])
def test_an_amount_without_cents_where_they_are_always_written_is_named(raw):
    assert amount_value(raw, cents=True).reason == "no_cents"
    assert amount_value(raw).reason == ""


@pytest.mark.parametrize("raw", ["120.00", "1,234-50", "120-", "120/-", "120,50"])
def test_cents_or_a_dash_in_their_place_will_do(raw):
    assert amount_value(raw, cents=True).reason == ""


def test_impossible_amounts_are_invalid():
    assert amount_value("-.,/") == Value("", valid=False, reason="no_digits")
    assert amount_value("1" * 15) == Value("1" * 15, valid=False, reason="too_long")
    assert amount_value("1" * 14).valid


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_an_amount_written_the_us_way_keeps_its_worth(whole, cents):
    assert amount_value(f"{whole:,}.{cents:02}") == Value(f"{whole}.{cents:02}")
    assert amount_value(f"{whole:,}") == Value(str(whole))


# --- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "order", "iso"),
    [
        ("25012016", "DMY", "2016-01-25"),
        ("01252016", "MDY", "2016-01-25"),
        ("20160125", "YMD", "2016-01-25"),
        ("250116", "DMY", "2016-01-25"),
        ("160125", "YMD", "2016-01-25"),
        ("25-1-2016", "DMY", "2016-01-25"),
        ("1/25/16", "MDY", "2016-01-25"),
        ("2016.1.25", "YMD", "2016-01-25"),
        ("29022024", "DMY", "2024-02-29"),
        ("29022000", "DMY", "2000-02-29"),
        ("010159", "DMY", "2059-01-01"),
        ("010160", "DMY", "1960-01-01"),
        ("01011920", "DMY", "1920-01-01"),
    ],
)
def test_a_date_becomes_iso(raw, order, iso):
    assert date_value(raw, order, comb=True) == Value(iso)


@pytest.mark.parametrize(
    ("raw", "order"),
    [
        ("29022023", "DMY"),  # no leap year
        ("31042024", "DMY"),  # April has 30 days
        ("25012016", "MDY"),  # no month 25
        ("00012016", "DMY"),
        ("25011919", "DMY"),  # before all that is paid or filled in
        ("25012060", "DMY"),
        ("2501201", "DMY"),  # neither six digits nor eight
        ("3/14/1/24", "MDY"),
        ("12345678901", "auto"),
    ],
)
def test_no_such_date_is_invalid_and_shows_its_digits(raw, order):
    digits = re.sub(r"\D", "", raw)
    assert date_value(raw, order, comb=True) == Value(digits, valid=False, reason="no_such_date")


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("25012016", "2016-01-25"),
        ("01252016", "2016-01-25"),
        ("20160125", "2016-01-25"),
        ("05052016", "2016-05-05"),  # day first or month first, the same day
        ("2016-01-02", "2016-01-02"),
    ],
)
def test_the_order_is_found_where_only_one_day_is_possible(raw, iso):
    assert date_value(raw, "auto", comb=False) == Value(iso)


def test_an_ambiguous_date_is_an_assumption_day_first_in_a_comb_month_first_elsewhere():
    comb = date_value("03042024", "auto", comb=True)
    assert comb == Value("2024-04-03", reason="order_assumed")
    free = date_value("03-04-2024", "auto", comb=False)
    assert free == Value("2024-03-04", reason="order_assumed")


def test_a_date_without_digits_is_invalid():
    assert date_value("--", "auto", comb=False) == Value("", valid=False, reason="no_digits")


@given(st.dates(date(1920, 1, 1), date(2059, 12, 31)), st.sampled_from(["DMY", "MDY", "YMD"]))
def test_every_day_survives_every_order(day, order):
    codes = {"D": "%d", "M": "%m", "Y": "%Y"}
    written = day.strftime("".join(codes[part] for part in order))
    assert date_value(written, order, comb=True) == Value(day.isoformat())


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "numbers"),
    [
        # Luhn's patent example and the card networks' published test numbers.
        (luhn, ["79927398713", "4111111111111111", "378282246310005", "5555555555554444"]),
        # Routing numbers of three large banks and of the Federal Reserve Bank of Boston.
        (aba, ["021000021", "026009593", "121000248", "011000015"]),
        # The example of ISO 7064, two of python-stdnum, and of the German tax office.
        (iso7064, ["07945", "794623", "002006673085", "86095742719"]),
    ],
)
def test_check_digits_hold_for_known_numbers_and_for_no_single_wrong_digit(check, numbers):
    for number in numbers:
        assert check(number)
        for place, sign in enumerate(number):
            for other in set("0123456789") - {sign}:
                assert not check(number[:place] + other + number[place + 1 :])


def test_a_routing_number_has_nine_digits():
    assert not aba("21000021")
    assert not aba("0000210000021")


@pytest.mark.parametrize(
    ("digits", "length", "check_digit", "value"),
    [
        ("0042", None, None, Value("0042")),
        ("", None, None, Value("", valid=False, reason="no_digits")),
        ("123", (4, 6), None, Value("123", valid=False, reason="wrong_length")),
        ("1234567", (4, 6), None, Value("1234567", valid=False, reason="wrong_length")),
        ("1234", (4, 6), None, Value("1234")),
        ("123456", (4, 6), None, Value("123456")),
        ("79927398713", None, "luhn", Value("79927398713")),
        ("79927398710", None, "luhn", Value("79927398710", valid=False, reason="check_digit")),
        ("021000021", (9, 9), "aba", Value("021000021")),
        ("07946", None, "iso7064", Value("07946", valid=False, reason="check_digit")),
    ],
)
def test_a_number_is_checked_and_stands_as_it_is(digits, length, check_digit, value):
    assert number_value(digits, length, check_digit) == value


# --- all types ------------------------------------------------------------------------------------

FIELDS = [
    FormField(name="f", type="amount"),
    FormField(name="f", type="date"),
    FormField(name="f", type="date", order="YMD"),
    FormField(name="f", type="postal_code", country="US"),
    FormField(name="f", type="digits", length=(2, 9), check_digit="luhn"),
    FormField(name="f", type="digits"),
]


@given(st.text("0123456789.,-/", max_size=30), st.sampled_from(FIELDS), st.booleans())
def test_any_raw_text_has_a_meaning_or_a_reason(raw, field, comb):
    value = interpret(raw, field, comb=comb)
    assert value.valid or value.reason
    assert bool(value.text) == any(sign.isdigit() for sign in raw)
    if field.type != "date":
        assert re.sub(r"\D", "", value.text) == re.sub(r"\D", "", raw)


def test_a_field_passes_its_own_rules_on():
    postal_code = FormField(name="f", type="postal_code", country="DE")
    account = FormField(name="f", type="digits", length=(4, 4))
    assert interpret("0-10.67", postal_code) == Value("01067")
    assert interpret("123", account).reason == "wrong_length"
    assert interpret("20160125", FormField(name="f", type="date", order="YMD")).text == "2016-01-25"
