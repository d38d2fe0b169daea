"""Input that means harm, through the real pages: a sentence or a clean result, and nothing of it runs anywhere."""

import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pytest_django import Settings

from drawn import Some
from hostile.answers import let_go
from hostile.garbage import DATES, FORMULAS, GARBAGE, HIDDEN, NUMBERS, TOWER, XSS
from hostile.reading import filled, read
from hostile.test_crawl import faults_of
from jingwei.casework.models import Case, Statement

pytestmark = pytest.mark.django_db
ANSWERED = {200, 302, 400, 403, 404, 409, 411, 413, 415, 422, 429}


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    cache.clear()


@pytest.fixture
def door(qingshi: Any) -> str:
    """The address behind a QR code."""
    return f"/q/{qingshi.place('compound').qr}/"


def report(door: str, client: Client | None = None, **said: Any) -> Case:
    """Report from the door, and give the case that came of it."""
    client = client or Client()
    answer = client.post(door, {"category": "noise", "key": str(uuid4()), **said})
    assert (answer.status_code, answer.get("Location")) == (302, "/case/"), read(answer).text
    return Case.objects.get(pk=client.session["case"])


def in_chinese(answer: Any) -> bool:
    """Whether an answer says something a reader of Chinese understands."""
    return sum("\u4e00" <= mark <= "\u9fff" for mark in answer.content.decode()) > 5


