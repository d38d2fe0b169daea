"""Opening a case of any kind at the desk: the page is drawn from the kind."""

from dataclasses import replace
from uuid import uuid4

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.kinds import KINDS, Kind
from jingwei.casework.needs import LONGEST
from jingwei.places.choosing import PlaceField
from jingwei.places.models import PATH_LAYERS, Place
from jingwei.places.queries import standing, subtree
from jingwei.policy.queries import book


def kinds_opened_by(sitting: Sitting) -> list[type[Kind]]:
    """The kinds that the post may open by the page drawn from the kind."""
    return [kind for kind in KINDS.values() if set(kind.opened_by) & set(sitting.post.roles)]


class OpeningForm(forms.Form):
    """Where it is, what it is about in one line, and more words if needed."""

    place = PlaceField(Place.objects.none(), label=gettext_lazy("Place"), empty_label=gettext_lazy("Choose a place"))
    title = forms.CharField(label=gettext_lazy("What it is about"), max_length=60)
    words = forms.CharField(
        label=gettext_lazy("More words"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, kind: type[Kind], sitting: Sitting, data: object = None) -> None:
        super().__init__(data, initial={"key": uuid4()})  # type: ignore[arg-type]
        place = self.fields["place"]
        assert isinstance(place, PlaceField)
        place.queryset = _places(kind, sitting)
        said = kind.words(book(sitting.county_code))
        self.asked = [name for name in kind.asks_for if said.get(name)]
        for name in self.asked:
            options = [("", _("Choose …")), *said[name].items()]
            self.fields[name] = forms.ChoiceField(label=kind.asks_for[name], choices=options)

    @property
    def seen_fields(self) -> list[forms.BoundField]:
        """The fields a person fills in: where, which of the pack's lists, in which words."""
        return [self[name] for name in ("place", *self.asked, "title", "words")]


def _places(kind: type[Kind], sitting: Sitting) -> QuerySet[Place]:
    """The places on the post's ground that a case of the kind may be about."""
    below = subtree(sitting.post.ground.path)
    found = standing(sitting.county_code).filter(layer__in=kind.laid_on or PATH_LAYERS)
    on_path = Q(rank=0, **below)
    in_grid = Q(**{f"grid__{field}": value for field, value in below.items()})
    return found.filter(on_path | in_grid).select_related("compound").order_by("grid__path", "path", "code")


@at_a_post
@require_http_methods(["GET", "POST"])
def opening(request: HttpRequest, kind: str) -> HttpResponse:
    """Open a case of `kind`; afterwards the case is shown, or the slip for the resident who asks for it."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    of = next((k for k in kinds_opened_by(sitting) if k.name == kind), None)
    if of is None:
        raise Http404(_("Your post opens no case of this kind."))
    form = OpeningForm(of, sitting, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        asked = {"source": ""} | {name: said[name] for name in form.asked}
        intake = Intake(place=said["place"], title=said["title"], words=said["words"] or said["title"], **asked)
        intake = replace(intake, with_code=of.gives_a_code())
        case = open_case(of, intake, actor=sitting.actor, at=timezone.now(), key=said["key"])
        return redirect("desk:receipt" if case.code_mark else "desk:case", case.number)
    return render(request, "casework/opening.html", {"kind": of, "form": form}, status=422 if form.errors else 200)
