"""Where a resident asks about her own data: by her case code or her telephone number, and reads the answer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.affairs.privacy.acts import ask
from jingwei.affairs.privacy.extract import extract_of, packed
from jingwei.affairs.privacy.kinds import OwnData
from jingwei.affairs.privacy.models import Sort, Wish
from jingwei.affairs.privacy.public import county_of
from jingwei.casework.models import Case
from jingwei.casework.pages import limiting
from jingwei.casework.pages.bearing import TooManyWrong, by_code, remember, turned_to
from jingwei.casework.pages.taking import key_of, words_of
from jingwei.people.lists import TELEPHONE, InformationSection
from jingwei.people.models import Person
from jingwei.people.numbers import plain_telephone, reads_as_telephone
from jingwei.policy.models import County
from jingwei.policy.queries import book
from jingwei.running.limits import limited, take
from jingwei.trail.actor import Actor

DOOR = Actor.machine(gettext_noop("residents' door"))
LIES_READY = timedelta(days=30)
"""How long an extract can be opened after it was granted."""


@dataclass
class Asked:
    """A request as it stands in the form; `wrong` says what is missing, as (id of the field, sentence)."""

    sort: str = ""
    code: str = ""
    telephone: str = ""
    new_name: str = ""
    new_telephone: str = ""
    wrong: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, request: HttpRequest) -> "Asked":
        """The form as it was sent."""
        return cls(
            sort=words_of(request, "sort")[:12],
            code=words_of(request, "code")[:40],
            telephone=plain_telephone(words_of(request, "telephone")),
            new_name=" ".join(words_of(request, "new_name").split())[:40],
            new_telephone=plain_telephone(words_of(request, "new_telephone")),
        )

    def check(self) -> bool:
        """Whether it can be sent; otherwise `wrong` says what is missing."""
        if self.sort not in Sort.values:
            self.wrong.append(("id_sort_0", _("Choose what you want.")))
        if not self.code and not self.telephone:
            self.wrong.append(("id_code", _("Write the code of a matter, or the telephone number you left.")))
        for name, number in (("telephone", self.telephone), ("new_telephone", self.new_telephone)):
            if number and not reads_as_telephone(number):
                said = _("This telephone number looks wrong: 11 digits, or a landline as 0311-12345678.")
                self.wrong.append((f"id_{name}", said))
        if self.sort == Sort.CORRECT and not (self.new_name or self.new_telephone):
            self.wrong.append(("id_new_name", _("Write what should stand instead.")))
        return not self.wrong


@never_cache
@limited
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """Ask to see, correct, erase or take along what is kept of oneself."""
    county = county_of(request)
    if county is None:
        return redirect("doorstep:front")
    request.county = county  # type: ignore[attr-defined]
    asked, at = Asked.read(request), timezone.now()
    if request.method == "POST" and asked.check():
        case = _open(request, asked, county, key_of(request), at)
        if case is not None:
            remember(request, case)
            return redirect("doorstep:receipt")
    by_telephone = book(county.pk)[InformationSection].lists(TELEPHONE.key)
    turned = turned_to(request)
    context = {
        "asked": asked,
        "key": key_of(request),
        "county_code": county.pk,
        "by_telephone": by_telephone,
        "sorts": [{"value": sort.value, "label": sort.label} for sort in Sort],
        "turned": turned if turned and turned.kind != OwnData.name else None,
    }
    return render(request, "privacy/my_data.html", context, status=422 if asked.wrong else 200)


def _open(request: HttpRequest, asked: Asked, county: County, key: UUID, at: datetime) -> Case | None:
    """Open the request; None where the code leads nowhere or too many were tried."""
    about: Case | None = None
    if asked.code:
        try:
            about = by_code(request, asked.code, at)
        except TooManyWrong as many:
            asked.wrong.append(("id_code", limiting.kept(many.taken, county)))
            return None
        if about is None or about.county_id != county.pk or about.kind == OwnData.name:
            asked.wrong.append(("id_code", _("No matter has this code. Look at it once more, please.")))
            return None
    taken = take(request, limiting.REPORTS, at)
    if taken.refused:
        asked.wrong.append(("", limiting.kept(taken, county)))
        return None
    asker = None
    if about is None:  # a number is rung back; a code proves itself
        asker = Person.named(county.pk, "", asked.telephone, purpose=Person.ASKER, ground="request")
    return ask(
        county.pk,
        Sort(asked.sort),
        source="door",
        about=about,
        asker=asker,
        actor=DOOR,
        at=at,
        key=key,
        name=asked.new_name,
        telephone=asked.new_telephone,
    )


@never_cache
@require_safe
def my_extract(request: HttpRequest) -> HttpResponseBase:
    """What is kept of whoever bears the code of a request that was granted; `?as=zip` to take it along."""
    case, at = turned_to(request), timezone.now()
    wish = Wish.objects.select_related("case__asker", "case__county", "about__asker").filter(case=case).first()
    if case is None or wish is None or not OwnData.for_the_asker(case):
        raise Http404
    request.county = case.county  # type: ignore[attr-defined]
    if case.ended_at is None or at - case.ended_at > LIES_READY:
        return render(request, "privacy/extract_over.html", {"case": case}, status=410)
    if request.GET.get("as") == "zip":
        return FileResponse(packed(wish, at), as_attachment=True, filename=f"{case.number}.zip")
    return render(request, "privacy/extract.html", {"case": case, "extract": extract_of(wish, at)})
