"""What is past its term goes by itself, everywhere, with a tombstone and an unbroken trail."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from jingwei.accounts.models import Account
from jingwei.affairs.privacy.tasks import EXPIRY
from jingwei.casework.models import Attachment, Case, Statement
from jingwei.files import shelf
from jingwei.files.acts import keep, make_waiting_ready
from jingwei.files.models import Blob
from jingwei.organisations.models import Appointment
from jingwei.people import erasing
from jingwei.people.acts import share
from jingwei.people.erasing import expire
from jingwei.people.models import Person, Sharing, Tombstone
from jingwei.policy.books import Book
from jingwei.policy.models import County
from jingwei.search.queries import matching
from jingwei.trail.models import Line
from jingwei.trail.proof import verify
from jingwei.trail.queries import lines_of
from jingwei.trail.sealer import seal_all

DAY = timedelta(days=1)


def go_by(county: County, at: datetime, days: float) -> dict[str, int]:
    """Let so many days go by, and the worker make its round."""
    return dict(expire(county, actor=EXPIRY, at=at + days * DAY))


def known(case: Case) -> dict[str, Any]:
    """What is known of a case and of who asked."""
    case = Case.objects.select_related("asker").get(pk=case.pk)
    return {
        "name": case.asker.name if case.asker else "",
        "telephone": case.asker.telephone if case.asker else "",
        "words": [s.words for s in case.statements.order_by("pk") if s.words],
        "title": case.title,
        "where": (case.where, case.lon, case.lat),
    }


@pytest.mark.django_db
def test_a_resident_s_contact_goes_when_her_matter_has_ended_so_long_ago_and_not_before(
    county: County, ended: Callable[..., Case], at: datetime
) -> None:
    case = ended()
    go_by(county, at, 364.9)
    assert (known(case)["name"], known(case)["telephone"]) == ("赵大娘", "13800006021")
    gone = go_by(county, at, 365)
    assert (gone["resident_name"], gone["resident_telephone"], gone["report_where"]) == (1, 1, 1)
    told = known(case)
    assert (told["name"], told["telephone"], told["where"]) == ("", "", ("", None, None))
    assert told["words"] != []
    person = Person.objects.get(pk=case.asker_id)
    assert (person.erased_at, person.telephone_mark) == (at + 365 * DAY, "")


@pytest.mark.django_db
def test_who_still_waits_for_an_answer_keeps_her_number_on_file(
    county: County, ended: Callable[..., Case], reported: Callable[..., Case], at: datetime
) -> None:
    case = ended()
    Case.objects.filter(pk=reported(name="", telephone="").pk).update(asker=case.asker_id)
    assert go_by(county, at, 4000).get("resident_telephone", 0) == 0
    assert known(case)["telephone"] == "13800006021"


@pytest.mark.django_db
def test_her_words_go_from_the_case_its_title_and_the_search(
    county: County, ended: Callable[..., Case], at: datetime
) -> None:
    case = ended()
    assert list(matching("case", "垃圾没清")) == [case.pk]
    go_by(county, at, 1094)
    assert "垃圾没清" in known(case)["title"]
    go_by(county, at, 1095)
    told = known(case)
    assert (told["words"], "垃圾" in told["title"], "内容已删除" in told["title"]) == ([], False, True)
    assert Statement.objects.filter(case=case, erased_at=at + 1095 * DAY).count() == 2
    assert (list(matching("case", "垃圾没清")), list(matching("case", "2单元"))) == ([], [])
    assert list(matching("case", case.number)) == [case.pk]


@pytest.mark.django_db
def test_an_open_case_keeps_what_it_needs_however_long_it_takes(
    county: County, reported: Callable[..., Case], at: datetime
) -> None:
    case = reported()
    before = known(case)
    go_by(county, at, 10_000)
    assert known(case) == before


def photograph(colour: str, at: datetime) -> str:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    out.seek(0)
    return str(keep(out, at=at).pk)


def test_a_photograph_goes_with_its_files_unless_another_case_shows_it(
    county: County, ended: Callable[..., Case], reported: Callable[..., Case], at: datetime, own_database: str,
    settings: Settings, tmp_path: Path,
) -> None:  # fmt: skip
    settings.FILES_ROOT = tmp_path
    shown, shared = photograph("tomato", at), photograph("teal", at)
    make_waiting_ready(at)
    case, other = ended(photographs=(shown, shared)), reported(photographs=(shared,))
    assert go_by(county, at, 89).get("report_photographs", 0) == 0
    assert go_by(county, at, 90)["report_photographs"] == 1
    assert [a.blob_id for a in Attachment.objects.filter(case__in=[case, other])] == [shared]
    assert [blob.pk for blob in Blob.objects.all()] == [shared]
    lying = [shelf.place(sha, version).exists() for sha in (shown, shared) for version in ("full", "thumb")]
    assert lying == [False, False, True, True]
    shutil.rmtree(tmp_path)


@pytest.mark.django_db
def test_an_official_who_left_is_forgotten_and_one_who_serves_is_not(
    qingshi: Any, county: County, at: datetime
) -> None:
    housing, urban = qingshi.account("housing"), qingshi.account("urban")
    Appointment.objects.filter(person=housing.person_id).update(until=timezone.localdate(at))
    assert go_by(county, at, 89).get("staff_telephone", 0) == 0
    assert go_by(county, at, 91) == {"staff_telephone": 1}
    assert (qingshi.person("housing").telephone, qingshi.person("housing").name) == ("", "甲住建")
    assert {key: n for key, n in go_by(county, at, 1097).items() if n} == {"staff_name": 1, "staff_account": 1}
    gone = Account.objects.get(pk=housing.pk)
    assert (gone.username, gone.email, gone.is_active, gone.has_usable_password()) == (
        f"gone-{gone.pk}",
        "",
        False,
        False,
    )
    assert Person.objects.get(pk=housing.person_id).name == ""
    assert (qingshi.person("urban").name, Account.objects.get(pk=urban.pk).is_active) == ("丁城管", True)


@pytest.mark.django_db
@pytest.mark.parametrize(("line", "days"), [({"retired": True}, 365), (None, 0)], ids=["retired", "taken out"])
def test_a_field_taken_off_the_list_is_gone_after_its_term(
    county: County, ended: Callable[..., Case], amended: Callable[..., Book], at: datetime, line: Any, days: int
) -> None:
    case = ended()
    amended(resident_telephone=line, resident_name={"keep": "9999 days"})
    county.refresh_from_db()
    if days:
        go_by(county, at, days - 1)
        assert known(case)["telephone"] == "13800006021"
    go_by(county, at, days)
    assert (known(case)["telephone"], known(case)["name"]) == ("", "赵大娘")
    [tombstone] = Tombstone.objects.filter(field="resident_telephone")
    assert (tombstone.why, tombstone.rule, tombstone.edition_id) == ("unlisted", f"{days} days", county.edition_id)


@pytest.mark.django_db
def test_each_erasing_leaves_one_tombstone_and_one_line_and_is_not_done_twice(
    county: County, ended: Callable[..., Case], at: datetime
) -> None:
    cases = [ended() for _n in range(3)]
    go_by(county, at, 5000)
    again = go_by(county, at, 5001)
    assert {key: n for key, n in again.items() if n} == {}
    for case in cases:
        fields = sorted(
            Tombstone.objects.filter(subject_type="case", subject_id=case.pk).values_list("field", flat=True)
        )
        assert fields == ["report_where", "report_words"]
    erased = Line.objects.filter(verb="people.erased")
    assert (erased.count(), Tombstone.objects.count()) == (12, 12)
    assert {tuple(sorted(line.facts)) for line in erased} == {("edition", "field", "pieces", "rule", "why")}


def test_an_erased_person_leaves_an_unbroken_chain(
    county: County, ended: Callable[..., Case], at: datetime, own_database: str
) -> None:
    case = ended()
    before = [(told.did, told.digests) for told in lines_of("case", case.pk)]
    seal_all(at)
    go_by(county, at, 5000)
    seal_all(at)
    assert list(verify()) == []
    after = lines_of("case", case.pk)
    assert [(told.did, told.digests) for told in after][: len(before)] == before
    assert [told.verb for told in after[len(before) :]] == ["people.erased", "people.erased"]
    assert after[0].holds("3号楼垃圾没清，请打13800006021，身份证110101199003074098。")


@pytest.mark.django_db
def test_many_go_in_small_steps_and_all_of_them(
    county: County, ended: Callable[..., Case], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "BATCH", 2)
    cases = [ended() for _n in range(7)]
    gone = go_by(county, at, 5000)
    assert (gone["report_words"], gone["resident_telephone"]) == (7, 7)
    assert [known(case)["words"] for case in cases] == [[]] * 7


@pytest.mark.django_db
def test_records_of_sharing_stay_three_years(qingshi: Any, county: County, at: datetime) -> None:
    sharing = Sharing(county=county, sort=Sharing.EXPORT, recipient="县调度", purpose="queue", ground="duty", records=3)
    share(sharing, actor=qingshi.actor("dispatcher"), at=at)
    go_by(county, at, 365 * 3 - 30)
    assert Sharing.objects.count() == 1
    go_by(county, at, 365 * 3 + 31)
    assert Sharing.objects.count() == 0


@pytest.mark.django_db
def test_another_county_s_people_are_left_alone(county: County, ended: Callable[..., Case], at: datetime) -> None:
    case = ended()
    other = County(code="990121", name="微水", edition=county.edition)
    other.save()
    expire(other, actor=EXPIRY, at=at + 5000 * DAY)
    assert known(case)["telephone"] == "13800006021"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_tombstone")
        assert cursor.fetchone() == (0,)
