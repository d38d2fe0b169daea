"""The roster of assigned responsibility 包联: which leader, unit or legal worker answers for which place."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.imports.importers import Field, Passage, Record
from jingwei.imports.refusals import RowRefused
from jingwei.imports.rosters import Roster, StandsInTheWay, What, Wrote, roster
from jingwei.organisations.acts.answering import assign, desk_of
from jingwei.organisations.models import Responsibility
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.organisations.rosters import finding

NAME = "responsibilities"


def write(record: Record, passage: Passage) -> Wrote:
    """Let a post, or a unit through its front desk, answer for a place."""
    values = record.values
    place = finding.place(passage, str(values["place"]))
    sorts = finding.book(passage)[OfficesSection].responsibilities
    title = str(values.get("title") or "")
    said = str(values.get("sort") or "")
    sort = finding.one_of(passage, sorts, said, NAME, "sort") if said else ("leader" if title else "unit")
    try:
        if title:
            post = finding.post(passage, str(values["organisation"]), title)
        else:
            home = finding.organisation(passage, str(values["organisation"]))
            if home is None:
                raise RowRefused(
                    _("No organisation is called “%(name)s”. Bring the organisations in first.")
                    % {"name": values["organisation"]}
                )
            post = desk_of(home)
        fresh = assign(post, [place], sort=sort, actor=passage.actor, at=passage.at)
    except OrganisationRefused as no:
        raise RowRefused(no.sentence) from no
    if not fresh:
        return Wrote(What.SAME)
    row = Responsibility.objects.get(post=post, place=place, until=None)
    return Wrote(What.NEW, (("responsibility", row.pk),))


def unmake(_kind: str, pk: int, _passage: Passage) -> None:
    """Take back a responsibility that still stands."""
    row = Responsibility.objects.select_for_update().get(pk=pk)
    if row.until is not None:
        raise StandsInTheWay(_("A responsibility it made has been ended since."))
    row.delete()


RESPONSIBILITIES = roster(
    Roster(
        name=NAME,
        title=gettext_lazy("Assigned responsibility"),
        hint=gettext_lazy("A row lets a leader's post, or a unit, answer for a compound, grid or community."),
        fields=(
            Field("organisation", gettext_lazy("Organisation"), required=True, down=True),
            Field("title", gettext_lazy("Post")),
            Field("place", gettext_lazy("Place answered for"), required=True),
            Field("sort", gettext_lazy("Sort of responsibility")),
        ),
        known_by=("organisation", "title", "place"),
        write=write,
        unmake=unmake,
        order=50,
    )
)
