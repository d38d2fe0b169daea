"""By-laws of photographs that go first: attached by the hand that handed them in, let go when nothing follows."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytest_django import Settings

from jingwei.casework.models import Attachment
from jingwei.casework.tasks import let_photographs_go
from jingwei.files import shelf
from jingwei.files.acts import make_ready
from jingwei.files.handing import hand_in, handed_in, let_go
from jingwei.files.models import Blob, Handing
from jingwei.files.refusals import CutShort, NoRoom

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LI_NA, ZHAO_MIN = "a" * 64, "b" * 64

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def handed(data: bytes, hand: str = LI_NA, at: datetime = AT) -> Blob:
    return hand_in(io.BytesIO(data), hand, at=at)[0]


def lying(folder: Path) -> list[str]:
    return sorted(path.name.partition(".")[0] for path in folder.glob("??/??/*"))


def test_only_the_hand_that_handed_it_in_may_attach_it() -> None:
    mine, hers = handed(picture("red")), handed(picture("blue"), ZHAO_MIN)
    asked = [hers.pk, mine.pk, "0" * 64, mine.pk, "../../etc/passwd"]
    assert handed_in(asked, LI_NA, at=AT) == [mine.pk]
    assert handed_in(asked, ZHAO_MIN, at=AT) == [hers.pk]


def test_the_same_bytes_from_two_hands_are_one_photograph_and_neither_learns_of_the_other() -> None:
    answers = [hand_in(io.BytesIO(picture()), hand, at=AT) for hand in (LI_NA, ZHAO_MIN, LI_NA)]
    assert [first for _blob, first in answers] == [True, True, False]
    assert Blob.objects.count() == 1


def test_one_that_came_in_part_is_refused_and_its_repeat_is_whole(folder: Path) -> None:
    data = picture()
    sha256 = hashlib.sha256(data).hexdigest()
    for part in (data[:-1], data[: len(data) // 2], data + b"x"):
        with pytest.raises(CutShort):
            hand_in(io.BytesIO(part), LI_NA, said_sha256=sha256, said_size=len(data), at=AT)
    assert (Handing.objects.count(), lying(folder)) == (0, [])
    whole = hand_in(io.BytesIO(data), LI_NA, said_sha256=sha256, said_size=len(data), at=AT)
    assert (whole[0].pk, whole[1], lying(folder)) == (sha256, True, [sha256])


def test_one_that_nothing_followed_is_gone_after_a_day(folder: Path) -> None:
    old, young = handed(picture("red")), handed(picture("blue"), at=AT + timedelta(hours=20))
    make_ready(old, at=AT)
    assert let_go(AT + timedelta(hours=24)) == 0
    assert handed_in([old.pk], LI_NA, at=AT + timedelta(hours=24, minutes=1)) == []
    assert let_go(AT + timedelta(hours=26)) == 1
    assert (list(Blob.objects.values_list("pk", flat=True)), lying(folder)) == ([young.pk], [young.pk])
    assert list(Handing.objects.values_list("blob", flat=True)) == [young.pk]


def test_one_handed_in_again_stays_another_day(folder: Path) -> None:
    blob = handed(picture())
    handed(picture(), at=AT + timedelta(hours=23))
    assert let_go(AT + timedelta(hours=26)) == 0
    assert (handed_in([blob.pk], LI_NA, at=AT + timedelta(hours=26)), lying(folder)) == ([blob.pk], [blob.pk])


def test_one_that_belongs_to_a_case_stays_for_good(qingshi: Any, folder: Path) -> None:
    from jingwei.affairs.incidents.kinds import Incident
    from jingwei.casework.acts.opening import Intake, open_case

    kept, alone = handed(picture("red")), handed(picture("blue"))
    intake = Intake(
        place=qingshi.place("grid"), source="counter", title="路灯不亮", grade="general", photographs=(kept.pk,)
    )
    open_case(Incident, intake, actor=qingshi.actor("clerk"), at=AT)
    let_photographs_go(AT + timedelta(days=400))
    assert [a.blob_id for a in Attachment.objects.all()] == [kept.pk]
    assert (Blob.objects.get().pk, lying(folder), Handing.objects.count()) == (kept.pk, [kept.pk], 0)
    assert not Blob.objects.filter(pk=alone.pk).exists()


def test_one_whose_files_are_lost_is_healed_by_handing_it_in_again(folder: Path) -> None:
    blob = handed(picture())
    make_ready(blob, at=AT)
    for version in shelf.VERSIONS:
        shelf.remove(shelf.place(blob.pk, version))
    assert handed(picture()).ready_at is None
    assert make_ready(blob, at=AT)
    assert shelf.place(blob.pk, "full").exists()


def test_a_disk_that_is_nearly_full_takes_no_more_photographs(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(shelf, "LEFT_FREE", 1 << 62)
    with pytest.raises(NoRoom):
        handed(picture())
    assert lying(folder) == []
