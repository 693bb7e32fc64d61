"""A state folder of its own for each test, ledgers on both databases, and drawn scans."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import redis
from celery import Celery

from tests.faults import postgresql
from tests.faults.sending import connected_app
from workers.broker import embedded_broker
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
    opened = open_ledger(request.getfixturevalue("postgresql_url"))
    yield opened
    with opened.write() as books:
        metadata.drop_all(books)
    opened.close()
    open_ledger.cache_clear()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a throw-away server."""
    if reason := postgresql.missing():
        pytest.skip(reason)
    with postgresql.postgresql() as server:
        yield server.url


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[tuple[Celery, str, redis.Redis]]:
    """The app on a broker of its own without workers, the broker's URL, and a client of it."""
    socket = tmp_path / "b" / "broker.sock"
    with (
        embedded_broker(tmp_path / "b") as url,
        connected_app(url) as app,
        redis.Redis(unix_socket_path=str(socket)) as client,
    ):
        yield app, url, client


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
