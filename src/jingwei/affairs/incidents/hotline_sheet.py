"""The orders in the 12345 hotline's own columns, to be handed back to it; what is not known stays empty."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.affairs.incidents.kinds import Incident, IncidentRecord
from jingwei.affairs.incidents.pack import HotlineField, HotlineSection, IncidentsSection
from jingwei.casework.acts.opening import OPENED, as_record
from jingwei.casework.may import post_of
from jingwei.casework.models import Act, Case, ClockRun, Motion
from jingwei.casework.pages.exports import (
    CHUNK,
    Table,
    TooMany,
    answer,
    listed,
    remember,
    these,
    too_many,
)
from jingwei.casework.pages.lists import filter_of
from jingwei.casework.queries import Filter
from jingwei.casework.ways_out import shows_cases
from jingwei.organisations.models import Post
from jingwei.policy.books import Book
from jingwei.policy.queries import book
from jingwei.search.masking import masked
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb_named

Field = HotlineField
REPLYING = {Incident.report_handled.name, Incident.handle_on_the_spot.name, Incident.answer.name, Incident.refuse.name}
ANSWERING = next(c.name for c in Incident.clocks.values() if c.answers)


@at_a_post
@require_safe
def export_hotline(request: HttpRequest) -> HttpResponse:
    """The incidents of the list, narrowed as in the address, as the hotline's sheet. It is always in Chinese."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    at, by = timezone.now(), filter_of(request.GET)
    try:
        found = orders_of(sitting.post, by, at)
    except TooMany as refused:
        return too_many(request, refused)
    of = book(sitting.county_code)
    section = of[HotlineSection]
    with transaction.atomic(), override("zh-hans"):
        remember(sitting, "hotline", by, len(found), at)
        headings = [column.heading for column in section.columns]
        table = Table("Sheet0", headings, rows(these(found), of), title=section.title)
        return answer(table, _("hotline orders"), at)


def orders_of(post: Post, by: Filter, at: datetime) -> list[int]:
    """The incidents of a filter that the post may see, newest first."""
    return listed(post, by, at, kind=Incident.name)


@shows_cases("sheet in the hotline's columns", "desk:export_hotline")
def on_the_sheet(actor: Actor, at: datetime) -> Iterable[int]:
    """What stands on the hotline's sheet of everything an actor sees."""
    post = post_of(actor)
    return orders_of(post, Filter(queue="seen"), at) if post else ()


def rows(cases: QuerySet[Case], of: Book) -> Iterator[Sequence[str]]:
    """One row an order, in the order of the pack's columns."""
    acts = Act.objects.order_by("id").prefetch_related("statements")
    clocks = ClockRun.objects.filter(name=ANSWERING).order_by("id")
    motions = Motion.objects.filter(sort__in=("extension", "instruction")).order_by("id")
    read = cases.select_related("place", "lead__organisation", "asker").prefetch_related(
        Prefetch("acts", acts), Prefetch("clocks", clocks), Prefetch("motions", motions)
    )
    fields = [column.field for column in of[HotlineSection].columns]
    for case in read.iterator(chunk_size=CHUNK):
        order = Order(case, of)
        yield tuple(FILLED[field](order) if field in FILLED else "" for field in fields)


@dataclass(frozen=True)
class Order:
    """A case, asked for what the hotline's columns hold."""

    case: Case
    of: Book

    @cached_property
    def record(self) -> IncidentRecord:
        """What only an incident has."""
        record: IncidentRecord = as_record(self.case)
        return record

    @cached_property
    def acts(self) -> list[Act]:
        """What was done, oldest first."""
        return list(self.case.acts.all())

    def last(self, *steps: str) -> Act | None:
        """The last time one of these steps was taken."""
        return next((a for a in reversed(self.acts) if a.step in steps), None)

    @cached_property
    def reply(self) -> Act | None:
        """The act that replied to the resident."""
        return self.last(*REPLYING)

    @cached_property
    def categories(self) -> list[str]:
        """The source's own path of categories where it gave one, otherwise ours."""
        if self.record.source_category:
            return list(self.record.source_category)
        sort = self.of[IncidentsSection].sort(self.case.category)
        return [] if sort is None else [str(sort.category), *([str(sort.child)] if sort.child else [])]

    def category(self, level: int) -> str:
        """The category of a level, counted from 1."""
        return self.categories[level - 1] if level <= len(self.categories) else ""

    def words(self, name: str) -> str:
        """What the key in a field of the case says."""
        key: str = getattr(self.case, name)
        return Incident.words(self.of)[name].get(key, key)

    @property
    def history(self) -> str:
        """The timeline in lines: when, who, what."""
        return "\n".join(f"{_moment(a.at)} {a.title} {verb_named(a.verb).past}".strip() for a in self.acts)

    @property
    def due(self) -> datetime | None:
        """When it had to be answered, by the last run of the answering clock."""
        runs = list(self.case.clocks.all())
        return runs[-1].due_at if runs else None

    @property
    def extended_to(self) -> datetime | None:
        """Until when it was granted longer."""
        granted = [m for m in self.case.motions.all() if m.sort == "extension" and m.outcome == "granted"]
        return granted[-1].asked_until if granted else None

    def of_ours(self, said: str) -> str:
        """What we know only of an order we took in ourselves; of one from elsewhere its source knows better."""
        return "" if self.case.source_system else said


