"""The pages of organisations at the desk: the administrator writes, colleagues read, and slips are told on the page."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from jingwei.organisations.acts.appointing import Appointing, appoint_each
from jingwei.organisations.acts.tree import found
from jingwei.organisations.acts.vetting import settle_candidate
from jingwei.organisations.bonds import Agreement, Alliance, Candidate, Forming, Fulfilment
from jingwei.organisations.candidacies import erase_candidacies
from jingwei.organisations.models import Appointment, Organisation, Post, Responsibility
from jingwei.people.erasing import Scope
from jingwei.people.models import Person
from jingwei.policy.models import County
from organisations.test_changing import assigned, chief, reported
from people_fixtures.qingshi import Qingshi

BASE = "/desk/organisations"


class Desk:
    """Somebody at the desk who fills in forms."""

    def __init__(self, qingshi: Qingshi, username: str, path: str = "") -> None:
        self.client = qingshi.sign_in(Client(HTTP_ACCEPT_LANGUAGE="en"), username, path)

    def do(self, thing: str, pk: int, name: str, /, **said: Any) -> int:
        """Send a form; the status of the answer."""
        said = {"key": str(uuid4()), **said}
        return self.client.post(f"{BASE}/{thing}/{pk}/do/{name}/", said).status_code

    def reads(self, path: str) -> str:
        """The text of a page that is shown."""
        answer = self.client.get(f"{BASE}{path}")
        assert answer.status_code == 200, path
        return answer.content.decode()


def administrator(qingshi: Qingshi) -> Desk:
    """The county's administrator."""
    return Desk(qingshi, "administrator")


def test_an_administrator_sets_up_a_branch_with_a_post_a_grid_and_an_alliance(qingshi: Qingshi) -> None:
    desk, committee = administrator(qingshi), qingshi.organisation("community_1")
    grid = qingshi.place("grid", 1)
    assert desk.do("organisation", committee.pk, "found", called="第一网格党支部", sort="grid_branch") == 422
    assert desk.do("organisation", committee.pk, "found", called="红星物业公司", sort="property") == 302
    company = Organisation.objects.get(name="红星物业公司")
    assert (
        desk.do("organisation", company.pk, "post", called="项目经理", team="informant", ground=f"#{grid.pk} x") == 302
    )
    post = Post.objects.get(organisation=company)
    assert desk.do("post", post.pk, "appoint", fresh="甄经理", chosen_from="property_staff") == 302
    assert desk.do("post", post.pk, "assign", place=grid.name, sort="informant") == 302
    assert Responsibility.objects.get(post=post).place == grid
    assert "甄经理" in desk.reads(f"/place/{grid.pk}/")
    assert desk.do("organisation", committee.pk, "ally", called="党建联盟", sort="alliance") == 302
    alliance = Alliance.objects.get()
    assert desk.do("alliance", alliance.pk, "join", organisation=f"#{company.pk}", part="property") == 302
    said = {"called": "共建协议", "sort": "co_building", "second": f"#{company.pk}", "since": "2026-01-05"}
    assert desk.do("organisation", committee.pk, "sign", **said) == 302
    agreement = Agreement.objects.get()
    assert desk.do("agreement", agreement.pk, "promise", by_whom=company.pk, words="每月开放一次会议室") == 302
    assert desk.do("agreement", agreement.pk, "fulfil", promise=agreement.promises.get().pk, on="2026-01-06",
                   evidence="使用登记", whole="on") == 302  # fmt: skip
    assert (Fulfilment.objects.get().whole, "使用登记" in desk.reads(f"/agreement/{agreement.pk}/")) == (True, True)
    village = Desk(qingshi, "community")
    assert [
        village.do("agreement", agreement.pk, "promise", by_whom=one.pk, words="提供场地")
        for one in (company, committee)
    ] == [422, 302]  # each its own
    key = str(uuid4())
    assert [desk.do("organisation", company.pk, "rename", called="红星物业集团", key=key) for _ in range(2)] == [
        302,
        302,
    ]
    assert "红星物业集团" in desk.reads(f"/organisation/{company.pk}/")
    for name in ("vacancies", "cross", "grids", "responsible", "around", "teams", "alliances", "agreements"):
        desk.reads(f"/lists/{name}/")
    assert "红星物业集团" in desk.reads("/print/")


