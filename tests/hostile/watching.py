"""Finds what would watch those who work instead of serving those who ask: check-ins, tracks, pictures as proof, ranks.

The rule is 国办函〔2026〕12号, 不得 (2) and (4): no check-in, no ranking by points, no time online, no pictures, videos
or tracks of one's work that must be handed in. Each finder takes what it reads as an argument, so that the test can
hand it a slip and see it caught.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django import forms

from hostile.reading import Form

WATCHES = re.compile(
    r"打卡|签到|(?<!审)签退|考勤|点名|轨迹|积分|排行|排名|红黑榜|在线时长|工作照|刷脸|人脸"
    r"|\bcheck(?:ed|ing|s)?[- ]?in\b|\bcheckin\b|\bclock(?:ed|s)?[- ]in\b|\battendance\b|leader ?board"
    r"|\branking\b|\bgps\b|\btracks?\b|\btracking\b|\bselfie\b|time online|proof of (?:work|presence)",
    re.IGNORECASE,
)
"""Words of watching, in the languages of the product."""
DENIES = re.compile(r"不|无需|没有|禁止|\bno\b|\bnot\b|\bnever\b|\bnobody\b|\bnor\b|\bcannot\b", re.IGNORECASE)
"""A sentence that says so may name it: «no track is kept»."""
ASKS = re.compile(
    r"check_?in|sign_?in_?(?:at|place|photo)|attend(?:ance|ed_by)|presence|track|route_taken|gps|selfie|work_photo"
    r"|proof|geo_?location|online_time|points|ranking",
    re.IGNORECASE,
)
"""Names of fields that ask for it."""
WHERE_ONE_STANDS = re.compile(r"^(?:lon|lng|lat|position|location|coordinates?)$", re.IGNORECASE)
"""Where a matter lies may be told; nobody may be made to tell where she stands."""

SENTENCE = re.compile(r"[^。；;.!?！？\n]+")


def in_words(words: str) -> Iterator[str]:
    """The sentences of some words that speak of watching and do not refuse it."""
    for sentence in SENTENCE.findall(words):
        if WATCHES.search(sentence) and not DENIES.search(sentence):
            yield sentence.strip()


def in_document(said: Any, at: str = "") -> Iterator[str]:
    """The sentences of a pack's table, or of any table read from a file, that speak of watching; with where."""
    if isinstance(said, dict):
        for key, one in said.items():
            yield from in_document(one, f"{at}.{key}".lstrip("."))
            yield from (f"{at}.{key}: asks {key}" for _ in ASKS.findall(key))
    elif isinstance(said, list):
        for n, one in enumerate(said):
            yield from in_document(one, f"{at}[{n}]")
    elif isinstance(said, str):
        yield from (f"{at}: {found}" for found in in_words(said))


def in_pack(folder: Path) -> Iterator[str]:
    """What every file of a pack's folder says of watching."""
    for file in sorted(folder.rglob("*.toml")):
        yield from in_document(tomllib.loads(file.read_text(encoding="utf-8")), file.stem)


class _Asked(HTMLParser):
    """What the fields in a template ask, with the components that draw them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag not in ("input", "textarea", "select", "c-field", "c-photos", "c-tiles", "c-choices", "c-tick"):
            return
        self.found += in_field(said.get("name", ""), _kind(tag, said), "required" in said)


def _kind(tag: str, said: dict[str, str]) -> str:
    sheet = any(sort in said.get("accept", "") for sort in ("sheet", "xls", "csv"))
    if sheet:
        return "sheet"
    return "photograph" if tag == "c-photos" or said.get("type") == "file" else said.get("type", "")


def in_template(text: str) -> list[str]:
    """What the fields of a template ask that nobody may be asked. Django's own tags do not matter here."""
    return _Asked(re.sub(r"{[%#].*?[%#]}", " ", text)).found


def in_field(name: str, kind: str, required: bool) -> Iterator[str]:
    """What one field asks."""
    if ASKS.search(name):
        yield f"asks {name}"
    if required and kind in ("photograph", "file"):
        yield f"demands a picture: {name}"
    if required and WHERE_ONE_STANDS.search(name):
        yield f"demands a position: {name}"


def in_form_class(form: type[forms.BaseForm]) -> Iterator[str]:
    """What the fields that a form declares ask, by name, sort, label and help."""
    for name, one in form.base_fields.items():
        picture = isinstance(one, forms.ImageField) or type(one).__name__ == "PhotographsField"
        yield from in_field(name, "photograph" if picture else "", one.required)
        yield from in_words(f"{one.label or ''}\n{one.help_text or ''}")


def in_page(drawn: Iterable[Form], words: Iterable[str]) -> Iterator[str]:
    """What the forms of a page as it was drawn ask, and what it says."""
    for form in drawn:
        for one in form.fields:
            yield from in_field(one.name, one.kind, one.required)
    for said in words:
        yield from in_words(said)


def in_kind(kind: Any) -> Iterator[str]:
    """What the steps of a kind of case need: a picture only ever as an offer, and no words of watching."""
    from jingwei.casework.needs import Photo

    for step in kind.steps.values():
        yield from (f"{step.name}: {found}" for found in in_words(str(step.title)))
        for need in step.needs:
            photograph = "photograph" if isinstance(need, Photo) else ""
            yield from (f"{step.name}: {found}" for found in in_field(need.name, photograph, need.required))
            reason = getattr(need, "reason", "")
            yield from (f"{step.name}: {found}" for found in in_words(f"{need.label}\n{need.hint}\n{reason}"))
            if photograph and not reason:
                yield f"{step.name}: a picture without a reason"
