"""Whether a county's pack fits every kind of case: each clock has its time, each role somebody, each stage a way on.

A kind is proved by itself when the program starts. What a kind needs of a county can only be told of its pack: a step
that nobody in the county may take is no step there, and a case would be left standing before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework.kinds import KINDS, Ending, Kind, Stage, Step, Vocabulary, Word
from jingwei.casework.needs import Handler, Offered
from jingwei.casework.pack import ALL, CaseworkSection
from jingwei.casework.proof import able_to_end, reachable
from jingwei.organisations.pack import OrganisationsSection, Role
from jingwei.policy.books import NotInThisEdition
from jingwei.policy.changes import Steps
from jingwei.policy.sections import Keyed, Wrong
from jingwei.policy.telling import gives

if TYPE_CHECKING:
    from jingwei.policy.books import Book

OF_MOTIONS = {"supervision": gettext_lazy("Formal supervision"), "approval": gettext_lazy("Approval")}
"""Clocks that every kind may have: they run for what is asked about a case, not while it stands somewhere."""
FOLLOWS = frozenset({Role.RESIDENT, Role.LEAD, Role.OWNER, Role.OPENER, Role.SYSTEM})
"""Roles to which nobody is appointed: they follow from the case."""
ASKED_FOR = frozenset({Role.DISPATCHER, Role.INSPECTOR, Role.CALLER, Role.ARBITER})
"""Roles that every county needs, whatever its kinds; the organisations' own check asks for them."""


def wrong(casework: CaseworkSection, book: Book) -> Iterator[Wrong]:
    """Every way in which the pack does not fit the kinds there are."""
    yield from _vocabularies(casework)
    yield from _unknown(casework)
    retired = set(_retired(book.document))
    for kind in KINDS.values():
        try:
            yield from _times(kind, casework, book, retired)
        except NotInThisEdition:
            continue
    yield from _left_standing(book)


def _vocabularies(casework: CaseworkSection) -> Iterator[Wrong]:
    for table, known in (("six_steps", Vocabulary.SIX), ("seven_stages", Vocabulary.SEVEN)):
        lines: tuple[Keyed, ...] = getattr(casework, table)
        said = [line.key for line in lines]
        for n, key in enumerate(said):
            if key not in known:
                yield Wrong(("casework", table, n, "key"), *_nowhere(key, known))
        for key in known:
            if key not in said:
                yield Wrong(("casework", table), _("«%(key)s» has no words.") % {"key": key}, f'key = "{key}"')


def _unknown(casework: CaseworkSection) -> Iterator[Wrong]:
    """Times for kinds and clocks that are not there: nobody would ever read them."""
    for name, clocks in casework.spans.items():
        at = ("casework", "spans", name)
        if (kind := KINDS.get(name)) is None:
            yield Wrong(at, _("there is no kind of case «%(kind)s».") % {"kind": name}, _one_of(KINDS))
            continue
        for clock in clocks:
            if clock not in OF_MOTIONS and clock not in kind.clocks:
                what = _("a case of the kind «%(kind)s» has no clock «%(clock)s».")
                known = [*kind.clocks, *OF_MOTIONS]
                yield Wrong((*at, clock), what % {"kind": kind.title, "clock": clock.value}, _one_of(known))


def _times(kind: type[Kind], casework: CaseworkSection, book: Book, retired: set[str]) -> Iterator[Wrong]:
    """Each clock of a kind has a time for every grade; those without any time do not run, which is worth a warning."""
    at = ("casework", "spans", kind.name)
    grades = called(kind, book)
    for name, by_grade in casework.spans.get(kind.name, {}).items():
        for said in by_grade:
            if said != ALL and said not in grades and said not in retired:
                yield Wrong((*at, name, said), *_nowhere(said, [ALL, *grades]))
    for clock in kind.clocks.values():
        given: dict[str, str] = {name.value: by for name, by in casework.spans.get(kind.name, {}).items()}.get(
            clock.name, {}
        )
        titles = {"kind": kind.title, "clock": clock.title}
        if not given:
            what = _("the clock «%(clock)s» of the kind «%(kind)s» has no time, so it does not run.") % titles
            yield Wrong(at, what, f'{clock.name} = {{all = "7 working days"}}', warning=True)
        elif ALL not in given and not clock.for_some:
            for missing in [grade for grade in grades if grade not in given] or ([] if grades else [ALL]):
                what = _("the clock «%(clock)s» of the kind «%(kind)s» has no time for «%(grade)s».")
                yield Wrong((*at, clock.name), what % {**titles, "grade": missing}, f'{missing} = "7 working days"')


