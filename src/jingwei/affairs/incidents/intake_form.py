"""What is asked at intake: where, what, how grave, and of whom, with as little as the matter needs."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.accounts.sitting import Sitting
from jingwei.affairs.incidents.pack import IncidentsSection, Source
from jingwei.casework.needs import LONGEST
from jingwei.casework.personal import WHERE, WORDS
from jingwei.organisations.natures import Nature
from jingwei.people.lists import NAME, REGISTERED, InformationSection, NotOnTheList
from jingwei.people.lists import TELEPHONE as NUMBER
from jingwei.people.numbers import plain_telephone
from jingwei.places.choosing import Choice, Group, grouped
from jingwei.places.models import Place
from jingwei.places.queries import find, grid_at, standing, subtree
from jingwei.policy.queries import book

Choices = list[tuple[str, str]]

COUNTER_SOURCES = (
    Source.COUNTER, Source.TELEPHONE, Source.CHAT, Source.STATION, Source.DEPUTIES_STUDIO, Source.OPINION_DRIVE,
)  # fmt: skip
ASKED = {"name": NAME, "telephone": NUMBER, "words": WORDS, "where": WHERE, "lon": WHERE, "lat": WHERE}
"""The fields of the form that are personal, as the information list names them."""
TELEPHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]")


class IntakeForm(forms.Form):
    """The counter's form. The place is chosen from a list that a search by words narrows, without a script."""

    source = forms.ChoiceField(label=gettext_lazy("How it came in"))
    words = forms.CharField(label=gettext_lazy("What was said"), required=False, max_length=LONGEST)
    title = forms.CharField(label=gettext_lazy("In one line"), required=False, max_length=60)
    find = forms.CharField(required=False, max_length=60)
    place = forms.CharField(required=False)
    where = forms.CharField(label=gettext_lazy("Where exactly"), required=False, max_length=200)
    lon = forms.FloatField(label=gettext_lazy("Longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=gettext_lazy("Latitude"), required=False, min_value=-90, max_value=90)
    category = forms.ChoiceField(label=gettext_lazy("Sort of matter"), required=False)
    request_class = forms.ChoiceField(label=gettext_lazy("Class of request"), required=False)
    grade = forms.ChoiceField(label=gettext_lazy("Grade"), required=False)
    name = forms.CharField(label=gettext_lazy("Name of who asks"), required=False, max_length=40)
    telephone = forms.CharField(label=gettext_lazy("Telephone"), required=False, max_length=20)
    anonymous = forms.BooleanField(required=False)
    confidential = forms.BooleanField(required=False)
    reply = forms.CharField(label=gettext_lazy("What you answered"), required=False, max_length=LONGEST)
    key = forms.UUIDField()

    def __init__(self, sitting: Sitting, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.sitting = sitting
        self.photographs: list[str] = []
        of = book(sitting.county_code)
        self.incidents, self.information = of[IncidentsSection], of[InformationSection]
        self.county_code = sitting.county_code
        self._choose("source", self.sources())
        self._choose("category", self.categories())
        self._choose("request_class", self.class_options)
        self._choose("grade", self.grade_options)
        if not self.is_bound and self.sitting.post.organisation.kind == Nature.STATION:
            self.initial["source"] = Source.STATION

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def said(self, name: str) -> Any:
        """What stands in a field, as it was typed or as it begins."""
        return self[name].value() or ""

    # what the page offers

    @property
    def asks(self) -> dict[str, bool]:
        """Which personal fields the county's information list lets be asked for, by their keys."""
        return {key: self.information.lists(key) for key in REGISTERED}

    def sources(self) -> Choices:
        """The doors an official may write down."""
        return [(s.value, str(self.incidents.source(s.value))) for s in COUNTER_SOURCES]

    def categories(self) -> Choices:
        """Every sort of the pack's table, those below a category set in."""
        found: Choices = []
        for category in self.incidents.categories:
            if not category.retired:
                found.append((category.key, str(category)))
                found += [(c.key, f"　{c}") for c in category.children if not c.retired]
        return found

    @property
    def category_options(self) -> Choices:
        """The sorts, with none chosen first."""
        return [("", _("Not known yet")), *self.categories()]

    @property
    def class_options(self) -> Choices:
        """The five classes, first the one that goes with the sort."""
        return [("", _("As its sort says")), *((c.key.value, str(c)) for c in self.incidents.classes if not c.retired)]

    @property
    def grade_options(self) -> Choices:
        """The grades, first the one that goes with the sort."""
        return [("", _("As its sort says")), *((g.key, str(g)) for g in self.incidents.grades if not g.retired)]

    @property
    def place_options(self) -> list[Choice | Group]:
        """Places to choose from: what was found by words, the grid at the point, then communities and grids."""
        first = [p for p in (self.place_said(), self._at_point()) if p is not None]
        words = str(self.said("find")).strip()
        found = find(self.county_code, words, limit=30) if words else []
        ahead = {p.pk: p for p in first}
        others = [p for p in found or self.own_places() if p.pk not in ahead]
        chosen = [(str(p.pk), _named(p)) for p in ahead.values()]
        return [("", _("Choose a place")), *chosen, *grouped(others)]

    def own_places(self) -> list[Place]:
        """The communities and grids on the post's own ground."""
        below = standing(self.county_code).filter(rank=0, layer__in=("community", "grid"))
        return list(below.filter(**subtree(self.sitting.post.ground.path)).select_related("parent").order_by("path"))

    def place_said(self) -> Place | None:
        """The place chosen so far."""
        said = str(self.said("place"))
        if not (said.isascii() and said.isdigit() and len(said) < 19):
            return None
        found = standing(self.county_code).filter(pk=said)
        return found.select_related("grid", "parent", "compound").first()

    def _at_point(self) -> Place | None:
        lon, lat = _number(self.said("lon")), _number(self.said("lat"))
        return None if lon is None or lat is None else grid_at(self.county_code, lon, lat)

    # what is judged

    def unjudged(self) -> "IntakeForm":
        """The same form with what was typed, and without a word about what is missing."""
        self._errors = forms.utils.ErrorDict()
        return self

    def clean_telephone(self) -> str:
        """A number that can be dialled, without blanks and dashes."""
        said = plain_telephone(str(self.cleaned_data["telephone"]).strip())
        if said and not TELEPHONE.fullmatch(said):
            raise forms.ValidationError(_("This does not read as a telephone number. Digits only, please."))
        return re.sub(r"[ -]", "", said)

    def clean_key(self) -> UUID:
        """The form's own key; the same form sent twice is one case."""
        key: UUID = self.cleaned_data["key"]
        return key

    def clean(self) -> dict[str, Any]:
        """A place and a matter are needed; everything else may be found out later."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        said["place"] = self.place_said() or self._at_point()
        if said["place"] is None:
            self.add_error("place", _("Choose a place. If it is not clear, choose the community."))
        if not (said.get("words") or said.get("title") or said.get("category")):
            self.add_error("words", _("Write what was said, or choose its sort."))
        for name, field in ASKED.items():
            if said.get(name) not in ("", None) and not self.information.lists(field.key):
                self.add_error(name, NotOnTheList(field).sentence)
        return said


class WorkerForm(IntakeForm):
    """The grid worker's form: a place of her own grid, a tile, a few words, a photograph if it helps."""

    def sources(self) -> Choices:
        """Only one: she reports it herself."""
        return [(Source.GRID_WORKER.value, str(self.incidents.source(Source.GRID_WORKER.value)))]

    @property
    def tiles(self) -> list[dict[str, str]]:
        """The categories, with their icons."""
        return [{"value": c.key, "label": str(c), "icon": c.icon} for c in self.incidents.categories if not c.retired]

    @property
    def place_options(self) -> list[Choice | Group]:
        """The grid itself and the compounds in it, then the buildings, those of a compound together."""
        buildings: dict[str, list[Choice]] = {}
        found: list[Choice | Group] = []
        for place in self.own_places():
            home = str(place.compound) if place.compound_id else ""
            to: list[Any] = buildings.setdefault(home, []) if home else found
            to.append((str(place.pk), str(place)))
        return [*found, *buildings.items()]

    def own_places(self) -> list[Place]:
        """Everything on the post's own ground that has a name, the grid first."""
        below = standing(self.county_code).filter(**subtree(self.sitting.post.ground.path))
        return list(below.order_by("rank", "-layer", "code").exclude(layer="building")) + list(
            below.filter(layer="building").select_related("compound").order_by("code")[:400]
        )

    def place_said(self) -> Place | None:
        """The place chosen; one outside the worker's own ground is none."""
        found = super().place_said()
        ground = self.sitting.post.ground
        if not self.is_bound:
            return found or ground
        return found if found is not None and ground.covers(found.path) else None


def _named(place: Place) -> str:
    around = place.parent if place.layer in ("building", "grid", "compound") else None
    return f"{around} · {place}" if around and not str(place).startswith(str(around)) else str(place)


def _number(said: Any) -> float | None:
    try:
        return float(said)
    except (TypeError, ValueError):
        return None
