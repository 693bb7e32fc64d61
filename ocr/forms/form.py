"""What a form says; frozen models that travel to workers as JSON.

A mistake is a `PydanticCustomError` whose context may name the `key` it is about; `load` turns it
into a sentence. Checks stand at single keys and items, not at whole models, so that one validation
finds (nearly) all mistakes of a file.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal, NoReturn

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ocr.errors import DocumentError
from ocr.forms.reference import picture_of

Layout = Literal["template", "crop", "check", "auto"]
FieldType = Literal["digits", "amount", "postal_code", "date", "micr"]
CheckDigit = Literal["luhn", "aba", "iso7064"]
Country = Literal["US", "DE", "FR", "IT", "ES", "IN", "CH", "AT", "BR", "JP", "AU"]
DateOrder = Literal["DMY", "MDY", "YMD", "auto"]
MicrPart = Literal["line", "check_number", "routing", "account", "transaction_code"]
MarkShape = Literal["square", "circle", "cross"]

CHECK_TYPES: tuple[FieldType, ...] = ("amount", "date", "micr")  # what a bank check has
TYPE_OF_KEY: dict[str, FieldType] = {
    "length": "digits",
    "check_digit": "digits",
    "country": "postal_code",
    "order": "date",
    "cents": "amount",
    "part": "micr",
}
# No paper form has longer combs or pages (A0 is 1189 mm): a larger number is a slip of the unit.
_MOST_DIGITS = 100
_FEWEST_ROWS, _MOST_ROWS = 2, 200
_LONGEST_MM = 2000
_MOST_MARKS = 20
_ROUNDING_MM = 1e-6  # 0.1 + 0.2 > 0.3: sums of decimal millimetres may exceed the page by this

# `strict` because TOML has types: true is no number, "5" neither.
Count = Annotated[int, Field(strict=True, ge=1, le=_MOST_DIGITS)]
Place = Annotated[float, Field(strict=True, ge=0, le=_LONGEST_MM, allow_inf_nan=False)]
Extent = Annotated[float, Field(strict=True, gt=0, le=_LONGEST_MM, allow_inf_nan=False)]
Rows = Annotated[int, Field(ge=_FEWEST_ROWS, le=_MOST_ROWS)] | Literal["auto"]
BoxMm = tuple[Place, Place, Extent, Extent]

_FROZEN = ConfigDict(
    frozen=True,
    extra="forbid",
    validate_by_name=True,
    validate_by_alias=True,
    serialize_by_alias=True,
)


class FormField(BaseModel):
    """One field of a form.

    Attributes:
        name: Identifier, unique on the form; the export's `field`.
        type: What is written there.
        box_mm: Left, top, width, height on the upright page; template forms only.
        cells: Number of a comb's cells; None for free writing.
        rows: Number of rows of a ruled column whose cells are fields of their own, ``auto`` if they
            are counted on each page; `box_mm` is the whole column. None for a single field.
        length: Fewest and most digits (a file may give one number); type digits only.
        check_digit: How the last digit follows from the others; type digits only.
        country: Whose postal code it is; needed by, and only for, type postal_code.
        order: Order of day, month and year; type date only.
        cents: Whether amounts are always written with cents there; type amount only.
        part: The whole MICR line or one part of it; type micr only.
    """

    model_config = _FROZEN

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=64)
    type: FieldType
    box_mm: BoxMm | None = None
    cells: Count | None = None
    # Left out of JSON where it is not said: a form without it is the same as before.
    rows: int | Literal["auto"] | None = Field(default=None, exclude_if=lambda rows: rows is None)
    length: tuple[Count, Count] | None = None
    check_digit: CheckDigit | None = None
    country: Country | None = Field(default=None, validate_default=True)
    # Defaults are left out of JSON: these may be said for fields of one type only.
    order: DateOrder = Field(default="auto", exclude_if=lambda order: order == "auto")
    cents: StrictBool = Field(default=False, exclude_if=lambda cents: not cents)
    part: MicrPart = Field(default="line", exclude_if=lambda part: part == "line")

    @field_validator("rows", mode="before", json_schema_input_type=Rows)
    @classmethod
    def _rows_are_countable(cls, rows: object) -> object:
        counted = type(rows) is int and _FEWEST_ROWS <= rows <= _MOST_ROWS
        if rows is not None and rows != "auto" and not counted:
            _refuse("", "is no number of rows")
        return rows

    @field_validator("length", mode="before", json_schema_input_type=Count | tuple[Count, Count])
    @classmethod
    def _one_number_is_both_ends(cls, length: object) -> object:
        return (length, length) if isinstance(length, int) else length

    @field_validator("length")
    @classmethod
    def _length_fits(
        cls, length: tuple[int, int] | None, info: ValidationInfo
    ) -> tuple[int, int] | None:
        if length is None:
            return None
        if length[0] > length[1]:
            raise PydanticCustomError("length", "asks for at least more digits than at most")
        cells = info.data.get("cells")
        if cells is not None and length[1] > cells:
            raise PydanticCustomError(
                "length",
                "allows {most} digits in {cells} cells",
                {"most": length[1], "cells": cells},
            )
        return length

    @field_validator("length", "check_digit", "country", "order", "cents", "part")
    @classmethod
    def _belongs_to_type(cls, value: object, info: ValidationInfo) -> object:
        owner, kind = TYPE_OF_KEY[info.field_name or ""], info.data.get("type")
        if kind is None:  # a mistake of its own, reported where it is
            return value
        if value is not None and kind != owner:
            _foreign("", f"type {owner}", kind)
        if value is None and kind == "postal_code" and info.field_name == "country":
            raise PydanticCustomError("missing", "is missing")
        return value

    def numbered(self, number: int) -> "FormField":
        """The same field on a page's second, third ... check: ``amount[2]``."""
        return self.model_copy(update={"name": f"{self.name}[{number}]"})


