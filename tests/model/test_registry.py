"""Promotion and rollback: one better version at a time, atomically, with a way back."""

import json
from pathlib import Path

import pytest

from model import registry
from ocr.digits.versions import champion, shipped_folder
from ocr.errors import ModelError
from tests.model.drawn_signs import write_version


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMDIGITS_STATE", str(tmp_path))
    return registry.models_folder()


@pytest.fixture
def shipped():
    return (shipped_folder() / "champion").read_text().strip()


def test_without_promotion_the_shipped_version_serves(models, shipped):
    assert registry.champion_name() == shipped
    (only,) = [item for item in registry.list_versions() if item.champion]
    assert only.shipped


def test_better_versions_are_promoted_and_rolled_back_in_order(models, shipped):
    write_version(models, "a", 0.995, shipped, 0.99)
    write_version(models, "b", 0.996, "a", 0.995)
    registry.promote("a")
    registry.promote("b")
    assert champion().version == "b"
    assert registry.rollback() == "a"
    assert champion().version == "a"
    assert registry.rollback() == shipped
    assert champion().version == shipped
    with pytest.raises(ModelError, match="no champion before"):
        registry.rollback()


@pytest.mark.parametrize(("accuracy", "message"), [(0.99, "not above"), (0.98, "not above")])
def test_a_version_that_is_not_better_is_refused(models, shipped, accuracy, message):
    write_version(models, "a", accuracy, shipped, 0.99)
    with pytest.raises(ModelError, match=message):
        registry.promote("a")
    assert registry.champion_name() == shipped


def test_a_version_never_compared_with_the_champion_is_refused(models):
    write_version(models, "a", 0.999, "someone-else", 0.99)
    with pytest.raises(ModelError, match="never compared"):
        registry.promote("a")


def test_force_promotes_and_the_card_says_so(models, shipped):
    folder = write_version(models, "a", 0.98, shipped, 0.99)
    registry.promote("a", force=True)
    assert champion().version == "a"
    (forced,) = json.loads((folder / "card.json").read_text())["forced"]
    assert "not above" in forced["although"]


@pytest.mark.parametrize("missing", ["digits.tflite", "card.json", "temperature"])
def test_an_incomplete_version_is_refused_even_by_force(models, shipped, missing):
    folder = write_version(models, "a", 0.999, shipped, 0.99)
    if missing == "temperature":
        card = json.loads((folder / "card.json").read_text())
        del card["temperature"]
        (folder / "card.json").write_text(json.dumps(card))
    else:
        (folder / missing).unlink()
    with pytest.raises(ModelError, match=missing):
        registry.promote("a", force=True)
    assert registry.champion_name() == shipped


@pytest.mark.parametrize("version", ["nowhere", "../a", "", ".partial-a"])
def test_no_such_version(models, version):
    with pytest.raises(ModelError, match="no model version"):
        registry.promote(version)


def test_a_promotion_killed_before_its_last_step_changes_nothing(models, shipped, monkeypatch):
    write_version(models, "a", 0.995, shipped, 0.99)
    write_version(models, "b", 0.996, "a", 0.995)
    registry.promote("a")
    replace = Path.replace

    def killed(self, target):
        if Path(target).name == "champion":
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            registry.promote("b")
    assert champion().version == "a"
    assert registry.rollback() == shipped  # the half-written history is seen through


def test_a_version_in_the_making_is_not_listed(models, shipped):
    write_version(models, ".partial-a", 0.99, shipped, 0.98)
    assert all(item.shipped for item in registry.list_versions())