def test_a_refusal_names_all_that_is_owed_and_keeps_the_form(qingshi: Qingshi) -> None:
    assigned(qingshi, "housing.desk")
    desk, housing = administrator(qingshi), qingshi.organisation("housing")
    answer = desk.client.post(f"{BASE}/organisation/{housing.pk}/do/dissolve/", {"key": str(uuid4())})
    front = qingshi.post("housing.desk")
    assert (answer.status_code, front.full_title in answer.content.decode()) == (422, True)
    heir = qingshi.post("market.desk")
    assert desk.do("organisation", housing.pk, "dissolve", **{f"post_{front.pk}": f"#{heir.pk}"}) == 302
    assert Organisation.objects.get(pk=housing.pk).until == timezone.localdate()
    assert housing.name in desk.reads(f"/organisation/{housing.pk}/?on=2026-02-01")


def test_colleagues_read_and_do_not_write(qingshi: Qingshi) -> None:
    clerk, post = Desk(qingshi, "clerk"), qingshi.post("housing.desk")
    assert [bool(clerk.reads(path)) for path in ("/", f"/post/{post.pk}/")] == [True, True]
    before = Organisation.objects.count()
    assert clerk.do("organisation", post.organisation_id, "rename", called="别的名字") == 404
    assert clerk.do("post", post.pk, "appoint", fresh="某人") == 404
    assert clerk.client.get(f"{BASE}/handover/{post.pk}/").status_code == 404
    assert Organisation.objects.count() == before


def test_the_list_to_hand_over_shows_cases_to_who_holds_the_post_and_only_a_number_to_the_administrator(
    qingshi: Qingshi,
) -> None:
    case = reported(qingshi)
    post = qingshi.post("town_centre.dispatcher")
    holder = Desk(qingshi, "dispatcher")
    told = [desk.reads(f"/handover/{post.pk}/") for desk in (holder, administrator(qingshi))]
    assert [case.number in text for text in told] == [True, False]


def test_nobody_joins_an_owners_committee_before_somebody_else_had_no_objection(qingshi: Qingshi) -> None:
    desk, county = administrator(qingshi), County.objects.get(pk=qingshi.county_code)
    said: dict[str, Any] = {"actor": chief(qingshi), "at": timezone.now()}
    village = qingshi.organisation("community_1")
    committee = found(county, name="河畔业委会", kind="owners_committee", ground=village.ground, parent=village, **said)
    desk.do("organisation", committee.pk, "post", called="主任")
    post = Post.objects.get(organisation=committee)
    person = Appointment.objects.order_by("pk")[3].person
    assert desk.do("post", post.pk, "appoint", person=f"#{person.pk}") == 422
    assert desk.do("organisation", committee.pk, "forming") == 302
    forming = Forming.objects.get()
    assert desk.do("forming", forming.pk, "put_forward", person=f"#{person.pk}") == 302
    candidate = Candidate.objects.get()
    assert desk.do("forming", forming.pk, "decide", candidate=candidate.pk) == 404
    secretary = Post.objects.filter(roles__overlap=["signer"], ground=village.ground)[0]
    signs = qingshi.holder(f"{secretary.organisation.key}.{secretary.key}")
    settle_candidate(candidate, passed=True, actor=signs, at=said["at"])
    assert desk.do("post", post.pk, "appoint", person=f"#{person.pk}") == 302
    assert post.appointments.get().person == person
    assert Desk(qingshi, "housing").client.get(f"{BASE}/forming/{forming.pk}/").status_code == 404
    assert desk.do("forming", forming.pk, "put_forward", fresh="甄落选") == 302
    stranger = Candidate.objects.latest("pk").person
    settle_candidate(Candidate.objects.latest("pk"), passed=False, objection="arrears", actor=signs, at=said["at"])
    assert desk.do("forming", forming.pk, "close") == 302
    closed = said["at"] + timedelta(days=1)
    assert len(erase_candidacies(Scope(qingshi.county_code, closed, before=closed))) == 2
    assert [Person.objects.get(pk=one.pk).name for one in (stranger, person)] == ["", person.name]
    other = Appointment.objects.order_by("pk")[5].person_id
    appoint_each([Appointing(post, other, taken_over="县住建〔2025〕8号")], **said)