class Mark(BaseModel):
    """A registration mark, printed black.

    Attributes:
        shape: A filled ``square``, a filled ``circle``, or an upright ``cross``.
        at_mm: Its middle on the upright page.
        size_mm: Its width and height.
    """

    model_config = _FROZEN

    shape: MarkShape
    at_mm: tuple[Place, Place]
    size_mm: Annotated[float, Field(strict=True, ge=2, le=20)] = 5.0


def _fits_layout(field: FormField, info: ValidationInfo) -> FormField:
    """Check a field against the form's layout and page, which are validated before it."""
    layout, page_mm = info.data.get("layout"), info.data.get("page_mm")
    if layout == "template":
        _check_box(field.box_mm, page_mm)
    elif layout is not None:
        for key in ("box_mm", "rows"):
            if getattr(field, key) is not None:
                _foreign(key, "layout template", layout)
    if field.rows is not None and field.type == "micr":
        _refuse("rows", "is said of a MICR line, which is one")
    if layout == "check" and field.type not in CHECK_TYPES:
        _refuse("type", f"{field.type} is not found on checks, only {', '.join(CHECK_TYPES)}")
    return field


def _check_box(box_mm: BoxMm | None, page_mm: tuple[float, float] | None) -> None:
    if box_mm is None:
        _refuse("box_mm", "is missing")
    elif page_mm is not None:
        left, top, width, height = box_mm
        over_mm = max(left + width - page_mm[0], top + height - page_mm[1])
        if over_mm > _ROUNDING_MM:
            _refuse("box_mm", f"reaches {over_mm:.1f} mm past the page")


def _refuse(key: str, fact: str) -> NoReturn:
    raise PydanticCustomError("wrong", "{fact}", {"fact": fact, "key": key})


def _foreign(key: str, owner: str, kind: str) -> NoReturn:
    """Refuse a key that only fields or forms of another kind have."""
    raise PydanticCustomError(
        "foreign_key",
        "belongs to {owner}, not to {kind}",
        {"owner": owner, "kind": kind, "key": key},
    )


