"""The duty to hold an activity: met by one that was held, of whatever sort unless the pack names some."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.activities.models import Activity
from jingwei.affairs.activities.pack import ActivitiesSection
from jingwei.duties.declared import DUTIES, Duty, Found, Record
from jingwei.duties.models import Turn
from jingwei.duties.pack import DutiesSection
from jingwei.organisations.models import Post
from jingwei.policy.queries import edition_book


def _held(turns: Sequence[Turn]) -> Iterator[Found]:
    """The activities of each turn's unit that were held on its days; each once, by its first day among them."""
    units = {turn.organisation_id for turn in turns}
    held = Activity.objects.filter(organisation__in=units, held_at__isnull=False, cancelled_at=None)
    by_unit: dict[int, list[Activity]] = {}
    for one in held.only("organisation_id", "sort", "begins_at", "further").order_by("pk"):
        by_unit.setdefault(one.organisation_id, []).append(one)
    for turn in turns:
        sorts = edition_book(turn.edition_id)[ActivitiesSection].sorts_meeting(turn.key)
        for one in by_unit.get(turn.organisation_id, ()):
            day = _day_among(one, turn)
            if day is not None and (sorts is None or one.sort in sorts):
                yield Found(turn.pk, one.pk, day)


def _day_among(activity: Activity, turn: Turn) -> datetime | None:
    days = [day for day in activity.days if turn.first <= timezone.localdate(day) <= turn.last]
    return min(days, default=None)


def _begin(turn: Turn) -> str:
    said = {"unit": turn.organisation_id, "duty": turn.key, "day": turn.due.isoformat()}
    return f"{reverse('desk:activity_new')}?{urlencode(said)}"


def _named(pks: Sequence[int]) -> dict[int, str]:
    return dict(Activity.objects.filter(pk__in=pks, published_at__isnull=False).values_list("pk", "title"))


def _page(pk: int) -> str:
    return reverse("desk:activity", args=[pk])


HELD = Record("activity", _("Activity held"), _held, _page, _begin, named=_named)


def _trained(turns: Sequence[Turn]) -> Iterator[Found]:
    """The courses that each turn's post completed on its days, of the sorts for its duty."""
    held = Activity.objects.filter(trained__in={turn.post_id for turn in turns}, held_at__isnull=False)
    by_post: dict[int, list[Activity]] = {}
    roll = Activity.trained.through.objects.filter(activity__in=held, activity__cancelled_at=None)
    for one in roll.select_related("activity").order_by("pk"):
        by_post.setdefault(one.post_id, []).append(one.activity)
    for turn in turns:
        sorts = edition_book(turn.edition_id)[ActivitiesSection].sorts_meeting(turn.key)
        for course in by_post.get(turn.post_id or 0, ()):
            day = _day_among(course, turn)
            if day is not None and (sorts is None or course.sort in sorts):
                yield Found(turn.pk, course.pk, day)


def owed_training(activity: Activity) -> QuerySet[Post]:
    """The posts to which an activity may be the training they are owed: with a turn on its days, on its ground."""
    county = activity.county
    lines = edition_book(county.edition_id)
    sorts = lines[ActivitiesSection]
    keys = [
        line.key
        for line in lines[DutiesSection].duties
        if (duty := DUTIES.get(line.of)) and duty.met_by is TRAINED
        and ((named := sorts.sorts_meeting(line.key)) is None or activity.sort in named)
    ]  # fmt: skip
    days = [timezone.localdate(day) for day in activity.days]
    owed = Turn.objects.filter(county=county, key__in=keys, first__lte=max(days), last__gte=min(days))
    near = Post.objects.filter(turns__in=owed, ground__path__startswith=activity.organisation.ground.path)
    return near.select_related("organisation").distinct().order_by("organisation__key", "key")


TRAINED = Record("training", _("Completed a training"), _trained, _page, made_of="activity")

Duty("activity", _("Activity"), HELD)
Duty("training_of_each", _("Training owed to each worker"), TRAINED)
Duty("volunteer_day", _("Friday volunteer day"), HELD)
Duty("weekly_activity", _("Weekly activity of a social organisation"), HELD)
Duty("party_lesson", _("Party lesson"), HELD)
Duty("party_day", _("Party day"), HELD)
Duty("study", _("Study"), HELD)
Duty("check_up", _("Party-spirit check-up"), HELD)
Duty("training", _("Training of workers"), HELD)
Duty("service", _("Service in the community"), HELD)
