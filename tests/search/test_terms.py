"""By-laws of cutting texts into terms and asking for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.search.acts import forget, put_entry, put_many
from jingwei.search.models import Entry
from jingwei.search.queries import matching
from jingwei.search.terms import MOST_TERMS, terms, tsquery_of, tsvector_of

HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="'\\&|!<->():*%\x00\u202e\u200b水管漏a1 ", max_size=60),
)


def test_chinese_is_cut_into_overlapping_pairs_and_one_character_stays_alone() -> None:
    assert terms("天桥区 水") == ["天桥", "桥区", "水"]


def test_other_scripts_are_cut_into_words_in_lower_case() -> None:
    assert terms("12345热线 APP报修，ＡＢＣ１") == ["12345", "热线", "app", "报修", "abc1"]


def test_marks_that_hide_or_turn_text_round_do_not_part_it() -> None:
    assert terms("漏\u200b水\u202e管") == ["漏水", "水管"]


def test_a_phrase_does_not_reach_over_a_comma() -> None:
    assert tsvector_of("水，管") == "'水':1 '管':3"


def test_every_last_character_can_be_asked_for_alone() -> None:
    assert tsvector_of("用水") == "'用水':1 '水':2"


def test_a_question_asks_for_chinese_side_by_side_and_for_all_of_its_words() -> None:
    assert tsquery_of("天桥区 wx2020") == "('天桥' <-> '桥区') & 'wx2020':*"
    assert tsquery_of(" ，& | ! ' ") == ""


def test_of_a_very_long_text_only_the_beginning_is_kept() -> None:
    last = max(int(place) for place in tsvector_of("水管" * MOST_TERMS).split(":")[-1].split(","))
    assert last <= MOST_TERMS


@given(HOSTILE)
def test_no_mark_of_the_query_language_ever_becomes_a_term(text: str) -> None:
    assert not set("".join(terms(text))) & set("'\\&|!<>():*")


@pytest.mark.django_db
def test_words_are_found_wherever_they_stand_and_only_side_by_side() -> None:
    put_many("case", [(1, "天桥区水管漏水，求助"), (2, "天上有一座桥，区里不知道"), (3, "停水三天")])
    assert set(matching("case", "天桥区")) == {1}
    assert set(matching("case", "漏水 天桥")) == {1}
    assert set(matching("case", "水")) == {1, 3}
    assert set(matching("case", "天")) == {1, 2, 3}
    assert set(matching("case", "，")) == set()
    assert set(matching("person", "水")) == set()


@pytest.mark.django_db
def test_words_put_again_take_the_place_of_those_before_and_can_be_forgotten() -> None:
    put_entry("case", 1, "路灯不亮")
    put_entry("case", 1, "路面破损")
    assert (list(matching("case", "路灯")), list(matching("case", "破损"))) == ([], [1])
    forget("case", 1)
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_a_telephone_number_is_not_in_the_index_and_still_finds_what_it_stands_in() -> None:
    put_entry("case", 1, "请联系13812346021王某")
    assert "13812346021" not in str(Entry.objects.values_list("terms", flat=True).get())
    assert list(matching("case", "13812346021")) == [1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    ["' | '", "a:* | b", "\\", "'", "水' & '", "<->", "!水", "(水", "水\x00管", "𠮷野家", "%s", "水:A"],
)
def test_no_question_breaks_out_of_its_quotes(words: str) -> None:
    put_entry("case", 1, words)
    put_entry("case", 2, "路灯")
    assert set(matching("case", words)) <= {1}


@pytest.mark.django_db
def test_any_text_can_be_put_and_is_found_by_any_of_its_own_words() -> None:
    @given(HOSTILE)
    def holds(text: str) -> None:
        put_entry("case", 1, text)
        for term in terms(text)[:5]:
            assert list(matching("case", term)) == [1], term

    holds()


@given(st.text(alphabet="\t\n Ab1_-'，。·…—一九水鿿"))
def test_what_is_written_plainly_is_cut_as_any_other_text_is(text: str) -> None:
    """A full-width letter sends the text the long way round; the other runs stay the same."""
    assert terms(text) == terms(f"{text} ｑ")[:-1]
