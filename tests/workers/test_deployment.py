"""The Compose file and the Dockerfile: what can be checked without an engine."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SECRETS = {"REDIS_PASSWORD": "r3dis", "POSTGRES_PASSWORD": "p0stgres"}


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def compose_config(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("no docker-compose on the PATH")
    clean = {name: value for name, value in os.environ.items() if name not in SECRETS}
    command = [program, "-f", str(ROOT / "docker-compose.yml"), "config"]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=clean | environment
    )


def test_compose_accepts_the_file():
    told = compose_config(SECRETS)
    assert told.returncode == 0, told.stderr
    worker = yaml.safe_load(told.stdout)["services"]["worker"]
    assert worker["environment"]["FORMDIGITS_BROKER_URL"] == "redis://:r3dis@broker:6379/0"


@pytest.mark.parametrize("missing", SECRETS)
def test_compose_refuses_to_start_without_a_password(missing):
    told = compose_config({name: value for name, value in SECRETS.items() if name != missing})
    assert told.returncode != 0
    assert f"set {missing}" in told.stderr


def test_every_service_tells_its_health_and_comes_back(services):
    assert set(services) == {"worker", "broker", "ledger"}
    for service in services.values():
        assert service["healthcheck"]["test"]
        assert service["restart"] == "unless-stopped"
        assert "ports" not in service  # nothing is open to the network


def test_workers_wait_for_what_they_need_and_scale(services):
    worker = services["worker"]
    needs = {name: each["condition"] for name, each in worker["depends_on"].items()}
    assert needs == {"broker": "service_healthy", "ledger": "service_healthy"}
    assert re.fullmatch(r"\$\{FORMDIGITS_WORKERS:-\d+\}", worker["deploy"]["replicas"])
    assert any(volume.endswith(":/scans:ro") for volume in worker["volumes"])


def test_the_broker_keeps_its_queue_and_asks_for_a_password(services):
    command = services["broker"]["command"][-1]
    for option in ("--appendonly yes", "--maxmemory-policy noeviction", "--requirepass"):
        assert option in command


def test_the_image_runs_as_a_user_with_poppler_and_without_tensorflow():
    steps = (ROOT / "Dockerfile").read_text()
    assert steps.index("USER formdigits") > steps.index("pip install")
    assert "poppler-utils" in steps
    assert 'pip install --no-cache-dir ".[postgres,s3]"' in steps
    copied = re.findall(r"^COPY (.+) \S+$", steps, re.MULTILINE)
    assert all((ROOT / name).exists() for line in copied for name in line.split())
