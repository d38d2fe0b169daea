"""A county's pack over its base: what stays, what is replaced, and that places are kept."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.policy import Book, Label, load
from jingwei.policy.laying import laid_over
from jingwei.policy.located import Node, read

from .conftest import PACKS, Shelf


def laid(base: str, county: str) -> Any:
    return laid_over(read(base, "base.toml"), read(county, "county.toml")).plain()


def test_tables_are_merged_as_deep_as_they_go() -> None:
    assert laid("[a.b]\nx = 1\ny = 2", "[a.b]\ny = 3\n[a.c]\nz = 4") == {"a": {"b": {"x": 1, "y": 3}, "c": {"z": 4}}}


def test_entries_with_a_key_are_laid_over_the_bases() -> None:
    base = 'a = [{key = "one", n = 1, m = 1}, {key = "two", n = 2}]'
    county = 'a = [{key = "three", n = 3}, {key = "one", n = 9}]'

    assert laid(base, county) == {
        "a": [{"key": "one", "n": 9, "m": 1}, {"key": "two", "n": 2}, {"key": "three", "n": 3}]
    }


def test_other_values_are_replaced() -> None:
    assert laid("a = [1, 2]\nb = 1", "a = [3]") == {"a": [3], "b": 1}


def test_the_heading_of_a_pack_is_not_inherited() -> None:
    assert laid("[pack]\nfoundation = true", '[pack]\nname = "x"') == {"pack": {"name": "x"}}


def test_what_is_laid_over_keeps_the_place_it_came_from() -> None:
    tree = laid_over(read("[a]\nx = 1\ny = 2", "base.toml"), read("\n\n[a]\ny = 3", "county.toml"))

    assert [(n.file, n.line) for n in (tree.at(("a", "x")), tree.at(("a", "y")))] == [
        ("base.toml", 2),
        ("county.toml", 4),
    ]


@pytest.mark.parametrize("file", sorted(PACKS.glob("*/*.toml")), ids=lambda f: f"{f.parent.name}/{f.name}")
def test_the_placed_reader_reads_what_the_plain_reader_reads(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    plain = tomllib.loads(text)
    plain.get("pack", {}).pop("issued", None)
    placed = read(text, "x")
    placed.value.get("pack", Node({}, "x", 1)).value.pop("issued", None)

    assert placed.plain() == plain


VALUES = st.recursive(
    st.integers(-5, 5) | st.booleans() | st.sampled_from(['"x"', '"""a\nb"""', "'#'", '"] [a]"']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("pqr"), inner, max_size=3),
    max_leaves=6,
)


def written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[\n" + ",\n".join(written(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {written(v)}" for k, v in value.items()) + "}"
    return str(value)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # how fast values are drawn proves nothing
@given(
    st.dictionaries(st.sampled_from("abcdef"), VALUES),
    st.sampled_from(["[t]", "[t.u]", "[[t]]", "[[t.u]]", ""]),
)
def test_whatever_can_be_written_is_read_alike(values: dict[str, Any], heading: str) -> None:
    body = "\n\n".join(f"{key} = {written(value)} # why" for key, value in values.items())
    text = f"first.one = 1\nfirst.two = 2\n{heading}\n{body}\n{'[[t.v]]' if heading == '[[t]]' else ''}"

    assert read(text, "x").plain() == tomllib.loads(text)


def test_a_label_follows_the_language_that_is_on() -> None:
    from django.utils.translation import override

    label = Label(name="微水镇", english="Weishui")
    with override("zh-hans"):
        chinese = str(label)
    with override("en"):
        english = str(label)

    assert (chinese, english, str(Label(name="微水镇"))) == ("微水镇", "Weishui", "微水镇")


def test_the_same_words_in_other_files_are_the_same_edition(shelf: Shelf, weishui: Book) -> None:
    folder = shelf.folder / "weishui"
    whole = "\n".join(f.read_text(encoding="utf-8") for f in sorted(folder.glob("*.toml"), reverse=True))
    for file in folder.glob("*.toml"):
        file.unlink()
    shelf.add("weishui/all.toml", whole)

    assert load(folder).edition == weishui.edition


def test_one_other_number_is_another_edition(shelf: Shelf, weishui: Book) -> None:
    shelf.spoil("weishui/casework.toml", "bounce_limit = 2", "bounce_limit = 3")

    assert load(shelf.folder / "weishui").edition != weishui.edition
