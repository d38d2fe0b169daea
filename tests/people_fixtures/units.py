"""Units that stand beside the pack of Qingshi: service teams, property companies, each with a front desk."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone


def a_unit(qingshi: Any, key: str, name: str, *, kind: str, role: str, who: str, serves: Sequence[Any] = ()) -> Any:
    """Found a unit on the county's ground, whose front desk `who` holds beside her own post; that post."""
    from jingwei.organisations.acts.appointing import appoint
    from jingwei.organisations.acts.posts import create_post
    from jingwei.organisations.acts.tree import found, serve
    from jingwei.policy.models import County
    from jingwei.trail.actor import Actor

    did: Any = {"actor": Actor.machine("test"), "at": timezone.now()}
    county = County.objects.get(pk=qingshi.county_code)
    unit = found(county, name=name, kind=kind, ground=qingshi.place("county"), key=key, **did)
    post = create_post(unit, title="队长", roles=[role], key="desk", front_desk=True, **did)
    appoint([(post, qingshi.person(who).pk)], **did)
    if serves:
        serve(unit, serves, **did)
    return qingshi.post(f"{key}.desk")


def two_teams(qingshi: Any) -> tuple[Any, Any]:
    """The teams that mend and that run errands, led by the persons of housing and urban management."""
    mend = a_unit(qingshi, "team_mend", "巧手服务队", kind="service_team", role="team", who="housing")
    return mend, a_unit(qingshi, "team_errand", "便民服务队", kind="service_team", role="team", who="urban")
