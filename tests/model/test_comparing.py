"""Comparing versions by their networks: an equal one passes, a damaged one does not."""

import json
import shutil

import cv2
import numpy as np
import pytest
from sklearn.datasets import load_digits

from model import registry
from model.comparing import compare
from model.dataset import load
from ocr.digits.versions import ModelVersion, shipped_folder
from tests.model.commands import formdigits

SHIPPED = (shipped_folder() / "champion").read_text().strip()


def swapped(labels, one, other):
    """Labels by which a network that reads `one` says `other`, and the other way round."""
    exchange = {one: other, other: one}
    return [exchange.get(label, label) for label in labels]


def copy_version(models, version, change=lambda labels: labels, *, lines=True):
    """The shipped version under another name, its labels changed, with or without reader B."""
    folder = models / version
    shutil.copytree(shipped_folder() / SHIPPED, folder)
    if not lines:  # it would read most strings right whatever the digit network confuses
        (folder / "lines.tflite").unlink()
    card = json.loads((folder / "card.json").read_text())
    card |= {"version": version, "labels": change(card["labels"])}
    (folder / "card.json").write_text(json.dumps(card))
    return ModelVersion(folder, version)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """600 digits of scikit-learn (8x8) as a test set, and three challengers."""
    place = tmp_path_factory.mktemp("comparing")
    pixels, labels = load_digits(return_X_y=True)
    for k in range(600):
        folder = place / "data" / "test" / str(labels[k])
        folder.mkdir(parents=True, exist_ok=True)
        sign = np.minimum(pixels[k].reshape(8, 8) * 16, 255).astype(np.uint8)
        large = cv2.resize(sign, (32, 32), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(folder / f"{k}.png"), cv2.copyMakeBorder(large, 4, 4, 4, 4, 0))
    models = place / "state" / "models"
    models.mkdir(parents=True)
    copy_version(models, "equal")
    copy_version(models, "damaged", lambda labels: swapped(labels, "3", "8"), lines=False)
    copy_version(models, "forgetful", lambda labels: [*labels[:9], "x", "not"])
    return place


@pytest.fixture(scope="module")
def data(place):
    return load(place / "data", "test")


def find(place, version):
    return ModelVersion(place / "state" / "models" / version, version)


CHAMPION = ModelVersion(shipped_folder() / SHIPPED, SHIPPED)


def test_an_equal_challenger_raises_no_doubt(place, data):
    found = compare(find(place, "equal"), CHAMPION, data, strings=30)
    assert found.doubts == ()
    assert found.accuracy == found.champion_accuracy
    assert found.accuracy.value > 0.9  # or the test set shows nothing
    assert {part.of for part in found.paired} == {
        "all signs", "field strings", *(f"class '{k}'" for k in range(10))
    }  # fmt: skip
    assert all(part.count.lost == part.count.won == 0 for part in found.paired)


def test_a_challenger_that_confuses_two_classes_is_worse_on_them_and_on_strings(place, data):
    found = compare(find(place, "damaged"), CHAMPION, data, strings=60)
    worse = {part.of for part in found.paired if part.worse}
    assert worse == {"all signs", "class '3'", "class '8'", "field strings"}
    assert len(found.doubts) == 4
    better = compare(CHAMPION, find(place, "damaged"), data, strings=60)
    assert better.doubts == ()


def test_a_comparison_on_few_images_or_without_a_class_raises_doubts(place, data):
    no_nines = [k for k, label in enumerate(data.labels) if label != "9"]
    found = compare(find(place, "equal"), CHAMPION, data.subset(no_nines[::6]), strings=5)
    unseen, few = found.doubts
    assert "class '9'" in unseen
    assert f"{len(no_nines[::6])} test images" in few


def test_a_challenger_that_forgot_a_class_is_doubted(place, data):
    known = data.subset(k for k, label in enumerate(data.labels) if label != "9")
    found = compare(find(place, "forgetful"), CHAMPION, known, strings=5)
    assert any("does not know class '9'" in doubt for doubt in found.doubts)


def test_the_command_refuses_a_damaged_challenger_and_an_equal_one_is_promoted(
    place, data, monkeypatch
):
    words = "model", "promote", "damaged", "--data", place / "data"
    refused = formdigits(*words, state=place / "state")
    assert refused.returncode == 5
    assert "class '3'" in refused.stderr
    assert "--force" in refused.stderr
    assert "Traceback" not in refused.stderr
    monkeypatch.setenv("FORMDIGITS_STATE", str(place / "state"))
    found = compare(find(place, "equal"), CHAMPION, data, strings=10)
    registry.promote("equal", found.as_table())
    assert registry.champion_name() == "equal"
    card = json.loads((place / "state" / "models" / "equal" / "card.json").read_text())
    assert card["comparison"]["champion"] == SHIPPED
    assert card["comparison"]["doubts"] == []
