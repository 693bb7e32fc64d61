"""Settings: environment over file over defaults; mistakes are named."""

import pytest

from ocr import ServiceError
from workers.settings import load_settings


def test_the_defaults_need_nothing(state):
    settings = load_settings()
    assert settings.ledger == f"sqlite:///{state / 'ledger.sqlite'}"
    assert settings.broker_url == ""


def test_the_environment_goes_before_the_file(state, monkeypatch):
    state.mkdir()
    (state / "formdigits.toml").write_text('broker_url = "redis://file"\npage_seconds = 7\n')
    monkeypatch.setenv("FORMDIGITS_BROKER_URL", "redis://environment")
    settings = load_settings()
    assert (settings.broker_url, settings.page_seconds) == ("redis://environment", 7)


def test_another_file_can_be_named(tmp_path, monkeypatch):
    (tmp_path / "own.toml").write_text('ledger_url = "sqlite:///x.sqlite"\n')
    monkeypatch.setenv("FORMDIGITS_CONFIG", str(tmp_path / "own.toml"))
    assert load_settings().ledger == "sqlite:///x.sqlite"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("page_seconds = 0", "setting page_seconds: .*greater than 0"),
        ('brokerurl = "x"', "setting brokerurl: "),
        ("page_seconds = = 1", r"formdigits\.toml: .*correct the file"),
    ],
)
def test_a_mistake_is_named_with_its_place(state, text, message):
    state.mkdir()
    (state / "formdigits.toml").write_text(text)
    with pytest.raises(ServiceError, match=message):
        load_settings()


def test_a_state_folder_that_cannot_be_made_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FORMDIGITS_STATE", str(tmp_path / "file" / "state"))
    with pytest.raises(ServiceError, match="FORMDIGITS_STATE"):
        load_settings()
