"""What the auditor and the security officer read: who was shown what, what was handed over, what was assessed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.casework.contact import reasons
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.people.acts import assess, share
from jingwei.people.lists import REGISTERED
from jingwei.people.models import Assessment, Sharing, Tombstone, Unmasking
from jingwei.running.once import once

LOOKS = {Role.AUDITOR, Role.SECURITY_OFFICER}
WRITES = {Role.SECURITY_OFFICER}
ON_A_PAGE = 30
PERIOD = timedelta(days=30)

SHARED: dict[str, Any] = {
    Sharing.EXPORT: gettext_lazy("List taken away"),
    Sharing.PROVIDE: gettext_lazy("Provided to another"),
    Sharing.ENTRUST: gettext_lazy("Entrusted to be handled"),
    Sharing.JOINT: gettext_lazy("Handled jointly"),
}
SHEETS: dict[str, Any] = {"queue": gettext_lazy("Working list"), "hotline": gettext_lazy("Sheet for the hotline")}
"""What the sheets are called that write themselves down here."""
OCCASIONS: dict[str, Any] = {
    "sensitive": gettext_lazy("Sensitive personal data"),
    "automated": gettext_lazy("Decisions by machine"),
    "shared": gettext_lazy("Entrusting, providing, publishing"),
    "abroad": gettext_lazy("Sending abroad"),
    "other": gettext_lazy("Another weighty effect on persons"),
}
"""When the law asks for an assessment: PIPL 55."""
OUTCOMES: dict[str, Any] = {
    "go": gettext_lazy("May be done"),
    "with_measures": gettext_lazy("May be done with these measures"),
    "stop": gettext_lazy("Not to be done"),
}


def _tabs(current: str) -> list[dict[str, Any]]:
    """The records beside one another."""
    pages = {
        "unmaskings": _("Shown uncovered"),
        "sharings": _("Handed over"),
        "erasures": _("Erased"),
        "assessments": _("Assessed"),
        "information": _("Information list"),
    }
    return [
        {"label": title, "href": reverse(f"desk:{name}"), "current": name == current} for name, title in pages.items()
    ]


def _sitting(request: HttpRequest) -> Sitting:
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting


def _refused(request: HttpRequest) -> HttpResponse:
    said = _("These records are for the auditor and the security officer.")
    return render(request, "casework/checks_refused.html", {"sentence": said}, status=403)


def _may(request: HttpRequest, roles: set[Role]) -> bool:
    return bool(roles & {Role(role) for role in _sitting(request).post.roles})


@at_a_post
@never_cache
@require_safe
def unmaskings(request: HttpRequest) -> HttpResponse:
    """How often each post had a name or number shown in thirty days, and why; posts, never a table of persons."""
    if not _may(request, LOOKS):
        return _refused(request)
    sitting, at = _sitting(request), timezone.now()
    shown = Unmasking.objects.filter(county_id=sitting.county_code, at__gt=at - PERIOD)
    post = request.GET.get("post", "")
    chosen = int(post) if post.isascii() and post.isdigit() and len(post) < 19 else None
    counted = shown.values("by_post").annotate(times=Count("pk"), last=Max("at"), title=Max("by_title"))
    titles = {one.key: str(one) for one in reasons(sitting.county_code)}
    rows = [
        {"at": one.at, "about": one.about, "reason": titles.get(one.reason, one.reason), "words": one.words}
        for one in (shown.filter(by_post=chosen).order_by("-pk")[:200] if chosen else ())
    ]
    context = {
        "counted": counted.order_by("title", "by_post"),
        "rows": rows,
        "post": Post.objects.select_related("organisation").filter(pk=chosen).first() if chosen else None,
        "days": PERIOD.days,
        "tabs": _tabs("unmaskings"),
    }
    return render(request, "privacy/unmaskings.html", context)


@at_a_post
@never_cache
@require_safe
def erasures(request: HttpRequest) -> HttpResponse:
    """What went of itself or because somebody asked, by day and field."""
    if not _may(request, LOOKS):
        return _refused(request)
    gone = Tombstone.objects.filter(county_id=_sitting(request).county_code)
    days = gone.values("at__date", "field", "why", "rule").annotate(things=Count("pk"))
    page = Paginator(days.order_by("-at__date", "field", "why", "rule"), ON_A_PAGE).get_page(request.GET.get("page"))
    why = {
        Tombstone.TERM: _("its term was over"),
        Tombstone.UNLISTED: _("no longer collected"),
        Tombstone.WISH: _("somebody asked for it"),
    }
    rows = [
        one | {"day": one["at__date"], "title": REGISTERED[one["field"]].title, "because": why.get(one["why"], "")}
        for one in page.object_list
        if one["field"] in REGISTERED
    ]
    return render(request, "privacy/erasures.html", {"rows": rows, "page": page, "tabs": _tabs("erasures")})


class SharingForm(forms.Form):
    """One handing-over that the system did not do by itself."""

    sort = forms.ChoiceField(
        label=gettext_lazy("How"), choices=[(key, title) for key, title in SHARED.items() if key != Sharing.EXPORT]
    )
    recipient = forms.CharField(label=gettext_lazy("To whom"), max_length=120)
    purpose = forms.CharField(label=gettext_lazy("What for"), max_length=200)
    ground = forms.CharField(label=gettext_lazy("Ground: contract, consent, article of a law"), max_length=120)
    fields_shared = forms.MultipleChoiceField(
        label=gettext_lazy("Which fields"),
        choices=lambda: [(key, field.title) for key, field in REGISTERED.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    records = forms.IntegerField(label=gettext_lazy("Of how many persons or cases"), min_value=1, max_value=10**8)


@at_a_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sharings(request: HttpRequest) -> HttpResponse:
    """What was handed over: exports write themselves down, the rest is written down here."""
    if not _may(request, LOOKS if request.method != "POST" else WRITES):
        return _refused(request)
    sitting = _sitting(request)
    form = SharingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        fields = said.pop("fields_shared")
        at = timezone.now()
        with once(request, at) as new:
            if new:
                sharing = Sharing(county_id=sitting.county_code, fields=fields, covered=False, **said)
                share(sharing, actor=sitting.actor, at=at)
        messages.success(request, _("Written down."))
        return redirect("desk:sharings")
    found = Sharing.objects.filter(county_id=sitting.county_code).order_by("-pk")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        (
            one,
            SHARED.get(one.sort, one.sort),
            SHEETS.get(one.purpose, one.purpose) if one.sort == Sharing.EXPORT else one.purpose,
            [REGISTERED[key].title for key in one.fields if key in REGISTERED],
        )
        for one in page.object_list
    ]
    context = {"rows": rows, "page": page, "form": form, "writes": _may(request, WRITES), "tabs": _tabs("sharings")}
    return render(request, "privacy/sharings.html", context, status=422 if form.errors else 200)


class AssessmentForm(forms.Form):
    """The three questions of PIPL 56, and what came of them."""

    subject = forms.CharField(label=gettext_lazy("What is assessed"), max_length=120)
    occasion = forms.ChoiceField(label=gettext_lazy("Occasion"), choices=list(OCCASIONS.items()))
    necessity = forms.CharField(
        label=gettext_lazy("Are purpose and manner lawful, proper and necessary?"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    risks = forms.CharField(
        label=gettext_lazy("What does it do to the rights of those concerned, and how great is the risk?"),
        max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    measures = forms.CharField(
        label=gettext_lazy("Are the measures lawful, effective, and fit for the risk?"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=list(OUTCOMES.items()))


@at_a_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def assessments(request: HttpRequest) -> HttpResponse:
    """Assessments of impact on personal data: those there are, and a new one."""
    if not _may(request, LOOKS if request.method != "POST" else WRITES):
        return _refused(request)
    sitting = _sitting(request)
    form = AssessmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        with once(request, at) as new:
            if new:
                assess(Assessment(county_id=sitting.county_code, **form.cleaned_data), actor=sitting.actor, at=at)
        messages.success(request, _("Written down."))
        return redirect("desk:assessments")
    found = Assessment.objects.filter(county_id=sitting.county_code).order_by("-pk")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, OCCASIONS.get(one.occasion, ""), OUTCOMES.get(one.outcome, "")) for one in page.object_list]
    context = {"rows": rows, "page": page, "form": form, "writes": _may(request, WRITES), "tabs": _tabs("assessments")}
    return render(request, "privacy/assessments.html", context, status=422 if form.errors else 200)
