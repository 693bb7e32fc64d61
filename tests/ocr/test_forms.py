"""Forms: what a good one says, and what is said about a bad one."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ocr.errors import FormError
from ocr.forms import Form, FormField, builtin_names, load_form

WHOLE = """
name = "change-of-address"
page_mm = [210, 297]
[[field]]
name = "zip"
type = "postal_code"
country = "US"
box_mm = [120, 41.5, 38, 8]
cells = 5
[[field]]
name = "account"
type = "digits"
length = [8, 10]
check_digit = "luhn"
box_mm = [20, 60, 100, 10]
[[field]]
name = "moved"
type = "date"
order = "DMY"
box_mm = [20, 80, 60.5, 10]
"""


def written(tmp_path, text):
    path = tmp_path / "form.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def complaints(tmp_path, text):
    """The lines of the error without the file's name, which each of them begins with."""
    path = written(tmp_path, text)
    with pytest.raises(FormError) as caught:
        load_form(path)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


def one_field(keys, layout='page_mm = [100, 100]\nname = "f"'):
    return f"{layout}\n[[field]]\n{keys}"


BOX = "box_mm = [1, 1, 9, 9]"


def test_a_form_says_what_its_file_says(tmp_path):
    form = load_form(str(written(tmp_path, WHOLE)))
    assert (form.name, form.layout, form.page_mm) == ("change-of-address", "template", (210, 297))
    postal_code, account, moved = form.fields
    assert postal_code.box_mm == (120, 41.5, 38, 8)
    assert (postal_code.cells, postal_code.country) == (5, "US")
    assert (account.length, account.check_digit, account.cells) == ((8, 10), "luhn", None)
    assert moved.order == "DMY"


def test_a_form_travels_as_json(tmp_path):
    for form in (load_form(written(tmp_path, WHOLE)), *map(load_form, builtin_names())):
        assert Form.model_validate_json(form.model_dump_json()) == form


def test_a_form_cannot_change():
    with pytest.raises(ValidationError):
        load_form("amount").name = "other"
    with pytest.raises(ValidationError):
        load_form("amount").fields[0].type = "digits"


def test_a_form_can_be_written_in_python():
    field = FormField(name="zip", type="postal_code", country="DE", box_mm=(0, 0, 50, 10))
    assert Form(name="f", page_mm=(210, 297), fields=(field,)).fields == (field,)


@pytest.mark.parametrize(
    ("name", "layout", "fields"),
    [
        (
            "check",
            "check",
            [("amount", "amount"), ("date", "date"), ("micr", "micr"), ("check_number", "micr")],
        ),
        ("amount", "crop", [("amount", "amount")]),
        ("digits", "crop", [("digits", "digits")]),
        ("postal-code", "crop", [("postal_code", "postal_code")]),
        ("date", "crop", [("date", "date")]),
    ],
)
def test_a_builtin_form_is_as_documented(name, layout, fields):
    form = load_form(name)
    assert (form.name, form.layout) == (name, layout)
    assert [(field.name, field.type) for field in form.fields] == fields
    assert name in builtin_names()


def test_length_may_be_one_number(tmp_path):
    text = one_field(f'name = "a"\ntype = "digits"\nlength = 4\n{BOX}')
    assert load_form(written(tmp_path, text)).fields[0].length == (4, 4)


def test_a_box_may_end_where_the_page_ends(tmp_path):
    text = one_field('name = "a"\ntype = "date"\nbox_mm = [0.1, 0.7, 0.2, 0.1]')
    text = text.replace("[100, 100]", "[0.3, 0.8]")  # 0.1 + 0.2 > 0.3 in binary
    assert load_form(written(tmp_path, text)).fields[0].order == "auto"


@pytest.mark.parametrize("name", ["chek", "no/such.toml", "postal_code"])
def test_an_unknown_name_lists_the_known_and_tells_of_files(name):
    with pytest.raises(FormError) as caught:
        load_form(name)
    assert all(known in str(caught.value) for known in (name, "TOML file", *builtin_names()))


