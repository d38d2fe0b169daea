"""Two counties in one installation, each with its own pack: nothing of one is found from the other."""

import hashlib
import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from drawn import Some
from jingwei.accounts.models import Account
from jingwei.affairs.activities.acts import Plan, plan
from jingwei.affairs.county import set_up, sign_ins
from jingwei.affairs.hotline import figures
from jingwei.affairs.incidents.kinds import Incident
from jingwei.affairs.meetings.acts import Minutes
from jingwei.affairs.meetings.acts import keep as keep_minutes
from jingwei.affairs.meetings.pack import sorts
from jingwei.casework.acts.opening import Intake, case_code, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Attachment, Case
from jingwei.casework.needs import Evidence, Wanting
from jingwei.casework.queries import case_by_code
from jingwei.casework.refusals import Refused
from jingwei.casework.ways_out import WAYS_OUT
from jingwei.cli import officer
from jingwei.cli.refusal import Refusal
from jingwei.duties.acts import lay_out
from jingwei.files.acts import keep
from jingwei.imports import Mapping, acts
from jingwei.imports.models import Known
from jingwei.organisations.acts.allying import sign
from jingwei.organisations.pack import DemoSection
from jingwei.people.models import Person
from jingwei.trail.actor import Actor
from people_fixtures.qingshi import PACK, STOOD_UP, Qingshi

CODE = "990401"
OTHERWISE = {"990302": CODE, "青石": "临溪", "Qingshi": "Linxi", '"QS"': '"LX"', "上河": "上溪", "院落": "小区"}
"""What Linxi's pack says where Qingshi's says something else."""
TELEPHONE = "13800006021"
MAP = """
[map]
of = "orders"
source = "省12345"

[columns.source_number]
from = "编号"

[columns.words]
from = "内容"
"""


@dataclass(frozen=True)
class Linxi(Qingshi):
    """Linxi, the county next door: its own names, its own prefix, its own word for a courtyard."""

    county_code: str = CODE

    def account(self, username: str) -> Account:  # type: ignore[override]
        """Where Qingshi has the name, Linxi's ends in its code."""
        return Account.objects.select_related("person").get(username=f"{username}.{CODE}")


@pytest.fixture
def linxi(qingshi: Qingshi, tmp_path: Path) -> Linxi:
    folder = tmp_path / "linxi"
    shutil.copytree(PACK, folder)
    for file in folder.glob("*.toml"):
        said = file.read_text(encoding="utf-8")
        for ours, theirs in (
            ("990302", CODE),
            ("青石", "临溪"),
            ("Qingshi", "Linxi"),
            ('"QS"', '"LX"'),
            ("上河", "上溪"),
        ):
            said = said.replace(ours, theirs)
        file.write_text(said, encoding="utf-8")
    set_up(folder, lambda *_said: None, at=STOOD_UP, data_folder=folder)
    return Linxi()


