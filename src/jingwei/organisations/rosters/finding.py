"""Finding what a roster names, a place, an organisation, a post, a word of the county's; or saying what is wrong."""

import re
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from jingwei.imports.cells import key as plain
from jingwei.imports.importers import Passage
from jingwei.imports.pack import RostersSection
from jingwei.imports.refusals import RowRefused
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.pack import OrganisationLine, OrganisationsSection
from jingwei.places.models import Place
from jingwei.places.queries import standing
from jingwei.policy.books import Book
from jingwei.policy.models import County
from jingwei.policy.queries import book as book_of
from jingwei.policy.sections import Keyed


def book(passage: Passage) -> Book:
    """The county's pack, looked up once for a sheet."""
    found: Book = passage.memory.get("book") or book_of(passage.county)
    passage.memory["book"] = found
    return found


def county(passage: Passage) -> County:
    """The county."""
    found = passage.memory.get("county") or County.objects.get(pk=passage.county)
    passage.memory["county"] = found
    return found


def place(passage: Passage, said: str) -> Place:
    """The standing place that goes by this name, or by the names of those above it and its own: 新桥镇桥头社区.

    Raises RowRefused where there is none, or where there are several.
    """
    names = [part for part in re.split(r"[/／\\>·\s]+", said) if part]
    found = list(standing(passage.county).exclude(layer="building").filter(name=names[-1] if names else said)[:9])
    found = [one for one in found if _within(one, names[:-1])]
    if not found:
        found = _run_together(passage, said)
    if len(found) == 1:
        return found[0]
    if not found:
        raise RowRefused(_("No place is called “%(name)s”. Bring the places in first.") % {"name": said})
    raise RowRefused(
        _("Several places are called “%(name)s”. Write the community before it, with a stroke between.")
        % {"name": said}
    )


def _within(one: Place, above: Sequence[str]) -> bool:
    at, wanted = one.parent, list(above)
    while at is not None and wanted:
        if at.name == wanted[-1]:
            wanted.pop()
        at = at.parent
    return not wanted


def _run_together(passage: Passage, said: str) -> list[Place]:
    """Names written without a mark between them: the place's own at the end, that of one above it before."""
    ends = Q(name__in=[said[n:] for n in range(1, len(said) - 1)])
    found = standing(passage.county).exclude(layer="building").filter(ends).select_related("parent__parent__parent")
    return [one for one in found[:200] if _reads(one, said.removesuffix(one.name))]


def _reads(one: Place, before: str) -> bool:
    at = one.parent
    while at is not None and before:
        before = before.removesuffix(at.name)
        at = at.parent
    return not before


def organisation(passage: Passage, name: str) -> Organisation | None:
    """The standing organisation of that name, or of one the pack gives it; RowRefused where there are several."""
    those = Organisation.objects.filter(county=passage.county, until=None).select_related("ground", "county")
    found = list(those.filter(name=name)[:2])
    if not found:
        line, ground = pack_line(passage, name)
        if line is not None and ground:
            found = list(those.filter(key__regex=f"^{line.key}_[0-9]+$", ground=ground)[:2])
        elif line is not None:
            found = list(those.filter(key=line.key)[:2])
    if len(found) > 1:
        raise RowRefused(_("Several organisations are called “%(name)s”.") % {"name": name})
    return found[0] if found else None


def pack_key(passage: Passage, name: str) -> str:
    """The key under which the pack speaks of an organisation with this name; "" where it does not."""
    line, ground = pack_line(passage, name)
    if line is None:
        return ""
    return f"{line.key}_{ground}" if ground else line.key


def pack_line(passage: Passage, name: str) -> tuple[OrganisationLine | None, int]:
    """The pack's line for an organisation with this name, and the id of the place it is for (0: for none)."""
    wanted = plain(name)
    for line in book(passage)[OrganisationsSection].organisations:
        if line.retired:
            continue
        for said in (line.name, *line.also):
            if "{place}" not in said:
                if plain(said) == wanted:
                    return line, 0
                continue
            before, _mark, after = plain(said).partition("{place}")
            if line.each and wanted.startswith(before) and wanted.endswith(after):
                middle = wanted[len(before) : len(wanted) - len(after)]
                if ground := _grounds(passage, line.each.value).get(middle, 0):
                    return line, ground
    return None, 0


def _grounds(passage: Passage, layer: str) -> dict[str, int]:
    """The standing places of a layer by name, the first by code of several; these rosters lay no ground."""
    kept: dict[str, dict[str, int]] = passage.memory.setdefault("grounds", {})
    if layer not in kept:
        those = standing(passage.county, layer).order_by("-code").values_list("name", "pk")
        kept[layer] = {plain(name): pk for name, pk in those}
    return kept[layer]


def post(passage: Passage, organisation_name: str, title: str) -> Post:
    """The standing post of that title in that organisation. Raises RowRefused."""
    home = organisation(passage, organisation_name)
    if home is None:
        raise RowRefused(
            _("No organisation is called “%(name)s”. Bring the organisations in first.") % {"name": organisation_name}
        )
    there = home.posts.filter(until=None).select_related("organisation__county", "ground")
    found = list(there.filter(title=title)[:2])
    if len(found) == 1:
        return found[0]
    titles = "、".join(there.order_by("id").values_list("title", flat=True)[:12])
    if not found:
        raise RowRefused(
            _("“%(name)s” has no post “%(title)s”; it has: %(there)s.")
            % {"name": home.name, "title": title, "there": titles or _("none")}
        )
    raise RowRefused(_("“%(name)s” has several posts “%(title)s”.") % {"name": home.name, "title": title})


def one_of(passage: Passage, lines: Sequence[Keyed], said: str, roster: str, field: str) -> str:
    """The key of the county's list that a cell means, by its own word or one the pack says means it."""
    words = book(passage)[RostersSection].words(roster).values.get(field, {})
    wanted, standing_lines = plain(said), [line for line in lines if not line.retired]
    for own in (True, False):  # what a kind is called itself goes before what is said of another
        for line in standing_lines:
            called = (line.key, line.name, line.english) if own else words.get(line.key, ())
            if wanted in {plain(word) for word in called if word}:
                return line.key
    offered = "、".join(line.name for line in standing_lines)
    raise RowRefused(_("“%(said)s” is not one of: %(values)s.") % {"said": said[:40], "values": offered})