class Form(BaseModel):
    """The fields of a page, and how they are found.

    Attributes:
        name: Letters, digits, ``-`` and ``_``; the export's `form`.
        layout: ``template``: fields lie at `box_mm` on the upright page. ``crop``: the whole image
            is the one field. ``check``: the fields are found on a bank check. ``auto``: the fields
            are whatever places for digits the page has.
        page_mm: Width and height of the upright page; template forms only.
        reference: Picture of the blank page, filling it: in a file the path of one beside it, in
            the form the picture itself. Pages are registered against it; template forms only.
        dropout: The print is not to be seen on scans, so that pages without it fit the form too;
            template forms only.
        marks: Registration marks; the file's ``[[mark]]`` list; template forms only.
        fields: In the order of the export; the file's ``[[field]]`` list. None for layout auto.
    """

    model_config = _FROZEN

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=64)
    layout: Layout = "template"
    page_mm: tuple[Extent, Extent] | None = Field(default=None, validate_default=True)
    # What is not said is left out of JSON: it is the same form as before there were these keys.
    reference: str | None = Field(default=None, exclude_if=lambda reference: reference is None)
    dropout: StrictBool = Field(default=False, exclude_if=lambda dropout: not dropout)
    marks: tuple[Mark, ...] = Field(
        default=(), alias="mark", max_length=_MOST_MARKS, exclude_if=lambda marks: not marks
    )
    fields: tuple[Annotated[FormField, AfterValidator(_fits_layout)], ...] = Field(
        default=(), alias="field"
    )

    @field_validator("page_mm")
    @classmethod
    def _page_of_template(
        cls, page_mm: tuple[float, float] | None, info: ValidationInfo
    ) -> tuple[float, float] | None:
        layout = info.data.get("layout")
        if layout == "template" and page_mm is None:
            raise PydanticCustomError("missing", "is missing")
        if layout in {"crop", "check", "auto"} and page_mm is not None:
            _foreign("", "layout template", layout)
        return page_mm

    def fields_of(self, times: int) -> tuple[FormField, ...]:
        """The fields of so many checks on one page; the first check's have no number."""
        more = (each.numbered(n) for n in range(2, times + 1) for each in self.fields)
        return (*self.fields, *more)

    @field_validator("reference", "dropout", "marks")
    @classmethod
    def _of_template(cls, value: object, info: ValidationInfo) -> object:
        layout = info.data.get("layout")
        if value and layout in {"crop", "check", "auto"}:
            _foreign("", "layout template", layout)
        return value

    @field_validator("reference")
    @classmethod
    def _is_picture(cls, reference: str | None) -> str | None:
        if reference is not None:
            try:
                picture_of(reference)
            except DocumentError as error:
                raise PydanticCustomError("wrong", "{fact}", {"fact": str(error)}) from error
        return reference

    @field_validator("marks")
    @classmethod
    def _marks_on_page(cls, marks: tuple[Mark, ...], info: ValidationInfo) -> tuple[Mark, ...]:
        page_mm = info.data.get("page_mm")
        if len(marks) == 1:
            raise PydanticCustomError("wrong", "{fact}", {"fact": "is a single one"})
        if page_mm and any(m.at_mm[0] > page_mm[0] or m.at_mm[1] > page_mm[1] for m in marks):
            raise PydanticCustomError("wrong", "{fact}", {"fact": "lies past the page"})
        return marks

    @model_validator(mode="after")
    def _fields_agree(self) -> "Form":
        if self.layout == "auto" and self.fields:
            _foreign("field", "other layouts", "auto")
        if not self.fields and self.layout != "auto":
            _refuse("field", "is empty")
        names = [field.name for field in self.fields]
        types = [f"{f.type}, part {f.part}" if f.type == "micr" else f.type for f in self.fields]
        if repeated := _repeated(names):
            _refuse("field", f"the name {repeated} is given twice")
        if self.layout == "crop" and len(names) > 1:
            _refuse("field", f"a crop is one field, and the form has {len(names)}")
        if self.layout == "check" and (repeated := _repeated(types)):
            _refuse("field", f"a check has one field of type {repeated}, and the form has more")
        return self


def _repeated(words: Iterable[str]) -> str:
    """The first word that stands twice; empty when none does."""
    return next((word for word, times in Counter(words).items() if times > 1), "")
