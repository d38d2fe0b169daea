"""Whatever is wrong with a pack is said with its file, its line and what to write; never a traceback."""

import pytest
from django.utils.translation import override

from jingwei.policy import PackFaults, load

from .conftest import PACKS, Shelf


@pytest.mark.parametrize(
    ("file", "old", "new", "what", "write"),
    [
        (
            "weishui/casework.toml",
            "bounce_limit",
            "bounse_limit",
            "«bounse_limit» is not a word",
            "bounce_limit",
        ),
        (
            "weishui/places.toml",
            "grids = 50",
            "grids = 5000000",
            "a whole number from 1 to 100000",
            "grids = 50",
        ),
        ("weishui/places.toml", "grids = 50", 'grids = "fifty"', "«grids» is «fifty»", "grids = 50"),
        ("weishui/places.toml", "communities = 6", "communities = 7", "6 are named", "communities = 6"),
        ("weishui/pack.toml", '"990121"', '"99012"', "six digits, as in GB/T 2260", 'code = "990121"'),
        ("weishui/pack.toml", "[county]", "[conty]", "no room knows the table [conty]", "county"),
        (
            "weishui/organisations.toml",
            '"department"\n',
            '"departement"\n',
            "no kind of organisation has the key «departement»",
            "one of: leadership",
        ),
        (
            "weishui/organisations.toml",
            'parent = "town_comm',
            'parent = "twn_comm',
            "«twn_committee»",
            "one of: ",
        ),
        (
            "base/incidents.toml",
            'handler = "police"',
            'handler = "polise"',
            "«polise» is nowhere",
            "one of: ",
        ),
        (
            "base/casework.toml",
            '"15 working days"',
            '"fifteen days"',
            "a span of time from 1 minute",
            "7 working days",
        ),
        ("base/worktime.toml", "14:00-18:00", "08:00-18:00", "should be stretches in order", "hours = ["),
        ("base/notices.toml", "half_time =", "halftime =", "«halftime» is not a word", "half_time"),
        ("base/casework.toml", "value = 5", "value = 4", "each of the values 1 to 5 once", "value = 5"),
        (
            "weishui/demo.toml",
            "town_centre.clerk",
            "town_centre.cleric",
            "no post «town_centre.cleric»",
            "one of",
        ),
        ("weishui/pack.toml", 'name = "示例县"', "name = “示例县”", "full-width signs", "half-width"),
        ("weishui/pack.toml", 'name = "示例县"', 'name "示例县"', "equals sign", "word ="),
    ],
)
def test_a_slip_is_shown_where_it_is(shelf: Shelf, file: str, old: str, new: str, what: str, write: str) -> None:
    line = shelf.spoil(file, old, new)

    found = [f for f in shelf.faults() if what in f.what]

    assert [f.file for f in found] == [f"packs/{file}"], shelf.faults()
    if "values 1 to 5" not in what:
        assert found[0].line == line
    assert write in found[0].write or what.startswith("full-width")


def test_a_fault_reads_as_one_line(shelf: Shelf) -> None:
    shelf.spoil("weishui/casework.toml", "bounce_limit = 2", 'bounce_limit = "two"')

    with pytest.raises(PackFaults) as refused:
        load(shelf.folder / "weishui")

    assert str(refused.value) == (
        "packs/weishui/casework.toml:4: «bounce_limit» is «two»; it should be a whole number from 0 to 20. "
        "Write: bounce_limit = 2"
    )


def test_a_missing_line_is_shown_at_its_table(shelf: Shelf) -> None:
    shelf.spoil("weishui/pack.toml", 'number_prefix = "WS"\n', "")

    assert [str(f) for f in shelf.faults()] == [
        'packs/weishui/pack.toml:11: [county] does not say «number_prefix». Write: number_prefix = "WS"'
    ]


def test_a_table_in_two_files_is_a_fault_of_the_second(shelf: Shelf) -> None:
    shelf.add("weishui/second.toml", '# twice\n[county]\nname = "x"\n')

    assert [(f.file, f.line) for f in shelf.faults()] == [("packs/weishui/second.toml", 2)]


def test_a_missing_base_names_the_packs_there_are(shelf: Shelf) -> None:
    line = shelf.spoil("weishui/pack.toml", 'extends = "base"', 'extends = "bass"')

    (fault,) = shelf.faults()

    assert (fault.file, fault.line) == ("packs/weishui/pack.toml", line)
    assert fault.what == "there is no pack «bass» to build on."
    assert "base" in fault.write


def test_a_pack_that_builds_on_itself_is_a_fault(shelf: Shelf) -> None:
    shelf.spoil("base/pack.toml", 'name = "基础包"', 'extends = "weishui"\nname = "基础包"')

    assert [f.file for f in shelf.faults()] == ["packs/base/pack.toml"]


def test_an_empty_folder_is_a_fault(shelf: Shelf) -> None:
    (shelf.folder / "empty").mkdir()

    assert [f.file for f in shelf.faults("empty")] == ["packs/empty/pack.toml"]


def test_a_folder_that_is_not_there_is_a_fault(shelf: Shelf) -> None:
    assert [f.file for f in shelf.faults("nowhere")] == ["packs/nowhere/pack.toml"]


def test_a_foundation_is_adopted_by_nobody(shelf: Shelf) -> None:
    with pytest.raises(PackFaults) as refused:
        load(shelf.folder / "base")

    assert [f.file for f in refused.value.faults] == ["packs/base/pack.toml"]


def test_a_file_in_another_encoding_is_a_fault(shelf: Shelf) -> None:
    (shelf.folder / "weishui" / "notices.toml").write_bytes("[notices]\n# 微水的通知\n".encode("gb18030"))

    assert [(f.file, f.line) for f in shelf.faults()] == [("packs/weishui/notices.toml", 2)]


def test_a_mark_at_the_beginning_and_windows_line_ends_do_no_harm(shelf: Shelf) -> None:
    file = shelf.folder / "weishui" / "casework.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))

    assert load(shelf.folder / "weishui") == load(PACKS / "weishui")


def test_faults_are_told_in_chinese_where_chinese_is_on(shelf: Shelf) -> None:
    shelf.spoil("weishui/pack.toml", 'number_prefix = "WS"\n', "")

    with override("zh-hans"):
        (fault,) = shelf.faults()

    assert fault.line == 11
    assert "number_prefix" in fault.what
