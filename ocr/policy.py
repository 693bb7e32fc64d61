"""The policy: acceptance thresholds that labelled fields have proven, and where they apply.

One JSON file per form name, `<state>/policies/<form>.json`, with an entry per field. An entry
applies to the model version and the form that it was measured with; for any other the default
threshold applies.
"""

import hashlib
import logging
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ocr.errors import PolicyError
from ocr.forms import Form
from ocr.settings import state_folder

_log = logging.getLogger(__name__)


class FieldPolicy(BaseModel):
    """The proven threshold of a field, and what it was measured with.

    Attributes:
        threshold: Confidence from which on a value is accepted.
        target_error: Largest share of wrong fields among the accepted ones, as asked for.
        confidence: Probability with which it is kept.
        n: Labelled fields that were read.
        right: Those read right.
        accepted: Those that the threshold accepts.
        errors: Wrong ones among the accepted.
        bound: Upper confidence bound of the error rate among accepted fields.
        model: Model version.
        form_sha256: Of the form, so that a changed one is told.
        labels_sha256: Of the labels file.
        date: ISO date of the measurement.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    threshold: float = Field(ge=0, le=1)
    target_error: float
    confidence: float
    n: int
    right: int
    accepted: int
    errors: int
    bound: float
    model: str
    form_sha256: str
    labels_sha256: str
    date: str


class Policy(BaseModel):
    """The policy of a form.

    Attributes:
        form: The form's name.
        fields: Entries by field name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    form: str
    fields: dict[str, FieldPolicy] = {}


def thresholds(form: Form, model: str) -> Mapping[str, float]:
    """The proven thresholds that apply to a form read by a model version.

    Asked for every page, so that a new policy serves from the next page on: the file is read again
    only when it has changed.

    Returns:
        Thresholds by field name, without the fields to which the default applies.

    Raises:
        PolicyError: The form's policy cannot be used.
    """
    path = policy_file(form.name)
    try:
        stat = path.stat()
    except FileNotFoundError:
        return {}
    return _thresholds(form, model, (path, stat.st_mtime_ns, stat.st_ino, stat.st_size))


@lru_cache(maxsize=32)
def _thresholds(
    form: Form, model: str, _file_state: tuple[Path, int, int, int]
) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for name, entry in load_policy(form.name).fields.items():
        if why := _why_not(entry, form, model):
            _log.warning("policy of %s.%s: %s; the default applies", form.name, name, why)
        else:
            found[name] = entry.threshold
    return found


def _why_not(entry: FieldPolicy, form: Form, model: str) -> str:
    """Why an entry does not apply; empty if it does."""
    if entry.model != model:
        return f"measured with the model {entry.model}, not {model}"
    if entry.form_sha256 != form_sha256(form):
        return "the form has changed since it was measured"
    return ""


def form_sha256(form: Form) -> str:
    """What tells a form from a changed one of the same name."""
    return hashlib.sha256(form.model_dump_json().encode()).hexdigest()


def load_policy(form: str) -> Policy:
    """The policy of the form of that name; one without entries if there is none.

    Raises:
        PolicyError: Its file cannot be used.
    """
    path = policy_file(form)
    try:
        return Policy.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Policy(form=form)
    except (OSError, ValidationError) as error:
        fact = str(error).splitlines()[0]
        raise PolicyError(
            f"{path}: cannot be used ({fact}); "
            f'run "formdigits policy drop {form}" and "formdigits calibrate" again'
        ) from error


def store_policy(form: str, entries: Mapping[str, FieldPolicy]) -> Path:
    """Add entries to a form's policy; the other fields keep theirs.

    Returns:
        The file, replaced in one step: a page is read with the old policy or the new one.

    Raises:
        PolicyError: The present policy cannot be used, or the new one cannot be written.
    """
    path = policy_file(form)
    policy = Policy(form=form, fields={**load_policy(form).fields, **entries})
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        partial.write_text(policy.model_dump_json(indent=1) + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        fact = error.strerror or str(error)
        raise PolicyError(f"{path}: {fact}; free space or correct its permissions") from error
    finally:
        partial.unlink(missing_ok=True)
    return path


def drop_policy(form: str) -> None:
    """Remove a form's policy, also one that cannot be used: the default applies again.

    Raises:
        PolicyError: There is none.
    """
    try:
        policy_file(form).unlink()
    except OSError as error:
        raise PolicyError(
            f'no policy of a form "{form}"; "formdigits policy show" names those there are'
        ) from error


def policy_names() -> list[str]:
    """The names of the forms that have a policy here, sorted."""
    return sorted(path.stem for path in _folder().glob("[!.]*.json"))


def policy_lines(model: str) -> list[str]:
    """One line per field with a policy: whether it applies to a model version.

    Raises:
        PolicyError: A policy cannot be used.
    """
    return [
        f"{form}.{name} from {entry.threshold:g}"
        + ("" if entry.model == model else f" not used: measured with the model {entry.model}")
        for form in policy_names()
        for name, entry in load_policy(form).fields.items()
    ]


def policy_file(form: str) -> Path:
    """Where the policy of the form of that name is.

    Raises:
        PolicyError: It is no form's name.
    """
    if not form or Path(form).name != form or form.startswith("."):
        raise PolicyError(f'"{form}" is no form\'s name; "formdigits policy show" names them')
    return _folder() / f"{form}.json"


def _folder() -> Path:
    return state_folder() / "policies"
