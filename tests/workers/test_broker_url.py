"""Brokers by URL: with a password, over TLS; and messages that nobody of ours has sent."""

import pickle
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest
import redis
from kombu import Connection, Exchange
from kombu.exceptions import OperationalError
from processes import running, until

from tests.faults.sending import connected_app
from workers import Client, JobState, Priority
from workers.app import QUEUES, queue_length
from workers.broker import server_program, url
from workers.doctor import examine

PASSWORD = "s3cret"


@pytest.fixture
def protected(tmp_path):
    """The port of a broker that asks for a password."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--requirepass", PASSWORD]
    command = [server_program(), *options, "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        until(lambda: _answers(port))
        yield port
        server.kill()


def _answers(port: int) -> bool:
    with suppress(redis.ConnectionError), redis.Redis(port=port, password=PASSWORD) as client:
        return bool(client.ping())
    return False


@pytest.fixture
def certificate(tmp_path) -> Path:
    """A certificate for localhost, signed by itself, with its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on the PATH to make a certificate with")
    path = tmp_path / "localhost.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(path), "-out", str(tmp_path / "public.pem")]
    subprocess.run(["openssl", *words.split(), *name, *files], check=True, capture_output=True)
    path.write_text(path.read_text() + (tmp_path / "public.pem").read_text())
    return path


@pytest.fixture
def tls_port(protected, certificate):
    """The broker behind TLS, as stunnel or a cloud's Redis would give it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=_pass_all_on, args=(listener, context, protected))
        serving.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        serving.join()


def _pass_all_on(listener: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with suppress(OSError):
        while True:
            plain = listener.accept()[0]
            threading.Thread(target=_pass_on, args=(plain, context, port), daemon=True).start()


def _pass_on(plain: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with (
        suppress(OSError),
        plain,
        context.wrap_socket(plain, server_side=True) as client,
        socket.create_connection(("127.0.0.1", port)) as server,
    ):
        back = threading.Thread(target=_copy, args=(server, client))
        back.start()
        _copy(client, server)
        server.shutdown(socket.SHUT_WR)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while received := source.recv(65536):
            target.sendall(received)


def broker_check():
    return next(check for check in examine() if check.name == "broker")


def test_a_job_is_read_by_a_broker_with_a_password_over_tls(
    tls_port, certificate, scans, monkeypatch
):
    address = f"rediss://:{PASSWORD}@localhost:{tls_port}/0?ssl_ca_certs={certificate}"
    monkeypatch.setenv("FORMDIGITS_BROKER_URL", address)
    job = Client().submit(scans, "digits")
    with running("worker", "--job", job.id, "--concurrency", 1) as worker:
        worker.wait(300)
    assert job.status().state is JobState.DONE
    assert broker_check().ok


def test_a_certificate_that_nobody_vouches_for_is_refused(tls_port, monkeypatch):
    address = f"rediss://:{PASSWORD}@localhost:{tls_port}/0"
    with (
        connected_app(address) as app,
        pytest.raises((OperationalError, redis.RedisError, OSError), match="certificate"),
    ):
        queue_length(app, QUEUES[Priority.BULK])
    monkeypatch.setenv("FORMDIGITS_BROKER_URL", address)
    assert not broker_check().ok


def test_a_wrong_password_is_refused_and_not_told(protected, monkeypatch):
    monkeypatch.setenv("FORMDIGITS_BROKER_URL", f"redis://:wrong@127.0.0.1:{protected}/0")
    check = broker_check()
    assert not check.ok
    assert "wrong@" not in check.finding


class _Code:
    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self):
        return Path.touch, (self._mark,)


def test_a_pickled_message_is_not_opened_and_stops_nothing(scans, state, tmp_path):
    job = Client().submit(scans, "digits")
    mark = tmp_path / "mark"
    code = pickle.dumps(((_Code(mark), 1, 1), {}, {}))
    queue = QUEUES[Priority.BULK]
    with running("worker", "--concurrency", 1):
        until((state / "broker" / "broker.sock").exists)
        with Connection(url(state / "broker")) as connection:
            connection.Producer(exchange=Exchange(queue), routing_key=queue).publish(
                code,
                content_type="application/x-python-serialize",
                content_encoding="binary",
                headers={"task": "formdigits.read_page", "id": "1"},
            )
            for body in ("not a task", {"task": "os.system"}, [[1, 2, 3, 4, 5], {}, {}]):
                connection.Producer(exchange=Exchange(queue), routing_key=queue).publish(
                    body, serializer="json", headers={"task": "formdigits.read_page", "id": "2"}
                )
            assert job.wait(300).state is JobState.DONE
            channel = connection.channel()
            until(lambda: channel.client.llen(queue) == 0)
    assert not mark.exists()
    pickle.loads(code)  # it would have done it
    assert mark.exists()
