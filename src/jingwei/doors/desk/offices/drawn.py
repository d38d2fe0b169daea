"""What a page of organisations is made of: facts, tables, and deeds with their forms; one template draws them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from jingwei.accounts.sitting import Sitting
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.pack import Role
from jingwei.people.models import Person
from jingwei.places.models import Place
from jingwei.places.queries import find

Words = Any
"""Words a page shows, translated when shown."""


@dataclass(frozen=True)
class Cell:
    """One cell: words, a link, a level that colours them, or a button that does something to this row."""

    words: Words = ""
    href: str = ""
    level: str = ""
    deed: str = ""
    row: int = 0


@dataclass
class Table:
    """A table with a title, and what to do next where it is empty."""

    title: Words
    columns: list[Words]
    rows: list[list[Cell]]
    empty: Words = ""
    note: Words = ""
    icon: str = ""


@dataclass
class View:
    """A page about one thing."""

    title: Words
    back: tuple[str, Words]
    facts: list[tuple[Words, Words]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    tags: list[tuple[Words, str]] = field(default_factory=list)
    links: list[tuple[str, Words, str]] = field(default_factory=list)
    notes: list[tuple[Words, str]] = field(default_factory=list)
    chips: list[dict[str, Any]] = field(default_factory=list)


class Deed(forms.Form):
    """Something that can be done to the thing of a page, with what it asks for."""

    name: ClassVar[str]
    title: ClassVar[Words]
    icon: ClassVar[str] = "pencil"
    kind: ClassVar[str] = ""

    def __init__(self, sitting: Sitting, subject: Any, data: Any = None) -> None:
        self.sitting, self.subject = sitting, subject
        super().__init__(data, auto_id=f"id_{self.name}_%s")
        self.asks()
        for one in self.fields.values():
            if isinstance(one, Named):
                one.county = sitting.county_code
                one.ground = sitting.post.ground.path if one.under else ""

    def asks(self) -> None:
        """Fill in what may be chosen."""

    @classmethod
    def may(cls, sitting: Sitting, subject: Any) -> bool:
        """Whether whoever sits there may do it: by default the administrator of the ground."""
        return administers(sitting, subject)

    def act(self, at: datetime) -> Any:
        """Do it. Raises OrganisationRefused."""
        raise NotImplementedError

    @property
    def of_row(self) -> bool:
        """Whether it is done by a button beside a row, and has no form of its own."""
        return "row" in self.fields

    @property
    def lists(self) -> set[str]:
        """The lists that open beside its fields."""
        return {str(one.widget.attrs["list"]) for one in self.fields.values() if isinstance(one, Named)}

    @property
    def said(self) -> dict[str, Any]:
        """What was filled in."""
        return self.cleaned_data

    @property
    def by(self) -> dict[str, Any]:
        """Who acts; `at` comes with the request."""
        return {"actor": self.sitting.actor}


def administers(sitting: Sitting, subject: Any) -> bool:
    """Whether the post administers the ground on which the thing stands."""
    ground = ground_of(subject)
    return Role.ADMINISTRATOR in sitting.post.roles and (ground is None or sitting.post.ground.covers(ground.path))


def ground_of(subject: Any) -> Place | None:
    """The ground of whatever a page is about; None: the whole county's."""
    if isinstance(subject, Place):
        return subject
    for way in ("ground", "organisation", "core", "first"):
        if (found := getattr(subject, way, None)) is not None:
            return found if isinstance(found, Place) else ground_of(found)
    return None


HERE = "here_"
"""Before the name of a list that offers only what lies on the reader's own ground."""
UNDER = {"organisations": "ground__path", "posts": "ground__path", "places": "path"}
"""How the rows of a list know their ground."""


class Named(forms.CharField):
    """A row named by its number, `#12 …`, as the list beside the field writes it, or by its whole name.

    `under`: how the rows know their ground; then only those on the ground of whoever fills in the form are taken.
    """

    def __init__(
        self,
        label: Words,
        rows: Callable[[str], QuerySet[Any]],
        names: str,
        of: Callable[[QuerySet[Any], str], Iterable[Any]],
        under: str = "",
        **said: Any,
    ) -> None:
        self.rows, self.of, self.under = rows, of, under
        self.county = self.ground = ""
        widget = forms.TextInput(attrs={"list": f"{HERE}{names}" if under else names, "autocomplete": "off"})
        super().__init__(label=label, max_length=200, widget=widget, **said)

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if not said:
            return None
        rows = self.rows(self.county)
        if self.under:
            rows = rows.filter(**{f"{self.under}__startswith": self.ground})
        number = said.partition(" ")[0].removeprefix("#") if said.startswith("#") else ""
        if number:
            found = list(rows.filter(pk=int(number))) if number.isdecimal() and len(number) < 19 else []
        else:
            found = list(self.of(rows, said))[:2]
        if len(found) != 1:
            raise forms.ValidationError(_("Choose one from the list that opens as you type."))
        return found[0]


def numbered(row: Model) -> str:
    """How a list beside a field names a row."""
    return f"#{row.pk} {row.full_title if isinstance(row, Post) else row.name}"  # type: ignore[attr-defined]


def organisations(county: str) -> QuerySet[Organisation]:
    """The organisations that stand in a county."""
    return Organisation.objects.filter(county_id=county, until=None).select_related("ground").order_by("pk")


def posts(county: str) -> QuerySet[Post]:
    """The posts that stand in a county."""
    found = Post.objects.filter(organisation__county_id=county, until=None)
    return found.select_related("organisation__county", "ground").order_by("organisation_id", "pk")


def places(county: str) -> QuerySet[Place]:
    """The places that stand in a county."""
    return Place.objects.filter(county_id=county, until=None).defer("boundary")


def officials(county: str) -> QuerySet[Person]:
    """The officials on a county's file."""
    return Person.objects.filter(county_id=county, purpose=Person.OFFICIAL, erased_at=None).order_by("pk")


def OneOrganisation(label: Words, *, anywhere: bool = False, **said: Any) -> Named:
    """A field for an organisation of one's ground; `anywhere`: of the county."""
    under = "" if anywhere else UNDER["organisations"]
    return Named(label, organisations, "organisations", lambda rows, name: rows.filter(name=name), under, **said)


def OnePost(label: Words, **said: Any) -> Named:
    """A field for a post of one's ground."""

    def called(rows: QuerySet[Post], name: str) -> list[Post]:
        return [one for one in rows if name in (one.full_title, one.title)]

    return Named(label, posts, "posts", called, UNDER["posts"], **said)


def OnePlace(label: Words, **said: Any) -> Named:
    """A field for a place of one's ground: its code, or its name."""
    return Named(label, places, "places", _places_named, UNDER["places"], **said)


def _places_named(rows: QuerySet[Place], name: str) -> list[Place]:
    exact = list(rows.filter(name=name)[:2]) or list(rows.filter(code=name)[:2])
    county = rows.values_list("county_id", flat=True).first()
    return exact or (list(rows.filter(pk__in=[one.pk for one in find(county, name)])[:2]) if county else [])


def OnePerson(label: Words, **said: Any) -> Named:
    """A field for an official on file."""
    return Named(label, officials, "officials", lambda rows, name: [one for one in rows if one.name == name], **said)


def Day(label: Words, **said: Any) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **said)
