"""Covering telephone, identity and bank card numbers in what people write, 138****6021, and names: 王**."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

from jingwei.search.numbers import is_bank_card, is_identity_number

_GAP = r"[\s.·_–—-]{0,3}"
_RULES: tuple[tuple[re.Pattern[str], int, int], ...] = tuple(
    (re.compile(pattern, re.ASCII), first, last)
    for pattern, first, last in (
        # identity and bank card numbers, 15 digits and more, the last perhaps an X
        (r"(?<!\d)\d{14,}[\dXx](?!\d)", 3, 4),
        (rf"(?<!\d)[1-9]\d{{5}}{_GAP}(?:19|20)\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{3}}[\dXx](?!\d)", 3, 4),
        # mobile numbers: whole, written in groups, or buried in a longer row of digits
        (r"(?<!\d)1[3-9]\d{9}(?!\d)", 3, 4),
        (rf"(?<!\d)1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)", 3, 4),
        (rf"(?<!\d)1[3-9]\d{_GAP}\d{{3}}{_GAP}\d{{5}}(?!\d)", 3, 4),
        (r"1[3-9]\d{9}", 3, 4),
        # landlines with their area code
        (rf"(?<!\d)0\d{{2,3}}{_GAP}\d{{7,8}}(?!\d)", 3, 2),
    )
)
_PROVEN: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    # written in groups of any size; so long a row is covered only if its check digit is right
    (re.compile(rf"(?<!\d)[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx](?!\d)", re.ASCII), is_identity_number),
    (re.compile(rf"(?<!\d)[1-9](?:{_GAP}\d){{12,18}}(?!\d)", re.ASCII), is_bank_card),
)

_NUMERALS = "〇零一二三四五六七八九幺", "001234567891"
"""Chinese numerals count as digits, one for one: a number spelt out is found like one in figures."""
_BEYOND_DIGITS = 0x20000
"""Unicode has no decimal digit from here on."""

_ENOUGH = re.compile(rf"\d(?:{_GAP}\d){{10}}|0\d{{2}}{_GAP}\d{{7}}", re.ASCII)
"""What no number that is covered goes without: eleven digits, or the ten of the shortest landline."""


def masked(text: str) -> str:
    """The text with every mobile, landline, identity and card number covered in its middle.

    Full-width and other digits, and Chinese numerals, count as digits. Zero-width marks are dropped: they would
    hide a number.
    Long numbers that are nothing of the kind may be covered too; that is the safer mistake.
    """
    shown = text if text.isprintable() else "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    while _ENOUGH.search(_in_figures(shown)) and (covered := _once(shown)) != shown:
        shown = covered
    return shown


_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
"""The hundred most frequent family names; by these a name is told from other words where no mark stands before it."""
_DOUBLE = "欧阳|太史|端木|上官|司马|东方|独孤|南宫|诸葛|尉迟|皇甫|公孙|慕容|司徒|司空|夏侯|令狐|轩辕|宇文|长孙"
_HAN = r"\u4e00-\u9fff"
_NAMES: tuple[re.Pattern[str], ...] = (
    # said outright, with a mark or a word between: 联系人：…, 户主是…
    re.compile(
        r"(?:姓名|联系人|户主|当事人|投诉人|举报人|来电人|报修人|业主|住户|本人|名字)(?:[：:=]|是|为|叫|名叫)\s*"
        rf"((?:{_DOUBLE})[{_HAN}]{{1,3}}|[{_HAN}·]{{2,4}})"
    ),
    # said in one breath: 我叫…, 姓名…
    re.compile(rf"(?:我叫|名叫|我的名字|姓名|联系人)\s*((?:{_DOUBLE})[{_HAN}]{{1,3}}|[{_FAMILY}][{_HAN}]{{1,2}})"),
)


def unnamed(text: str, known: Iterable[str] = ()) -> str:
    """The text without names: those of persons that are known, and what follows where somebody says a name.

    A name that nobody knows and nothing announces stays; a word that looks like one may be covered too.
    """
    for name in sorted({name for name in known if len(name) > 1}, key=len, reverse=True):
        text = text.replace(name, _initial(name))
    for pattern in _NAMES:
        text = pattern.sub(lambda found: found[0][: -len(found[1])] + _initial(found[1]), text)
    return text


def _initial(name: str) -> str:
    return name[:1] + "*" * (len(name) - 1)


def _once(text: str) -> str:
    plain = _in_figures(text)
    for pattern, first, last in _RULES:
        for found in reversed(list(pattern.finditer(plain))):
            text = text[: found.start()] + _cover(found[0], first, last) + text[found.end() :]
            plain = _in_figures(text)
    for pattern, is_one in _PROVEN:
        for found in reversed(list(pattern.finditer(plain))):
            if is_one(re.sub(r"[^\dXx]", "", found[0])):
                text = text[: found.start()] + _cover(found[0], 3, 4) + text[found.end() :]
                plain = _in_figures(text)
    return text


def _in_figures(text: str) -> str:
    """The text with the plain digit for each mark that stands for one; one for one, so that places stay the same."""
    return text.translate(_figures())


@lru_cache(maxsize=1)
def _figures() -> dict[int, str]:
    digits = {n: unicodedata.decimal(chr(n), None) for n in range(0x80, _BEYOND_DIGITS)}
    table = {n: str(digit) for n, digit in digits.items() if digit is not None}
    return table | str.maketrans(dict(zip(*_NUMERALS, strict=True))) | {ord("＋"): "+"}


def _cover(said: str, first: int, last: int) -> str:
    digits = re.sub(r"[^\dXx]", "", said)
    return digits[:first] + "*" * (len(digits) - first - last) + digits[-last:]
