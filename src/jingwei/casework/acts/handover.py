"""Handing all that a post owes in casework to another post: the cases it owes or leads, and what waits for its word."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework.acts.deeds import Deed, Line
from jingwei.casework.acts.held import lock_in_order
from jingwei.casework.models import Case, Hand, Motion
from jingwei.casework.sight import cases_seen_by
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.owed import Holder, Owed, holds
from jingwei.organisations.pack import Role
from jingwei.organisations.queries import successor_of
from jingwei.organisations.refusals import Unfit
from jingwei.policy.notices import Event
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb

HANDED = verb("case.handed_over", gettext_lazy("hand over"), gettext_lazy("Handed over to another post"))


def _owed(posts: Sequence[int]) -> Q:
    """Cases that one of the posts owes, leads, or has still to answer something about."""
    waiting = Motion.objects.filter(to__in=posts, settled=None).values("case")
    return Q(is_open=True) & (Q(owner__in=posts) | Q(lead__in=posts) | Q(pk__in=waiting))


def _counted(posts: Sequence[int]) -> dict[int, int]:
    owing: dict[int, set[int]] = {}
    for pk, owner, lead in Case.objects.filter(_owed(posts)).values_list("pk", "owner_id", "lead_id"):
        for post in {owner, lead} & {*posts}:
            owing.setdefault(post, set()).add(pk)
    for post, case in Motion.objects.filter(to__in=posts, settled=None).values_list("to_id", "case_id"):
        owing.setdefault(post, set()).add(case)
    return {post: len(cases) for post, cases in owing.items()}


def _listed(post: Post, reader: Actor) -> Iterator[Owed]:
    """By number, stage and place; a title may hold what a resident wrote, and is read at the case."""
    seen = cases_seen_by(reader).filter(_owed([post.pk])).select_related("place").order_by("due_at", "pk")
    for case in seen:
        yield Owed(str(case.of_kind.title), case.number, f"{case.place} · {case.at_stage.title}", case.due_at)


def owed_and_seen(actor: Actor, _at: datetime) -> Iterator[int]:
    """The cases that stand in some post's list to be handed over, as far as an actor may see them."""
    posts = list(Post.objects.filter(until=None).values_list("pk", flat=True))
    yield from cases_seen_by(actor).filter(_owed(posts)).values_list("pk", flat=True)


def hand_over(post: Post, to: Post, actor: Actor, at: datetime) -> int:
    """Hand every open case that `post` owes or leads, and every motion it has to answer, to another; how many cases.

    Each is an act on its case, with its line and its standing; clocks run on, since the promise was made to the one
    who asked. Raises Unfit where the other post lacks a role that a case asks for.
    """
    cases = list(Case.objects.filter(_owed([post.pk])).order_by("pk").values_list("pk", flat=True))
    lock_in_order(cases)
    for pk in cases:
        _hand(pk, post, to, actor, at)
    return len(cases)


def _hand(pk: int, post: Post, to: Post, actor: Actor, at: datetime) -> None:
    deed = Deed.begin(pk, actor, at, posts=[to.pk])
    case = deed.case
    if not case.is_open:
        return
    _refuse_unfit(case, post, to)
    waiting = [motion for motion in deed.held.seen["motions"] if motion.to_id == post.pk]
    owes = case.owner_id == post.pk
    if not (owes or case.lead_id == post.pk or waiting):
        return
    deed.write(Line(HANDED, facts={"before": post.full_title, "to": to.full_title, "motions": len(waiting)}))
    if case.lead_id == post.pk:
        case.lead = to
    for motion in waiting:
        motion.to_id = to.pk
        deed.stroke.changed(motion, "to_id")
    if owes:
        case.owner = to
        deed.stand_anew()
    deed.touched([to.organisation_id])
    deed.tell(Event.ASSIGNED, to)
    deed.put_down()


def _refuse_unfit(case: Case, post: Post, to: Post) -> None:
    wanted = {Role.DEPARTMENT, Role.TEAM} if case.lead_id == post.pk else set()
    role = case.at_stage.owed_by
    if case.owner_id == post.pk and role is not None and role.value in post.roles:
        wanted.add(role)
    if missing := {role.value for role in wanted if role.value in post.roles} - {*to.roles}:
        raise Unfit(
            _("«%(post)s» cannot take over case %(number)s: it lacks the role %(roles)s. Choose another post.")
            % {"post": to.full_title, "number": case.number, "roles": ", ".join(sorted(missing))},
            "successor",
        )


def follow_successors(at: datetime) -> int:
    """Hand on what came to an ended post after it ended, because two acts ran at one moment; how many cases."""
    ended = Post.objects.exclude(until=None).filter(
        Q(owes__is_open=True) | Q(leads__is_open=True) | Q(motions__settled=None, motions__isnull=False)
    )
    many = 0
    for post in ended.select_related("organisation", "ground").distinct():
        if (to := successor_of(post)) is not None:
            many += hand_over(post, to, Actor.machine("following successors"), at)
    return many


def _inherited(organisation: Organisation, heir: Organisation) -> None:
    """The heir sees the cases the organisation had its hands on, as those who keep its files must."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{Hand._meta.db_table}" (case_id, organisation_id) '
            f'SELECT case_id, %s FROM "{Hand._meta.db_table}" WHERE organisation_id = %s ON CONFLICT DO NOTHING',
            [heir.pk, organisation.pk],
        )


def show_to_whoever_owes(at: datetime) -> int:
    """Let the house of a post see the open cases it owes or leads, where they came to it while it moved; how many.

    A step that lets the ground choose who owes names no post, so it cannot wait for a merge. Only hands of houses that
    were dissolved within two days are looked at.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNSEEN, [localdate(at) - timedelta(days=2)])
        return int(cursor.rowcount)


_UNSEEN = """
    INSERT INTO casework_hand (case_id, organisation_id)
    SELECT DISTINCT c.id, p.organisation_id FROM organisations_organisation o
    JOIN casework_hand h ON h.organisation_id = o.id JOIN casework_case c ON c.id = h.case_id AND c.is_open
    JOIN organisations_post p ON p.id IN (c.owner_id, c.lead_id) AND p.organisation_id <> o.id
    WHERE o.until >= %s AND NOT EXISTS (
        SELECT FROM casework_hand t WHERE t.case_id = c.id AND t.organisation_id = p.organisation_id)
    ON CONFLICT DO NOTHING
"""


holds(Holder("cases", gettext_lazy("Cases"), _counted, _listed, hand_over, _inherited))
