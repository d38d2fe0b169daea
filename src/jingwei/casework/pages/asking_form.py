"""What a resident fills in to ask for something: read, cleaned, and told what is still missing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Self
from uuid import UUID, uuid5

from django.http import HttpRequest
from django.utils.translation import gettext as _

from jingwei.casework.needs import LONGEST
from jingwei.casework.pages.handing import photographs_of
from jingwei.casework.pages.taking import fresh_key, key_of, words_of
from jingwei.casework.personal import PHOTOGRAPHS, WHERE, WORDS
from jingwei.people.lists import NAME, TELEPHONE, InformationSection, NotOnTheList
from jingwei.people.numbers import plain_telephone, reads_as_telephone

ANONYMOUS, NAMED, CONFIDENTIAL = "anonymous", "named", "confidential"
WHO = (ANONYMOUS, NAMED, CONFIDENTIAL)
LONGEST_NAME, LONGEST_WHERE = 40, 120


@dataclass
class AskingForm:
    """What is asked for, as it stands in the form; `wrong` says what is missing, as (id of the field, sentence)."""

    category: str = ""
    words: str = ""
    where: str = ""
    community: str = ""
    who: str = ANONYMOUS
    name: str = ""
    telephone: str = ""
    lon: float | None = None
    lat: float | None = None
    photographs: list[str] = field(default_factory=list)
    key: UUID = field(default_factory=lambda: UUID(fresh_key()))
    wrong: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, request: HttpRequest, knows: Callable[[str], bool], at: datetime) -> Self:
        """The form as it was sent; a category that is not known is left out."""
        who = request.POST.get("who", ANONYMOUS)
        category = request.POST.get("category", "")
        lon, lat = _point(request.POST.get("lon", ""), request.POST.get("lat", ""))
        photographs, refused = photographs_of(request, at)
        return cls(
            category=category if knows(category) else "",
            words=words_of(request, "words"),
            where=" ".join(words_of(request, "where").split())[:LONGEST_WHERE],
            community=words_of(request, "community")[:20],
            who=who if who in WHO else ANONYMOUS,
            name=" ".join(words_of(request, "name").split())[:LONGEST_NAME],
            telephone=plain_telephone(words_of(request, "telephone")),
            lon=lon,
            lat=lat,
            photographs=photographs,
            key=key_of(request),
            wrong=[("id_photo", sentence) for sentence in refused],
        )

    def lacking(self) -> tuple[str, str] | None:
        """What it cannot be sent without: the id of the field, and what to do."""
        if self.category or self.words or self.photographs:
            return None
        return "id_category_0", _("Choose what it is about, take a photo, or write a few words.")

    def check(self) -> bool:
        """Whether it can be sent; otherwise `wrong` says what is missing."""
        if lacking := self.lacking():
            self.wrong.append(lacking)
        if len(self.words) > LONGEST:
            self.wrong.append(("id_words", _("At most %(n)d characters, please.") % {"n": LONGEST}))
        self._check_contact()
        return not self.wrong

    def check_listed(self, information: InformationSection) -> bool:
        """Whether all that is filled in is on the county's information list; otherwise `wrong` says what is not."""
        given = (
            (NAME, self.name, "id_name"),
            (TELEPHONE, self.telephone, "id_telephone"),
            (WORDS, self.words, "id_words"),
            (WHERE, self.where or (self.lon is not None), "id_where"),
            (PHOTOGRAPHS, self.photographs, "id_photo"),
        )
        unlisted = [(at, NotOnTheList(what)) for what, said, at in given if said and not information.lists(what.key)]
        self.wrong += [(at, refused.sentence) for at, refused in unlisted]
        return not unlisted

    def _check_contact(self) -> None:
        if self.who == ANONYMOUS:
            if self.name or self.telephone:
                said = _("You wrote how to reach you, but chose to stay anonymous. Choose one or the other.")
                self.wrong.append(("id_who_0", said))
            return
        if not (self.name or self.telephone):
            self.wrong.append(("id_telephone", _("Write a name or a telephone number, or choose to stay anonymous.")))
        elif self.telephone and not reads_as_telephone(self.telephone):
            said = _("This telephone number looks wrong: 11 digits, or a landline as 0311-12345678.")
            self.wrong.append(("id_telephone", said))

    @property
    def content(self) -> str:
        """A digest of what is said, less the photographs: equal for the same thing sent twice."""
        said = [self.category, self.words, self.where, self.community, self.who, self.name, self.telephone]
        return sha256("\0".join(said).encode()).hexdigest()

    @property
    def act_key(self) -> UUID:
        """The key under which it is opened: the same sent twice is one case, another one is another.

        The form's own key alone would not do: whoever goes back and asks a second thing from the same
        page would be shown the receipt of the first, and the second would be lost.
        """
        photographs = "" if self.category or self.words else " ".join(self.photographs)
        return uuid5(self.key, f"{self.content} {photographs}")


def _point(lon: str, lat: str) -> tuple[float | None, float | None]:
    """A point of the earth, WGS-84, or nothing."""
    try:
        found = float(lon[:24]), float(lat[:24])
    except ValueError:
        return None, None
    return found if -180 <= found[0] <= 180 and -90 <= found[1] <= 90 else (None, None)
