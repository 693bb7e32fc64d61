"""A state folder of its own for each test, ledgers on both databases, and drawn scans."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from workers.ledger import Ledger, NewJob, open_ledger
from workers.ledger.tables import metadata


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "LEDGER_URL",
        "BROKER_URL",
        "CONFIG",
        "PAGE_SECONDS",
        "LEASE_SECONDS",
        "METRICS_PORT",
    ):
        monkeypatch.delenv(f"FORMDIGITS_{name}", raising=False)
    folder = tmp_path / "state"
    monkeypatch.setenv("FORMDIGITS_STATE", str(folder))
    monkeypatch.setenv("FORMDIGITS_SETTLE_SECONDS", "0")  # tests draw their scans and wait no more
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "sqlite":
        opened = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
        yield opened
        opened.close()
        return
    opened = open_ledger(request.getfixturevalue("postgresql"))
    yield opened
    with opened.write() as books:
        metadata.drop_all(books)
    opened.close()
    open_ledger.cache_clear()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a throw-away server on a unix socket; as root it runs as user postgres."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("no PostgreSQL server here: initdb is not under /usr/lib/postgresql/*/bin")
    as_root = os.getuid() == 0
    if as_root and shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not run as root, and there is no runuser")
    prefix = ["runuser", "-u", "postgres", "--"] if as_root else []
    folder = Path(tempfile.mkdtemp(prefix="fd-pg-"))  # short: it holds the socket
    if as_root:
        shutil.chown(folder, "postgres")

    def call(program: str, *words: str) -> None:
        command = [*prefix, str(programs[-1].with_name(program)), *words]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)

    cluster = str(folder / "cluster")
    call("initdb", "-D", cluster, "-U", "formdigits", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    call("pg_ctl", "-D", cluster, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://formdigits@/postgres?host={folder}"
    finally:
        call("pg_ctl", "-D", cluster, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


@pytest.fixture
def new_job() -> NewJob:
    return NewJob(folder="/scans", form="{}", form_name="digits", model="m1")


@pytest.fixture
def draw_scan():
    """Draws digits on a sheet of paper, as big as asked for."""

    def draw(path: Path, digits: str, height: int = 120) -> None:
        sheet = np.full((height, 60 * len(digits) + 40), 245, np.uint8)
        cv2.putText(sheet, digits, (20, 85), cv2.FONT_HERSHEY_SIMPLEX, 2.2, 20, 5, cv2.LINE_AA)
        assert cv2.imwrite(str(path), sheet)

    return draw


@pytest.fixture
def scans(tmp_path: Path, draw_scan) -> Path:
    """Six good scans, one of them below a folder, and three broken ones."""
    folder = tmp_path / "scans"
    (folder / "post").mkdir(parents=True)
    for number in range(5):
        draw_scan(folder / f"{number}.png", f"{4711 + number}")
    draw_scan(folder / "post" / "a.jpg", "01234")
    (folder / "empty.png").touch()
    (folder / "text.png").write_text("not an image")
    (folder / "cut.png").write_bytes((folder / "0.png").read_bytes()[:200])
    return folder
