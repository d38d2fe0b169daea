"""What the pack says of an incident: the words for its keys, and who handles its sort."""

import re
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jingwei.affairs.incidents.pack import IncidentsSection
from jingwei.casework.kinds import Suggestion
from jingwei.casework.models import Case
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.queries import front_desk
from jingwei.policy.books import Book
from jingwei.policy.queries import book, edition_book


def incident_words(of: Book) -> dict[str, dict[str, str]]:
    """Key → words for grade, category (children as `parent.child`), class of request and source."""
    return dict(_words(of, get_language()))


@lru_cache(maxsize=64)
def _words(of: Book, language: str | None) -> dict[str, dict[str, str]]:
    """Asked with every case that is told of, so said once for an edition and a language."""
    incidents = of[IncidentsSection]
    categories: dict[str, str] = {}
    for category in incidents.categories:
        categories[category.key] = str(category)
        categories |= {child.key: str(child) for child in category.children}
    return {
        "grade": {g.key: str(g) for g in incidents.grades},
        "category": categories,
        "request_class": {c.key.value: str(c) for c in incidents.classes},
        "source": {s.key.value: str(s) for s in incidents.sources},
    }


def families(of: Book) -> dict[str, list[str]]:
    """Each category with the sorts below it, so that a list narrowed to the one holds the others."""
    return {c.key: [child.key for child in c.children] for c in of[IncidentsSection].categories}


def handler_of(county_code: str, category: str, path: str) -> Post | None:
    """The front desk of the organisation that the pack's table names for a sort of incident on the ground at `path`.

    An organisation that stands once for each place is the one on that ground. What no category claims goes
    to the town centre, so that nothing is lost.
    """
    key = book(county_code)[IncidentsSection].handler(category)
    found = (
        Organisation.objects.filter(county_id=county_code, until=None)
        .filter(key__regex=f"^{re.escape(key)}(_[0-9]+)?$")
        .select_related("ground")
    )
    here = sorted((o for o in found if o.ground.covers(path)), key=lambda o: len(o.ground.path), reverse=True)
    return front_desk(here[0]) if here else None


def handlers_for(case: Case) -> list[Suggestion]:
    """Who might handle an incident: what the table says, then the centre that never loses anything."""
    section = edition_book(case.edition_id)[IncidentsSection]
    sort = section.sort(case.category)
    reasons = [
        (handler_of(case.county_id, case.category, case.ground_path), str(sort) if sort else ""),
        (handler_of(case.county_id, "", case.ground_path), ""),
    ]
    found: list[Suggestion] = []
    for post, title in reasons:
        if post is not None and all(s.post.pk != post.pk for s in found):
            said = (
                _("The pack's table gives «%(sort)s» to it.") % {"sort": title}
                if title
                else _("Takes what no table names.")
            )
            found.append(Suggestion(post, said))
    return found