def _said(act: Act | None, name: str) -> str:
    return "" if act is None else masked("\n".join(s.words for s in act.statements.all() if s.name == name))


def _matter(order: Order) -> str:
    return next((said for act in order.acts if (said := _said(act, "matter"))), "") or masked(order.case.title)


def _opened(order: Order) -> Act | None:
    return next((a for a in order.acts if a.verb == OPENED.name), None)


def _instruction(order: Order) -> str:
    raised = [a for a in order.acts if a.verb == "case.instruction_raised"]
    return _said(raised[-1], "instruction") if raised else ""


def _moment(at: datetime | None) -> str:
    """As the hotline writes it: 2020/12/4 0:00:00."""
    if at is None:
        return ""
    here = timezone.localtime(at)
    return f"{here.year}/{here.month}/{here.day} {here.hour}:{here:%M:%S}"


def _title(act: Act | None) -> str:
    return act.title if act else ""


def _at(act: Act | None) -> str:
    return _moment(act.at) if act else ""


def _contact(order: Order) -> str:
    asker = order.case.asker
    name = asker.name if asker and not order.case.tier else ""
    return f"{name[0]}**" if name else ""


def _telephone(order: Order) -> str:
    asker = order.case.asker
    return asker.masked_telephone if asker and not order.case.tier else ""


def _urgency(order: Order) -> str:
    urgent = order.record.urgent
    return "" if urgent is None else ("紧急" if urgent else "一般")


FILLED: dict[HotlineField, Callable[[Order], str]] = {
    Field.NUMBER: lambda o: o.case.source_number or o.case.number,
    Field.RECEIVED_AT: lambda o: _moment(o.case.received_at),
    Field.DESCRIPTION: _matter,
    Field.OPINION: lambda o: _said(o.last("assign"), "words"),
    Field.DUE_AT: lambda o: _moment(o.due),
    Field.CONTACT: _contact,
    Field.PHONE: _telephone,
    Field.ADDRESS: lambda o: o.of_ours(masked(f"{o.case.place}{o.case.where}")),
    Field.URGENCY: _urgency,
    Field.CONFIDENTIAL: lambda o: "保密" if o.case.tier else "不保密",
    Field.WANTS_REPLY: lambda o: o.of_ours("回复" if o.case.asks_back else "不回复"),
    Field.HISTORY: lambda o: o.history,
    Field.TRANSFERRED_BY: lambda o: _title(o.last("assign")),
    Field.NOTE: lambda o: masked(o.record.note),
    Field.CLERK: lambda o: _title(_opened(o)),
    Field.SOURCE: lambda o: o.of_ours(o.words("source")),
    Field.REQUEST_CLASS: lambda o: o.words("request_class"),
    Field.ENTERED_AT: lambda o: o.of_ours(_moment(o.case.recorded_at)),
    Field.CATEGORY_1: lambda o: o.category(1),
    Field.CATEGORY_2: lambda o: o.category(2),
    Field.CATEGORY_3: lambda o: o.category(3),
    Field.CATEGORY_4: lambda o: o.category(4),
    Field.CATEGORY_5: lambda o: o.category(5),
    Field.ORDER_KIND: lambda o: "重办单" if o.case.redone or o.case.round > 1 else "办理单",
    Field.REPLIED_AT: lambda o: _at(o.reply),
    Field.REPLIED_BY: lambda o: _title(o.reply),
    Field.REPLY: lambda o: _said(o.reply, "reply"),
    Field.RETURN_OPINION: lambda o: _said(o.last("give_back"), "words"),
    Field.LEADER_OPINION: _instruction,
    Field.SIGNER: lambda o: _title(o.last("sign_off")),
    Field.EXTENDED_TO: lambda o: _moment(o.extended_to),
    Field.CALLER_TOLD: lambda o: _said(o.last("call_back", "unsolved"), "words"),
    Field.ANSWERED_BY: lambda o: _title(o.last("call_back", "unsolved")),
    Field.ANSWERED_AT: lambda o: _at(o.last("call_back", "unsolved")),
    Field.UNIT: lambda o: str(o.case.lead.organisation) if o.case.lead else o.record.reported_unit,
    Field.UNIT_REPLIED_AT: lambda o: _at(o.reply),
}
"""What stands in a column. A field that is not here is one the system does not know, and stays empty."""