def called(kind: type[Kind], book: Book) -> dict[str, str]:
    """The keys by which the times of a kind differ, with their words: its grades, or its categories; those of a child
    are its case's."""
    own = kind.words(book)
    found = dict(own.get("grade") or own.get("category") or {})
    for above in KINDS.values():
        opens = {step.opens for step in above.steps.values()} | {above.assisted_by}
        if above is not kind and kind.name in opens:
            found = {**called(above, book), **found}
    return found


def _left_standing(book: Book) -> Iterator[Wrong]:
    """Stages that a case can come to in this county, and that nobody in it owes or leads out of."""
    held = FOLLOWS | {
        role
        for organisation in book[OrganisationsSection].organisations
        for post in organisation.posts
        for role in post.roles
        if not organisation.retired and not post.retired
    }

    def possible(step: Step) -> bool:
        """Somebody may take it, and there is somebody whom it could be handed to."""
        chosen = {need.role for need in step.needs if isinstance(need, Handler | Offered) and need.required}
        return bool(held & set(step.by)) and chosen <= held

    for kind in KINDS.values():
        if kind.opened_by and not held & set(kind.opened_by):
            continue
        ending = able_to_end(kind, possible)
        for stage in sorted(reachable(kind, possible), key=lambda one: one.name):
            missing = _missing(kind, stage, held, ends=stage in ending, possible=possible)
            if missing and not missing <= ASKED_FOR:
                roles = ", ".join(sorted(role.value for role in missing))
                what = _("«%(kind)s» could be left standing at «%(stage)s»: no post has the role «%(role)s».")
                yield Wrong(
                    ("organisations",),
                    what % {"kind": kind.title, "stage": stage.title, "role": roles},
                    f'roles = ["{min(missing, key=lambda role: role.value).value}"]',
                )


def _missing(
    kind: type[Kind], stage: Stage, held: frozenset[Role], *, ends: bool, possible: Callable[[Step], bool]
) -> set[Role]:
    if isinstance(stage, Ending):
        return set()
    owed = {stage.owed_by} if stage.owed_by is not None else set()
    if ends:
        return owed - held
    return (owed | {role for step in kind.steps_from(stage) if not possible(step) for role in step.by}) - held


def _retired(said: Any) -> Iterator[str]:
    """The keys of every entry that the pack has retired: old cases read them still."""
    if isinstance(said, dict):
        if said.get("retired") is True and isinstance(said.get("key"), str):
            yield said["key"]
        said = list(said.values())
    if isinstance(said, list):
        for below in said:
            yield from _retired(below)


def _nowhere(said: str, known: Iterable[str]) -> tuple[str, str]:
    return _("«%(said)s» is nowhere in this pack.") % {"said": said}, _one_of(known)


def _one_of(known: Iterable[str]) -> str:
    return _("one of: %(keys)s") % {"keys": ", ".join(known)}


@gives
def _said(path: Steps, book: Book) -> Word | None:
    """What the words of [casework.spans] mean: the kind, its clock, and the grade or category the time is for."""
    if path[:2] != ("casework", "spans") or len(path) < 3 or (kind := KINDS.get(path[2])) is None:
        return None
    if len(path) == 3:
        return kind.title
    if len(path) == 4:
        return kind.clocks[path[3]].title if path[3] in kind.clocks else OF_MOTIONS.get(path[3])
    if path[4] == ALL:
        return _("whatever the grade")
    return called(kind, book).get(path[4])
