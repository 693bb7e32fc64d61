"""The JSON Schema of form files, for editors: made from the models that check them."""

import inspect
import re
from typing import Any

from pydantic import BaseModel

from ocr.forms.form import Form, FormField, Mark

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ATTRIBUTE = re.compile(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)  # of a docstring


def form_schema() -> dict[str, Any]:
    """What a form's TOML file may hold.

    It says keys, types and ranges, and what each key means; what keys ask of one another, such as
    boxes inside the page, `formdigits forms check` tells.
    """
    schema = Form.model_json_schema(by_alias=True)
    _describe(schema, Form)
    for model in (FormField, Mark):
        _describe(schema["$defs"][model.__name__], model)
    return {"$schema": _DIALECT, **schema}


def _describe(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Give each key its sentence of the model's docstring."""
    text = inspect.getdoc(model) or ""
    schema["description"] = text.partition("\n")[0]
    for name, sentence in _ATTRIBUTE.findall(text):
        key = model.model_fields[name].alias or name
        schema["properties"][key]["description"] = " ".join(sentence.split())
