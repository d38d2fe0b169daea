"""A matter a property company promised to see to: five minutes, forty minutes, three hours, two days, a plan in one."""

from datetime import datetime
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.promises.models import PromiseBreach
from jingwei.affairs.promises.pack import PromiseSection
from jingwei.casework.kinds import Clock, Ending, Fork, Kind, Opening, Redo, Stage, Step, Waiting, Word
from jingwei.casework.models import Case
from jingwei.casework.needs import MISSING, OPINION, RESULT, Handler, Words
from jingwei.organisations.models import Post
from jingwei.organisations.natures import Nature
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import UNIT, Role
from jingwei.organisations.queries import serving
from jingwei.policy.books import Book
from jingwei.policy.queries import edition_book
from jingwei.policy.sections import words_of


def was_broken(case: Case) -> bool:
    """Whether a promised time of the case ran out."""
    return PromiseBreach.objects.filter(case=case).exists()


def of_its_own_compound(case: Case, posts: QuerySet[Post]) -> QuerySet[Post]:
    """The front desks of property companies that serve the compound: a company promises nothing of another's."""
    kinds = edition_book(case.county.edition_id)[OfficesSection].kinds_of(Nature.PROPERTY)
    return serving(posts.filter(organisation__kind__in=kinds), case.place)


class Promise(Kind, name="promise"):
    """The promise 54321 of document 2: its times run from the moment the company's staff have the matter.

    The caller says by her case code that somebody came. A time that ran out leaves a row; the company is heard, and
    an inspector decides whether it stands.
    """

    title = _("Matter for the property company")
    opened_by = (Role.CLERK, Role.DISPATCHER, Role.GRID_WORKER)
    asks_for: ClassVar[dict[str, Word]] = {"grade": _("How grave")}
    laid_on = ("compound", "building")

    taken_down = Opening(_("To be given to the company"), Role.DISPATCHER, public=_("Received"), six="report")
    on_the_way = Stage(_("The company has it; to come"), Role.DEPARTMENT, public=_("On the way"), six="assign")
    at_the_door = Stage(_("Says it has come"), Role.DEPARTMENT, public=_("Somebody has come"), six="handle")
    under_repair = Stage(_("The company is at work"), Role.DEPARTMENT, public=_("Being handled"), six="handle")
    planned = Stage(_("Has a plan"), Role.DEPARTMENT, public=_("Being handled by a plan"), six="handle")
    said_done = Stage(_("The company says it is done"), Role.INSPECTOR, public=_("Being verified"), six="oversee")
    hearing = Stage(_("The company may have its say"), Role.DEPARTMENT, public=_("Handled"), six="oversee")
    weighing = Stage(_("Breach to be decided"), Role.INSPECTOR, public=_("Handled"), six="oversee")
    kept = Ending(_("Promise kept"), public=_("Closed"), six="feed_back")
    broken = Ending(_("Done, promise broken"), public=_("Closed"), six="feed_back")
    excused = Ending(_("Done, breach set aside"), public=_("Closed"), six="feed_back")

    give = Step(
        _("Give it to the company"),
        taken_down,
        to=on_the_way,
        by=Role.DISPATCHER,
        needs=(Handler("handler", _("Property company"), among=of_its_own_compound),),
        past=_("Given to the company"),
        key="KeyA",
    )
    come = Step(
        _("We have come"), on_the_way, to=at_the_door, by=UNIT, past=_("The company says it has come"), works=True
    )
    confirm_coming = Step(
        _("Yes, somebody has come"),
        on_the_way,
        at_the_door,
        to=under_repair,
        by=Role.RESIDENT,
        past=_("The caller confirmed that somebody has come"),
        works=False,
    )
    deny_coming = Redo(
        _("No, nobody has come"),
        at_the_door,
        to=on_the_way,
        by=Role.RESIDENT,
        past=_("The caller says nobody has come"),
    )
    make_plan = Step(
        _("Tell the plan"),
        on_the_way,
        at_the_door,
        under_repair,
        to=planned,
        by=UNIT,
        needs=(Words("reply", _("What is done, in which order, until when"), public=True),),
        past=_("The plan was told"),
        works=True,
    )
    report_done = Step(
        _("Report it done"),
        at_the_door,
        under_repair,
        planned,
        to=said_done,
        by=UNIT,
        needs=(Words("reply", _("Reply to the resident"), public=True), RESULT),
        past=_("Reported as done"),
        works=True,
        key="KeyD",
    )
    check_it = Step(
        _("It is done"),
        said_done,
        to=Fork(was_broken, yes=hearing, no=kept),
        by=Role.INSPECTOR,
        needs=(OPINION,),
        past=_("Found to be done"),
        works=False,
        key="KeyP",
    )
    not_well_done = Redo(
        _("Not good enough"),
        said_done,
        to=under_repair,
        by=Role.INSPECTOR,
        needs=(MISSING,),
        past=_("Not good enough; to be done again"),
    )
    have_its_say = Step(
        _("Say why it was late"),
        hearing,
        to=weighing,
        by=UNIT,
        needs=(Words("words", _("Why it was late, or why it was not")),),
        past=_("The company had its say"),
        public=False,
        works=True,
    )
    said_nothing = Step(
        _("Its time to speak is over"),
        hearing,
        to=weighing,
        by=Role.SYSTEM,
        past=_("The company let its time to speak pass"),
        public=False,
    )
    uphold = Step(
        _("The breach stands"),
        weighing,
        to=broken,
        by=Role.INSPECTOR,
        needs=(Words("words", _("What was verified, and how")),),
        past=_("The breach was verified"),
        public=False,
    )
    set_aside = Step(
        _("Set the breach aside"),
        weighing,
        to=excused,
        by=Role.INSPECTOR,
        needs=(Words("words", _("Why it is not the company's doing")),),
        past=_("The breach was set aside"),
        public=False,
    )

    assignment_clock = Clock(_("Giving it to the company"), (taken_down,), name="assignment")
    arrival_clock = Clock(_("Coming"), (on_the_way,), name="arrival")
    plan_clock = Clock(_("Plan"), (on_the_way, at_the_door, under_repair), name="plan", for_some=True)
    handling_clock = Clock(
        _("Promised time"), (on_the_way, at_the_door, under_repair, planned), answers=True, name="handling"
    )
    verification_clock = Clock(_("Verification"), (said_done,), name="verification")
    to_speak = Waiting(_("Time to have its say"), hearing, then=said_nothing)
    decision_clock = Clock(_("Deciding on the breach"), (weighing,), name="approval")

    @classmethod
    def words(cls, book: Book) -> dict[str, dict[str, str]]:
        """The pack's severities."""
        return {"grade": words_of(book[PromiseSection].severities)}

    @classmethod
    def followed(cls, case: Case, target: Stage, at: datetime) -> None:
        """Keep a row of every promised time that ran out; what was decided on them."""
        late = case.clocks.filter(name__in=PROMISED, stopped_at__isnull=False, due_at__lt=at)
        for run in late.order_by("id"):
            if run.late and case.lead is not None and run.due_at and run.stopped_at:
                PromiseBreach.objects.get_or_create(
                    clock=run,
                    defaults={
                        "case": case, "organisation_id": case.lead.organisation_id, "promise": run.name,
                        "due_at": run.due_at, "kept_at": run.stopped_at,
                    },
                )  # fmt: skip
        decided = {cls.weighing: "heard_at", cls.broken: "verified_at", cls.excused: "set_aside_at"}
        if target in decided:
            PromiseBreach.objects.filter(case=case).update(**{decided[target]: at})


PROMISED = (Promise.arrival_clock.name, Promise.plan_clock.name, Promise.handling_clock.name)
