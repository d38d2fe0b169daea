"""The desk, where officials work, as Django knows it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.apps import AppConfig

from jingwei.trail.actor import Actor
from jingwei.worktime import Every, Period


class Desk(AppConfig):
    """`jingwei.doors.desk`."""

    name = "jingwei.doors.desk"
    label = "desk"

    def ready(self) -> None:
        """Say where a notice about a case, or about a turn of a duty, leads."""
        from jingwei.casework.ways_out import shows_cases
        from jingwei.notices.links import register

        register("case", addresses_of_cases)
        register("turn", addresses_of_turns)
        register("activity", addresses_of_activities)
        shows_cases("notices", "desk:notices", "desk:notices_read")(told_in_notices)


def addresses_of_cases(ids: Collection[int]) -> Mapping[int, str]:
    """Where cases stand on the desk, by their ids, in one query."""
    from jingwei.casework.models import Case

    numbers = Case.objects.filter(pk__in=ids).values_list("pk", "number")
    return {pk: f"/desk/case/{number}/" for pk, number in numbers}


def addresses_of_turns(ids: Collection[int]) -> Mapping[int, str]:
    """The list of the post's duties, in the week in which each is due."""
    from jingwei.duties.models import Turn

    due = Turn.objects.filter(pk__in=ids).values_list("pk", "due")
    return {pk: f"/desk/duties/?period={Period.of(Every.WEEK, day)}" for pk, day in due}


def addresses_of_activities(ids: Collection[int]) -> Mapping[int, str]:
    """The pages of activities, by their ids."""
    return {pk: f"/desk/activities/{pk}/" for pk in ids}


def told_in_notices(actor: Actor, _at: datetime) -> set[int]:
    """The cases that notices to the actor's post name; what one was told stays told."""
    from jingwei.notices.models import Notice

    told = Notice.objects.filter(post=actor.post_id, subject_type="case") if actor.post_id else Notice.objects.none()
    return set(told.values_list("subject_id", flat=True))
