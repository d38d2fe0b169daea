"""The pages of exceptions for security and emergencies: asked for here, decided here, read and taken along here."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.accounts import verbs
from jingwei.accounts.exceptions import PHOTOGRAPH_ASKED, SCENES, WIDER_SIGHT, ExceptionsSection, Scene, exceptions_of
from jingwei.accounts.models import Permit
from jingwei.accounts.permitted import all_permits
from jingwei.accounts.permitting import Wanted, ask, decide, end
from jingwei.accounts.queries import posts_under
from jingwei.accounts.refusals import AccountRefused
from jingwei.accounts.sitting import Sitting
from jingwei.casework.kinds import KINDS
from jingwei.casework.needs import Photo
from jingwei.casework.pages.exports import Table, answer, moment
from jingwei.doors.desk.inviting import Posts
from jingwei.doors.desk.officers import of_officer, sitting_at
from jingwei.organisations.models import Post
from jingwei.organisations.pack import KEPT_APART, Role
from jingwei.places.choosing import PlaceField
from jingwei.places.models import Place
from jingwei.places.queries import standing
from jingwei.running.once import once
from jingwei.trail.acts import record

A_PAGE = 20
GROUNDS = ("county", "town", "community")
"""The layers an exception may be asked for; a grid's is its community's."""

STATES = {
    "asked": ("soon", gettext_lazy("Waits for the security officer")),
    "refused": ("", gettext_lazy("Refused")),
    "missed": ("", gettext_lazy("Not decided in time")),
    "coming": ("new", gettext_lazy("Granted, not begun yet")),
    "in force": ("late", gettext_lazy("In force")),
    "over": ("done", gettext_lazy("Over")),
}


@dataclass(frozen=True)
class Shown:
    """One exception as the list shows it to an officer."""

    permit: Permit
    state: str
    level: str
    words: str
    may_decide: bool
    may_end: bool

    @property
    def step(self) -> str:
        """The step that asks for a photograph, in words."""
        return step_title(self.permit.kind, self.permit.step)


class Steps(forms.ChoiceField):
    """The steps that have room for a photograph."""

    def __init__(self, **said: Any) -> None:
        super().__init__(choices=lambda: [("", _("Choose a step")), *steps_with_photographs()], **said)


def _day(label: Any) -> forms.DateField:
    """A field for a day; a browser shows only days written as ISO 8601 writes them, whatever the language."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class Asking(forms.Form):
    """What is asked for, where, why, by which law, from when until when."""

    permission = forms.ChoiceField(label=gettext_lazy("What it permits"))
    scene = forms.ChoiceField(label=gettext_lazy("Its occasion"), choices=list(SCENES.items()))
    place = PlaceField(
        Place.objects.none(), label=gettext_lazy("Its ground"), empty_label=gettext_lazy("Choose a ground")
    )
    post = Posts(
        Post.objects.none(), required=False, label=gettext_lazy("Post that sees further"),
        empty_label=gettext_lazy("Choose a post"),
    )  # fmt: skip
    step = Steps(required=False, label=gettext_lazy("Step that asks for a photograph"))
    reason = forms.CharField(
        max_length=200, label=gettext_lazy("Why it is needed"),
        help_text=gettext_lazy("Those who work under it and the auditor read this. No names, no numbers."),
    )  # fmt: skip
    law = forms.CharField(max_length=200, label=gettext_lazy("By which law or decision"))
    since = _day(gettext_lazy("First day"))
    until = _day(gettext_lazy("Last day"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, sitting: Sitting, today: dt.date, said: QueryDict | None = None) -> None:
        super().__init__(said, initial={"since": today, "until": today + dt.timedelta(days=2), "key": uuid4()})
        rules = exceptions_of(sitting.post.organisation.county)
        fields: Any = self.fields
        fields["permission"].choices = [(one.name, one.title) for one in rules.permissions]
        fields["until"].help_text = _("At most %(n)d days; it ends by itself.") % {"n": rules.longest_days}
        places = standing(sitting.county_code).filter(layer__in=GROUNDS, path__startswith=sitting.post.ground.path)
        fields["place"].queryset = places.order_by("path")
        fields["post"].queryset = posts_under(sitting.post).exclude(roles__overlap=[str(role) for role in KEPT_APART])
        self.sitting = sitting

    def ask(self, at: dt.datetime) -> Permit:
        """Ask for it. Raises AccountRefused."""
        given = self.cleaned_data
        sight = given["permission"] == WIDER_SIGHT.name
        kind, _dot, step = given["step"].partition(".")
        wanted = Wanted(
            given["permission"], Scene(given["scene"]), given["place"], given["reason"], given["law"],
            _midnight(given["since"]), _midnight(given["until"] + dt.timedelta(days=1)),
            post=given["post"] if sight else None, step=("", "") if sight else (kind, step),
        )  # fmt: skip
        county = self.sitting.post.organisation.county
        return ask(wanted, county, actor=self.sitting.actor, at=at, key=given["key"])


@of_officer(Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR)
@require_safe
def exceptions(request: HttpRequest) -> HttpResponse:
    """Every exception of the county: what waits, what is in force, what is over."""
    return _listed(request)


@of_officer(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for one."""
    sitting, at = sitting_at(request), timezone.now()
    if not _rules(sitting).allowed:
        return redirect("desk:exceptions")
    form = Asking(sitting, timezone.localdate(at), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with once(request, at):  # of two at the same moment the second waits, and finds it asked for
                form.ask(at)
        except AccountRefused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            messages.success(request, _("Asked for. It permits nothing until the security officer grants it."))
            return redirect("desk:exceptions")
    return render(request, "desk/ask_exception.html", {"form": form}, status=422 if form.errors else 200)


@of_officer(Role.SECURITY_OFFICER)
@require_POST
def decided(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or refuse one."""
    sitting, at, grant = sitting_at(request), timezone.now(), request.POST.get("grant") == "yes"
    permit = get_object_or_404(_on_her_ground(sitting), pk=pk)
    if permit.granted is grant and permit.decided_by == sitting.account.person_id:
        return redirect("desk:exceptions")  # sent twice
    try:
        decide(permit, grant=grant, actor=sitting.actor, at=at)
    except AccountRefused as refused:
        return _listed(request, refused.sentence)
    messages.success(request, _("Granted. It ends by itself.") if grant else _("Refused."))
    return redirect("desk:exceptions")


@of_officer(Role.ADMINISTRATOR, Role.SECURITY_OFFICER)
@require_POST
def ended(request: HttpRequest, pk: int) -> HttpResponse:
    """End one before its time; sent twice it is ended once."""
    sitting = sitting_at(request)
    end(get_object_or_404(_on_her_ground(sitting), pk=pk), actor=sitting.actor, at=timezone.now())
    messages.success(request, _("The exception has ended."))
    return redirect("desk:exceptions")


def _on_her_ground(sitting: Sitting) -> QuerySet[Permit]:
    """The exceptions an officer may decide on or end: those for ground that her post stands over."""
    return all_permits(sitting.county_code).filter(place__path__startswith=sitting.post.ground.path)


HEADINGS = (
    gettext_lazy("Number"), gettext_lazy("What it permits"), gettext_lazy("Its occasion"), gettext_lazy("Its ground"),
    gettext_lazy("Post or step"), gettext_lazy("Why it is needed"), gettext_lazy("By which law or decision"),
    gettext_lazy("From"), gettext_lazy("In force until"), gettext_lazy("Asked for by"), gettext_lazy("Asked at"),
    gettext_lazy("Decided by"), gettext_lazy("Decided at"), gettext_lazy("State"), gettext_lazy("Ended at"),
)  # fmt: skip


@of_officer(Role.AUDITOR)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """All of them as a spreadsheet; that it was taken along is written to the trail."""
    sitting, at = sitting_at(request), timezone.now()
    found = list(all_permits(sitting.county_code))
    with transaction.atomic():
        subject, ground = ("post", sitting.post.pk), sitting.post.ground.path
        record(
            sitting.actor, verbs.EXCEPTIONS_EXPORTED, at=at, subject=subject, place=ground, facts={"rows": len(found)}
        )
        table = Table(_("Exceptions"), [str(one) for one in HEADINGS], [_row(permit, at) for permit in found])
        return answer(table, _("exceptions"), at)


def _row(permit: Permit, at: dt.datetime) -> list[str | int | None]:
    about = permit.post.full_title if permit.post else step_title(permit.kind, permit.step)
    return [
        permit.pk, permit.permits.title, permit.occasion, str(permit.place), about, permit.reason, permit.law,
        moment(permit.since), moment(permit.until), permit.asked_title, moment(permit.asked_at), permit.decided_title,
        moment(permit.decided_at), str(STATES[state_of(permit, at)][1]), moment(permit.ended_at),
    ]  # fmt: skip


def state_of(permit: Permit, at: dt.datetime) -> str:
    """Where an exception stands at a moment, as a name in `STATES`."""
    if permit.granted is None:
        return "missed" if at >= permit.until else "asked"
    if not permit.granted:
        return "refused"
    if permit.ended_at or at >= permit.until:
        return "over"
    return "coming" if at < permit.since else "in force"


def steps_with_photographs() -> list[tuple[str, str]]:
    """The steps that an exception may let ask for a photograph."""
    return [
        (f"{kind.name}.{step.name}", step_title(kind.name, step.name))
        for kind in KINDS.values()
        for step in kind.steps.values()
        if any(isinstance(need, Photo) for need in step.needs)
    ]


def step_title(kind: str, step: str) -> str:
    """A step with its kind, in words; its names where it is not declared any more."""
    of = KINDS.get(kind)
    known = of.steps.get(step) if of else None
    return f"{of.title} · {known.title}" if of and known else f"{kind} {step}".strip()


def _listed(request: HttpRequest, wrong: str = "") -> HttpResponse:
    sitting, at = sitting_at(request), timezone.now()
    page = Paginator(all_permits(sitting.county_code), A_PAGE).get_page(request.GET.get("page"))
    roles = set(sitting.post.roles)
    said = {
        "shown": [_shown(permit, roles, sitting, at) for permit in page],
        "page": page,
        "may_ask": Role.ADMINISTRATOR in roles and bool(_rules(sitting).allowed),
        "may_export": Role.AUDITOR in roles,
        "photograph": PHOTOGRAPH_ASKED.name,
        "wrong": [("", wrong)] if wrong else [],
    }
    return render(request, "desk/exceptions.html", said, status=422 if wrong else 200)


def _shown(permit: Permit, roles: set[str], sitting: Sitting, at: dt.datetime) -> Shown:
    state = state_of(permit, at)
    level, words = STATES[state]
    here = sitting.post.ground.covers(permit.place.path)
    decides = here and state == "asked" and Role.SECURITY_OFFICER in roles
    decides = decides and permit.asked_by != sitting.account.person_id
    ends = here and state in ("in force", "coming") and bool({Role.ADMINISTRATOR, Role.SECURITY_OFFICER} & roles)
    return Shown(permit, state, level, str(words), decides, ends)


def _rules(sitting: Sitting) -> ExceptionsSection:
    return exceptions_of(sitting.post.organisation.county)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
