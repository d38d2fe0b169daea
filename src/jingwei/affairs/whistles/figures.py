"""What is counted of whistles: how many, who reported in in time. There is no target for how many there should be."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.whistles.kinds import Attendance, Whistle
from jingwei.casework.counted import ACTS, CLOCKS
from jingwei.figures.declared import Figures, Flow, Share

ORDINANCE = _("Beijing ordinance on handling complaints at once, art. 33: both sides are looked at")
CALLED = Q(name=Attendance.attendance_clock.name)


class WhistleFigures(Figures, name="whistle", about=CLOCKS.narrowed(case__kind=Attendance.name)):
    """Whistles and the departments that came."""

    title = _("Whistles")

    blown = Flow(
        _("Whistles blown"), _("Whistles blown, by the moment they were blown. Not a figure with a target."), ORDINANCE,
        about=ACTS.narrowed(case__kind=Whistle.name), when="at", unit=_("whistles"), rows=Q(step=Whistle.blow.name),
    )  # fmt: skip
    called = Flow(
        _("Departments due"), _("Departments called whose time of reporting in ran out in the period."), ORDINANCE,
        when="due_at", unit=_("departments"), rows=CALLED, standing=True,
    )  # fmt: skip
    came_in_time = Flow(
        _("Reported in in time"), _("Of these, the ones that came before their time was over."), ORDINANCE,
        when="due_at", unit=_("departments"), standing=True,
        rows=CALLED & Q(stopped_at__lte=F("due_at")) & ~Q(case__stage=Attendance.absent.name),
    )  # fmt: skip
    in_time_rate = Share(
        _("Share reported in in time"), _("Departments that came in time, of those whose time ran out."), ORDINANCE,
        part=came_in_time, of=called,
    )  # fmt: skip
