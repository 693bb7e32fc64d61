"""The state folder: named by the environment, made on demand, its owner's alone."""

from ocr.settings import state_folder


def test_the_folder_is_made_where_the_environment_says_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMDIGITS_STATE", str(tmp_path / "deep" / "state"))
    folder = state_folder()
    assert folder == tmp_path / "deep" / "state"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert state_folder() == folder


def test_without_a_setting_the_platforms_folder_serves(tmp_path, monkeypatch):
    monkeypatch.delenv("FORMDIGITS_STATE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_folder().is_relative_to(tmp_path)
    assert state_folder().name == "formdigits"