@pytest.mark.parametrize("size", [5_000, 2_600_000, 20_000_000])
def test_too_many_words_are_refused_in_a_chinese_sentence_and_none_is_kept(door: str, size: int) -> None:
    before = Case.objects.count()
    answer = Client().post(door, {"words": "长" * (size // 3), "key": str(uuid4())})
    if size > 4000 * 3:
        assert (answer.status_code, Case.objects.count()) == (422, before)
    assert answer.status_code in (302, 413, 422)
    assert answer.status_code == 302 or (in_chinese(answer) and list(faults_of(read(answer), answer)) == [])


def test_too_many_words_at_the_desk_are_refused_in_a_chinese_sentence_too(qingshi: Any, door: str) -> None:
    case, client = report(door), qingshi.sign_in(Client(), "dispatcher")
    for body in ({"words": "长" * 7_000_000}, {f"f{n}": "x" for n in range(2000)}):
        answer = client.post(f"/desk/case/{case.number}/do/comment/", body)
        assert answer.status_code in (400, 413, 422)
        assert in_chinese(answer)
    assert not Statement.objects.filter(case=case, name="remark").exists()


@pytest.mark.parametrize("words", [*XSS, *FORMULAS, *[f"看{mark}路灯" for mark in HIDDEN], TOWER])
def test_words_are_shown_as_words_wherever_they_are_shown(qingshi: Any, door: str, words: str) -> None:
    """What a resident types, read again on every page that shows it: the same words, and no page runs them."""
    bearer = Client()
    case = report(door, bearer, words=words + "坏了", where=words, who="named", name=words, telephone="13800006021")
    dispatcher = qingshi.sign_in(Client(), "dispatcher")
    dispatcher.post(f"/desk/case/{case.number}/do/comment/", {"words": words + "知", "key": str(uuid4())})
    shown = [
        dispatcher.get(f"/desk/case/{case.number}/"),
        dispatcher.get("/desk/", {"q": words}),
        dispatcher.get("/desk/", {"queue": "seen", "stage": words, "grade": words, "after": words}),
        dispatcher.get("/desk/rows/", {"q": words, "mark": words, "shown": words, "asked": words}),
        bearer.get("/c/"),
        bearer.get("/case/"),
        bearer.get("/report/", {"find": words, "county": qingshi.county_code}),
        bearer.post("/progress/", {"code": words}),
        bearer.post("/c/", {"do": words, "words": words}),
    ]
    wrong = []
    for answer in shown:
        if not answer.content:
            continue
        seen = read(answer)
        live = [link for link in seen.links if link.strip().lower().startswith(("javascript:", "data:"))]
        running = [script for script in seen.scripts if script.strip()]
        if answer.status_code not in ANSWERED or seen.handlers or live or running or "onerror" in seen.handlers:
            wrong.append((answer.request["PATH_INFO"], answer.status_code, seen.handlers, live, running))
        if any(ord(mark) < 32 and mark not in "\n\r\t" for mark in answer.content.decode()):
            wrong.append((answer.request["PATH_INFO"], "control characters"))
    assert wrong == []
    kept = Statement.objects.get(case=case, name="matter").words
    assert kept == "".join(c for c in words if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip() + "坏了"[
        :2
    ] or ("\t" in words or "\r" in words or words == TOWER)
    if "7*7" in words:
        assert words.strip() in "".join(read(shown[0]).text)  # no template reckons with what somebody wrote


def test_a_tower_of_marks_is_cut_to_what_a_script_needs(door: str) -> None:
    """Marks on one letter that reach over the lines above and below hide what others wrote."""
    kept = Statement.objects.get(case=report(door, words=f"{TOWER}路灯 สวัสดี tiếng Việt"), name="matter").words
    tallest = now = 0
    for mark in kept:
        now = now + 1 if unicodedata.category(mark) in ("Mn", "Me") else 0
        tallest = max(tallest, now)
    assert tallest <= 8
    assert kept.endswith("路灯 สวัสดี tiếng Việt")


def test_no_cell_of_an_export_is_a_formula_a_link_or_a_number(qingshi: Any, door: str) -> None:
    said = [one for one in FORMULAS if one.strip()]
    for words in said:
        report(door, words=words, where=words)
    client, found = qingshi.sign_in(Client(), "dispatcher"), ""
    for name in ("export", "export-hotline"):
        answer = client.get(f"/desk/{name}.xlsx", {"queue": "seen"})
        data = b"".join(answer.streaming_content)
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = {part: book.read(part) for part in book.namelist()}
        assert [part for part, text in parts.items() if b"<f>" in text or b"<f " in text or b"hyperlink" in text] == []
        assert [part for part in parts if "external" in part.lower() or "vba" in part.lower()] == []
        cells = [cell for row in load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells if str(cell.value or "")[:1] in "=+-@"} <= {"s", "n"}
        assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
        found += "\n".join(str(cell.value) for cell in cells)
        assert answer["Content-Disposition"].count("\n") == 0
    assert [one for one in said if one.strip() not in found] == []


def forms_to_spoil(qingshi: Any, door: str) -> list[tuple[Client, str, dict[str, Any]]]:
    """The forms people meet, each with somebody to send it."""
    bearer = Client()
    case = report(door, bearer)
    dispatcher, clerk = (qingshi.sign_in(Client(), who) for who in ("dispatcher", "clerk"))
    page = dispatcher.get(f"/desk/case/{case.number}/")
    drawn = [form for form in read(page).forms if form.method == "post" and "/case/" in form.action]
    found = [(dispatcher, form.action, filled(form)) for form in drawn]
    take = next(form for form in read(clerk.get("/desk/new/")).forms if "words" in [f.name for f in form.fields])
    found.append((clerk, "/desk/new/", filled(take)))
    tell = next(form for form in read(bearer.get(door)).forms if "words" in [f.name for f in form.fields])
    found.append((bearer, door, filled(tell)))
    found += [(bearer, "/c/", filled(form)) for form in read(bearer.get("/c/")).forms if form.method == "post"]
    batch = {"case": case.number, "do": "urge", "key": str(uuid4()), "handler": "1"}
    found += [(dispatcher, "/desk/batch/", batch), (dispatcher, "/desk/notices/read/", {"up_to": "1"})]
    return [one for one in found if "/size/" not in one[1] and "/language/" not in one[1]]


def spoilt(forms: Sequence[tuple[Client, str, dict[str, Any]]], garbage: list[str]) -> list[str]:
    """What broke, when each field of each form in turn held each garbage."""
    wrong = []
    for client, action, good in forms:
        fields = [name for name in good if name != "csrfmiddlewaretoken"]
        for n, value in enumerate(garbage):
            names = fields if n % 3 == 0 else fields[n % len(fields) :][:1] if fields else []
            answer = client.post(action, good | dict.fromkeys(names, value), headers={"HX-Target": "div#case"})
            if answer.status_code not in ANSWERED:
                wrong.append(f"{answer.status_code} {action} {names} {value!r:.60}")
            elif answer.status_code >= 400 and not in_chinese(answer):
                wrong.append(f"{answer.status_code} {action} {names} {value!r:.60}: no Chinese sentence")
            elif any(key.lower() == "x" for key in answer.cookies):
                wrong.append(f"{action} sets a cookie that was typed")
    return wrong


def test_every_field_of_every_form_takes_garbage(qingshi: Any, door: str, some: Some) -> None:
    garbage = [*XSS[:2], *HIDDEN[:4], *NUMBERS[2:6], *DATES[:3], "9" * 5000, "a\r\nSet-Cookie: x=1", TOWER]
    assert spoilt(some(forms_to_spoil(qingshi, door), 7), garbage) == []


@pytest.mark.long
def test_every_field_of_every_form_takes_all_the_garbage_there_is(qingshi: Any, door: str) -> None:
    assert spoilt(forms_to_spoil(qingshi, door), GARBAGE) == []


BODIES: list[tuple[str, bytes]] = [
    ("application/x-www-form-urlencoded", b"words=%C0%AF%ED%A0%80%FF%FE&category=noise"),
    ("application/x-www-form-urlencoded", b"&".join(b"words=x" for _ in range(5000))),
    ("application/x-www-form-urlencoded", b"=&=&=&&&;;%%%"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"words=x"),
    ("application/x-www-form-urlencoded; charset=no-such", b"words=x"),
    ("application/json", b'{"words": "\\ud800", "key": ' + b"[" * 100_000),
    ("application/json; charset=utf-7", b"+ADw-script+AD4-"),
    ("text/xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=", b"--"),
    ("multipart/form-data; boundary=" + "x" * 500, b"x"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=words\r\n\r\ncut off"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a'),
    ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--"),
    (
        "multipart/form-data; boundary=x; charset=utf-16",
        b'--x\r\nContent-Disposition: form-data; name="w"\r\n\r\nx\r\n--x--',
    ),
    ("multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 3000 + b"\r\n\r\n--x--"),
    ("application/octet-stream", bytes(range(256)) * 100),
    ("", b"words=x"),
    ("garbage/\xff", b"words=x"),
]


@pytest.mark.parametrize("kind", range(len(BODIES)))
def test_a_body_that_is_no_form_is_answered(qingshi: Any, door: str, kind: int) -> None:
    content_type, body = BODIES[kind]
    case = report(door)
    dispatcher = qingshi.sign_in(Client(raise_request_exception=False), "dispatcher")
    nobody = Client(raise_request_exception=False)
    tries = [
        client.generic("POST", path, body, content_type=content_type)
        for client, path in (
            (nobody, door),
            (nobody, "/desk/sign-in/"),
            (dispatcher, f"/desk/case/{case.number}/do/comment/"),
            (dispatcher, "/desk/batch/"),
        )
    ]
    assert [answer.status_code for answer in tries if answer.status_code not in ANSWERED] == []


QUERIES: list[str] = [
    "q=" + "长" * 20_000, "q=%00", "q=%ff%fe", "q=%ED%A0%80", "&".join("q=x" for _ in range(3000)), "q[]=1&q[$ne]=2",
    "page=-1", "page=0", "page=99999999999999999999", "page=%C2%B2", "page=1e9", "before=-1", "before=" + "9" * 5000,
    "after=0001-01-01T00:00:00%2B23:59~5", "after=9999-12-31T23:59:59.999999-23:59~5", "after=2026-01-01~5",
    "after=2026-01-01T00:00:00~5", "after=~99999999999999999999", "after=2026-01-01T00:00:00Z~" + "9" * 18,
    "asked=0001-01-01T00:00:00%2B23:59&shown=1", "asked=2026-13-45T00:00&shown=%C2%B2", "ground=../../", "ground=%25",
    "queue=mine&queue=ended", "queue=%27%20OR%201=1", "stage=%27;--", "place=-1", "place=" + "9" * 18, "layer=../",
    "county=%00", "county=%27", "find=%00%25_%5C", "next=%0d%0aSet-Cookie:%20x=1", "done=__class__", "all=%00",
    "q=%22%20%7C%20!%20%26%20%3A*", "q=" + "%F0%A0%AE%B7" * 200, "since=0001-01-01&until=9999-12-31", "since=-1",
]  # fmt: skip


def test_no_query_string_breaks_a_page(qingshi: Any, door: str, some: Some) -> None:
    case, wrong = report(door), []
    dispatcher = qingshi.sign_in(Client(raise_request_exception=False), "dispatcher")
    caller = qingshi.sign_in(Client(raise_request_exception=False), "caller")
    pages = ["/desk/", "/desk/rows/", "/desk/notices/", "/desk/qr/", "/desk/sample/", f"/desk/case/{case.number}/"]
    for query in some(QUERIES, 12):
        for client, page in [*((dispatcher, p) for p in pages), (caller, "/desk/callbacks/"), (Client(), "/report/")]:
            answer = client.get(f"{page}?{query}")
            let_go(answer)
            if answer.status_code not in {*ANSWERED, 204} or "set-cookie: x" in str(answer.headers).lower():
                wrong.append(f"{page}?{query[:60]}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("query", [q for q in QUERIES if q.startswith(("q=", "page"))][:6])
def test_no_query_string_breaks_an_export(qingshi: Any, query: str) -> None:
    client = qingshi.sign_in(Client(raise_request_exception=False), "dispatcher")
    answer = client.get(f"/desk/export.xlsx?{query}")
    let_go(answer)
    assert answer.status_code in ANSWERED


ADDRESSES = [
    "/desk/case/{}/", "/desk/case/{}/print/reply/", "/desk/case/x/step/{}/", "/desk/case/x/motion/{}/", "/desk/new/{}/",
    "/photographs/{}/thumb/", "/photographs/1/{}/", "/photographs/{}/", "/q/{}/", "/c/{}/", "/desk/open/{}/",
    "/desk/callbacks/{}/", "/{}", "/static/{}", "/desk/accounts/{}/",
]  # fmt: skip
PIECES = [
    "%00", "-1", "0", "9223372036854775808", "9" * 400, "9" * 5000, "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..%5cx",
    "%ff%fe", "%ED%A0%80", "%E2%80%AE", "{{7*7}}", "%3Cscript%3E", "a" * 3000, "%0d%0aSet-Cookie:x=1", "%C2%B2",
]  # fmt: skip


def test_no_piece_of_an_address_breaks_it_or_leads_outside(qingshi: Any) -> None:
    client, wrong = qingshi.sign_in(Client(raise_request_exception=False), "dispatcher"), []
    for address in ADDRESSES:
        for piece in PIECES:
            answer = client.get(address.format(piece))
            let_go(answer)
            said = b"" if answer.streaming else answer.content
            if (
                answer.status_code not in {*ANSWERED, 301}
                or b"root:" in said
                or "set-cookie: x" in str(answer.headers).lower()
            ):
                wrong.append(f"{address.format(piece)[:80]}: {answer.status_code}")
    assert wrong == []


HEADERS = {
    "HX-Current-URL": ["http://[", "\x00", "//", "javascript:alert(1)", "/desk/case/%00/", "x" * 8000],
    "HX-Target": ["#case\x00", "x" * 8000], "Accept-Language": ["\x00", "zh;q=NaN", "," * 5000, "../../etc"],
    "Cookie": ["sessionid=\x00", "sessionid=" + "x" * 5000, ";;;=;=", "language=../../x", "csrftoken=" + "x" * 9000],
    "Referer": ["http://[", "\x00"], "User-Agent": ["\x00", "x" * 9000, "<script>alert(1)</script>"],
    "If-None-Match": ["\x00", '"' * 999], "If-Modified-Since": ["Thu, 99 Foo 99999 99:99:99 GMT", "\x00"],
    "Range": ["bytes=0-0," * 2000, "bytes=-999999999999999999999"], "Content-Length": ["-1", "abc", "9" * 50],
    "X-Forwarded-For": ["\x00", "::1%<script>", "1" * 5000, ",,,"], "X-Request-ID": ["\r\nSet-Cookie: x=1", "x" * 5000],
    "X-Forwarded-Proto": ["https,http", "\x00"],
}  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_breaks_a_page(qingshi: Any, name: str) -> None:
    wrong = []
    for value in HEADERS[name]:
        for page in ("/desk/", "/desk/rows/", "/", "/-/ready"):
            client = qingshi.sign_in(Client(raise_request_exception=False), "dispatcher")
            said = {name: value} | ({"HX-Request": "true"} if name.startswith("HX") else {})
            key = {"Content-Length": "CONTENT_LENGTH"}.get(name, "HTTP_" + name.upper().replace("-", "_"))
            answer = client.get(page, **({key: value} if name in ("Content-Length", "Cookie") else {}), headers=said)
            if answer.status_code not in {*ANSWERED, 204} or "set-cookie: x" in str(answer.headers).lower():
                wrong.append(f"{page} with {name}: {value!r:.40}: {answer.status_code}")
    assert wrong == []


PICTURES: dict[str, Callable[[], bytes]] = {
    "a program in a JPEG": lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF<?php system($_GET['c']); ?>",
    "an SVG with a script": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a web page": lambda: b"<!doctype html><script>alert(1)</script>",
    "four gigapixels": lambda: bomb(65_500, 65_500),
    "nothing": lambda: b"",
    "a zip": lambda: b"PK\x03\x04" + b"\x00" * 500,
    "a GIF that is a script": lambda: b"GIF89a/*" + b"\x00" * 20 + b"*/=1;alert(1)//",
}


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and is nearly nothing."""
    import struct
    import zlib

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\x00" * 9999)) + part(b"IEND", b"")
    )


@pytest.mark.parametrize("what", PICTURES)
def test_what_is_no_photograph_is_told_in_chinese_and_the_report_is_not_lost(door: str, what: str) -> None:
    """The words stay in the form; nothing of the file is kept or shown."""
    from jingwei.files.models import Blob

    file = SimpleUploadedFile("../../x.php\r\nX: y.jpg", PICTURES[what](), content_type="image/jpeg")
    answer = Client().post(door, {"words": "巷口井盖丢失。", "photo": file, "key": str(uuid4())})
    if what == "nothing" and answer.status_code == 302:
        return
    assert (answer.status_code, in_chinese(answer), Blob.objects.count()) == (422, True, 0)
    assert "巷口井盖丢失。" in answer.content.decode()
    assert list(faults_of(read(answer), answer)) == []
