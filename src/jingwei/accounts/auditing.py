"""What an auditor reads: sign-ins and acts on data of her county, by time, sort, post and success.

Acts are shown so that each can be answered for. Nothing is counted by person, nobody's hours are added up, and who
is signed in at the moment is not told (国办函〔2026〕12号 forbids both).
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jingwei.accounts.fact_words import Words, facts_told, grounds_named
from jingwei.accounts.models import Account
from jingwei.accounts.verbs import REFUSED
from jingwei.organisations.models import Post
from jingwei.people.models import Person
from jingwei.trail.models import Line
from jingwei.trail.queries import Told, told
from jingwei.trail.verbs import verbs

TAKEN = ("exported", "shared", "printed", "handed")
LONGEST = dt.timedelta(days=366)
LATELY = dt.timedelta(days=7)


@dataclass(frozen=True)
class Sought:
    """What the auditor asks for; `success` is "yes", "no" or empty, `post` a post's id."""

    since: dt.date
    until: dt.date
    sort: str = ""
    post: int | None = None
    success: str = ""

    def address(self) -> dict[str, str]:
        """The same, as it stands in an address and in the trail."""
        said = {"since": str(self.since), "until": str(self.until), "sort": self.sort, "success": self.success}
        return {name: value for name, value in said.items() if value} | ({"post": str(self.post)} if self.post else {})


@dataclass(frozen=True)
class Read:
    """One line as the auditor reads it."""

    line: Told
    username: str
    about: str
    success: bool
    words: Words = field(default_factory=dict)
    """What the values of facts are called, by the name of the fact."""

    @property
    def details(self) -> str:
        """The facts that tell something, in words."""
        return facts_told(self.line.facts, self.words)


def sort_of(verb: str) -> str:
    """To which sort of the auditor's list a verb belongs."""
    room, _dot, deed = verb.partition(".")
    if verb == REFUSED.name:
        return "refused"
    if any(word in deed for word in TAKEN):
        return "taken"
    if "unmasked" in deed:
        return "uncovered"
    if room == "exceptions":
        return "exceptions"
    if room in ("accounts", "organisations"):
        return "accounts"
    return {"account": "gate", "case": "matters", "incident": "matters", "assistance": "matters"}.get(room, "other")


def lines(county_code: str, sought: Sought) -> QuerySet[Line]:
    """The lines of a county's officials and of its gate, the latest first."""
    officials = Person.objects.filter(county_id=county_code, purpose=Person.OFFICIAL).values("pk")
    accounts = Account.objects.filter(person__county_id=county_code).values("pk")
    gate = Q(actor_kind="machine", subject_type="account")
    found = Line.objects.filter(
        Q(actor_person__in=officials) | (gate & Q(subject_id__in=accounts)) | (gate & Q(subject_id=0)),
        written_at__gte=_begin(sought.since),
        written_at__lt=_begin(sought.until + dt.timedelta(days=1)),
    )
    if sought.sort:
        found = found.filter(verb__in=[one.name for one in verbs() if sort_of(one.name) == sought.sort])
    if sought.post:
        found = found.filter(actor_post=sought.post)
    if sought.success == "no":
        found = found.filter(facts__ok=False)
    elif sought.success == "yes":
        found = found.exclude(facts__ok=False)
    return found.order_by("-id")


def read(found: QuerySet[Line], words: Words | None = None) -> Iterator[Read]:
    """The lines in words, with the user name of whoever acted and what it was about.

    `words`: by fact what its values are called (a reason, a stage); the rooms know them, and the county's pack.
    """
    batch: list[Line] = list(found)
    words = {**(words or {}), "ground": grounds_named(batch)}
    persons = {line.actor_person for line in batch if line.actor_person}
    about = {line.subject_id for line in batch if line.subject_type == "account"}
    known = Account.objects.filter(Q(person__in=persons) | Q(pk__in=about)).values_list("pk", "person_id", "username")
    by_person, by_pk = {}, {}
    for pk, person, username in known:
        by_person[person], by_pk[pk] = username, username
    for line in batch:
        yield Read(
            told(line),
            by_person.get(line.actor_person or 0, ""),
            _about(line, by_pk),
            line.facts.get("ok") is not False,
            words,
        )


def posts_to_choose(county_code: str) -> list[tuple[int, str]]:
    """The posts of the county, by organisation."""
    found = Post.objects.filter(organisation__county_id=county_code).select_related("organisation")
    return [(post.pk, post.full_title) for post in found.order_by("organisation_id", "id")]


def _about(line: Line, usernames: Mapping[int, str]) -> str:
    if line.subject_type == "account":
        if line.subject_id == 0:
            return _("no known account")
        return usernames.get(line.subject_id, _("account %(id)d") % {"id": line.subject_id})
    words = {
        "case": _("case"),
        "post": _("post"),
        "person": _("person"),
        "county": _("county"),
        "exception": _("exception"),
        "organisation": _("organisation"),
        "place": _("place"),
        "meeting": _("meeting"),
        "activity": _("activity"),
        "visit": _("visit"),
    }
    return f"{words.get(line.subject_type, line.subject_type)} {line.subject_id}"


def _begin(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
