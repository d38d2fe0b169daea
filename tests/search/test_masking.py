"""By-laws of covering the numbers of persons."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.search.masking import masked, unnamed
from jingwei.search.numbers import is_bank_card, is_identity_number

MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
IDENTITY = st.from_regex(r"[1-9][0-9]{5}(19|20)[0-9]{9}[0-9X]", fullmatch=True)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("请打13812346021找我", "请打138****6021找我"),
        ("138 1234 6021", "138****6021"),
        ("138-1234-6021", "138****6021"),
        ("138 123 46021", "138****6021"),
        ("+8613812346021", "+86138****6021"),
        ("１３８１２３４６０２１", "138****6021"),
        ("138\u200b1234\u200b6021", "138****6021"),
        ("身份证37010219800101123X。", "身份证370***********123X。"),
        ("370102 19800101 123x", "370***********123x"),
        ("0531-88886021", "053*******21"),
        ("13812346021、13912346022", "138****6021、139****6022"),
        ("1381234602113912346022", "138***************6022"),
        ("2020-11-27 13812346021", "2020-11-27 138****6021"),
        ("一三八一二三四六〇二一", "138****6021"),
        ("幺三八 一二三四 六零二一", "138****6021"),
        ("卡号6222 0212 3456 7890 128，", "卡号622************0128，"),
        ("6222021234567890128", "622************0128"),
        ("1101 0119 9003 0740 98", "110***********4098"),
    ],
)
def test_numbers_of_persons_are_covered_in_their_middle(said: str, shown: str) -> None:
    assert masked(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "2020-11-27 16:19:53",
        "3号楼2单元501",
        "12345热线",
        "共1200元",
        "20201127",
        "５号楼",
        "",
        "三号楼二单元五〇一",
        "二〇二六年一月一日",
        "第一，第二，第三，三四十户",
        "1 2 3 4 5 6 7 8 9 10 11 12 13",
    ],
)
def test_other_numbers_stay_as_they_were_written(said: str) -> None:
    assert masked(said) == said


@given(st.text(), MOBILE, st.text())
def test_a_mobile_number_in_any_text_is_covered(before: str, mobile: str, after: str) -> None:
    assert mobile not in masked(before + mobile + after)


@given(st.text(alphabet="0123456789X -.水"), IDENTITY, st.text(alphabet="0123456789X -.水"))
def test_an_identity_number_in_any_text_is_covered(before: str, identity: str, after: str) -> None:
    assert identity not in masked(before + identity + after)


@given(st.text(alphabet="0123456789X -.水*"))
def test_what_is_covered_stays_so_and_no_mobile_is_left(text: str) -> None:
    assert masked(masked(text)) == masked(text)
    assert not re.search(r"1[3-9][0-9]{9}", masked(text))


@given(st.integers(10**16, 10**17 - 1), st.sampled_from(["", " ", "-", "·"]), st.integers(1, 9))
def test_a_number_with_a_right_check_digit_is_covered_however_it_is_grouped(head: int, gap: str, size: int) -> None:
    digits = next(f"{head}{last}" for last in range(10) if is_bank_card(f"{head}{last}"))
    grouped = gap.join(digits[n : n + size] for n in range(0, len(digits), size))
    assert grouped not in masked(grouped)


@pytest.mark.parametrize(
    ("said", "proven"),
    [("11010119900307409" + last, last == "8") for last in "0123456789X"] + [("110101199013074090", False)],
)
def test_only_one_check_digit_of_gb_11643_is_right(said: str, proven: bool) -> None:
    assert is_identity_number(said) == proven


@pytest.mark.parametrize("place", range(16))
def test_luhn_notices_a_slip_in_any_one_digit(place: int) -> None:
    card = "6222021234567894"
    assert is_bank_card(card)
    slips = [f"{card[:place]}{d}{card[place + 1 :]}" for d in "0123456789" if d != card[place]]
    assert [slip for slip in slips if is_bank_card(slip)] == []


def test_every_digit_of_every_script_counts_as_one() -> None:
    digits = {chr(n): unicodedata.decimal(chr(n), None) for n in range(sys.maxunicode + 1)}
    shown = {mark: masked(f"1381234602{mark}") for mark, value in digits.items() if value is not None}
    assert shown == {mark: f"138****602{digits[mark]}" for mark in shown}
    assert len(shown) > 600


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("我叫欧阳虚构戊，家里漏水", "我叫欧****，家里漏水"),
        ("我叫王小明家里漏水", "我叫王**家里漏水"),
        ("联系人：纳兰某某，在三楼", "联系人：纳***，在三楼"),
        ("户主是李四，常年不在", "户主是李*，常年不在"),
        ("姓名 张三", "姓名 张*"),
        ("找赵六七帮忙，赵六七知道", "找赵**帮忙，赵**知道"),
        ("联系人不在家", "联系人不在家"),
        ("楼道灯不亮，业主很急", "楼道灯不亮，业主很急"),
    ],
)
def test_names_that_are_known_or_said_outright_are_covered(said: str, shown: str) -> None:
    assert unnamed(said, ["赵六七"]) == shown
