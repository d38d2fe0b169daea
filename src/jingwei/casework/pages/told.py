"""A case in the words of whoever asked: where it stands, what was promised, what was done."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework.acts.opening import OPENED
from jingwei.casework.acts.remarks import ADDED, URGED
from jingwei.casework.acts.residents import RATED, REOPENED, WITHDRAWN
from jingwei.casework.clocks import NO_CALENDAR, State
from jingwei.casework.kinds import Ending, Opening, Stage, Vocabulary
from jingwei.casework.models import Act, Case, ClockRun
from jingwei.casework.needs import Choice
from jingwei.casework.pack import CaseworkSection
from jingwei.casework.queries import clocks_of, timeline
from jingwei.policy.books import Book
from jingwei.policy.queries import edition_book
from jingwei.search.masking import masked
from jingwei.trail.verbs import verb_named

BY_HERSELF: dict[str, Promise | str] = {
    ADDED.name: gettext_lazy("You added something"),
    URGED.name: gettext_lazy("You urged"),
    RATED.name: gettext_lazy("You rated it"),
    REOPENED.name: gettext_lazy("You had it reopened"),
    WITHDRAWN.name: gettext_lazy("You withdrew it"),
}
"""How a timeline names what its reader did."""


@dataclass(frozen=True)
class Event:
    """One line of the timeline."""

    title: str
    moment: datetime | None
    by: str = ""
    words: tuple[str, ...] = ()
    photographs: tuple[tuple[str, str], ...] = ()
    """Addresses of the small and the whole picture."""


@dataclass(frozen=True)
class Promised:
    """What was promised, and how it stands: running, paused, kept, missed or unknown."""

    name: str
    state: str
    due: datetime | None
    why: str


def public_title(stage: Stage) -> str:
    """The stage in the resident's words."""
    return str(stage.public or stage.title)


def level(case: Case, at: datetime) -> str:
    """The colour of the state, beside its words."""
    stage = case.at_stage
    if isinstance(stage, Ending):
        return "done" if stage.met else ""
    if case.due_at is not None and case.due_at < at:
        return "late"
    if isinstance(stage, Opening):
        return "new"
    return "check" if stage.six == "oversee" else "doing"


def way(case: Case) -> list[dict[str, str]]:
    """The way of a case from left to right: one mark for each of the six steps its kind has."""
    now, kind = case.at_stage, case.of_kind
    first = public_title(kind.opening)
    if isinstance(now, Ending) and not now.met:
        return [{"label": first, "state": "done"}, {"label": public_title(now), "state": "now"}]
    marks: dict[str, str] = {}
    for stage in kind.stages.values():
        if stage.six and not stage.retired and not (isinstance(stage, Ending) and not stage.met):
            marks.setdefault(stage.six, public_title(stage))
    order = [six for six in Vocabulary.SIX if six in marks]
    here = order.index(now.six) if now.six in order else 0
    over = isinstance(now, Ending)
    states = ["done" if over or n < here else "now" if n == here else "next" for n in range(len(order))]
    labels = [public_title(now) if n == here else marks[six] for n, six in enumerate(order)]
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


def promised(case: Case) -> Promised | None:
    """The promise a resident reads: that of handling, or before it runs the one that runs now."""
    runs = clocks_of(case)
    answers = {name for name, clock in case.of_kind.clocks.items() if clock.answers}
    shown = [run for run in runs if run.name in answers] or [run for run in runs if run.state != State.STOPPED]
    if not shown:
        return None
    run = shown[-1]
    name = str(case.of_kind.clocks[run.name].title) if run.name in case.of_kind.clocks else run.name
    return Promised(name, _state(run), run.due_at, _why(case, run))


def _state(run: ClockRun) -> str:
    if run.state == State.STOPPED:
        return {True: "missed", False: "kept", None: "unknown"}[run.late]
    if run.state == State.PAUSED:
        return "paused"
    return "running" if run.due_at else "unknown"


def _why(case: Case, run: ClockRun) -> str:
    if run.reason == NO_CALENDAR:
        return _("The public holidays of that year are not announced yet; the day will be reckoned when they are.")
    if run.state == State.PAUSED or case.held:
        return _("On hold for now; the time goes on when the work can.")
    if run.reason:
        return _("The due time is not known.")
    return ""


def events(case: Case, book: Book | None = None) -> list[Event]:
    """The public timeline, newest first; of a joined case, with how the main one fares, without others' words."""
    book = book or edition_book(case.edition_id)
    told = [_event(act, book) for act in reversed(timeline(case, public=True))]
    if case.main is None:
        return told
    steps = [act for act in timeline(case.main, public=True) if act.step]
    return [Event(_title(act), act.at, act.title if act.post_id else "") for act in reversed(steps)] + told


def _event(act: Act, book: Book) -> Event:
    words = [_("These words were erased.") if s.erased_at else masked(s.words) for s in act.statements.all()]
    return Event(
        _title(act),
        act.at,
        act.title if act.post_id else "",
        (*_choices(act, book), *words),
        tuple(_addresses(a.pk) for a in act.attachments.all()),
    )


def _addresses(pk: int) -> tuple[str, str]:
    return reverse("doorstep:photograph", args=[pk, "thumb"]), reverse("doorstep:beheld", args=[pk])


def _title(act: Act) -> str:
    if act.actor_kind != "person" and act.verb == OPENED.name:
        return str(act.case.of_kind.you_opened)
    if act.actor_kind != "person" and act.verb in BY_HERSELF:
        return str(BY_HERSELF[act.verb])
    step = act.case.of_kind.steps.get(act.step)
    return str(step.past if step else verb_named(act.verb).past)


def _choices(act: Act, book: Book) -> list[str]:
    """What was chosen from the pack's lists and is told: a lawful route with its law and telephone, a rating."""
    casework = book[CaseworkSection]
    if act.verb == RATED.name:
        return [str(r) for r in casework.ratings if r.value == act.facts.get("rating")]
    step = act.case.of_kind.steps.get(act.step)
    told: list[str] = []
    for need in step.needs if step else ():
        if isinstance(need, Choice) and need.public:
            for entry in getattr(casework, need.of, ()):
                if entry.key == act.facts.get(need.name):
                    number = getattr(entry, "telephone", "")
                    said: tuple[str, ...] = (str(entry), getattr(entry, "told", ""), getattr(entry, "law", ""))
                    said += (_("Telephone: %(number)s") % {"number": number},) if number else ()
                    told += [s for s in said if s]
    return told
