"""By-laws of the folder a county owns: never somebody else's, and never emptied while in use."""

from pathlib import Path

import pytest

from jingwei.cli import house, ports
from jingwei.cli.refusal import Refusal
from jingwei.postgres import held


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JINGWEI_STATE", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, "")


def test_an_empty_or_missing_folder_becomes_the_county_s(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "a" / "b"):
        assert house.own(folder) == folder
        assert (folder / house.MARKER).exists()
        assert house.own(folder) == folder


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(Refusal, match="holds something else"):
        house.own(tmp_path)


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "county").touch()
    with pytest.raises(Refusal, match="Choose another with --data"):
        house.own(tmp_path / "county" / "weishui")


def test_only_a_county_s_folder_is_emptied(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(Refusal, match="was not made by Jingwei"):
        house.empty(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_emptying_leaves_the_folder_and_what_its_links_point_to(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    county = house.own(tmp_path / "county")
    (county / "files").mkdir()
    (county / "link").symlink_to(elsewhere)
    house.empty(county)
    assert list(county.iterdir()) == []
    assert (elsewhere / "kept").exists()


def test_a_folder_in_use_is_not_emptied(tmp_path: Path) -> None:
    county = house.own(tmp_path)
    with held(county), pytest.raises(Refusal, match="is in use"):
        house.empty(county)
    house.empty(county)


def test_the_only_demonstration_is_the_usual_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "ROOT", tmp_path)
    assert house.usual_folder() == tmp_path / "var/county"
    house.own(tmp_path / "var/demo-weishui")
    monkeypatch.setenv("JINGWEI_STATE", "")
    assert house.usual_folder() == tmp_path / "var/demo-weishui"
    house.own(tmp_path / "var/county")
    monkeypatch.setenv("JINGWEI_STATE", "")
    assert house.usual_folder() == tmp_path / "var/county"
    monkeypatch.setenv("JINGWEI_STATE", "/srv/jingwei")
    assert house.usual_folder() == Path("/srv/jingwei")


def test_a_taken_port_is_said_and_the_next_free_one_found() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert ports.next_free("127.0.0.1", port) > port
        with pytest.raises(Refusal, match=f"Port {port} is taken"):
            ports.refuse_taken("127.0.0.1", port)