def test_a_slip_of_a_builtin_name_is_guessed():
    with pytest.raises(FormError, match=r"did you mean check\?"):
        load_form("chek")


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (b"", r"^name: is missing; give "),
        (b"name = \xe9", r"^is not UTF-8 text \(byte 8\); save it as UTF-8"),
        (b"name = \n", r"^is not TOML: .*line 1.*; correct that line"),
        (b"a = " + b"[" * 50_000, r"^is not TOML: "),
        (b"a = " + b"9" * 5_000, r"^is not TOML: "),
        (b"#" * 1_000_001, r"^is over 1 MB; "),
    ],
)
def test_a_file_that_is_no_form_is_named_with_the_remedy(tmp_path, content, fact):
    assert re.search(fact, complaints(tmp_path, content)[0])


def test_a_file_may_begin_with_the_mark_of_windows_editors(tmp_path):
    assert load_form(written(tmp_path, b"\xef\xbb\xbf" + WHOLE.encode())).fields


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(FormError, match="is not a file"):
        load_form(tmp_path)


TEMPLATE_MISTAKES = {
    f"name = 'a'\ntype = 'amounts'\n{BOX}": "field[1].type: is not known; give one of digits,",
    f"name = 'a'\n{BOX}": "field[1].type: is missing; give one of digits,",
    f"name = 'a b'\ntype = 'date'\n{BOX}": "field[1].name: has other characters; give letters",
    f"type = 'date'\n{BOX}": "field[1].name: is missing; give letters",
    "name = 'a'\ntype = 'date'": "field[1].box_mm: is missing; give [left, top, width, height]",
    "name = 'a'\ntype = 'date'\nbox_mm = [1, 2, 3]": "field[1].box_mm[4]: is missing; give [left",
    "name = 'a'\ntype = 'date'\nbox_mm = 7": "field[1].box_mm: is no list; give [left",
    "name = 'a'\ntype = 'date'\nbox_mm = [1, 2, 0, 4]": "field[1].box_mm[3]: should be greater",
    "name = 'a'\ntype = 'date'\nbox_mm = [-1, 2, 3, 4]": "field[1].box_mm[1]: should be greater",
    "name = 'a'\ntype = 'date'\nbox_mm = [1, 2, nan, 4]": "field[1].box_mm[3]: should be a finite",
    "name = 'a'\ntype = 'date'\nbox_mm = [1, 2, 3, '4']": "field[1].box_mm[4]: is no number",
    "name = 'a'\ntype = 'date'\nbox_mm = [95, 2, 7, 4]": "field[1].box_mm: reaches 2.0 mm past",
    f"name = 'a'\ntype = 'date'\ncells = 0\n{BOX}": "field[1].cells: should be greater",
    f"name = 'a'\ntype = 'date'\ncells = true\n{BOX}": "field[1].cells: is no whole number",
    f"name = 'a'\ntype = 'date'\nlength = 3\n{BOX}": "field[1].length: belongs to type digits, not",
    f"name = 'a'\ntype = 'digits'\nlength = [5, 3]\n{BOX}": "field[1].length: asks for at least",
    f"name = 'a'\ntype = 'digits'\ncells = 3\nlength = 4\n{BOX}": "field[1].length: allows 4",
    f"name = 'a'\ntype = 'digits'\nlength = 'x'\n{BOX}": "field[1].length: is no list; give the",
    f"name = 'a'\ntype = 'digits'\ncheck_digit = 'x'\n{BOX}": "field[1].check_digit: is not known",
    f"name = 'a'\ntype = 'postal_code'\n{BOX}": "field[1].country: is missing; give one of US,",
    f"name = 'a'\ntype = 'postal_code'\ncountry = 'us'\n{BOX}": "field[1].country: is not known",
    f"name = 'a'\ntype = 'amount'\ncents = 1\n{BOX}": "field[1].cents: is neither true nor false",
    f"name = 'a'\ntype = 'digits'\ncents = true\n{BOX}": "field[1].cents: belongs to type amount",
    f"name = 'a'\ntype = 'micr'\norder = 'auto'\n{BOX}": "field[1].order: belongs to type date",
    f"name = 'a'\ntype = 'micr'\npart = 'amount'\n{BOX}": "field[1].part: is not known; give one",
    f"name = 'a'\ntype = 'date'\npart = 'line'\n{BOX}": "field[1].part: belongs to type micr",
    f"name = 'a'\ntype = 'micr'\ncolour = 'red'\n{BOX}": "field[1].colour: is no key of a form;",
}


