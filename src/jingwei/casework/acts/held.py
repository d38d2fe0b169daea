"""What is held while an act on a case is decided: the case, locked, and the few rows that decide about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from jingwei.casework.models import Act, Case, ClockEntry, ClockRun, Deadline, Motion, Round, Standing
from jingwei.organisations.models import Organisation, Post
from jingwei.places.models import Place
from jingwei.policy.models import County
from jingwei.strokes.glance import Glance, Rows, Seen, Value
from jingwei.trail.actor import Actor

_LOCKED = Glance(
    """
    WITH named AS MATERIALIZED (
        SELECT id FROM organisations_post WHERE id = ANY(%(posts)s::bigint[]) ORDER BY id FOR SHARE
    ), parent AS MATERIALIZED (
        SELECT id FROM casework_case
        WHERE id = (SELECT parent_id FROM casework_case WHERE id = %(pk)s::bigint AND (SELECT count(*) FROM named) >= 0)
        FOR UPDATE
    )
    """,
    case=Rows(Case, "t.id = %(pk)s::bigint AND (SELECT count(*) FROM parent) >= 0 FOR UPDATE"),
)
"""The case, locked; its parent before it, since the condition on a count is settled before any row is read.

Before both, the posts that the act names: whoever ends or moves one of them (`locked_posts`) locks it first and the
cases after, so that an act waits for a merge and then finds the post ended, or in the house it has come to.
Any other post that the act writes down is not waited for: `locked_posts` lets foreign keys pass.
"""

_IN_ORDER = """
    SELECT id FROM casework_case
    WHERE id IN (SELECT unnest(%(pks)s::bigint[]) UNION SELECT parent_id FROM casework_case WHERE id = ANY(%(pks)s))
    ORDER BY id FOR UPDATE
"""

NUMBERS = Value("""
    jsonb_build_array(nextval('casework_act_id_seq'), nextval('casework_clockrun_id_seq'),
                      nextval('casework_clockrun_id_seq'))
""")
"""The ids of the act, and of the clocks it may start; one not used is a gap, and no harm."""

_ABOUT = Glance(
    """
    WITH wanted AS (
        SELECT unnest(%(posts)s::bigint[]) AS id
        UNION ALL SELECT owner_id FROM casework_standing WHERE case_id = %(case)s::bigint
        UNION ALL SELECT lead_id FROM casework_case WHERE id = %(parent)s::bigint
    ), posts AS (
        SELECT p.* FROM organisations_post p WHERE p.id = ANY(ARRAY(SELECT id FROM wanted))
    )
    """,
    done=Value("SELECT to_jsonb(case_id) FROM casework_act WHERE key = %(key)s::uuid"),
    numbers=NUMBERS,
    county=Rows(County, "t.code = %(county)s::varchar"),
    parent=Rows(Case, "t.id = %(parent)s::bigint"),
    posts=Rows(Post, "t.id = ANY(ARRAY(SELECT id FROM wanted))"),
    organisations=Rows(Organisation, "t.id = ANY(ARRAY(SELECT organisation_id FROM posts))"),
    places=Rows(
        Place,
        "t.id = ANY(ARRAY(SELECT %(place)s::bigint UNION ALL SELECT ground_id FROM posts))",
        without=("boundary",),
    ),
    round=Rows(Round, "t.case_id = %(case)s::bigint AND t.number = %(round)s::smallint"),
    standings=Rows(Standing, "t.case_id = %(case)s::bigint ORDER BY t.id"),
    runs=Rows(ClockRun, "t.case_id = %(case)s::bigint AND t.round = %(round)s::smallint ORDER BY t.id"),
    entries=Rows(
        ClockEntry,
        "t.clock_id IN (SELECT id FROM casework_clockrun WHERE case_id = %(case)s::bigint "
        "AND round = %(round)s::smallint) ORDER BY t.id",
    ),
    deadlines=Rows(
        Deadline,
        "t.case_id = %(case)s::bigint AND t.round = %(round)s::smallint AND t.untold_at IS NULL ORDER BY t.id",
    ),
    motions=Rows(Motion, "t.case_id = %(case)s::bigint AND t.settled_id IS NULL"),
    mine=Rows(
        Act,
        "t.case_id = %(case)s::bigint AND t.round = %(round)s::smallint AND t.person_id = %(person)s::bigint",
    ),
    children=Value(
        "SELECT jsonb_agg(number ORDER BY id) FROM casework_case "
        "WHERE parent_id = %(case)s::bigint AND is_open AND kind <> %(by_itself)s::varchar"
    ),
)
"""Trap: `id = ANY(ARRAY(SELECT ...))` reads the few rows by their ids; `id = x OR id IN (SELECT ...)` reads the whole
table, which was a third of what the database spent on a step, of a county with 3,000 places.
"""


@dataclass
class Held:
    """A locked case and what stands around it, all as of one moment after the lock."""

    case: Case
    seen: Seen
    posts: dict[int, Post]

    @property
    def done(self) -> bool:
        """Whether the act of this key was done before; the same request sent twice is one act."""
        return self.seen.one("done") is not None

    @property
    def standing(self) -> Standing | None:
        """How the case stands now."""
        return next((s for s in self.seen["standings"] if s.current), None)

    @property
    def children(self) -> list[str]:
        """The numbers of the children that are open, and that the case waits for."""
        return self.seen.one("children") or []


def hold(case: Case | int, actor: Actor, key: UUID | None = None, posts: Iterable[int | None] = ()) -> Held:
    """The case, locked until the transaction ends, a parent before its child; and what decides about it.

    Trap: what stands around it is asked after the lock. Joined to the locked row, it would be told as it was
    before the one who had the lock changed it. `posts` are those an act names, beside owner and lead.
    """
    named = sorted({post for post in posts if post is not None})
    held = _locked(case, named)
    wanted = {held.owner_id, held.lead_id, actor.post_id, *named} - {None}
    seen = _ABOUT(
        case=held.pk, round=held.round, county=held.county_id, place=held.place_id, parent=held.parent_id,
        person=actor.person_id, posts=list(wanted), key=key, by_itself=held.of_kind.rectified_by,
    )  # fmt: skip
    return Held(held, seen, _joined(held, seen))


def lock_in_order(pks: Iterable[int]) -> None:
    """Lock several cases, and their parents, until the transaction ends; those without one, in order of age.

    A parent is older than its children, so this is the order of `hold` too; whoever acts on several begins with it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IN_ORDER, {"pks": list(pks)})


def _locked(case: Case | int, named: list[int]) -> Case:
    pk = case.pk if isinstance(case, Case) else case
    found: Case | None = _LOCKED(pk=pk, posts=named).one("case")
    if found is None:
        raise Case.DoesNotExist(f"There is no case {pk}.")
    return found


def _joined(case: Case, seen: Seen) -> dict[int, Post]:
    """Hang the rows onto one another, as the ORM would: nothing of them is asked for again."""
    organisations, places, posts = seen.by_id("organisations"), seen.by_id("places"), seen.by_id("posts")
    for post in posts.values():
        post.organisation = organisations[post.organisation_id]
        if post.ground_id in places:
            post.ground = places[post.ground_id]
    case.owner = posts[case.owner_id] if case.owner_id else None
    case.lead = posts[case.lead_id] if case.lead_id else None
    case.place, case.county = places[case.place_id], seen.one("county")
    if parent := seen.one("parent"):
        parent.lead = posts[parent.lead_id] if parent.lead_id else None
        case.parent = parent
    for standing in seen["standings"]:
        standing.owner = posts[standing.owner_id] if standing.owner_id else None
    return posts
