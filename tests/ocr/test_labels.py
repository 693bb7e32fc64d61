"""Labels files: what they may leave out, and how their mistakes are told."""

import pytest

from ocr.errors import BadLabels, DuplicateLabel, NoLabels, UnknownField
from ocr.forms import load_form
from ocr.labels import Label, is_right, read_labels

DIGITS, AMOUNT, DATE, CHECK = (load_form(name) for name in ("digits", "amount", "date", "check"))


@pytest.fixture
def labels(tmp_path):
    def read(text, form=DIGITS):
        (tmp_path / "labels.csv").write_text(text, encoding="utf-8")
        return read_labels(tmp_path / "labels.csv", form)

    return read


def test_page_and_field_may_be_left_out(labels):
    assert labels("file,value\na.png,12\n") == (Label("a.png", 1, "digits", "12"),)


def test_all_columns_in_any_order_beside_others(labels):
    text = "\ufeffvalue,note,Field,page,document\n2016-01-25,x,date,3,deep/a.pdf\n"
    assert labels(text, CHECK) == (Label("deep/a.pdf", 3, "date", "2016-01-25"),)


@pytest.mark.parametrize(
    ("form", "written", "value"),
    [
        (DIGITS, "7.3", "73"),
        (DIGITS, "007", "007"),
        (DIGITS, "", ""),
        (AMOUNT, "$1,234.50", "1234.50"),
        (AMOUNT, "1234", "1234"),
        (DATE, "2016-01-25", "2016-01-25"),
        (DATE, "25/01/2016", "2016-01-25"),
    ],
)
def test_values_are_normalized_by_their_type(labels, form, written, value):
    assert labels(f'file,value\na.png,"{written}"\n', form)[0].value == value


@pytest.mark.parametrize(
    ("form", "written"),
    [(DIGITS, "n/a"), (DIGITS, "12 apples"), (AMOUNT, "1234.5"), (DATE, "04/05/2016")],
)
def test_what_has_no_meaning_or_two_is_refused(labels, form, written):
    with pytest.raises(BadLabels, match=r"line 2: .*; give"):
        labels(f"file,value\na.png,{written}\n", form)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", NoLabels, "is empty; give a heading"),
        ("file,value\n", NoLabels, "has no labels"),
        ("name,value\na,1\n", BadLabels, "its columns are name, value; it needs document"),
        ("file,page,value\na,0,1\n", BadLabels, 'line 2: the page "0"'),
        ("file,page,value\na,x,1\n", BadLabels, 'line 2: the page "x"'),
        ("file,value\n,1\n", BadLabels, "line 2: names no document"),
        ('file,value\na,"1\n', BadLabels, "is not CSV"),
        ("file,field,value\na,digts,1\n", UnknownField, 'no field "digts"; give one of digits'),
        ("file,value\na,1\nb,2\na,3\n", DuplicateLabel, "line 4: .* line 2 too"),
    ],
)
def test_mistakes_name_the_line_and_the_remedy(labels, text, error, message):
    with pytest.raises(error, match=message):
        labels(text)


def test_a_form_of_several_fields_needs_the_field(labels):
    with pytest.raises(UnknownField, match="give one of amount, date"):
        labels("file,value\na,1\n", CHECK)


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path):
    with pytest.raises(BadLabels, match="No such file"):
        read_labels(tmp_path / "gone.csv", DIGITS)
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\xff")
    with pytest.raises(BadLabels, match="not UTF-8"):
        read_labels(tmp_path / "picture.csv", DIGITS)


def test_a_reading_is_right_if_its_value_is_the_labels():
    seven = Label("a", 1, "digits", "73")
    assert is_right("73", seven, DIGITS.fields[0])
    assert not is_right("073", seven, DIGITS.fields[0])
    assert not is_right("", seven, DIGITS.fields[0])
    assert is_right("", Label("a", 1, "digits", ""), DIGITS.fields[0])
    assert is_right("7.00", Label("a", 1, "amount", "7"), AMOUNT.fields[0])
    assert not is_right("700", Label("a", 1, "amount", "7.00"), AMOUNT.fields[0])
