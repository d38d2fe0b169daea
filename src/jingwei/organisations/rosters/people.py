"""Rosters of people in posts: who holds which, and who works in which grid."""

from datetime import date

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.imports.importers import Field, Passage, Record
from jingwei.imports.refusals import RowRefused
from jingwei.imports.rosters import Roster, StandsInTheWay, What, Wrote, goes_along, roster
from jingwei.organisations.acts.appointing import Appointing, NotVetted, appoint_each
from jingwei.organisations.acts.posts import create_post
from jingwei.organisations.models import Appointment, Organisation, Post
from jingwei.organisations.natures import Nature
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import KEPT_APART, Role
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.organisations.rosters import finding
from jingwei.organisations.rosters.offices import unmake as unmake_office
from jingwei.people.acts import correct, take_in
from jingwei.people.lists import NotOnTheList
from jingwei.people.models import Person, marks_of
from jingwei.places.models import Place

NAME = Field("name", gettext_lazy("Name"), required=True, most=40)
TELEPHONE = Field("telephone", gettext_lazy("Telephone"), kinds=("telephone",))
SINCE = Field("since", gettext_lazy("Since"), kinds=("day",))
BASIS = Field("basis", gettext_lazy("By which decision"), most=200)
Made = list[tuple[str, int]]


def appointed(post: Post, record: Record, passage: Passage, made: Made, *, grade: str = "") -> What:
    """Let the person of a row hold a post: found by name among its holders, or by name and number in the county.

    A telephone number or grade that is new is put right. Raises RowRefused.
    """
    name, telephone = str(record.values["name"]), str(record.values.get("telephone") or "")
    if KEPT_APART.intersection(post.roles):
        raise RowRefused(_("Administrator, security officer and auditor are not brought in by a roster."))
    today = localdate(passage.at)
    standing = Appointment.objects.filter(Q(until=None) | Q(until__gt=today), post=post).select_related("person")
    for held in standing:
        if held.person.name == name:
            return _brought_up(held, telephone, grade, passage)
    person = _known(name, telephone, passage) or _new(name, telephone, passage, made)
    since = record.values.get("since")
    if isinstance(since, date) and since > today:
        raise RowRefused(_("The day of appointment is later than today."))
    day, basis = since if isinstance(since, date) else None, str(record.values.get("basis") or "")
    asked = Appointing(post, person.pk, since=day, grade=grade, taken_over=basis)
    try:
        appoint_each([asked], actor=passage.actor, at=passage.at)
    except NotVetted as no:
        said = _("%(why)s Or say in a column “%(column)s” by which decision she held the post before.")
        raise RowRefused(said % {"why": no.sentence, "column": BASIS.title}) from no
    except OrganisationRefused as no:
        raise RowRefused(no.sentence) from no
    row = Appointment.objects.filter(post=post, person=person).order_by("-pk")[0]
    made.append(("appointment", row.pk))
    return What.NEW


def _brought_up(held: Appointment, telephone: str, grade: str, passage: Passage) -> What:
    what = What.SAME
    if telephone and held.person.telephone_mark not in marks_of(telephone):
        correct(held.person, telephone=telephone, actor=passage.actor, at=passage.at)
        what = What.CHANGED
    if grade and held.grade != grade:
        asked = Appointing(held.post, held.person_id, since=held.since, until=held.until, grade=grade)
        appoint_each([asked], actor=passage.actor, at=passage.at)
        what = What.CHANGED
    return what


def _known(name: str, telephone: str, passage: Passage) -> Person | None:
    """An official of the county with this number and this name; two people may share a number, not a name too."""
    if not telephone:
        return None
    those = Person.objects.filter(
        county=passage.county, purpose=Person.OFFICIAL, telephone_mark__in=marks_of(telephone), erased_at=None
    )
    return next((one for one in those if one.name == name), None)


def _new(name: str, telephone: str, passage: Passage, made: Made) -> Person:
    try:
        person = Person.named(
            passage.county, name, telephone, purpose=Person.OFFICIAL, ground="contract", book=finding.book(passage)
        )
    except NotOnTheList as no:
        raise RowRefused(no.sentence) from no
    [kept] = take_in([person], finding.county(passage), actor=passage.actor, at=passage.at)
    made.append(("person", kept.pk))
    return kept


def unmake(kind: str, pk: int, passage: Passage) -> None:
    """Take back an appointment, or a person who holds nothing else and cannot sign in."""
    match kind:
        case "appointment":
            row = Appointment.objects.select_for_update().get(pk=pk)
            if row.until is not None:
                raise StandsInTheWay(_("An appointment it made has been ended since."))
            if _signs_in(row.person):
                raise StandsInTheWay(_("Somebody it appointed has an account by now."))
            row.delete()
        case "person":
            person = Person.objects.select_for_update().get(pk=pk)
            if person.appointments.exists() or _signs_in(person):
                raise StandsInTheWay(_("Somebody it brought in holds another post, or has an account by now."))
            if goes_along(person):
                raise StandsInTheWay(_("Of somebody it brought in there are records by now, of what is owed or done."))
            person.delete()
        case _:
            unmake_office(kind, pk, passage)


