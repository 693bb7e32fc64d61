"""A training from the command line: killed, continued, exported, measured, promoted."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from ocr.digits.versions import champion
from tests.model.commands import FORMDIGITS, formdigits
from tests.model.drawn_signs import draw_folders

SETTINGS = """
epochs = 4
steps_per_epoch = 120
batch_size = 32
weight_average = 0.9
validation_share = 0.1
string_share = 0.0
calibration_strings = 200
target_accuracy = 0.8
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """1,797 digits of scikit-learn (8x8, 43 people), every sixth of them for the test."""
    place = tmp_path_factory.mktemp("training")
    pixels, labels = load_digits(return_X_y=True)
    rows = np.column_stack([labels, np.minimum(pixels * 16, 255)]).astype(int)
    for split, chosen in (("train", np.arange(1797) % 6 > 0), ("test", np.arange(1797) % 6 == 0)):
        with (place / f"{split}.csv").open("w", newline="") as stream:
            csv.writer(stream).writerows(rows[chosen].tolist())
        done = formdigits(
            "model", "import", place / f"{split}.csv", "--format", "csv", "--into",
            place / "data", "--source", "sklearn", "--split", split, state=place / "state",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    taught = f'teachers = "{champion().version}"\n'
    (place / "smoke.toml").write_text(taught + SETTINGS)
    return place


def train_command(place):
    return [
        "model", "train", "--data", place / "data", "--config", place / "smoke.toml",
        "--run", place / "run", "--version", "smoke",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def trained(place):
    """The card of a training that was killed after its first epoch and started again."""
    environment = {**os.environ, "FORMDIGITS_STATE": str(place / "state")}
    words = [*FORMDIGITS, *map(str, train_command(place))]
    with subprocess.Popen(
        words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as killed:
        deadline = time.monotonic() + 120
        while not (place / "run" / "progress.json").exists():
            assert killed.poll() is None, killed.stderr.read()
            assert time.monotonic() < deadline, "no epoch in two minutes"
            time.sleep(0.1)
        killed.send_signal(signal.SIGKILL)  # the helper process must end by itself: else a hang
        killed.stderr.read()
    assert not (place / "state" / "models" / "smoke").exists()
    done = formdigits(*train_command(place), state=place / "state")
    assert done.returncode == 0, done.stderr
    assert "continuing" in done.stderr
    return json.loads((place / "state" / "models" / "smoke" / "card.json").read_text())


def test_a_killed_training_continues_to_the_stated_accuracy(trained):
    assert trained["training"]["epoch"] == 4
    assert trained["test"]["accuracy"]["n"] == 300
    # 98.7 % measured; 95 % leaves room for another machine's rounding, an untrained part does not
    assert trained["test"]["accuracy"]["value"] >= 0.95


def test_the_card_tells_how_to_make_the_version_again(trained):
    assert trained["labels"] == [*"0123456789", "not"]
    assert trained["data"]["images"] == {"test/sklearn": 300, "train/sklearn": 1497}
    assert len(trained["data"]["manifest_sha256"]) == 64
    assert trained["config"]["steps_per_epoch"] == 120
    assert trained["command"].startswith("formdigits model train")
    assert "tensorflow" in trained["libraries"]
    assert 0.3 < trained["temperature"] < 3
    assert trained["comparison"]["champion"]
    assert {part["of"] for part in trained["comparison"]["paired"]} == {
        "all signs", "field strings", *(f"class '{k}'" for k in range(10))
    }  # fmt: skip


def test_the_version_is_evaluated_through_litert_as_its_card_says(place, trained):
    done = formdigits(
        "model", "evaluate", "--model", "smoke", "--data", place / "data", "--json",
        state=place / "state",
    )  # fmt: skip
    assert json.loads(done.stdout) == trained["test"]


def test_the_version_is_listed_but_not_champion(place, trained):
    done = formdigits("model", "list", state=place / "state")
    (line,) = [line for line in done.stdout.splitlines() if "smoke" in line]
    assert "*" not in line


def test_an_ended_run_is_exported_elsewhere_from_its_weights_alone(place, trained, tmp_path):
    for name in ("config.json", "progress.json", "best.weights.h5"):
        (tmp_path / name).write_bytes((place / "run" / name).read_bytes())
    words = train_command(place)
    words[words.index("smoke")] = "carried"
    words[words.index(place / "run")] = tmp_path
    done = formdigits(*words, state=place / "state")
    assert done.returncode == 0, done.stderr
    carried = json.loads((place / "state" / "models" / "carried" / "card.json").read_text())
    assert carried["test"]["accuracy"] == trained["test"]["accuracy"]


def test_a_processor_that_is_not_there_is_named(place):
    import keras

    if keras.distribution.list_devices("gpu"):
        pytest.skip("this machine has a GPU")
    done = formdigits(*train_command(place), "--device", "gpu", state=place / "state")
    assert done.returncode == 5
    assert "finds no gpu" in done.stderr


def test_a_run_of_other_settings_is_refused(place, trained):
    words = [*train_command(place), "--epochs", 5]
    words[words.index("smoke")] = "other"
    done = formdigits(*words, state=place / "state")
    assert done.returncode == 5
    assert "other settings or data" in done.stderr


@pytest.mark.parametrize(
    ("labels", "words", "message"),
    [
        ("3", ["train"], "one_class"),
        ("", ["train"], "no images"),
        ("", ["check"], "model import"),
        ("12", ["evaluate"], "--split test"),
    ],
)
def test_bad_data_ends_with_exit_code_8_and_a_remedy(tmp_path, labels, words, message):
    draw_folders(tmp_path / "data", labels)
    done = formdigits("model", *words, "--data", tmp_path / "data", state=tmp_path / "state")
    assert done.returncode == 8
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_class_that_the_model_does_not_know_is_named(tmp_path):
    draw_folders(tmp_path / "data", "1A", split="test")
    done = formdigits("model", "evaluate", "--data", tmp_path / "data", state=tmp_path / "state")
    assert done.returncode == 8
    assert "class 'A'" in done.stderr


def test_importing_the_commands_loads_no_tensorflow():
    probe = "import sys, model.cli; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


def test_a_version_is_never_overwritten(place, trained):
    done = formdigits(*train_command(place), state=place / "state")
    assert done.returncode == 5
    assert "already" in done.stderr


def test_nothing_is_left_of_a_version_in_the_making(place, trained):
    made = {path.name for path in (place / "state" / "models").iterdir()}
    assert made <= {"smoke", "carried"}
    assert Path(place / "run" / "epoch-004.keras").exists()


def test_the_bias_of_not_is_lowered_until_few_signs_are_rejected():
    import keras

    from model.digit_task import Examples, predict_logits
    from model.learning import reject_fewer
    from model.network import LOGITS, make_network

    keras.utils.set_random_seed(1)
    network, rng = make_network(11, dropout=0.0), np.random.default_rng(1)
    weights, bias = network.get_layer(LOGITS).get_weights()
    bias[10] = 5.0
    network.get_layer(LOGITS).set_weights([weights, bias])
    digits = rng.integers(0, 256, (200, 28, 28)).astype(np.uint8)
    held = Examples(digits, np.arange(200) % 10)
    before = predict_logits(network, digits)
    lowered = reject_fewer(network, held, 10, share=0.1)
    after = predict_logits(network, digits)
    assert lowered > 0
    assert np.allclose((before - after)[:, 10], lowered, atol=1e-3)
    assert (before[:, :10] == after[:, :10]).all()
    assert (before.argmax(axis=1) == 10).all()
    assert 0 < (after.argmax(axis=1) == 10).sum() <= 20 + 1  # one at the limit may be rounded over
    assert reject_fewer(network, held, 10, share=0.1) == pytest.approx(0.0, abs=1e-3)
