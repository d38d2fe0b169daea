"""A photograph of a case, shown to those who may see it: by post, or by the case's code."""

from datetime import datetime
from typing import Literal

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import sitting_of
from jingwei.casework.models import Attachment
from jingwei.casework.pages.bearing import bears
from jingwei.casework.sight import cases_seen_by
from jingwei.casework.ways_out import shows_cases
from jingwei.files.models import Blob
from jingwei.files.queries import SHOWN_KIND, open_for_reading
from jingwei.files.refusals import NotReady
from jingwei.trail.actor import Actor

Size = Literal["full", "thumb"]
SIZES: dict[str, Size] = {"full": "full", "thumb": "thumb"}

PLACEHOLDER = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240" viewBox="0 0 320 240" role="img">'
    '<rect width="320" height="240" fill="#e8edf2"/><text x="160" y="128" text-anchor="middle" '
    'font-family="sans-serif" font-size="20" fill="#465464">{words}</text></svg>'
)


@require_safe
def photograph(request: HttpRequest, pk: int, size: str) -> HttpResponseBase:
    """The picture of attachment `pk`, `full` or `thumb`, as it was made anew; a drawn placeholder until then."""
    shown = _seen(request, pk)
    return picture(shown.blob, size, f"{shown.case.number}-{pk}.jpg")


def picture(blob: Blob, size: str, name: str) -> HttpResponseBase:
    """A photograph as an attachment of that name, to whoever was found to see it; 404 for a size there is not."""
    if size not in SIZES:
        raise Http404
    try:
        file = open_for_reading(blob, SIZES[size])
    except NotReady:
        return _placeholder(_("Not a picture") if blob.fault else _("Being prepared …"))
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=SHOWN_KIND)
    patch_cache_control(answer, private=True, max_age=3600, immutable=True)
    return _guarded(answer)


@require_safe
def beheld(request: HttpRequest, pk: int) -> HttpResponse:
    """One photograph on a page of its own: the picture itself is an attachment, which a browser would put away."""
    shown = _seen(request, pk)
    request.county = shown.case.county  # type: ignore[attr-defined]
    borne = bears(request, shown.case_id)
    back = reverse("doorstep:progress") if borne else reverse("desk:case", args=[shown.case.number])
    heading = _("Photograph of %(number)s") % {"number": shown.case.number}
    picture = reverse("doorstep:photograph", args=[pk, "full"])
    context = {"shown": shown, "heading": heading, "picture": picture, "back": back}
    answer = render(request, "casework/photograph.html", context)
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _seen(request: HttpRequest, pk: int) -> Attachment:
    """The attachment, for whoever bears the case's code or sees the case by her post; else 404 as if it were not."""
    shown = Attachment.objects.select_related("blob", "case__county", "act").filter(pk=pk).first()
    if shown is None or not _may_see(request, shown):
        raise Http404
    return shown


def _may_see(request: HttpRequest, shown: Attachment) -> bool:
    if shown.public and bears(request, shown.case_id):
        return True
    sitting = sitting_of(request)
    return sitting is not None and may_be_shown(sitting.actor, shown)


def may_be_shown(actor: Actor, shown: Attachment) -> bool:
    """Whether an actor sees the case a photograph belongs to."""
    return cases_seen_by(actor).filter(pk=shown.case_id).exists()


@shows_cases("photographs", "doorstep:beheld", "doorstep:photograph")
def pictured(actor: Actor, _at: datetime) -> set[int]:
    """The cases of which an actor is shown a photograph, whichever number is tried."""
    return {shown.case_id for shown in Attachment.objects.all() if may_be_shown(actor, shown)}


def _placeholder(words: str) -> HttpResponseBase:
    answer = HttpResponse(PLACEHOLDER.format(words=words), content_type="image/svg+xml")
    answer["Content-Disposition"] = "inline"
    patch_cache_control(answer, private=True, no_store=True)
    return _guarded(answer)


def _guarded(answer: HttpResponseBase) -> HttpResponseBase:
    """A picture never runs: no guessing of its kind, no script, no other site around it."""
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
