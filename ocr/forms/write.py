"""Writing a form as the TOML file that `load_form` reads."""

import json

from ocr.forms.form import Form

_TABLES = ("mark", "field")  # lists of tables stand after all other keys


def to_toml(form: Form, remark: str) -> str:
    """The form's file, with only what differs from the defaults.

    Args:
        form: The form; a reference is written as it stands, so it should be a picture's name.
        remark: Lines that become comments at the top.
    """
    keys = form.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    lines = [f"# {line}" for line in remark.splitlines()]
    lines += [f"{key} = {_spelt(value)}" for key, value in keys.items() if key not in _TABLES]
    for table in _TABLES:
        for item in keys.get(table, ()):
            lines += ["", f"[[{table}]]"]
            lines += [f"{key} = {_spelt(value)}" for key, value in item.items()]
    return "\n".join(lines) + "\n"


def _spelt(value: object) -> str:
    """A value as TOML spells it; of strings, numbers, truths and lists JSON's spelling serves.

    JSON leaves one character bare that TOML does not allow (DEL).
    """
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
