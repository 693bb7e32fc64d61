"""The command line: messages on stderr, exit codes, and what is not loaded."""

import json
import re
import subprocess
import sys

import pytest

from ocr import to_frame
from workers import Client, JobState
from workers.cli import main


@pytest.fixture
def formdigits(monkeypatch, capsys):
    """Runs the command in this process; gives its exit code, stdout and stderr."""

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["formdigits", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err

    return call


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["submit", "nowhere", "--form", "digits"], 7, "no such folder; check its path"),
        (["submit", "empty", "--form", "digits"], 7, "no documents in this folder"),
        (["submit", "scans", "--form", "chek"], 4, "did you mean check"),
        (["run", "scans", "--form", "digits", "-o", "x.pdf"], 9, r"end the name in \.csv"),
        (["run", "scans", "--form", "digits", "-o", "no/x.csv"], 9, "no folder no"),
        (["status", "nope"], 7, 'no job "nope" in this ledger'),
        (["export", "nope", "-o", "x.csv"], 7, 'no job "nope"'),
        (["cancel", "nope"], 7, 'no job "nope"'),
        (["retry", "nope"], 7, 'no job "nope"'),
    ],
)
def test_an_expected_error_is_one_line_and_its_code(
    formdigits, scans, tmp_path, monkeypatch, words, code, message
):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    ended, out, err = formdigits(*words)
    assert (ended, out) == (code, "")
    assert re.match(f"error: .*{message}", err)
    assert err.count("\n") == 1


def test_a_ledger_out_of_reach_ends_with_its_code(formdigits, monkeypatch):
    monkeypatch.setenv("FORMDIGITS_LEDGER_URL", "postgresql://x:secret@127.0.0.1:1/x")
    code, _, err = formdigits("status")
    assert code == 6
    assert err.startswith("error: the ledger 127.0.0.1:1/x cannot be used")


def test_a_missing_model_ends_with_its_code(formdigits, scans, state, monkeypatch):
    (state / "models").mkdir(parents=True)
    (state / "models" / "champion").write_text("gone")
    code, _, err = formdigits("submit", scans, "--form", "digits")
    assert code == 5
    assert "formdigits model" in err


def test_a_broker_out_of_reach_does_not_stop_submitting(formdigits, scans, monkeypatch):
    monkeypatch.setenv("FORMDIGITS_BROKER_URL", "redis://127.0.0.1:1")
    code, job, _ = formdigits("submit", scans, "--form", "digits")
    assert code == 0
    code, out, _ = formdigits("status", job.strip(), "--json")
    told = json.loads(out)
    assert (code, told["state"], told["documents"]) == (0, "queued", 9)


def test_jobs_are_listed_watched_cancelled_and_retried(formdigits, scans):
    _, first, _ = formdigits("submit", scans, "--form", "digits")
    _, second, _ = formdigits("submit", scans, "--form", "amount")
    _, listed, _ = formdigits("status")
    assert [line.split()[1].strip(":") for line in listed.splitlines()] == [
        second.strip(),
        first.strip(),
    ]
    assert formdigits("cancel", first.strip()) == (0, "", "")
    _, _, watched = formdigits("status", first.strip(), "--watch")
    assert "cancelled, 0 of 9 pages" in watched
    assert formdigits("retry", first.strip())[:2] == (0, "9 pages to read\n")
    assert Client().job(first.strip()).status().state is JobState.QUEUED


def test_purge_says_what_it_removes_and_leaves_what_runs(formdigits, scans):
    _, running, _ = formdigits("submit", scans, "--form", "digits")
    _, over, _ = formdigits("submit", scans, "--form", "digits")
    formdigits("cancel", over.strip())
    told = f"job {over.strip()}: {scans}, 9 documents"
    dry = formdigits("purge", "--older-than", 0, "--dry-run")
    assert dry[:2] == (0, f"{told}, would be removed\n1 jobs would be removed\n")
    assert formdigits("purge", "--older-than", 0)[:2] == (0, f"{told}, removed\n1 jobs removed\n")
    assert [each.job for each in Client().statuses()] == [running.strip()]
    code, _, err = formdigits("purge", "--older-than", 0, "--job", running.strip())
    assert (code, err.startswith(f"error: job {running.strip()} has not ended")) == (7, True)


def test_watching_needs_a_job(formdigits):
    code, _, err = formdigits("status", "--watch")
    assert code == 2
    assert "--watch needs a job" in err


def test_the_export_of_a_job_still_running_says_so(formdigits, scans, tmp_path):
    _, job, _ = formdigits("submit", scans, "--form", "digits")
    code, _, err = formdigits("export", job.strip(), "-o", tmp_path / "x.csv")
    assert code == 0
    assert err.startswith("partial: 0 of 9 pages were done")
    assert (tmp_path / "x.csv").read_text().startswith("job,document,page,")
    assert Client().job(job.strip()).to_pandas().equals(to_frame([]))


def test_doctor_finds_all_well_here(formdigits):
    code, out, _ = formdigits("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(out)}
    here = {
        "state",
        "settings",
        "poppler",
        "broker",
        "ledger",
        "storage",
        "model",
        "forms",
        "policies",
        "workers",
    }
    assert set(checks) == here
    bad = {name for name, check in checks.items() if not check["ok"]}
    assert bad <= {"poppler"}  # a test machine may lack it
    assert code == bool(bad)


def test_doctor_names_the_fix_of_each_fault(formdigits, monkeypatch):
    monkeypatch.setenv("FORMDIGITS_BROKER_URL", "redis://:secret@127.0.0.1:1")
    monkeypatch.setenv("FORMDIGITS_LEDGER_URL", "sqlite:////no/such/ledger.sqlite")
    monkeypatch.setenv("PATH", "/nowhere")
    code, out, _ = formdigits("doctor")
    assert code == 1
    assert re.search(r"FAIL  broker .*FORMDIGITS_BROKER_URL", out)
    assert re.search(r"FAIL  ledger .*FORMDIGITS_LEDGER_URL", out)
    assert re.search(r"FAIL  poppler .*apt install poppler-utils", out)
    assert "secret" not in out


def test_the_help_of_run_lists_the_exit_codes(formdigits):
    code, out, _ = formdigits("run", "--help")
    assert code == 0
    assert re.search(r"0 all pages read, 3\s+some are error rows", out)


def test_other_parts_commands_are_mounted_and_load_when_asked_for(formdigits):
    code, out, _ = formdigits("--help")
    assert code == 0
    for command in ("run", "worker", "doctor", "read", "forms", "calibrate", "policy", "model"):
        assert re.search(rf"\b{command}\b", out)


def test_looking_at_jobs_loads_neither_celery_nor_tensorflow_nor_pandas():
    look = (
        "import sys\n"
        "from workers import Client\n"
        "from workers.cli import app\n"
        "Client().statuses()\n"
        "app(['status'], standalone_mode=False)\n"
        "heavy = {'celery', 'tensorflow', 'keras', 'pandas', 'model'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)\n"
    )
    ended = subprocess.run([sys.executable, "-c", look], check=False, capture_output=True)
    assert ended.returncode == 0, ended.stderr.decode()


def test_the_version_is_the_distributions(formdigits):
    code, out, _ = formdigits("--version")
    assert code == 0
    assert re.fullmatch(r"formdigits \d+\.\d+\.\d+\S*\n", out)
