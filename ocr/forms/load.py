"""Load a form by built-in name or from a TOML file; every mistake at once, each with its remedy."""

import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ocr.errors import DocumentError, FormError
from ocr.forms.form import (
    CheckDigit,
    Country,
    DateOrder,
    FieldType,
    Form,
    FormField,
    Layout,
    Mark,
    MarkShape,
    MicrPart,
)
from ocr.forms.reference import embed

_REFERENCE = b"reference"
MAX_FORM_BYTES = 1_000_000  # ten thousand fields; a larger file is not a form


@cache
def builtin_names() -> tuple[str, ...]:
    """The names of the forms that come with the reader, sorted."""
    names = (file.name for file in _builtin_folder().iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


def load_form(name_or_path: str | Path) -> Form:
    """Load a form.

    Args:
        name_or_path: A built-in name (`builtin_names`), otherwise the path of a TOML file.

    Raises:
        FormError: There is no such form or it has mistakes; one line for each, with the file, the
            key (items are counted from 1: ``field[2].box_mm``) and the remedy.
    """
    name = str(name_or_path)
    if name in builtin_names():
        return _builtin(name)
    path = Path(name_or_path)
    content = _file_bytes(path)
    if _REFERENCE in content:  # the picture may change
        return _parse(name, content, path.parent)
    return _parse_once(name, content)


@cache
def _builtin(name: str) -> Form:
    return _parse(name, (_builtin_folder() / f"{name}.toml").read_bytes())


def _builtin_folder() -> Traversable:
    return resources.files("ocr.forms") / "builtin"


def _file_bytes(path: Path) -> bytes:
    if not path.exists():
        raise FormError(_no_such_form(str(path)))
    if not path.is_file():
        raise FormError(f"{path}: is not a file; give the path of a form's TOML file")
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FORM_BYTES + 1)
    except OSError as error:
        fact = error.strerror or str(error)
        raise FormError(f"{path}: cannot be read ({fact}); check its permissions") from error
    if len(content) > MAX_FORM_BYTES:
        raise FormError(
            f"{path}: is over {MAX_FORM_BYTES // 1_000_000} MB; give a form's TOML file"
        )
    return content


def _no_such_form(name: str) -> str:
    names = builtin_names()
    near = get_close_matches(name, names, n=1)
    guess = f" (did you mean {near[0]}?)" if near else ""
    return (
        f"{name}: no such form{guess}; "
        f"built in are {', '.join(names)}, or give the path of a TOML file"
    )


@lru_cache(maxsize=32)
def _parse_once(source: str, content: bytes) -> Form:
    """A form that is all in its file; a page after the other asks for it."""
    return _parse(source, content)


def _parse(source: str, content: bytes, folder: Path | None = None) -> Form:
    try:
        keys = tomllib.loads(content.decode("utf-8-sig"))  # Windows editors write a byte-order mark
    except UnicodeDecodeError as error:
        raise FormError(
            f"{source}: is not UTF-8 text (byte {error.start + 1}); save it as UTF-8"
        ) from error
    except (ValueError, RecursionError) as error:  # RecursionError: thousands of nested brackets
        fact = str(error) or "too deeply nested"
        raise FormError(f"{source}: is not TOML: {fact}; correct that line") from error
    try:
        if folder is not None:
            keys = _with_picture(keys, folder)
        return Form.model_validate(keys)
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
        raise FormError("\n".join(f"{source}: {_sentence(each)}" for each in mistakes)) from error
    except (DocumentError, ValueError) as error:
        raise FormError(f"{source}: reference: {error}; {_REMEDIES['reference']}") from error


def _with_picture(keys: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The form's keys with the picture in the place of its path, and its size as the page's."""
    if not isinstance(path := keys.get("reference"), str):
        return keys
    reference, page_mm = embed(path, folder)
    size = {"page_mm": page_mm} if page_mm else {}
    return {**size, **keys, "reference": reference}


def _one_of(words: Sequence[str]) -> str:
    return f"one of {', '.join(words)}"


# What a key wants, said the same way whatever is wrong with it.
_REMEDIES = {
    "name": "give letters, digits and _, a letter first (a form's name may also have -)",
    "layout": f"give {_one_of(get_args(Layout))}",
    "page_mm": "give [width, height] in millimetres for layout template, such as [210, 297]",
    "reference": "give the name of a picture of the blank page that lies beside the form's file",
    "dropout": "give true if the print is not to be seen on scans, for layout template",
    "mark": "give two to 20 [[mark]] tables, each inside page_mm, for layout template",
    "shape": f"give {_one_of(get_args(MarkShape))}",
    "at_mm": "give [x, y] of the mark's middle in millimetres",
    "size_mm": "give the mark's width in millimetres, 2 to 20",
    "field": "give one [[field]] table per field, each with a name and a type of its own",
    "type": f"give {_one_of(get_args(FieldType))}",
    "box_mm": "give [left, top, width, height] in millimetres, inside page_mm, for layout template",
    "cells": "give the number of comb cells, 1 to 100",
    "rows": 'give the number of rows, 2 to 200, or "auto", for layout template',
    "length": "give the number of digits (1 to 100) or [fewest, most], within cells",
    "check_digit": f"give {_one_of(get_args(CheckDigit))}, for type digits",
    "country": f"give {_one_of(get_args(Country))}, for type postal_code",
    "order": f"give {_one_of(get_args(DateOrder))}, for type date",
    "cents": "give true if amounts are always written with cents there, for type amount",
    "part": f"give {_one_of(get_args(MicrPart))}, for type micr",
}
_FACTS = {
    "missing": "is missing",
    "extra_forbidden": "is no key of a form",
    "literal_error": "is not known",
    "string_pattern_mismatch": "has other characters",
    "int_type": "is no whole number",
    "bool_type": "is neither true nor false",
    "string_type": "is no text",
    "float_type": "is no number",
    "tuple_type": "is no list",
    "model_type": "is no table",
    "too_short": "has too few items",
    "too_long": "has too many items",
}


def _sentence(mistake: ErrorDetails) -> str:
    """Key, fact and remedy of one mistake."""
    path = list(mistake["loc"])
    if key_inside := mistake.get("ctx", {}).get("key"):
        path.append(key_inside)
    fact = _FACTS.get(mistake["type"]) or mistake["msg"].replace("Input should", "should")
    return f"{_key(path)}: {fact}; {_remedy(mistake, path)}"


def _key(path: Sequence[int | str]) -> str:
    """Path as ``field[2].box_mm``, items counted from 1."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".")


def _remedy(mistake: ErrorDetails, path: Sequence[int | str]) -> str:
    words = [part for part in path if isinstance(part, str)]
    if mistake["type"] == "foreign_key":
        return "remove it"
    if mistake["type"] != "extra_forbidden":
        return _REMEDIES[words[-1]]
    tables: dict[str, type[BaseModel]] = {"field": FormField, "mark": Mark}
    model = tables.get(words[0], Form)
    keys = [each.alias or name for name, each in model.model_fields.items()]
    return f"remove it or use {_one_of(keys)}"