@pytest.mark.parametrize("keys", TEMPLATE_MISTAKES)
def test_a_mistake_in_a_field_names_key_and_remedy(tmp_path, keys):
    (line,) = complaints(tmp_path, one_field(keys))
    assert line.startswith(TEMPLATE_MISTAKES[keys])
    assert len(line.split("; ", 1)[1]) > 5  # the remedy


FORM_MISTAKES = {
    'page_mm = [9, 9]\nname = "a b"': "name: has other characters",
    'page_mm = [9, 9]\nname = "f"\nlayout = "grid"': "layout: is not known; give one of template,",
    'name = "f"': "page_mm: is missing; give [width, height]",
    'name = "f"\npage_mm = [210]': "page_mm[2]: is missing",
    'name = "f"\nlayout = "crop"\npage_mm = [9, 9]': "page_mm: belongs to layout template, not",
    'name = "f"\npage_mm = [9, 9]\nDPI = 300': "DPI: is no key of a form; remove it or use one of",
}


@pytest.mark.parametrize("top", FORM_MISTAKES)
def test_a_mistake_at_the_top_names_key_and_remedy(tmp_path, top):
    crop = "crop" in top
    keys = "name = 'a'\ntype = 'date'" + ("" if crop else "\nbox_mm = [1, 1, 2, 2]")
    lines = complaints(tmp_path, one_field(keys, top))
    assert lines[0].startswith(FORM_MISTAKES[top])
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("layout", "fields", "fact"),
    [
        ("crop", ["date", "amount"], "field: a crop is one field, and the form has 2; give one"),
        ("crop", [], "field: is empty; give one [[field]] table"),
        ("check", ["date", "date"], "field: a check has one field of type date"),
        ("check", ["micr", "micr"], "field: a check has one field of type micr, part line"),
        ("check", ["digits"], "field[1].type: digits is not found on checks, only amount, date"),
    ],
)
def test_fields_must_suit_the_layout(tmp_path, layout, fields, fact):
    tables = "".join(f"[[field]]\nname='f{i}'\ntype='{kind}'\n" for i, kind in enumerate(fields))
    top = "" if fields else "field = []\n"
    (line,) = complaints(tmp_path, f'name = "f"\nlayout = "{layout}"\n{top}{tables}')
    assert line.startswith(fact)


def test_names_are_unique_and_boxes_belong_to_templates(tmp_path):
    field = f"name = 'a'\ntype = 'date'\n{BOX}\n"
    (line,) = complaints(tmp_path, one_field(f"{field}[[field]]\n{field}"))
    assert line.startswith("field: the name a is given twice; give one [[field]] table per field")
    (line,) = complaints(tmp_path, one_field(field, 'name = "f"\nlayout = "crop"'))
    assert line == "field[1].box_mm: belongs to layout template, not to crop; remove it"


def test_all_mistakes_come_at_once(tmp_path):
    text = WHOLE.replace("210", "'wide'").replace('"DMY"', '"YDM"').replace("38", "900")
    text = text.replace("cells = 5", "cells = 0").replace("[8, 10]", "[10, 8]")
    keys = [line.split(": ")[0] for line in complaints(tmp_path, text)]
    assert keys == ["page_mm[1]", "field[1].cells", "field[2].length", "field[3].order"]


@given(st.text(max_size=200))
def test_any_text_is_a_form_or_a_form_error(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    Path(path).write_text(text, encoding="utf-8", errors="replace", newline="")
    with pytest.raises(FormError, match=re.escape(str(path))):
        load_form(path)
