"""What a notice says: one sentence for everything that can be told."""

from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.notices.models import Notice
from jingwei.policy.notices import Event, NoticesSection
from jingwei.policy.queries import book

SENTENCES: dict[Event, Promise] = {
    Event.RECEIVED: gettext_lazy("A new request has come in: %(label)s."),
    Event.ASSIGNED: gettext_lazy("%(label)s is yours to handle."),
    Event.HALF_TIME: gettext_lazy("Half of the time for %(label)s is gone."),
    Event.LAST_HOUR: gettext_lazy("%(label)s is due soon."),
    Event.OVERDUE: gettext_lazy("%(label)s is overdue."),
    Event.RETURNED: gettext_lazy("%(label)s was returned."),
    Event.ARBITRATION: gettext_lazy("Who handles %(label)s is in dispute; it waits for you to decide."),
    Event.APPROVAL: gettext_lazy("A request about %(label)s waits for your decision."),
    Event.DECIDED: gettext_lazy("Your request about %(label)s is decided."),
    Event.URGED: gettext_lazy("%(label)s is being urged."),
    Event.SUPERVISED: gettext_lazy("%(label)s is under formal supervision."),
    Event.INSTRUCTED: gettext_lazy("A leader has given an instruction on %(label)s."),
    Event.HANDLED: gettext_lazy("%(label)s has been handled and waits to be verified."),
    Event.VERIFICATION_FAILED: gettext_lazy("%(label)s did not pass verification."),
    Event.BAD_RATING: gettext_lazy("The asker is not satisfied with %(label)s."),
    Event.REOPENED: gettext_lazy("%(label)s is opened again."),
    Event.CALENDAR_MISSING: gettext_lazy("The working calendar is missing, so %(label)s has no due time yet."),
    Event.PLACE_FREE: gettext_lazy("A place became free at «%(label)s»: ring whoever moved up from the waiting list."),
    Event.DUTY_DUE: gettext_lazy("%(label)s is due; nothing is recorded for it yet."),
}


def sentence(notice: Notice) -> str:
    """The notice in one sentence, with the due time where there is one, in the active language."""
    said = str(SENTENCES[Event(notice.event)]) % {"label": notice.label}
    due = notice.facts.get("due")
    if due is None:
        return said
    moment = timezone.localtime(datetime.fromisoformat(due)).strftime("%Y-%m-%d %H:%M")
    return _("%(sentence)s Due %(due)s.") % {"sentence": said, "due": moment}


def headings(county_code: str) -> dict[str, str]:
    """What the county calls each event today, in the active language."""
    return {event.value: str(line) for event, line in book(county_code)[NoticesSection].events.items()}
