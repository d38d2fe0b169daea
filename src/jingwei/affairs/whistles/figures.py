"""What is counted of whistles: how many, who reported in in time. There is no target for how many there should be."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.whistles.kinds import Attendance, Whistle
from jingwei.casework.counted import ACTS, DEADLINES, acts_of_round, deadlines
from jingwei.casework.kinds import Ending
from jingwei.casework.models import Round
from jingwei.figures.declared import Condition, Figures, Flow, Share

ORDINANCE = _("Beijing ordinance on handling complaints at once, art. 33: both sides are looked at")


TAKEN_BACK = [
    s.name for s in Attendance.stages.values() if isinstance(s, Ending) and not s.met and s is not Attendance.absent
]


def called(at: datetime) -> Condition:
    """Departments called, with the time by which each had to report in, as it stood and was known at `at`."""
    ended = Round.objects.filter(case=OuterRef("case_id"), number=OuterRef("round"), ending__in=TAKEN_BACK)
    return deadlines(Attendance.attendance_clock.name, at, at) & ~Q(Exists(ended.filter(ended_at__lte=at)))


def came_in_time(at: datetime) -> Condition:
    """Of these, the ones that had reported in by `at` and before their time was over."""
    came = Exists(acts_of_round(at, of="round", step=Attendance.attend.name))
    return called(at) & Q(stopped=True, at__lte=F("due_at")) & came


class WhistleFigures(Figures, name="whistle", about=DEADLINES.narrowed(case__kind=Attendance.name)):
    """Whistles and the departments that came."""

    title = _("Whistles")

    blown = Flow(
        _("Whistles blown"), _("Whistles blown, by the moment they were blown. Not a figure with a target."), ORDINANCE,
        about=ACTS.narrowed(case__kind=Whistle.name), when="at", unit=_("whistles"), rows=Q(step=Whistle.blow.name),
    )  # fmt: skip
    called = Flow(
        _("Departments due"), _("Departments called whose time of reporting in ran out in the period."), ORDINANCE,
        when="due_at", unit=_("departments"), rows=called,
        leaves_out=_("Departments whose call was taken back."),
    )  # fmt: skip
    came_in_time = Flow(
        _("Reported in in time"), _("Of these, the ones that came before their time was over."), ORDINANCE,
        when="due_at", unit=_("departments"), rows=came_in_time,
    )  # fmt: skip
    in_time_rate = Share(
        _("Share reported in in time"), _("Departments that came in time, of those whose time ran out."), ORDINANCE,
        part=came_in_time, of=called,
    )  # fmt: skip
