"""The versions trained here: which there are, which one jobs use, and how that changes.

`<state>/models/<version>/` holds a version, the file `champion` names the one in use, `champions`
the ones before it, oldest first. Without `champion` the shipped version serves. Every change is
one rename or one removal: a reader sees the old champion or the new one, never none.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from model.card import Card, read_card, write_card
from ocr.digits.versions import CHAMPION_FILE, NETWORK_FILE, ModelVersion, shipped_folder
from ocr.errors import ModelError
from ocr.settings import state_folder

_HISTORY = "champions"
_NEEDED = ("version", "labels", "input_px", "temperature")


@dataclass(frozen=True, slots=True)
class Listed:
    """A version as `model list` shows it."""

    version: str
    champion: bool
    shipped: bool
    created: str
    accuracy: float | None  # on the test part it was measured on; None if never


def models_folder() -> Path:
    """The folder of versions trained here, created when missing."""
    folder = state_folder() / "models"
    folder.mkdir(exist_ok=True)
    return folder


def champion_name() -> str | None:
    """The version that jobs use now; None if there is not even a shipped one."""
    for folder in (models_folder(), shipped_folder()):
        pointer = folder / CHAMPION_FILE
        if pointer.is_file():
            return pointer.read_text(encoding="utf-8").strip()
    return None


def list_versions() -> list[Listed]:
    """All usable versions, shipped ones first, then by name."""
    champion = champion_name()
    return [
        _listed(path, champion, shipped=folder == shipped_folder())
        for folder in (shipped_folder(), models_folder())
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if (path / NETWORK_FILE).is_file() and not path.name.startswith(".")
    ]


def find_challenger(version: str) -> ModelVersion:
    """A version that could become the champion: it is complete, and is not the champion yet.

    Raises:
        ModelError: If it is not.
    """
    folder = _folder_of(version)
    _complete_card(folder, version)
    if champion_name() == version:
        raise ModelError(f"{version} is the champion already; nothing to do")
    return ModelVersion(folder, version)


def promote(version: str, comparison: Card | None = None, *, force: bool = False) -> None:
    """Make a version the champion.

    Args:
        version: Its name.
        comparison: With the present champion (`model.comparing`), for the version's card; by
            default the one that its card holds from training.
        force: Promote it whatever the comparison says; the card keeps the doubt.

    Raises:
        ModelError: If it is incomplete or, without `force`, was not compared with the present
            champion or is worse.
    """
    folder = find_challenger(version).path
    card = read_card(folder)
    if comparison:
        card = _kept(folder, {**card, "comparison": comparison})
    current = champion_name()
    doubt = _doubt(card, current)
    if doubt and not force:
        raise ModelError(f"{version} is not promoted: {doubt}; --force promotes it nevertheless")
    if doubt:
        forced = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "although": doubt}
        _kept(folder, {**card, "forced": [*card.get("forced", []), forced]})
    if current:
        _write_history([*_history(), current])
    _point_to(folder)


def rollback() -> str:
    """Make the champion before the present one the champion again, and name it.

    Raises:
        ModelError: If there was none, or it is gone.
    """
    current = champion_name()
    history = _history()
    while history and history[-1] == current:  # a promotion that was killed half way
        history.pop()
    if not history:
        raise ModelError("no champion before the present one; promote a version of `model list`")
    version = history[-1]
    folder = _folder_of(version)
    _complete_card(folder, version)
    _point_to(folder)
    _write_history(history[:-1])
    return version


def _listed(path: Path, champion: str | None, *, shipped: bool) -> Listed:
    card = read_card(path)
    return Listed(
        version=path.name,
        champion=path.name == champion,
        shipped=shipped,
        created=str(card.get("created", "")),
        accuracy=_accuracy(card),
    )


def _folder_of(version: str) -> Path:
    if version and Path(version).name == version and not version.startswith("."):
        for folder in (models_folder(), shipped_folder()):
            if (folder / version).is_dir():
                return folder / version
    raise ModelError(f'no model version {version!r}; "formdigits model list" shows those there are')


def _complete_card(folder: Path, version: str) -> Card:
    """The card, if the folder has all that the reader needs."""
    card = read_card(folder)
    network = folder / NETWORK_FILE
    missing = [key for key in _NEEDED if key not in card]
    if not network.is_file() or network.stat().st_size == 0:
        missing.append(NETWORK_FILE)
    if missing or card["version"] != version:
        what = ", ".join(missing) or "a card of its own name"
        raise ModelError(f"model version {version} is incomplete: no {what}; train it again")
    return card


def _kept(folder: Path, card: Card) -> Card:
    """Write a card; those of shipped versions stay as they were shipped."""
    if folder.parent == models_folder():
        write_card(folder, card)
    return card


def _doubt(card: Card, current: str | None) -> str | None:
    """Why a challenger may be worse; None if it is not, or if there is nothing to compare with."""
    if current is None:
        return None
    comparison = card.get("comparison") or {}
    if comparison.get("champion") != current:
        return (
            f"it was never compared with the champion {current} on the same test images; "
            f'"formdigits model promote {card["version"]} --data DATA" does that'
        )
    return "; ".join(comparison["doubts"]) or None


def _accuracy(card: Card) -> float | None:
    test = card.get("test")
    return float(test["accuracy"]["value"]) if test else None


def _point_to(folder: Path) -> None:
    """Name the champion; for the shipped one that is naming none."""
    pointer = models_folder() / CHAMPION_FILE
    if folder.parent == models_folder():
        partial = pointer.with_suffix(".partial")
        partial.write_text(folder.name + "\n", encoding="utf-8")
        partial.replace(pointer)
    else:
        pointer.unlink(missing_ok=True)


def _history() -> list[str]:
    path = models_folder() / _HISTORY
    return path.read_text(encoding="utf-8").split() if path.is_file() else []


def _write_history(versions: list[str]) -> None:
    path = models_folder() / _HISTORY
    partial = path.with_suffix(".partial")
    partial.write_text("".join(f"{version}\n" for version in versions), encoding="utf-8")
    partial.replace(path)
