"""What the worker does for duties on its rounds: lay them out, and tell in the morning what is due."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from jingwei.duties.acts import lay_out
from jingwei.duties.models import Turn
from jingwei.duties.queries import State, standing_on
from jingwei.notices.acts import Telling, tell_many
from jingwei.organisations.models import Post
from jingwei.organisations.queries import front_desk
from jingwei.outbox.handlers import every
from jingwei.policy.models import County
from jingwei.policy.notices import Event

LONGEST_NOTICE = timedelta(days=60)
"""No pack reminds earlier (`DutyLine.remind`)."""


@every(1800)
def lay_out_duties(at: datetime) -> None:
    """Lay out the duties of every county; what a stopped worker missed is caught up."""
    for code in County.objects.order_by("code").values_list("code", flat=True):
        lay_out(code, at=at)


@every(3600)
def remind(at: datetime) -> None:
    """Tell each post of what it owes shortly before it is due; once for each turn, in the morning's digest."""
    today = localdate(at)
    near = Turn.objects.filter(met_at=None, due__gte=today, due__lte=today + LONGEST_NOTICE, first__lte=today)
    near = near.select_related("organisation__county", "post__organisation", "place", "county").order_by("pk")
    told = []
    for one in standing_on(near, today):
        if one.state is State.OWED and one.turn.due - timedelta(days=one.line.remind) <= today:
            post: Post | None = one.turn.post or front_desk(one.turn.organisation_id)
            if post is not None and one.turn.person_id is None:
                label = f"{one.name} {one.turn.due.isoformat()}"
                told.append(Telling(Event.DUTY_DUE, post, ("turn", one.turn.pk), label, at, f"turn:{one.turn.pk}"))
    tell_many(told)