@dataclass
class Side:
    """One of the two, with a confidential and an open case of its own in it."""

    county: Any
    secret: str
    cases: list[Case] = field(default_factory=list)
    clients: dict[str, Client] = field(default_factory=dict)
    meeting: Any = None
    activity: Any = None
    agreement: Any = None

    def fill(self, photograph: str) -> "Side":
        county, at = self.county, timezone.now()
        asker = Person.named(county.county_code, f"{self.secret}某", TELEPHONE, purpose=Person.ASKER, ground="request")
        for confidential in (False, True):
            intake = Intake(
                place=county.place("grid"), title=f"{self.secret}路灯不亮", words=f"{self.secret}路灯不亮。",
                source="counter", grade="general", category="property_repair", request_class="complaint", asker=asker,
                asks_back=True, with_code=True, confidential=confidential, photographs=(photograph,),
            )  # fmt: skip
            case = open_case(Incident, intake, actor=county.actor("clerk"), at=at)
            lead = Evidence(posts={"handler": county.post("housing.desk").pk})
            self.cases.append(take(Incident.assign, case, actor=county.actor("dispatcher"), at=at, evidence=lead))
        self._kept(at)
        for line in county.book[DemoSection].sign_ins:
            self.clients[line.username] = county.sign_in(Client(), line.username)
        return self

    def _kept(self, at: datetime) -> None:
        """What is no case: a meeting, an activity, an agreement, the turns of duties."""
        desk, actor = self.county.post("housing.desk"), self.county.actor("housing")
        by: dict[str, Any] = {"by": desk, "actor": actor, "at": at}
        held = Minutes(sorts(self.county.book)[0], desk.organisation, at, f"{self.secret}的事议了。", where=self.secret)
        self.meeting = keep_minutes(held, key=uuid4(), **by)
        what = Plan("training", f"{self.secret}课", "会议室", at + timedelta(days=3), at + timedelta(days=3, hours=2))
        self.activity = plan(desk.organisation, what, key=uuid4(), **by)
        first, second = (self.county.organisation(key) for key in ("housing", "market"))
        chief = self.county.actor("administrator")
        self.agreement = sign(first, second, title=f"{self.secret}协议", sort="co_building", actor=chief, at=at)
        lay_out(self.county.county_code, at=at)


@pytest.fixture
def sides(qingshi: Qingshi, linxi: Linxi, settings: Any, tmp_path: Path) -> list[Side]:
    from PIL import Image

    settings.FILES_ROOT = tmp_path / "files"
    out = BytesIO()
    Image.new("RGB", (64, 48), "tomato").save(out, "JPEG")
    shown = keep(BytesIO(out.getvalue()), at=timezone.now()).pk
    return [Side(qingshi, "青蛙").fill(shown), Side(linxi, "白鹭").fill(shown)]


def pages_about(other: Side) -> list[str]:
    """Every address by which something of the other side could be asked for, numbers guessed right."""
    found = []
    for case in other.cases:
        picture = Attachment.objects.filter(case=case).values_list("pk", flat=True)[0]
        found += [
            *(f"/desk/case/{case.number}/{part}" for part in ("", "contact/", "print/assignment/", "print/reply/")),
            f"/desk/new/{case.number}/", f"/desk/own-data/{case.number}/", f"/desk/callbacks/{case.number}/",
            f"/photographs/{picture}/", f"/photographs/{picture}/thumb/",
        ]  # fmt: skip
    found += [f"/desk/accounts/{pk}/" for pk in Account.objects.filter(person__county=other.county.county_code)[:3]
              .values_list("pk", flat=True)]  # fmt: skip
    centre, desk = other.county.organisation("town_centre").pk, other.county.post("housing.desk").pk
    found += [
        f"/desk/meetings/{other.meeting.pk}/", f"/desk/activities/{other.activity.pk}/",
        f"/desk/activities/{other.activity.pk}/certificates/", f"/desk/duties/units/{centre}/",
        f"/desk/organisations/agreement/{other.agreement.pk}/", f"/desk/organisations/organisation/{centre}/",
        f"/desk/organisations/post/{desk}/", f"/desk/organisations/handover/{desk}/",
        f"/desk/places/{other.county.place('grid').pk}/", f"/desk/places/{other.county.place('grid').pk}/notice/",
    ]  # fmt: skip
    return found


LISTS = (
    "/desk/", "/desk/?queue=seen", "/desk/?queue=ours", "/desk/?queue=late", "/desk/rows/?queue=seen", "/desk/notices/",
    "/desk/callbacks/", "/desk/sample/?all=1", "/desk/qr/", "/desk/audit/", "/desk/accounts/", "/desk/security/",
    "/desk/records/unmaskings/", "/desk/records/sharings/", "/desk/records/erasures/", "/desk/records/assessments/",
    "/desk/information/", "/desk/new/", "/desk/meetings/", "/desk/meetings/new/?sort=weekly_meeting",
    "/desk/activities/", "/desk/activities/new/", "/desk/duties/", "/desk/duties/units/", "/desk/figures/",
    "/desk/figures/published/",
    "/desk/figures/coverage.agreements/rows/?period=all", "/desk/organisations/", "/desk/organisations/print/",
    "/desk/organisations/lists/agreements/", "/desk/organisations/lists/responsible/", "/desk/exceptions/",
    "/desk/rosters/", "/desk/map/", "/desk/open/whistle/", "/desk/open/problem/", "/desk/open/promise/",
)  # fmt: skip


