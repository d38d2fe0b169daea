"""By-law: what is cut off on its way leaves nothing behind, and sent again it is whole."""

import socket
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from urllib.parse import urlencode

import pytest
from PIL import Image

from jingwei.casework.models import Act, Attachment, Case, Statement
from jingwei.files.models import Blob
from jingwei.people.models import Person
from jingwei.places.models import Place
from jingwei.trail.models import Line

from .broken import what_is_broken
from .browser import Browser, followed
from .conftest import ALONE
from .county import County, until
from .writers import NUMBER, Acknowledged, Reported, report

pytestmark = [ALONE, pytest.mark.usefixtures("inside")]
BOUNDARY = "----warp-and-weft"


def photograph(seed: int) -> bytes:
    """A photograph of about 100 kB, another for each seed."""
    out = BytesIO()
    Image.effect_noise((320, 320), 40 + seed).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def token() -> str:
    """A place's QR code."""
    return str(Place.objects.filter(until=None, layer="compound").order_by("code").values_list("qr", flat=True)[0])


def stock() -> tuple[int, ...]:
    """How much there is of all that a report leaves behind."""
    return tuple(model.objects.count() for model in (Case, Act, Statement, Attachment, Line, Blob, Person))


def multipart(fields: Sequence[tuple[str, str]], picture: bytes) -> bytes:
    """A form with a photograph in it, as a browser without scripts sends it; the last field comes last."""
    *others, (last, value) = fields
    head = "".join(_part(name, said) for name, said in others).encode()
    file = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="灯.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    return head + file + picture + f"\r\n{_part(last, value)}--{BOUNDARY}--\r\n".encode()


def _part(name: str, said: str) -> str:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{said}\r\n'


def cut(browser: Browser, method: str, path: str, kind: str, body: bytes, sent: int, *, listens: bool) -> bytes:
    """Announce the whole body, send only its beginning, and hang up; what was answered, where one can still hear it."""
    head = "".join(f"{name}: {value}\r\n" for name, value in browser.headers().items())
    with socket.create_connection(("127.0.0.1", browser.port), timeout=15) as line:
        line.sendall(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}Content-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body[:sent]
        )
        if not listens:
            return b""
        line.shutdown(socket.SHUT_WR)
        try:
            return line.recv(65536)
        except OSError:
            return b""


BREAKS = ((0.0, True), (0.3, False), (0.9, True), (0.999, False), (0.999, True))
"""Where a body breaks off, as a share of it, the last within the final field; and whether one still listens then."""


@pytest.mark.parametrize("kind", ["words", "photograph"])
def test_a_report_cut_on_its_way_is_no_case_and_its_repeat_is_whole(county: County, kind: str) -> None:
    browser = Browser(county.port)
    page = browser.get(f"/q/{token()}/")
    words = f"断线 {kind}：井盖松动"
    fields = page.form(page.path).filled(words=words, who="named", name="丁一测", telephone="10000001234")
    picture = photograph(1)
    if kind == "photograph":
        body, sort = multipart(fields, picture), f"multipart/form-data; boundary={BOUNDARY}"
    else:
        body, sort = urlencode(fields).encode(), "application/x-www-form-urlencoded"
    before = stock()
    for share, listens in BREAKS:
        said = cut(browser, "POST", page.path, sort, body, int(len(body) * share), listens=listens)
        assert b" 302 " not in said.partition(b"\r\n")[0]
    report(Browser(county.port), token(), f"断线之后 {kind}")
    assert [now - then for now, then in zip(stock(), before, strict=True)] == [1, 1, 1, 0, 1, 0, 0]

    answer = browser.ask("POST", page.path, body, {"Content-Type": sort})
    assert answer.status == 302
    number = NUMBER.search(followed(browser, answer).page)
    assert number
    assert what_is_broken(Acknowledged([Reported(words, number.group())])) == []
    assert Attachment.objects.filter(case__number=number.group()).count() == (kind == "photograph")
    assert Case.objects.get(number=number.group()).asker_id is not None


def test_a_photograph_cut_on_its_way_is_not_kept_and_its_repeat_is_whole(county: County) -> None:
    browser = Browser(county.port)
    page = browser.get(f"/q/{token()}/")
    picture = photograph(2)
    digest = sha256(picture).hexdigest()
    path, headers = f"/photographs/{digest}/", {"X-CSRFToken": browser.cookies["csrftoken"]}
    before = stock()
    for share, listens in BREAKS:
        cut(_with(browser, headers), "PUT", path, "image/jpeg", picture, int(len(picture) * share), listens=listens)
    report(Browser(county.port), token(), "照片断线之后")
    assert [now - then for now, then in zip(stock(), before, strict=True)] == [1, 1, 1, 0, 1, 0, 0]
    assert [path.name for path in (county.folder / "files" / "incoming").glob("*")] == []

    for status in (201, 200):
        assert browser.ask("PUT", path, picture, {**headers, "Content-Type": "image/jpeg"}).status == status
    words = "照片完整"
    answer = browser.post(page.path, page.form(page.path).filled(words=words, photo_sha256=digest))
    assert answer.status == 302
    number = NUMBER.search(followed(browser, answer).page)
    assert number
    assert list(Attachment.objects.filter(case__number=number.group()).values_list("blob_id", flat=True)) == [digest]
    until(lambda: Blob.objects.get(pk=digest).ready_at, what="the worker to prepare the photograph")


def _with(browser: Browser, headers: dict[str, str]) -> Browser:
    """The same browser, which says something more with each request."""
    browser.more = headers
    return browser