def _signs_in(person: Person) -> bool:
    return hasattr(person, "account")


# ---- appointments


def appoint_row(record: Record, passage: Passage) -> Wrote:
    """One person, one post of an organisation."""
    made: Made = []
    post = finding.post(passage, str(record.values["organisation"]), str(record.values["title"]))
    return Wrote(appointed(post, record, passage, made), tuple(made))


APPOINTMENTS = roster(
    Roster(
        name="appointments",
        title=gettext_lazy("People in posts"),
        hint=gettext_lazy("A row is one person in one post; organisations and posts stand already."),
        fields=(
            NAME,
            TELEPHONE,
            Field("organisation", gettext_lazy("Organisation"), required=True, down=True),
            Field("title", gettext_lazy("Post"), required=True),
            SINCE,
            BASIS,
        ),
        known_by=("organisation", "title", "name"),
        write=appoint_row,
        unmake=unmake,
        order=30,
    )
)


# ---- grid workers


def grid_row(record: Record, passage: Passage) -> Wrote:
    """One worker of a grid's team: her post is made where the grid has none of this place in its team."""
    made: Made = []
    values, offices = record.values, finding.book(passage)[OfficesSection]
    named = [str(values[name]) for name in ("town", "community", "grid") if values.get(name)]
    grid = finding.place(passage, "/".join(named))
    if grid.layer != "grid":
        raise RowRefused(_("“%(name)s” is not a grid.") % {"name": grid.name})
    said = str(values.get("team") or "")
    team = finding.one_of(passage, offices.teams, said, "grid_workers", "team") if said else _usual_team(offices)
    post = _post_of(grid, team, passage, made)
    grade = str(values.get("grade") or "")
    grade = finding.one_of(passage, offices.grades, grade, "grid_workers", "grade") if grade else ""
    what = appointed(post, record, passage, made, grade=grade)
    return Wrote(What.NEW if made else what, tuple(made))


def _usual_team(offices: OfficesSection) -> str:
    """Who is just called a grid worker is a full-time one."""
    return next(line.key for line in offices.teams if line.works and not line.retired)


def _post_of(grid: Place, team: str, passage: Passage, made: Made) -> Post:
    there = Post.objects.filter(ground=grid, until=None).select_related("organisation__county", "ground")
    line = finding.book(passage)[OfficesSection].team(team)
    found = there.filter(team=team).first()
    if found is None and line is not None and line.works:
        found = there.filter(team="", roles__contains=[Role.GRID_WORKER.value]).first()
    if found is not None:
        return found
    home = _home(grid, passage)
    short = grid.name.removeprefix(grid.parent.name) if grid.parent else grid.name
    roles = [Role.GRID_WORKER.value] if line is None or line.works or line.head or line.wanted else []
    try:
        post = create_post(
            home, title=f"{short}{line.name if line else ''}", roles=roles, ground=grid, team=team,
            actor=passage.actor, at=passage.at,
        )  # fmt: skip
    except OrganisationRefused as no:
        raise RowRefused(no.sentence) from no
    made.append(("post", post.pk))
    return post


def _home(grid: Place, passage: Passage) -> Organisation:
    """The committee of the community in which a grid lies."""
    kinds = finding.book(passage)[OfficesSection].kinds_of(Nature.COMMUNITY)
    found = Organisation.objects.filter(county=passage.county, until=None, kind__in=kinds, ground=grid.parent).first()
    if found is None:
        raise RowRefused(
            _("No committee stands in “%(name)s” yet. Bring the organisations in first.") % {"name": grid.parent}
        )
    return found


GRID_WORKERS = roster(
    Roster(
        name="grid_workers",
        title=gettext_lazy("Grid workers"),
        hint=gettext_lazy("A row is one person in one grid: full-time or part-time, with class and grade."),
        fields=(
            NAME,
            TELEPHONE,
            Field("town", gettext_lazy("Town or subdistrict"), down=True),
            Field("community", gettext_lazy("Community or village"), down=True),
            Field("grid", gettext_lazy("Grid"), required=True, down=True),
            Field("team", gettext_lazy("Full-time or part-time")),
            Field("grade", gettext_lazy("Class and grade")),
            SINCE,
        ),
        known_by=("community", "grid", "team", "name"),
        write=grid_row,
        unmake=unmake,
        order=40,
    )
)
