"""Scans and results on object storage: a real S3 server on this machine."""

import csv
import io
import logging
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import fsspec
import pytest
import s3fs
from ledger_steps import LEASE_S, offered
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from processes import formdigits

import ocr
from workers import Client, JobState, storage
from workers.doctor import examine
from workers.fetching import local_file
from workers.ledger import crew
from workers.ledger.crew import Member
from workers.pagework import Limits, read_and_record
from workers.storage import StorageError, absolute

PDF = Path(__file__).parents[2] / "samples" / "forms" / "three-pages.pdf"
SCANS = "s3://bucket/scans"


@pytest.fixture
def server(monkeypatch):
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    address = "http://{}:{}".format(*running.get_host_and_port())
    settings = {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    yield running
    urllib.request.urlopen(f"{address}/moto-api/reset", data=b"").close()
    running.stop()
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def bucket(server, scans):
    """A bucket with the scans under `scans/`."""
    files = fsspec.filesystem("s3", use_listings_cache=False)
    files.mkdir("bucket")
    for path in ocr.list_documents(scans):
        files.pipe_file(f"bucket/scans/{path}", (scans / path).read_bytes())
    return files


def read_all(job) -> None:
    while keys := offered(job._ledger, job.id, time.time()):
        for key in keys:
            read_and_record(job._ledger, key, "w1", Limits(page_s=60, lease_s=LEASE_S))


def test_a_run_from_storage_to_storage_gives_the_rows_of_a_local_one(bucket, scans):
    words = ("run", SCANS, "--form", "digits", "-o", "s3://bucket/out/x.csv", "--concurrency", 1)
    ended = formdigits(*words)
    assert ended.returncode == 3, ended.stderr
    rows = list(csv.DictReader(io.StringIO(bucket.cat_file("bucket/out/x.csv").decode())))
    there = [{**row, "job": ""} for row in rows]
    local = ocr.read_folder(scans, "digits")
    assert [row["document"] for row in there] == list(local["document"])
    assert [row["value"] for row in there] == list(local["value"])
    assert [row["reason"] for row in there] == list(local["reason"])


def test_a_large_folder_is_listed_by_and_by(bucket, scans, monkeypatch):
    monkeypatch.setattr(storage, "_LISTED_AT_ONCE", 4)
    asked = []
    real = s3fs.S3FileSystem.call_s3

    def call(files, method, **named):
        asked.append(method)
        return real(files, method, **named)

    monkeypatch.setattr(s3fs.S3FileSystem, "call_s3", call)
    found = storage.find(SCANS)
    first = next(found)
    assert asked == ["list_objects_v2"]
    assert sorted([first, *found]) == sorted(ocr.list_documents(scans))
    assert asked == 3 * ["list_objects_v2"]


def test_a_job_reads_only_below_its_own_folder(bucket):
    bucket.pipe_file("bucket/secret.png", bucket.cat_file("bucket/scans/0.png"))
    bucket.pipe_file("bucket/few/a//b.png", bucket.cat_file("bucket/scans/1.png"))
    bucket.pipe_file("bucket/few/.hidden/c.png", b"x")
    bucket.pipe_file("bucket/few/empty/", b"")
    client_of(bucket).put_object(Bucket="bucket", Key="few/../secret.png", Body=b"x")
    job = Client().submit("s3://bucket/few/", "digits")
    read_all(job)
    by_path = {row["document"]: row for row in job.rows()}
    assert set(by_path) == {"a//b.png", "../secret.png"}
    assert by_path["a//b.png"]["value"]
    assert by_path["../secret.png"]["reason"].startswith("file_unreadable: ")
    with pytest.raises(ocr.FileUnreadable, match="leads out of the folder"):
        local_file("s3://bucket/few", "a/../../secret.png")


def client_of(files):
    """The S3 client itself, which takes keys that fsspec would not write."""
    import boto3

    assert files
    return boto3.client("s3")


def test_pages_of_a_pdf_are_fetched_once_and_anew_when_it_changes(bucket, monkeypatch, state):
    fetched = []
    real = storage.download
    monkeypatch.setattr(
        storage, "download", lambda url, target: (fetched.append(url), real(url, target))
    )
    bucket.pipe_file("bucket/pdf/three.pdf", PDF.read_bytes())
    job = Client().submit("s3://bucket/pdf", "digits")
    read_all(job)
    assert (job.status().pages, job.status().errors) == (3, 0)
    assert len(fetched) == 1
    bucket.pipe_file("bucket/pdf/three.pdf", b"another")
    assert local_file("s3://bucket/pdf", "three.pdf").read_bytes() == b"another"
    assert len(fetched) == 2
    assert len(copies(state)) == 1


def copies(state) -> list[Path]:
    return [path for path in (state / "fetched").iterdir() if path.name != ".lock"]


def test_the_copy_of_a_killed_child_goes(bucket, state):
    fetch = "import os; from workers.fetching import *; local_file('{}', '{}'); os._exit(9)"
    words = [sys.executable, "-c", fetch.format(SCANS, "0.png")]
    assert subprocess.run(words, check=False).returncode == 9
    (left,) = copies(state)
    mine = local_file(SCANS, "1.png")
    assert left not in copies(state)
    assert copies(state) == [mine]


def test_storage_out_of_reach_spoils_no_page(bucket, server, monkeypatch):
    job = Client().submit(SCANS, "digits")
    with job._ledger.write() as books:
        crew.enter(books, Member("w1", "host", 1, time.time(), 60.0))
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    s3fs.S3FileSystem.clear_instance_cache()
    key = offered(job._ledger, job.id, time.time())[0]
    read_and_record(job._ledger, key, "w1", Limits(page_s=60, lease_s=LEASE_S))
    status = job.status()
    assert (status.errors, status.done, status.state) == (0, 0, JobState.RUNNING)
    assert "s3://bucket/scans" in status.waits
    with pytest.raises(StorageError, match="check its address and keys") as told:
        Client().submit(SCANS, "digits")
    assert (told.value.code, told.value.exit_code) == ("storage_error", 6)


def test_what_is_not_there_is_named(bucket):
    with pytest.raises(ocr.JobError, match="no documents"):
        Client().submit("s3://bucket/nothing", "digits")
    with pytest.raises(ocr.JobError, match="no such folder"):
        Client().submit("s3://no-such-bucket/scans", "digits")
    job = Client().submit(SCANS, "digits")
    bucket.rm_file("bucket/scans/0.png")
    read_all(job)
    by_path = {row["document"]: row for row in job.rows()}
    assert by_path["0.png"]["reason"].startswith("file_unreadable: ")
    with pytest.raises(ocr.ExportError, match="no-such-bucket"):
        job.export("s3://no-such-bucket/x.csv")


def test_doctor_sees_whether_the_storage_is_there(bucket, monkeypatch):
    for url, ok in ((SCANS, True), ("s3://no-such-bucket", False)):
        monkeypatch.setenv("FORMDIGITS_STORAGE_URL", url)
        (check,) = [each for each in examine() if each.name == "storage"]
        assert (check.ok, url in check.finding) == (ok, True)


def test_the_storage_setting_stands_for_a_folder(tmp_path):
    assert absolute("storage:monday/", "s3://bucket/scans/") == "s3://bucket/scans/monday"
    assert absolute("storage:monday", str(tmp_path)) == str(tmp_path / "monday")
    assert absolute(f"file://{tmp_path}") == str(tmp_path)
    with pytest.raises(ocr.JobError, match="set FORMDIGITS_STORAGE_URL"):
        absolute("storage:monday")


@pytest.mark.parametrize(
    "url", ["s3://key:secret@bucket/a", "zip://a::s3://bucket/b", "s3://bucket/a/../b"]
)
def test_a_url_that_is_not_plain_is_refused_without_its_secret(url):
    with pytest.raises(ocr.JobError, match="is no plain URL") as told:
        absolute(url)
    assert "secret" not in str(told.value)


def test_a_storage_that_nobody_knows_is_named(tmp_path):
    with pytest.raises(StorageError, match=r"formdigits\[s3\]"):
        Client().submit("nope://bucket/scans", "digits")
