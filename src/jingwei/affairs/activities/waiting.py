"""Those who wait for a place: they move up in their order when there is room, and are told."""

from datetime import datetime

from jingwei.affairs.activities.models import Activity, SignUp, State
from jingwei.notices.acts import tell
from jingwei.policy.notices import Event


def is_open(activity: Activity, at: datetime) -> bool:
    """Whether places can be taken now."""
    return activity.sign_up and activity.state == State.PUBLISHED and at < activity.begins_at


def move_up(activity: Activity, at: datetime) -> int:
    """Give free places to those who wait, the first first, passing over groups that do not fit; how many moved.

    Where numbers were asked for, whoever keeps the activity is told to ring them up; the others read it on the page
    on which they wait. No place is given once it has begun, was held or was called off.
    """
    if not is_open(activity, at):
        return 0
    moved, taken = 0, activity.taken
    for row in activity.sign_ups.filter(withdrawn_at=None, waiting=True).order_by("pk"):
        if activity.room is None or taken + row.places <= activity.room:
            SignUp.objects.filter(pk=row.pk).update(waiting=False, moved_up_at=at)
            moved, taken = moved + 1, taken + row.places
            if activity.asks_contact:
                _tell(activity, row, at)
    return moved


def _tell(activity: Activity, row: SignUp, at: datetime) -> None:
    subject, key = ("activity", activity.pk), f"activity:{activity.pk}:moved_up:{row.pk}"
    tell(Event.PLACE_FREE, activity.kept_by, subject=subject, label=activity.title, at=at, key=key)