def test_no_page_of_one_tells_of_the_other(sides: list[Side], some: Some) -> None:
    for ours, other in (sides, sides[::-1]):
        numbers = [case.number for case in other.cases]
        names = {"青石", "临溪"} - {str(ours.county.place("county"))[:2]}
        for who, client in ours.clients.items():
            for address in some(LISTS, 4):
                page = client.get(address, follow=True).content.decode()
                assert [word for word in (other.secret, *numbers, *names) if word in page] == [], (who, address)
            gone = {address: client.get(address).status_code for address in some(pages_about(other), 6)}
            assert {address: code for address, code in gone.items() if code not in (403, 404)} == {}, who


def test_no_search_and_no_sheet_of_one_finds_the_other(sides: list[Side]) -> None:
    for ours, other in (sides, sides[::-1]):
        client = ours.clients["county"]
        for words in (other.secret, other.cases[0].number, other.cases[0].number[-6:]):
            assert other.secret not in client.get("/desk/", {"q": words}).content.decode().replace(words, ""), words
        found = client.get("/desk/", {"q": TELEPHONE}).content.decode()
        assert (ours.cases[0].number in found, other.cases[0].number in found) == (True, False)
        for sheet in ("export", "export-hotline"):
            rows = load_workbook(BytesIO(b"".join(client.get(f"/desk/{sheet}.xlsx?queue=seen")))).worksheets[0].values
            said = str(list(rows))
            assert (ours.secret in said, other.secret in said) == (True, False)


def test_every_way_by_which_cases_are_shown_shows_the_county_s_own(sides: list[Side]) -> None:
    for ours in sides:
        actor, own = ours.county.actor("county"), {case.pk for case in ours.cases}
        shown = {name: set(way.shows(actor, timezone.now())) - own for name, way in WAYS_OUT.items()}
        assert shown == {name: set[int]() for name in WAYS_OUT}


def test_a_code_opens_its_own_county_s_case_and_names_that_county(sides: list[Side]) -> None:
    for ours, other in (sides, sides[::-1]):
        opened = case_by_code(case_code(ours.cases[0].pk))
        assert opened == ours.cases[0]
        page = Client().get(f"/c/{case_code(ours.cases[0].pk)}/", follow=True).content.decode()
        assert (str(ours.county.place("county")) in page, str(other.county.place("county")) in page) == (True, False)


def test_a_qr_code_leads_to_its_own_county_whatever_else_the_address_says(sides: list[Side]) -> None:
    for ours, other in (sides, sides[::-1]):
        token = ours.county.place("compound").qr
        page = Client().get(f"/q/{token}/", {"county": other.county.county_code}).content.decode()
        assert (str(ours.county.place("county")) in page, str(other.county.place("county")) in page) == (True, False)


def test_a_photograph_handed_in_here_is_new_here_though_the_other_has_it(sides: list[Side], tmp_path: Path) -> None:
    from django.conf import settings

    body = next(path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()).read_bytes()
    digest = hashlib.sha256(body).hexdigest()
    answers = [
        side.clients["clerk"].put(f"/photographs/{digest}/", body, content_type="image/jpeg").status_code
        for side in sides
    ]
    assert answers == [201, 201]


