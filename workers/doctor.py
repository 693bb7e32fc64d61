"""`formdigits doctor`: is everything there that a job needs? One check each, with its fix."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import ocr
from workers import storage
from workers.settings import load_settings


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check: what was found, or the fault with its fix."""

    name: str
    ok: bool
    finding: str


def examine(worker: bool = False) -> list[Check]:
    """All checks; one that fails does not keep the others from being made.

    Args:
        worker: It is a fault if no worker runs on this machine.
    """
    from workers.rollcall import call_workers  # noqa: PLC0415  # SQLAlchemy: 0.3 s

    checks = _CHECKS | {"workers": lambda: call_workers(worker)}
    return [_checked(name, check) for name, check in checks.items()]


def _checked(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, finding=check())
    except (ocr.FormDigitsError, OSError) as error:
        return Check(name, ok=False, finding=str(error))


def _state() -> str:
    folder = ocr.state_folder()
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ocr.ServiceError(f"{folder} cannot be written; set FORMDIGITS_STATE to another")
    return str(folder)


def _settings() -> str:
    load_settings()
    return "valid"


def _poppler() -> str:
    found = shutil.which("pdftoppm")
    if found is None:
        raise ocr.ServiceError(
            "no pdftoppm on the PATH: PDFs that are not scans cannot be read; install poppler "
            "(Debian, Ubuntu: apt install poppler-utils; macOS: brew install poppler)"
        )
    return found


def _broker() -> str:
    import redis  # noqa: PLC0415  # 0.1 s that other commands need not wait for

    from workers.broker import broker_of, server_program  # noqa: PLC0415

    settings = load_settings()
    url = settings.broker_url
    if not url:
        with broker_of(settings):
            return f"embedded, {server_program()}"
    try:
        with redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise ocr.ServiceError(
            f"the broker {url.rpartition('@')[2]} does not answer: {error}; "
            "start it, correct FORMDIGITS_BROKER_URL, or leave that empty for the embedded one"
        ) from error
    return url.rpartition("@")[2]


def _ledger() -> str:
    from workers.ledger import open_ledger  # noqa: PLC0415  # SQLAlchemy: 0.3 s

    url = load_settings().ledger
    open_ledger(url)
    return url.rpartition("@")[2]


def _storage() -> str:
    url = load_settings().storage_url
    place = storage.absolute(url) if url else ""
    if storage.is_url(place):
        storage.reach(place)
    return place or "no FORMDIGITS_STORAGE_URL: folders of this machine, and URLs"


def _model() -> str:
    return ocr.champion().version


def _forms() -> str:
    names = ocr.builtin_names()
    for name in names:
        ocr.load_form(name)
    return ", ".join(names)


def _policies() -> str:
    lines = ocr.policy_lines(ocr.champion().version)
    return "; ".join(lines) or "none: the default threshold applies"


_CHECKS: dict[str, Callable[[], str]] = {
    "state": _state,
    "settings": _settings,
    "poppler": _poppler,
    "broker": _broker,
    "ledger": _ledger,
    "storage": _storage,
    "model": _model,
    "forms": _forms,
    "policies": _policies,
}
