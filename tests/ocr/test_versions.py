"""Versions of the digit model: which one is used, and what is said when none can be."""

import json
from pathlib import Path

import numpy as np
import pytest

from ocr.digits.classify import NOT_A_DIGIT, load_classifier
from ocr.digits.versions import (
    ModelVersion,
    champion,
    find_version,
    read_card,
    shipped_folder,
)
from ocr.errors import ModelError

SHIPPED = (shipped_folder() / "champion").read_text("utf-8").strip()


@pytest.fixture
def models(tmp_path, monkeypatch):
    """The folder of versions trained on this machine, not there yet."""
    monkeypatch.setenv("FORMDIGITS_STATE", str(tmp_path))
    return tmp_path / "models"


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A folder of shipped versions instead of the real one."""
    folder = tmp_path / "shipped"
    monkeypatch.setattr("ocr.digits.versions.shipped_folder", lambda: folder)
    return folder


def add_version(folder: Path, name: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "digits.tflite").write_bytes(b"network")
    card = {"version": name, "labels": ["0", "1", "not"], "temperature": 1.5}
    (folder / name / "card.json").write_text(json.dumps(card))
    return folder / name


def test_the_shipped_champion_serves_where_nothing_was_trained(models):
    assert champion() == ModelVersion(shipped_folder() / SHIPPED, SHIPPED)


def test_a_promoted_version_comes_before_the_shipped_one(models):
    path = add_version(models, "mine-2")
    (models / "champion").write_text("mine-2\n")
    assert champion() == ModelVersion(path, "mine-2")


def test_a_trained_version_that_was_not_promoted_does_not_serve(models):
    add_version(models, "mine-1")
    assert champion().version == SHIPPED
    assert find_version("mine-1").path == models / "mine-1"


def test_a_shipped_version_is_found_by_name(models):
    assert find_version(SHIPPED) == champion()


@pytest.mark.parametrize("name", ["gone", "", "../models/mine", "/", "a/b"])
def test_a_pointer_to_nothing_is_told_with_its_remedy(models, name):
    add_version(models, "mine")
    (models / "champion").write_text(name)
    with pytest.raises(ModelError, match="formdigits model promote"):
        champion()


def test_a_version_without_its_network_is_refused(models):
    (add_version(models, "mine") / "digits.tflite").unlink()
    with pytest.raises(ModelError, match=r"mine.*digits\.tflite"):
        find_version("mine")


def test_no_model_at_all_tells_how_to_train_one(models, shipped):
    with pytest.raises(ModelError, match="formdigits model train"):
        champion()


def test_an_unknown_version_tells_where_the_known_are_listed(models):
    with pytest.raises(ModelError, match=r'no digit model "nope".*formdigits model list'):
        find_version("nope")


def test_a_card_says_what_reading_needs(models):
    card = read_card(add_version(models, "mine"))
    assert (card.version, card.labels, card.temperature) == ("mine", ("0", "1", "not"), 1.5)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": "x"}', '{"version":"x","labels":[],"temperature":"hot"}']
)
def test_a_broken_card_names_its_file_and_the_remedy(models, text):
    path = add_version(models, "mine")
    (path / "card.json").write_text(text)
    with pytest.raises(ModelError, match=r"card\.json.*promote another version or train again"):
        read_card(path)


def test_a_file_that_is_no_network_is_refused(models):
    add_version(models, "mine")
    with pytest.raises(ModelError, match="is no LiteRT network"):
        load_classifier(find_version("mine"))


def test_the_shipped_network_gives_probabilities_for_any_number_of_digits():
    classify = load_classifier(find_version(SHIPPED))
    assert classify.labels[:10] == tuple("0123456789")
    assert NOT_A_DIGIT in classify.labels
    digits = np.random.default_rng(0).integers(0, 256, (130, 28, 28), dtype=np.uint8)
    probabilities = classify(digits)
    assert probabilities.shape == (130, len(classify.labels))
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(130), abs=1e-5)
    # Two full batches and a rest: where a digit stands among the others changes nothing.
    assert classify(digits[100:101])[0] == pytest.approx(probabilities[100], abs=1e-4)
    assert classify(digits[:0]).shape == (0, len(classify.labels))
