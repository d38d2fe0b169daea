"""A property manager never verifies or closes work on her own company, whatever post she sits at."""

import pytest

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.deeds import Deed
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.steps import SYSTEM, take
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence
from jingwei.casework.refusals import OwnWork
from jingwei.organisations.acts.appointing import appoint
from jingwei.organisations.acts.posts import create_post
from jingwei.organisations.acts.tree import found, serve
from jingwei.organisations.models import Post
from jingwei.places.models import Place
from jingwei.policy.models import County
from people_fixtures.qingshi import STOOD_UP, Qingshi


def verifying(qingshi: Qingshi, place: Place, lead: Post) -> Case:
    """An incident that waits to be verified, led by `lead`."""
    said = Intake(place=place, title="电梯停运", source="counter", words="电梯停运")
    case = open_case(Incident, said, actor=qingshi.holder("town_centre.clerk"), at=STOOD_UP)
    deed = Deed.begin(case, SYSTEM, STOOD_UP)
    deed.case.lead = lead
    deed.stand(deed.case.at_stage, Incident.verifying)
    deed.put_down()
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("theirs", ["handler", "ground", "nothing"])
def test_whoever_works_for_the_company_does_not_close_what_it_is_about(qingshi: Qingshi, theirs: str) -> None:
    admin, inspector = qingshi.holder("county_centre.administrator"), qingshi.holder("town_centre.inspector")
    compound = qingshi.place("compound", 1)
    said = {"actor": admin, "at": STOOD_UP}
    county = County.objects.get(pk=qingshi.county_code)
    company = found(county, name="某物业公司", kind="property", ground=qingshi.place("community", 1), **said)
    manager = create_post(company, title="项目经理", roles=["department"], front_desk=True, **said)
    appoint([(manager, inspector.person_id)], **said)
    if theirs == "ground":
        serve(company, [compound], **said)
    case = verifying(qingshi, compound, manager if theirs == "handler" else qingshi.post("housing.desk"))
    words = Evidence(words={"opinion": "现场看过"})
    if theirs == "nothing":
        take(Incident.verify, case, actor=inspector, at=STOOD_UP, evidence=words)
    else:
        with pytest.raises(OwnWork):
            take(Incident.verify, case, actor=inspector, at=STOOD_UP, evidence=words)
    assert (Case.objects.get(pk=case.pk).stage == "verifying") == (theirs != "nothing")
