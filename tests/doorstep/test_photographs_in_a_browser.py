"""Photographs from a browser: made smaller, sent ahead while one writes, tried again until they have arrived."""

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from jingwei.casework.models import Attachment, Case
from jingwei.files.acts import make_waiting_ready
from jingwei.files.models import Blob
from jingwei.files.shelf import place

from .test_door_in_a_browser import faults_of, keep_picture

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("doorstep")]

AHEAD = re.compile(r"/photographs/[0-9a-f]{64}/$")


@pytest.fixture
def door(site: str, qingshi: Any, settings: Any, tmp_path: Any) -> str:
    """The address a QR code of Qingshi's first compound leads to."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.CSRF_TRUSTED_ORIGINS = [site]
    return f"{site}/q/{qingshi.place('compound').qr}/"


def from_a_telephone(colour: str = "tomato", name: str = "IMG_0001.jpg") -> "FilePayload":
    """A photograph of twelve million pixels that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Nosy Telephone"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (4000, 3000), colour).save(out, "JPEG", exif=exif)
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def chosen(page: "Page", *files: "FilePayload") -> None:
    page.locator("input[type=file]").last.set_input_files(list(files))


def test_a_network_cut_in_the_middle_of_a_photograph_ends_in_one_case_with_one_whole_photograph(
    page: "Page", door: str
) -> None:
    cut: list[str] = []

    def cutting(route: "Route") -> None:
        cut.append(route.request.method)
        route.abort("connectionreset")

    page.goto(door)
    page.route(AHEAD, cutting)
    chosen(page, from_a_telephone())
    page.get_by_text("噪音扰民").click()
    expect(page.locator(".thumb--waiting")).to_contain_text("网络不通")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("照片没有传上去，内容尚未提交。")).to_be_visible()
    keep_picture(page, "photographs-stuck")
    assert (Case.objects.count(), Blob.objects.count(), set(cut)) == (0, 0, {"PUT"})
    assert len(cut) >= 2

    page.unroute(AHEAD)
    page.get_by_role("button", name="提交").dblclick()
    page.wait_for_url("**/case/")
    attachment = Attachment.objects.get()
    assert Case.objects.get() == attachment.case
    data = place(attachment.blob_id, "original").read_bytes()
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert (image.size, dict(image.getexif()), image.info.get("comment")) == ((1600, 1200), {}, None)
    assert len(data) < 100_000


def test_photographs_arrive_while_one_writes_and_can_be_taken_away_again(page: "Page", door: str) -> None:
    page.goto(door)
    colours = [from_a_telephone(colour, f"{colour}.jpg") for colour in ("red", "green", "blue", "white")]
    chosen(page, *colours)
    expect(page.locator(".thumb--arrived")).to_have_count(3)
    expect(page.get_by_role("status").filter(has_text="照片最多 3 张。")).to_be_visible()
    keep_picture(page, "photographs-arrived")
    assert faults_of(page) == []
    page.get_by_role("button", name="移除照片 2").click()
    expect(page.locator(".thumb")).to_have_count(2)
    chosen(page, from_a_telephone("red"))
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/case/")
    assert (Attachment.objects.count(), Case.objects.count()) == (2, 1)


def test_what_arrived_stays_when_the_form_comes_back(page: "Page", door: str) -> None:
    page.goto(door)
    chosen(page, from_a_telephone())
    page.get_by_text("不留姓名").first.click()
    page.get_by_role("textbox", name="电话号码").fill("12")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator(".thumb--arrived img")).to_have_js_property("complete", True)
    page.get_by_role("textbox", name="电话号码").fill("")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/case/")
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [("IMG_1.HEIC", "image/heic", "HEIC"), ("picture.jpg", "image/jpeg", "该文件不是照片")],
)
def test_what_the_browser_cannot_read_is_told_at_once(page: "Page", door: str, name: str, kind: str, said: str) -> None:
    page.goto(door)
    chosen(page, {"name": name, "mimeType": kind, "buffer": b"\0\0\0\x18ftypheic" + b"\0" * 64})
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
    expect(page.locator(".thumb")).to_have_count(0)


def test_what_the_server_refuses_is_told_in_its_words(page: "Page", door: str) -> None:
    def refusing(route: "Route") -> None:
        route.fulfill(status=413, content_type="text/plain; charset=utf-8", body="照片超过 20 MB，请换一张小一些的。")

    page.goto(door)
    page.route(AHEAD, refusing)
    chosen(page, from_a_telephone())
    expect(page.get_by_role("status").filter(has_text="照片超过 20 MB")).to_be_visible()
    expect(page.locator(".thumb")).to_have_count(0)


def test_over_plain_http_the_form_carries_its_photographs_itself(page: "Page", door: str) -> None:
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { get() { return undefined; } })")
    page.goto(door)
    chosen(page, from_a_telephone())
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/case/")
    blob = Attachment.objects.get().blob
    assert (blob.width, blob.height) == (4000, 3000)


def test_a_photograph_is_seen_large_on_a_page_of_its_own(page: "Page", door: str) -> None:
    page.goto(door)
    chosen(page, from_a_telephone())
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/case/")
    assert make_waiting_ready(timezone.now()) == 1
    page.goto(door.split("/q/")[0] + "/c/")
    page.locator(".thumbs a").click()
    page.wait_for_url(re.compile(r"/photographs/\d+/$"))
    expect(page.locator("main img")).to_have_js_property("naturalWidth", 1600)
    assert faults_of(page) == []
    keep_picture(page, "photograph-large")
