"""The counter's side: a request taken down for whoever has no telephone at hand, and her extract printed for her."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.affairs.privacy.acts import ask, persons_of
from jingwei.affairs.privacy.asking import LIES_READY
from jingwei.affairs.privacy.extract import extract_of
from jingwei.affairs.privacy.kinds import OwnData
from jingwei.affairs.privacy.models import Sort, Wish
from jingwei.casework.models import Case
from jingwei.casework.pages.taking import fresh_key
from jingwei.casework.queries import case_seen
from jingwei.casework.ways_out import shows_cases, tried_one_by_one
from jingwei.organisations.pack import Role
from jingwei.people.acts import unmask
from jingwei.people.models import Person
from jingwei.people.numbers import plain_telephone, reads_as_telephone

TAKES_DOWN = {Role.CLERK, Role.DISPATCHER, Role.CALLER}
IDENTITY = "identity"
"""The reason under which an extract handed over at the counter is counted; a key of the base pack's list."""


class CounterForm(forms.Form):
    """What is asked for, and which matter or number it is about."""

    sort = forms.ChoiceField(label=gettext_lazy("What is asked for"), choices=Sort.choices, widget=forms.RadioSelect)
    number = forms.CharField(
        label=gettext_lazy("Number of her case"), required=False, max_length=24,
        help_text=gettext_lazy("Where she has its receipt, or was recognised by a document."),
    )  # fmt: skip
    telephone = forms.CharField(
        label=gettext_lazy("Telephone number she left"), required=False, max_length=24,
        help_text=gettext_lazy("For all her matters at once."),
    )  # fmt: skip
    new_name = forms.CharField(label=gettext_lazy("Name to stand instead"), required=False, max_length=40)
    new_telephone = forms.CharField(label=gettext_lazy("Number to stand instead"), required=False, max_length=24)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, sitting: Sitting, data: object = None) -> None:
        super().__init__(data, initial={"key": fresh_key()})  # type: ignore[arg-type]
        self.sitting = sitting
        self.about: Case | None = None

    def clean_telephone(self) -> str:
        """A number that can be dialled."""
        return self._dialled("telephone")

    def clean_new_telephone(self) -> str:
        """A number that can be dialled."""
        return self._dialled("new_telephone")

    def _dialled(self, name: str) -> str:
        plain = plain_telephone(self.cleaned_data[name])
        if plain and not reads_as_telephone(plain):
            raise forms.ValidationError(_("This does not read as a telephone number. Digits only, please."))
        return plain

    def clean(self) -> dict[str, object]:
        """A matter that the post sees, or a number; what is to stand instead, where it is to be corrected."""
        said: dict[str, object] = super().clean() or self.cleaned_data
        number = str(said.get("number", "")).strip()
        self.about = case_seen(self.sitting.actor, number) if number else None
        if number and (self.about is None or self.about.kind == OwnData.name):
            self.add_error("number", _("There is no such case, or your post does not see it."))
        if not (number or said.get("telephone", "wrong")):
            self.add_error("number", _("Write the number of her case, or the telephone number she left."))
        if said.get("sort") == Sort.CORRECT and not (said.get("new_telephone", "wrong") or said.get("new_name")):
            self.add_error("new_name", _("Write what should stand instead."))
        return said


shows_cases("requests about one's own data", "desk:own_data", "desk:own_data_sheet")(tried_one_by_one(case_seen))


@at_a_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_down(request: HttpRequest) -> HttpResponse:
    """Open a request about her own data for whoever stands at the counter or rings."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    if not TAKES_DOWN & {Role(role) for role in sitting.post.roles}:
        said = _("Requests are taken down from the post of a clerk, a caller or a dispatcher.")
        return render(request, "casework/checks_refused.html", {"sentence": said}, status=403)
    form = CounterForm(sitting, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given, asker = form.cleaned_data, None
        if form.about is None:
            asker = Person.named(sitting.county_code, "", given["telephone"], purpose=Person.ASKER, ground="request")
        case = ask(
            sitting.county_code,
            Sort(given["sort"]),
            source="counter",
            about=form.about,
            asker=asker,
            actor=sitting.actor,
            at=timezone.now(),
            key=given["key"],
            name=given["new_name"],
            telephone=given["new_telephone"],
        )
        return redirect("desk:case", case.number)
    return render(request, "privacy/take_down.html", {"form": form}, status=422 if form.errors else 200)


@at_a_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Print for her what is kept of her, once it was granted; that it was shown here is kept like any unmasking."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    case, at = case_seen(sitting.actor, number), timezone.now()
    wish = Wish.objects.select_related("case__asker", "case__county", "about__asker").filter(case=case).first()
    ready = case is not None and case.ended_at is not None and at - case.ended_at <= LIES_READY
    if case is None or wish is None or not ready or not OwnData.for_the_asker(case):
        raise Http404
    if not TAKES_DOWN & {Role(role) for role in sitting.post.roles}:
        raise Http404
    if request.method != "POST":
        return render(request, "privacy/hand_over_ask.html", {"case": case})
    for person in persons_of(wish):
        unmask(
            person, about=case.number, reason=IDENTITY, words=_("Handed to her in person"), actor=sitting.actor, at=at
        )
    return render(request, "privacy/hand_over.html", {"case": case, "extract": extract_of(wish, at)})
