"""Photographs as they come in from a page: each by itself under its digest, or with the form where no script runs."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jingwei.casework.pages import limiting
from jingwei.casework.pages.taking import drain
from jingwei.casework.wording import clean
from jingwei.files.acts import LIMIT
from jingwei.files.handing import hand_in, handed_in
from jingwei.files.refusals import (
    CutShort,
    FileRefused,
    NoRoom,
    NotAPhotograph,
    NotHandedIn,
    NothingSent,
    TooLarge,
    TooManyPixels,
)
from jingwei.files.whole import is_length
from jingwei.running.limits import give_back, take

MOST_PHOTOGRAPHS = 3
"""Photographs that go with one form of a resident."""

STATUS: dict[type[FileRefused], int] = {
    CutShort: 400,
    NothingSent: 400,
    NotAPhotograph: 415,
    TooLarge: 413,
    TooManyPixels: 413,
    NoRoom: 507,
}
"""What a refusal is in HTTP; 400 alone is worth sending again as it is."""


def hand_of(request: HttpRequest) -> str:
    """Whose hand a request comes from: the account that is signed in, else the browser, by the secret in its
    cookie against forged requests. A keyed digest: neither can be read from it."""
    if request.user.is_authenticated:
        said = f"account {request.user.pk}"
    else:
        get_token(request)  # a browser without the cookie gets one with the answer
        said = f"browser {request.META['CSRF_COOKIE']}"
    return salted_hmac("jingwei.casework.pages.handing", said, algorithm="sha256").hexdigest()


@never_cache
@require_http_methods(["PUT"])
def put(request: HttpRequest, sha256: str) -> HttpResponse:
    """Take in one photograph under the SHA-256 of its bytes: 201, or 200 to a hand that repeats itself.

    Sending it again is always safe, and is all there is to resuming. Who is not signed in waits after many.
    """
    length, at = request.META.get("CONTENT_LENGTH") or "", timezone.now()
    if not is_length(length):
        return _refused(_("Say with the photograph how long it is (Content-Length)."), 411)
    taken = None if request.user.is_authenticated else take(request, limiting.PHOTOGRAPHS, at)
    try:
        if taken is not None and taken.refused:
            drain(request)
            return limiting.rest(_refused(limiting.sentence(taken, None), 429), taken)
        if int(length) > LIMIT:
            raise TooLarge(LIMIT)
        _blob, first = hand_in(request, hand_of(request), said_sha256=sha256, said_size=int(length), at=at)
    except UnreadablePostError:
        return _refused(str(CutShort()), 400)
    except FileRefused as refused:
        drain(request)
        return _refused(str(refused), next((code for kind, code in STATUS.items() if isinstance(refused, kind)), 422))
    if taken is not None and not first:
        give_back(taken)
    return JsonResponse({"photograph": sha256}, status=201 if first else 200)


def _refused(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def photographs_of(
    request: HttpRequest, at: datetime, name: str = "photo", most: int = MOST_PHOTOGRAPHS
) -> tuple[list[str], list[str]]:
    """The digests of the photographs of a form, each once, and a sentence for each that was refused.

    Those that went ahead are named by their digests under `<name>_sha256`; so are those that came with an
    earlier try of the form, so that one bad file does not cost the others.
    """
    hand, wrong = hand_of(request), list[str]()
    named = list(dict.fromkeys(request.POST.getlist(f"{name}_sha256")))[: most + 1]
    found = dict.fromkeys(handed_in(named, hand, at=at))
    wrong += [str(NotHandedIn())] * (len(named) > len(found))
    for file in request.FILES.getlist(name):
        try:
            found[hand_in(file, hand, at=at)[0].pk] = None
        except FileRefused as refused:
            shown = clean(file.name or "")[:40]
            wrong.append(_("«%(name)s»: %(why)s") % {"name": shown, "why": refused} if shown else str(refused))
    if len(found) > most:
        said = ngettext("At most %(most)d photograph.", "At most %(most)d photographs.", most)
        wrong.append(said % {"most": most})
    return list(found)[:most], wrong