def test_no_case_is_given_to_a_post_of_the_other_county_and_none_taken_in_on_its_ground(sides: list[Side]) -> None:
    for ours, other in (sides, sides[::-1]):
        theirs = Evidence(posts={"handler": other.county.post("power.desk").pk}, words={"words": "转办"})
        case = open_case(
            Incident,
            Intake(place=ours.county.place("grid"), title="灯", words="灯", source="counter", grade="general",
                   category="property_repair"),
            actor=ours.county.actor("clerk"), at=timezone.now(),
        )  # fmt: skip
        with pytest.raises((Refused, Wanting)):
            take(Incident.assign, case, actor=ours.county.actor("dispatcher"), at=timezone.now(), evidence=theirs)
        before = Case.objects.filter(county=other.county.county_code).count()
        said = {"key": str(uuid4()), "source": "telephone", "words": "灯不亮", "category": "property_repair",
                "place": other.county.place("compound").pk}  # fmt: skip
        assert ours.clients["clerk"].post("/desk/new/", said).status_code == 422
        assert Case.objects.filter(county=other.county.county_code).count() == before


def test_nobody_sits_down_at_a_post_of_the_other_county(sides: list[Side]) -> None:
    for ours, other in (sides, sides[::-1]):
        client = ours.county.sign_in(Client(), "dispatcher")
        client.post("/desk/post/", {"post": other.county.post("county_centre.dispatcher").pk})
        assert other.secret not in client.get("/desk/?queue=seen").content.decode()


def test_each_signs_in_at_one_gate_and_comes_to_her_own_county(sides: list[Side]) -> None:
    told = {username: (title, password) for title, username, password in sign_ins()}
    homes = {"dispatcher": "青石县", f"dispatcher.{CODE}": "临溪县"}
    for username, home in homes.items():
        client = Client()
        said = {"username": username, "password": told[username][1]}
        page = client.post("/desk/sign-in/", said, follow=True).content.decode()
        assert [county for county in homes.values() if county in page] == [home]


def test_the_residents_first_page_lets_one_choose(sides: list[Side]) -> None:
    page = Client().get("/").content.decode()
    assert ("青石县" in page, "临溪县" in page) == (True, True)
    assert "临溪县" not in Client().get("/", {"county": "990302"}).content.decode().replace("/?county=990401", "")


def test_one_hotline_s_numbers_are_each_county_s_own(sides: list[Side], tmp_path: Path) -> None:
    (tmp_path / "orders.map.toml").write_text(MAP, encoding="utf-8")
    counts = []
    for side in sides:
        sheet = tmp_path / f"{side.county.county_code}.csv"
        sheet.write_text(f"编号,内容\n20260001,{side.secret}路灯不亮\n", encoding="utf-8")
        outcome = acts.run(
            sheet, as_="orders", mapping=Mapping.load(tmp_path / "orders.map.toml"), actor=Actor.machine("import"),
            at=timezone.now(), county=side.county.county_code,
        )  # fmt: skip
        counts.append((outcome.loaded, outcome.changed, [one.reason for one in outcome.refused]))
    assert counts == [(1, 0, []), (1, 0, [])]
    assert [figures("省12345", side.county.county_code).loaded for side in sides] == [1, 1]
    assert sorted(Known.objects.values_list("county", flat=True)) == ["990302", CODE]
    assert {case.county_id for case in Case.objects.filter(source_number="20260001")} == {"990302", CODE}


def test_a_command_for_one_county_asks_which(sides: list[Side], tmp_path: Path) -> None:
    (tmp_path / "orders.map.toml").write_text(MAP, encoding="utf-8")
    (tmp_path / "orders.csv").write_text("编号,内容\n20260002,路灯不亮\n", encoding="utf-8")
    outcome = acts.run(
        tmp_path / "orders.csv", as_="orders", mapping=Mapping.load(tmp_path / "orders.map.toml"),
        actor=Actor.machine("import"), at=timezone.now(),
    )  # fmt: skip
    assert (outcome.loaded, [("--county" in one.reason) for one in outcome.refused]) == (0, [True])
    with pytest.raises(Refusal, match="--county CODE"):
        officer._county(None)
    assert [str(officer._county(code).pk) for code in ("990302", CODE)] == ["990302", CODE]
