"""Papers of a case to be signed and sealed: the assignment 交办单, the supervision letter 督办函, the reply 回复."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.casework.acts.motions import SUPERVISION
from jingwei.casework.acts.opening import OPENED
from jingwei.casework.kinds import Word
from jingwei.casework.models import Act, Case, Statement
from jingwei.casework.pages.limiting import telephone
from jingwei.casework.queries import case_seen, clocks_of
from jingwei.casework.ways_out import shows_cases, tried_one_by_one
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.pack import Role
from jingwei.policy.queries import edition_book
from jingwei.search.masking import masked

Row = tuple[str, str]


@dataclass(frozen=True)
class Paper:
    """What stands on a sheet: who issues it, to whom, short facts side by side, long ones in rows, the words."""

    title: str
    issued_by: Organisation
    to: str
    facts: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    words: str = ""
    plea: str = ""
    dated: datetime | None = None

    @property
    def pairs(self) -> list[tuple[Row, Row | None]]:
        """The short facts, two to a line, so that a sheet stays one page."""
        beside: list[Row | None] = [*self.facts[1::2], None]
        return list(zip(self.facts[::2], beside, strict=False))


@dataclass(frozen=True)
class Sheet:
    """A sort of paper: its name in the address, its title, and what makes it; None where there is nothing to print."""

    name: str
    title: Word
    made: Callable[[Case], Paper | None]


shows_cases("papers of a case", "desk:print")(tried_one_by_one(case_seen))


@at_a_post
@require_safe
def sheet(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """A paper of a case that the post may see."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    case = case_seen(sitting.actor, number)
    of = SHEETS.get(name)
    if case is None or of is None:
        raise Http404
    paper = of.made(case)
    back = reverse("desk:case", args=[case.number])
    if paper is None:
        said = {"back": back, "title": of.title, "sentence": _("There is nothing to print yet: this has not happened.")}
        return render(request, "casework/sheets/nothing.html", said, status=404)
    context = {
        "case": case,
        "paper": paper,
        "back": back,
        "drawing": qr_drawing(f"{settings.BASE_URL}{back}"),
        "printed_at": timezone.now(),
        "printed_by": sitting.post.full_title,
        "confidential": bool(case.tier),
        "hotline": telephone(case.county),
    }
    return render(request, f"casework/sheets/{of.name}.html", context)


def printable(case: Case) -> list[Sheet]:
    """The papers that can be printed of a case now, for the menu of its page."""
    return [of for of in SHEETS.values() if of.made(case) is not None]


def qr_drawing(address: str) -> SafeString:
    """The desk's address of a case, to be scanned back from the paper."""
    code = segno.make(address, error="m", micro=False)
    return mark_safe(code.svg_inline(scale=2.4, border=2, svgclass=None, lineclass=None))  # noqa: S308  (our own address)


def assignment(case: Case) -> Paper | None:
    """To the unit that leads: what it is to do, and until when. Whoever asked stands on it with covered numbers."""
    act = _last(case, lambda a: "handler" in a.facts) or (_opened(case) if case.parent_id else None)
    if case.lead is None or act is None:
        return None
    return Paper(
        title=str(_("Assignment sheet")),
        issued_by=_issuer(act, case),
        to=str(case.lead.organisation),
        facts=_facts(case),
        rows=[
            (_("What was said"), _matter(case)),
            (_("Opinion of who assigns"), _said(act)),
            (_("To be done by"), _due(case)),
        ],
        plea=_("Please handle this within your duties and report back before the due time."),
        dated=act.at,
    )


def supervision(case: Case) -> Paper | None:
    """To the unit that was placed under formal supervision: what is asked, and until when it answers."""
    motion = case.motions.filter(sort=SUPERVISION.name).select_related("raised", "to__organisation").last()
    if motion is None:
        return None
    until = _moment(motion.due_at)
    return Paper(
        title=str(_("Letter of supervision")),
        issued_by=_issuer(motion.raised, case),
        to=str(motion.to.organisation),
        facts=_facts(case),
        rows=[(_("What was said"), _matter(case)), (_("Handling is due"), _due(case))],
        words=_said(motion.raised, SUPERVISION.name),
        plea=_("Please answer this letter in writing before %(moment)s.") % {"moment": until}
        if until
        else _("Please answer this letter in writing without delay."),
        dated=motion.raised.at,
    )


def reply(case: Case) -> Paper | None:
    """To whoever asked: what was done, in the words that were written for her."""
    said = Statement.objects.filter(case=case, name="reply", public=True, erased_at=None).select_related("act").last()
    if said is None:
        return None
    return Paper(
        title=str(_("Reply")),
        issued_by=_issuer(said.act, case),
        to=_("To whom it concerns"),
        facts=[(_("Came in at"), _moment(case.received_at)), (_("Where it is"), str(case.place))],
        rows=[(_("Matter"), masked(case.title))],
        words=masked(said.words),
        dated=said.act.at,
    )


def _facts(case: Case) -> list[Row]:
    words = case.of_kind.words(edition_book(case.edition_id))
    place = f"{case.place}，{masked(case.where)}" if case.where else str(case.place)
    rows = [
        (_("Came in by"), words.get("source", {}).get(case.source, case.source)),
        (_("Sort of matter"), words.get("category", {}).get(case.category, "")),
        (_("Grade"), words.get("grade", {}).get(case.grade, "")),
        (_("Where it is"), place),
        (_("Came in at"), _moment(case.received_at)),
    ]
    if case.asker and not case.tier:
        rows.append((_("Telephone"), case.asker.masked_telephone))
    return [row for row in rows if row[1]]


def _matter(case: Case) -> str:
    return _said(_opened(case), "matter") or masked(case.title)


def _opened(case: Case) -> Act | None:
    return case.acts.filter(verb=OPENED.name).select_related("post__organisation").first()


def _said(act: Act | None, name: str = "words") -> str:
    return "" if act is None else masked("\n".join(s.words for s in act.statements.filter(name=name, erased_at=None)))


def _last(case: Case, fits: Callable[[Act], bool]) -> Act | None:
    acts = case.acts.exclude(step="").order_by("-id").select_related("post__organisation")
    return next((act for act in acts if fits(act)), None)


def _issuer(act: Act, case: Case) -> Organisation:
    """The organisation whose post acted; the centre on the case's ground for what the system did."""
    if act.post_id is not None:
        return Organisation.objects.get(posts=act.post_id)
    found = Post.objects.filter(roles__contains=[Role.DISPATCHER], organisation__county=case.county_id).first()
    assert found is not None  # the pack is refused without a dispatcher
    return found.organisation


def _due(case: Case) -> str:
    """Until when it must be handled: the answering clock, else the earliest that runs."""
    answers = {name for name, clock in case.of_kind.clocks.items() if clock.answers}
    runs = [run for run in clocks_of(case) if run.name in answers]
    return _moment(runs[0].due_at if runs else case.due_at)


def _moment(at: datetime | None) -> str:
    if at is None:
        return ""
    here = timezone.localtime(at)
    said = {"year": here.year, "month": here.month, "day": here.day, "clock": f"{here:%H:%M}"}
    return _("%(year)d-%(month)d-%(day)d %(clock)s") % said


SHEETS = {
    s.name: s
    for s in (
        Sheet("assignment", gettext_lazy("Assignment sheet"), assignment),
        Sheet("supervision", gettext_lazy("Letter of supervision"), supervision),
        Sheet("reply", gettext_lazy("Reply"), reply),
    )
}
