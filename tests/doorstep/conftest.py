"""A resident of Qingshi at the door, with a telephone and its pictures."""

from dataclasses import dataclass
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import case_code
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence


def photograph(colour: str = "tomato", name: str = "door.jpg") -> SimpleUploadedFile:
    """A small JPEG."""
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def php(name: str = "shell.jpg") -> SimpleUploadedFile:
    """A program under a picture's name."""
    return SimpleUploadedFile(name, b"\xff\xd8\xff<?php system($_GET['c']); ?>", content_type="image/jpeg")


@dataclass
class Resident:
    """Somebody with a telephone."""

    client: object
    token: str

    def sends(self, address: str = "", **fields):  # type: ignore[no-untyped-def]
        """Report from the QR code, or from `address`."""
        fields.setdefault("key", str(uuid4()))
        return self.client.post(address or f"/q/{self.token}/", fields)  # type: ignore[attr-defined]

    def reports(self, address: str = "", **fields):  # type: ignore[no-untyped-def]
        """Report, and give the case that came of it."""
        fields.setdefault("category", "noise")
        answer = self.sends(address, **fields)
        assert (answer.status_code, answer.get("Location")) == (302, "/case/")
        return Case.objects.get(pk=self.client.session["case"])  # type: ignore[attr-defined]


@pytest.fixture
def chen(qingshi, client, settings: Settings, tmp_path) -> Resident:  # type: ignore[no-untyped-def]
    """Chen Yu, before the door of the first compound of Qingshi."""
    settings.FILES_ROOT = tmp_path / "files"
    return Resident(client, qingshi.place("compound").qr)


def code_of(case: Case) -> str:
    """The code on the case's receipt."""
    return case_code(case.pk)


def handled(case: Case, qingshi) -> Case:  # type: ignore[no-untyped-def]
    """The case, answered at once by the clerk and, if drawn, passed by the inspector."""
    at = timezone.now()
    reply = Evidence(words={"reply": "已到现场劝止，夜间不再施工。"})
    case = take(Incident.answer, case, actor=qingshi.actor("clerk"), at=at, evidence=reply)
    if case.is_open:
        case = take(Incident.verify, case, actor=qingshi.actor("inspector"), at=at)
    return case
