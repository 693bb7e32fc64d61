"""Promotion and rollback: no version that is worse, atomically, with a way back."""

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


def test_versions_that_are_not_worse_are_promoted_and_rolled_back_in_order(models, shipped):
    write_version(models, "a", shipped)
    write_version(models, "b", "a")
    registry.promote("a")
    registry.promote("b")
    assert champion().version == "b"
    assert registry.rollback() == "a"
    assert champion().version == "a"
    assert registry.rollback() == shipped
    assert champion().version == shipped
    with pytest.raises(ModelError, match="no champion before"):
        registry.rollback()


def test_a_version_that_is_worse_is_refused_and_every_loss_named(models, shipped):
    write_version(models, "a", shipped, "it is worse on class '7'", "it is worse on field strings")
    with pytest.raises(ModelError, match="class '7'; it is worse on field strings; --force"):
        registry.promote("a")
    assert registry.champion_name() == shipped


def test_a_version_never_compared_with_the_present_champion_is_refused_with_the_remedy(models):
    write_version(models, "a", "someone-else")
    with pytest.raises(ModelError, match='"formdigits model promote a --data DATA" does that'):
        registry.promote("a")


def test_a_card_from_before_paired_comparisons_says_nothing(models, shipped):
    folder = write_version(models, "a", shipped)
    card = json.loads((folder / "card.json").read_text())
    del card["comparison"]
    card["rival"] = {"version": shipped, "accuracy": {"value": 0.5}}
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(ModelError, match="never compared"):
        registry.promote("a")


def test_a_new_comparison_counts_and_is_kept_whatever_comes_out(models, shipped):
    folder = write_version(models, "a", "someone-else")
    worse = {"champion": shipped, "doubts": ["it is worse on class '7'"]}
    with pytest.raises(ModelError, match="class '7'"):
        registry.promote("a", worse)
    assert json.loads((folder / "card.json").read_text())["comparison"] == worse
    registry.promote("a", {"champion": shipped, "doubts": []})
    assert champion().version == "a"


def test_the_champion_is_no_challenger(models, shipped):
    with pytest.raises(ModelError, match="champion already"):
        registry.find_challenger(shipped)


def test_force_promotes_and_the_card_says_so(models, shipped):
    folder = write_version(models, "a", shipped, "it is worse on class '7'")
    registry.promote("a", force=True)
    assert champion().version == "a"
    (forced,) = json.loads((folder / "card.json").read_text())["forced"]
    assert "class '7'" in forced["although"]


def test_no_card_of_a_shipped_version_is_written(models, shipped):
    write_version(models, "a", shipped)
    registry.promote("a")
    before = (shipped_folder() / shipped / "card.json").read_bytes()
    registry.promote(shipped, {"champion": "a", "doubts": ["it is worse"]}, force=True)
    assert champion().version == shipped
    assert (shipped_folder() / shipped / "card.json").read_bytes() == before


@pytest.mark.parametrize("missing", ["digits.tflite", "card.json", "temperature"])
def test_an_incomplete_version_is_refused_even_by_force(models, shipped, missing):
    folder = write_version(models, "a", shipped)
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
    write_version(models, "a", shipped)
    write_version(models, "b", "a")
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
    write_version(models, ".partial-a", shipped)
    assert all(item.shipped for item in registry.list_versions())
