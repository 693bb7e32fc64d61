"""Policies: stored in one step, applied where they were measured, dropped."""

import pytest

import ocr
from ocr.errors import PolicyError
from ocr.policy import (
    FieldPolicy,
    drop_policy,
    form_sha256,
    load_policy,
    policy_lines,
    policy_names,
    store_policy,
    thresholds,
)

FORM = ocr.load_form("check")


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMDIGITS_STATE", str(tmp_path / "state"))


def entry(threshold=0.9, model="m1", form=FORM):
    return FieldPolicy(
        threshold=threshold,
        target_error=0.01,
        confidence=0.95,
        n=400,
        right=390,
        accepted=300,
        errors=0,
        bound=0.00994,
        model=model,
        form_sha256=form_sha256(form),
        labels_sha256="0" * 64,
        date="2026-01-25",
    )


def test_what_is_stored_applies_to_its_field_alone():
    assert thresholds(FORM, "m1") == {}
    store_policy("check", {"amount": entry()})
    assert thresholds(FORM, "m1") == {"amount": 0.9}
    assert load_policy("check").fields == {"amount": entry()}


def test_another_field_keeps_its_entry_and_a_new_policy_serves_at_once():
    store_policy("check", {"amount": entry(), "date": entry(0.8)})
    assert thresholds(FORM, "m1") == {"amount": 0.9, "date": 0.8}
    store_policy("check", {"amount": entry(0.7)})
    assert thresholds(FORM, "m1") == {"amount": 0.7, "date": 0.8}
    drop_policy("check")
    assert thresholds(FORM, "m1") == {}


def test_for_another_model_the_default_applies_and_the_reason_is_told(caplog):
    store_policy("check", {"amount": entry(model="m1")})
    assert thresholds(FORM, "m2") == {}
    assert "check.amount: measured with the model m1, not m2; the default applies" in caplog.text
    assert policy_lines("m1") == ["check.amount from 0.9"]
    assert policy_lines("m2") == ["check.amount from 0.9 not used: measured with the model m1"]


def test_for_a_changed_form_of_that_name_the_default_applies(caplog):
    store_policy("check", {"amount": entry()})
    changed = FORM.model_copy(update={"fields": FORM.fields[:1]})
    assert thresholds(changed, "m1") == {}
    assert "the form has changed" in caplog.text


def test_the_form_of_a_job_is_the_form_that_was_measured(tmp_path):
    file = tmp_path / "card.toml"
    file.write_text(
        'name = "card"\npage_mm = [100, 50]\n[[field]]\nname = "born"\ntype = "date"\n'
        'order = "DMY"\ncells = 8\nbox_mm = [4, 2.1, 45, 9]\n'
    )
    form = ocr.load_form(file)
    store_policy("card", {"born": entry(form=form)})
    in_the_ledger = ocr.Form.model_validate_json(form.model_dump_json())
    assert thresholds(in_the_ledger, "m1") == {"born": 0.9}


def test_storing_leaves_one_file():
    path = store_policy("check", {"amount": entry()})
    assert list(path.parent.iterdir()) == [path]
    assert policy_names() == ["check"]


@pytest.mark.parametrize(
    "content", ["", "{", '{"form": "check", "fields": {"amount": {"threshold": 0}}}', "[]"]
)
def test_a_policy_that_cannot_be_used_stops_the_reading_and_can_be_dropped(content):
    path = store_policy("check", {"amount": entry()})
    path.write_text(content)
    with pytest.raises(PolicyError, match='run "formdigits policy drop check"'):
        thresholds(FORM, "m1")
    drop_policy("check")
    assert thresholds(FORM, "m1") == {}


def test_a_threshold_above_certainty_is_refused():
    path = store_policy("check", {"amount": entry()})
    path.write_text(path.read_text().replace("0.9,", "97,"))
    with pytest.raises(PolicyError):
        load_policy("check")


@pytest.mark.parametrize("name", ["", "../check", ".hidden", "gone"])
def test_dropping_what_is_not_there_is_told(name):
    with pytest.raises(PolicyError, match='"formdigits policy show" names'):
        drop_policy(name)
