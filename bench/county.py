"""A county of any size, invented: weishui's ground and organisations, and as many cases as are asked for.

Cases and what finds them come by COPY; their standings, acts, hands, clocks and motions are made from them by the
database. Not made: trail lines, words and photographs, which no queue reads. Everything is drawn from one seed.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.measuring import Bench
from bench.words import Grammar, case_words
from jingwei.cli import house

AT = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
"""The moment at which the county stands, and at which it is asked."""
YEARS = timedelta(days=3 * 365)
OPEN_SHARE = 0.12
ORGANISATIONS = 60
BIGGEST, SMALLEST = 0.30, 30
"""The largest department has had its hands on this share of all cases; the smallest on so many cases."""
PACK = "weishui"
CODE = "990121"

ENDINGS = {"closed": 0.955, "refused": 0.015, "withdrawn": 0.01, "joined": 0.02}
STAGES = {
    "reported": 0.06, "accepted": 0.06, "assigned": 0.1, "handling": 0.5, "to_sign": 0.08, "verifying": 0.1,
    "calling_back": 0.1,
}  # fmt: skip
SOURCES = {"resident_qr": 30, "resident_web": 12, "grid_worker": 28, "counter": 6, "chat": 10, "telephone": 14}
GRADES = {"simple": 45, "general": 45, "prominent": 9, "major": 1}

CASE = (
    "id", "county_id", "edition_id", "kind", "number", "code_mark", "title", "stage", "round", "grade", "category",
    "request_class", "source", "tier", "record", "place_id", "ground_path", "where", "owner_id", "lead_id",
    "opened_by_id", "asks_back", "received_at", "recorded_at", "ended_at", "is_open", "due_at", "told_share",
    "source_system", "source_number", "urged", "returned", "redone", "extended", "supervised", "arbitrated", "held",
    "rating_told", "version",
)  # fmt: skip


def stand(bench: Bench) -> None:
    """Let the county stand without cases, once."""
    from django.conf import settings
    from django.db import transaction

    from jingwei.affairs.invented import SETTING_UP, fill_the_seats
    from jingwei.organisations.acts import found_from_pack
    from jingwei.organisations.models import Organisation
    from jingwei.places.acts import lay_ground
    from jingwei.policy import load
    from jingwei.policy.acts import adopt
    from jingwei.policy.folders import shelf

    if Organisation.objects.exists():
        return
    bench.say(f"letting {PACK} stand")
    book = load(shelf() / PACK)
    with transaction.atomic():
        adopt(book, CODE, actor=SETTING_UP, at=AT)
        lay_ground(book, actor=SETTING_UP, at=AT, data_folder=Path(settings.ROOT) / "data", progress=lambda *said: None)
        found_from_pack(book, actor=SETTING_UP, at=AT)
        fill_the_seats(book, at=AT)
        _more_departments()


def _adopt() -> None:
    """Let a county that was kept work by the pack of today."""
    from jingwei.affairs.invented import SETTING_UP
    from jingwei.policy import load
    from jingwei.policy.acts import adopt
    from jingwei.policy.folders import shelf

    adopt(load(shelf() / PACK), CODE, actor=SETTING_UP, at=AT)


def _more_departments() -> None:
    from jingwei.organisations.models import Organisation, Post

    pattern = Organisation.objects.filter(kind="department").order_by("pk")[0]
    for n in range(ORGANISATIONS - Organisation.objects.count()):
        made = Organisation.objects.create(
            county_id=CODE, key=f"department_{n}", name=f"第{n}局", kind="department", ground=pattern.ground,
            since=pattern.since,
        )  # fmt: skip
        for key, role in (("desk", "department"), ("section", "section"), ("signer", "signer")):
            Post.objects.create(
                organisation=made, key=key, title=key, roles=[role], ground=pattern.ground, front_desk=key == "desk"
            )


@contextmanager
def turned_to(size: int | str) -> Iterator[None]:
    """Inside this block Django speaks to the database with `size` cases, or to another by the end of its name."""
    from django.db import connections

    ours = connections.settings["default"]
    before = ours["NAME"]
    connections.close_all()
    ours["NAME"] = f"cases_{size}"
    try:
        yield
    finally:
        connections.close_all()
        ours["NAME"] = before


def fill(bench: Bench, size: int, *, lean: bool = False) -> str:
    """Make the database with `size` cases, unless it is there; gives by what to turn to it with `turned_to`.

    lean: without what no figure counts (words, ledger, motions, notices), which is half of the disk and of the time.
    """
    from django.db import connections

    connections.close_all()
    known_by = f"{size}_lean" if lean else str(size)
    name = f"cases_{known_by}"
    with bench.connect(owner=True) as owner:
        made = owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if made:
        bring_up_to_date(known_by)
        return known_by
    with bench.connect(owner=True) as owner:
        owner.execute(f"DROP DATABASE IF EXISTS {name}_unfinished".encode())  # somebody was stopped in the middle
        owner.execute(f"CREATE DATABASE {name}_unfinished TEMPLATE jingwei".encode())
    bench.say(f"making {size:,} cases")
    with bench.connect(owner=True, name=f"{name}_unfinished", autocommit=False) as owner:
        _fill(bench, owner, size, lean)
        owner.commit()
        owner.autocommit = True
        bench.say("vacuuming and counting")
        owner.execute("VACUUM ANALYZE")
    with bench.connect(owner=True) as owner:
        owner.execute(f"ALTER DATABASE {name}_unfinished RENAME TO {name}".encode())
    return known_by


def bring_up_to_date(size: int | str) -> None:
    """Give a database that was kept the tables and the pack of today."""
    with turned_to(size):
        house.make_tables()
        _adopt()


def _fill(bench: Bench, owner: Any, size: int, lean: bool) -> None:
    owner.execute("SET LOCAL session_replication_role = replica")  # what refers to what is right by making
    owner.execute("SET LOCAL maintenance_work_mem = '512MB'")
    dropped = without_indexes(owner)
    county = Ground(owner)
    with owner.cursor().copy(f"COPY casework_case ({_names(CASE)}) FROM STDIN") as copy:
        for row in cases(county, size):
            copy.write_row(row)
    if not lean:
        bench.say("what finds them")
        grammar = Grammar()
        with owner.cursor().copy("COPY search_entry (subject_type, subject_id, terms) FROM STDIN") as copy:
            for n in range(1, size + 1):
                copy.write_row(("case", n, grammar.terms(n, size)))
    for what, statement in FOLLOWING.items():
        if lean and what in NOT_COUNTED:
            continue
        bench.say(what)
        owner.execute(statement, {"at": AT, "smallest": SMALLEST, "every": max(size // SMALLEST, 1)})
    bench.say("indexes")
    for statement in dropped:
        owner.execute(statement)
    for table in TABLES:
        owner.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


TABLES = (
    "casework_case", "casework_hand", "casework_round", "casework_standing", "casework_act", "casework_clockrun",
    "casework_clockentry", "casework_deadline", "casework_motion", "search_entry", "notices_notice",
)  # fmt: skip


def without_indexes(owner: Any) -> list[str]:
    """Drop the indexes that hold no constraint; the statements that make them again."""
    found = owner.execute(
        """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
           WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique""",
        [list(TABLES)],
    ).fetchall()
    for name, _made in found:
        owner.execute(f"DROP INDEX {name}")
    return [made for _name, made in found]


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


class Ground:
    """Where cases lie and who may have them, read from the county that stands."""

    def __init__(self, owner: Any) -> None:
        def rows(statement: str) -> list[Any]:
            return list(owner.execute(statement).fetchall())

        [(self.edition,)] = rows("SELECT edition_id FROM policy_county")
        self.grids = rows("SELECT id, path FROM places_place WHERE layer = 'grid' ORDER BY code")
        self.desks = rows(
            """SELECT p.id, p.organisation_id, s.id FROM organisations_post p
               JOIN organisations_organisation o ON o.id = p.organisation_id
               LEFT JOIN LATERAL (SELECT id FROM organisations_post s WHERE s.organisation_id = o.id
                                  AND 'signer' = ANY(s.roles) ORDER BY id LIMIT 1) s ON true
               WHERE 'department' = ANY(p.roles) AND p.front_desk ORDER BY o.id"""
        )
        posts = rows("SELECT id, organisation_id, unnest(roles) FROM organisations_post ORDER BY id")
        self.by_role: dict[str, list[tuple[int, int]]] = {}
        for pk, organisation, role in posts:
            self.by_role.setdefault(role, []).append((pk, organisation))
        others = [1 / (n + 2) for n in range(len(self.desks) - 2)]  # all desks but the last, which gets next to nothing
        self.shares = [BIGGEST, *((1 - BIGGEST) * share / sum(others) for share in others)]


def cases(county: Ground, size: int) -> Iterator[tuple[Any, ...]]:
    """The rows of `casework_case`, the oldest first."""
    chance = random.Random(size)
    desks, shares = county.desks[:-1], county.shares
    stages, endings = (list(STAGES), list(STAGES.values())), (list(ENDINGS), list(ENDINGS.values()))
    for n in range(1, size + 1):
        came = AT - YEARS * (1 - n / size) - timedelta(seconds=chance.random() * 60)
        age = 1 - n / size
        is_open = chance.random() < (0.9 if age < 0.08 else 0.052)  # mostly of the last months: 12 of 100 in all
        names, weights = stages if is_open else endings
        [stage] = chance.choices(names, weights)
        [(desk, organisation, signer)] = chance.choices(desks, shares)
        owner = _owner(county, chance, stage, desk, signer) if is_open else None
        due = AT + timedelta(hours=chance.gauss(90, 70)) if is_open and chance.random() < 0.9 else None
        grid, path = chance.choice(county.grids)
        title, where, category = case_words(chance)
        yield (
            n, CODE, county.edition, "incident", f"WS{came.year}{n:06d}", f"{n:064x}" if chance.random() < 0.5 else "",
            title, stage, 1, _one(chance, GRADES), category, "help", _one(chance, SOURCES), int(chance.random() < 0.02),
            "{}", grid, path, where, owner, None if stage in ("reported", "accepted") else desk,
            organisation if chance.random() < 0.1 else None, chance.random() < 0.5, came, came,
            None if is_open else came + timedelta(hours=chance.expovariate(1 / 60)), is_open, due, 0.0, "", "",
            int(chance.random() < 0.04), int(chance.random() < 0.05), 0, 0, chance.random() < 0.01, False, False,
            False, 5,
        )  # fmt: skip


def _one(chance: random.Random, of: dict[str, int]) -> str:
    return chance.choices(list(of), list(of.values()))[0]


OWNED_BY = {"reported": "dispatcher", "accepted": "dispatcher", "verifying": "inspector", "calling_back": "caller"}


def _owner(county: Ground, chance: random.Random, stage: str, desk: int, signer: int | None) -> int:
    if role := OWNED_BY.get(stage):
        return county.by_role[role][0][0]
    return signer if stage == "to_sign" and signer else desk


FOLLOWING = {
    "hands": """
        INSERT INTO casework_hand (case_id, organisation_id)
        SELECT c.id, p.organisation_id FROM casework_case c JOIN organisations_post p ON p.id = c.lead_id
        UNION SELECT c.id, p.organisation_id FROM casework_case c JOIN organisations_post p ON p.id = c.owner_id
        UNION SELECT id, opened_by_id FROM casework_case WHERE opened_by_id IS NOT NULL
        UNION SELECT c.id, o.organisation_id FROM casework_case c
            CROSS JOIN (SELECT organisation_id FROM organisations_post WHERE 'dispatcher' = ANY(roles)
                        ORDER BY id LIMIT 1) o
        UNION SELECT c.id, o.id FROM casework_case c JOIN places_place g ON g.id = c.place_id
            JOIN organisations_organisation o ON o.ground_id = g.parent_id AND o.kind = 'community' WHERE c.id % 5 < 2
        UNION SELECT c.id, last.organisation_id FROM casework_case c
            CROSS JOIN (SELECT max(organisation_id) AS organisation_id FROM organisations_post) last
            WHERE c.id %% %(every)s = 0""".replace("c.id % 5", "c.id %% 5"),
    "rounds": """
        INSERT INTO casework_round (case_id, number, opened_at, ended_at, ending, rating_told, supervised, redone)
        SELECT id, 1, received_at, ended_at, CASE WHEN is_open THEN '' ELSE stage END, false, supervised, 0
        FROM casework_case""",
    "standings": """
        INSERT INTO casework_standing (case_id, round, stage, owner_id, ground_path, tier, since, until, current)
        SELECT c.id, 1, CASE s.n WHEN 4 THEN c.stage ELSE (ARRAY['reported', 'assigned', 'handling'])[s.n] END,
            CASE WHEN s.n = 4 THEN c.owner_id ELSE c.lead_id END, c.ground_path, c.tier,
            c.received_at + s.n * interval '1 hour',
            CASE WHEN s.n < 4 THEN c.received_at + (s.n + 1) * interval '1 hour' END, s.n = 4
        FROM casework_case c CROSS JOIN generate_series(1, 4) AS s(n)""",
    "acts": """
        INSERT INTO casework_act (case_id, round, verb, step, works, public, actor_kind, post_id, title, at,
            from_stage, to_stage, facts)
        SELECT c.id, 1, CASE s.n WHEN 1 THEN 'case.opened' ELSE 'case.stepped' END,
            CASE s.n WHEN 1 THEN '' WHEN 2 THEN 'assign' ELSE 'sign_for' END, s.n = 3, true,
            CASE s.n WHEN 1 THEN 'machine' ELSE 'person' END, CASE WHEN s.n > 1 THEN c.lead_id END, '调度席',
            c.received_at + s.n * interval '1 hour', '', 'handling', '{}'
        FROM casework_case c CROSS JOIN generate_series(1, 4) AS s(n)""",
    "clocks": """
        INSERT INTO casework_clockrun (case_id, round, name, run, state, since, due_at, left_ms, stopped_at, reason)
        SELECT id, 1, 'handling', 1, CASE WHEN due_at IS NULL THEN 'stopped' ELSE 'running' END, received_at,
            coalesce(due_at, received_at + interval '5 days'), NULL,
            CASE WHEN due_at IS NULL THEN received_at + CASE WHEN id %% 20 = 0 THEN interval '6 days'
                ELSE interval '20 hours' END END, ''
        FROM casework_case""",
    "their ledger": """
        INSERT INTO casework_clockentry (clock_id, verb, at, span, due_at, rule, edition_id, told_at)
        SELECT r.id, e.verb, e.at, e.span, NULL, e.rule, c.edition_id, e.at
        FROM casework_clockrun r JOIN casework_case c ON c.id = r.case_id
        CROSS JOIN LATERAL (VALUES
            ('start', r.since, '7 working days', 'casework.spans.incident.handling.all'),
            ('stop', r.stopped_at, '', 'left handling')) AS e(verb, at, span, rule)
        WHERE e.at IS NOT NULL""",
    "deadlines": """
        INSERT INTO casework_deadline (case_id, round, clock, due_at, stopped, at, until, told_at)
        SELECT r.case_id, 1, r.name, r.due_at, d.stopped, d.at, d.until, d.at
        FROM casework_clockrun r
        CROSS JOIN LATERAL (VALUES (false, r.since, r.stopped_at), (true, r.stopped_at, NULL)) AS d(stopped, at, until)
        WHERE d.at IS NOT NULL""",
    "motions": """
        INSERT INTO casework_motion (case_id, round, sort, raised_id, to_id, due_at, outcome)
        SELECT c.id, 1, 'extension', min(a.id),
            (SELECT id FROM organisations_post WHERE 'arbiter' = ANY(roles) LIMIT 1), c.due_at, ''
        FROM casework_case c JOIN casework_act a ON a.case_id = c.id
        WHERE c.is_open AND c.id %% 200 = 0 GROUP BY c.id""",
    "notices": """
        INSERT INTO notices_notice (county_id, post_id, event, subject_type, subject_id, label, facts, at, key, read_at,
            read_by_id)
        SELECT c.county_id, c.owner_id, 'assigned', 'case', c.id, c.number, '{}', c.received_at, 'bench:' || c.id,
            CASE WHEN c.id %% 3 > 0 THEN %(at)s END,
            CASE WHEN c.id %% 3 > 0 THEN (SELECT min(id) FROM people_person) END
        FROM casework_case c WHERE c.owner_id IS NOT NULL""",
}
"""What follows from the cases, table by table."""
NOT_COUNTED = ("their ledger", "motions", "notices")
"""What no figure reads."""
