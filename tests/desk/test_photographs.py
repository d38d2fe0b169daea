"""Photographs at the desk: the field residents have, the reason beside it, and only what one put oneself."""

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from browser_fixtures import DESK, TELEPHONE
from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Attachment, Case
from jingwei.casework.needs import Evidence

if TYPE_CHECKING:
    from playwright.sync_api import Page

REASON = "照片比文字更能说明结果时可以附上，不要求必附。"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def picture(colour: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def signed_for(qingshi: Any, report: Any) -> Case:
    """A case that the housing office is handling."""
    case, at = report("路灯不亮"), timezone.now()
    handler = Evidence(posts={"handler": qingshi.post("housing.desk").pk})
    case = take(Incident.assign, case, actor=qingshi.actor("dispatcher"), at=at, evidence=handler)
    return take(Incident.sign_for, case, actor=qingshi.actor("housing"), at=at)


def puts(client: Any, data: bytes) -> str:
    """Send a photograph ahead; its digest."""
    sha256 = hashlib.sha256(data).hexdigest()
    assert client.put(f"/photographs/{sha256}/", data, content_type="image/jpeg").status_code == 201
    return sha256


def handles(client: Any, case: Case, **said: Any) -> Any:
    fields = {"key": str(uuid4()), "reply": "已修好。"} | said
    return client.post(f"/desk/case/{case.number}/step/report_handled/", fields)


@pytest.mark.django_db
def test_what_an_official_sent_ahead_goes_with_her_step(qingshi: Any, report: Any, at_desk: Any) -> None:
    case, housing = signed_for(qingshi, report), at_desk("housing")
    sha256 = puts(housing, picture())
    assert handles(housing, case, photographs_sha256=sha256).status_code == 302
    assert [a.blob_id for a in Attachment.objects.all()] == [sha256]


@pytest.mark.django_db
def test_without_script_the_file_itself_goes_with_the_step(qingshi: Any, report: Any, at_desk: Any) -> None:
    case, housing = signed_for(qingshi, report), at_desk("housing")
    file = SimpleUploadedFile("lamp.jpg", picture(), content_type="image/jpeg")
    assert handles(housing, case, photographs=file).status_code == 302
    assert Attachment.objects.count() == 1


@pytest.mark.django_db
def test_what_a_colleague_sent_ahead_is_not_hers_to_attach(qingshi: Any, report: Any, at_desk: Any) -> None:
    case, housing = signed_for(qingshi, report), at_desk("housing")
    answer = handles(housing, case, photographs_sha256=puts(at_desk("urban"), picture()))
    assert (answer.status_code, Attachment.objects.count()) == (422, 0)
    assert "有一张照片没有收到，请重新选择。" in answer.content.decode()
    case.refresh_from_db()
    assert case.at_stage is Incident.handling


@pytest.mark.django_db
def test_what_arrived_is_named_again_when_the_step_is_refused(qingshi: Any, report: Any, at_desk: Any) -> None:
    case, housing = signed_for(qingshi, report), at_desk("housing")
    sha256 = puts(housing, picture())
    answer = handles(housing, case, photographs_sha256=sha256, reply="")
    page = answer.content.decode()
    assert (answer.status_code, f'name="photographs_sha256" value="{sha256}" checked' in page) == (422, True)
    assert REASON in page


@pytest.mark.django_db
def test_a_step_whose_form_lost_its_end_is_not_taken(qingshi: Any, report: Any, at_desk: Any) -> None:
    case, housing = signed_for(qingshi, report), at_desk("housing")
    answer = handles(housing, case, record="open")
    assert (answer.status_code, "没有传完整" in answer.content.decode()) == (422, True)
    assert "已修好。" in answer.content.decode()
    assert handles(housing, case, record="open", whole="1").status_code == 302


@pytest.mark.django_db
def test_more_than_six_are_refused(qingshi: Any, report: Any, at_desk: Any) -> None:
    case, housing = signed_for(qingshi, report), at_desk("housing")
    answer = handles(housing, case, photographs_sha256=[f"{n:064x}" for n in range(7)])
    assert (answer.status_code, "一次最多6张照片" in answer.content.decode()) == (422, True)


@pytest.mark.browser
@pytest.mark.xdist_group("desk")
@pytest.mark.parametrize("viewport", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_an_official_handles_with_a_photograph_in_the_pane(
    seated: Any, qingshi: Any, report: Any, viewport: Any
) -> None:
    case = signed_for(qingshi, report)
    page: Page = seated("housing", viewport)
    page.goto(f"/desk/case/{case.number}/")
    page.locator("details.act > summary").filter(has_text="报告办结").click()
    form = page.locator('form[action*="/step/report_handled/"]')
    form.locator("textarea").first.fill("已修好。")
    file = {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": picture("green", (3000, 2000))}
    form.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    form.locator(".thumb--arrived").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    form.locator("button:not([type=button])").last.click()
    page.locator(".toast").first.wait_for()
    attached = Attachment.objects.get()
    assert (attached.case_id, attached.blob.width, attached.blob.height) == (case.pk, 1600, 1067)
