"""The sweep that tells owners of their clocks, over a million open cases: idle, 10 thousand due at once, killed.

Beside those that wait, 80 thousand are late and were told so, and 1,400 are in their last hour and were told.
"""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bench import county
from bench.measuring import Bench, Sample, allowed, arguments, counted, opened
from jingwei.cli import house

MOST_IDLE, MOST_DUE = 1.0, 3000.0
"""Milliseconds: of the database for a sweep that finds nothing, and in all for one that finds `DUE`."""
DUE = 10_000
KILLS = 5
IDLE_SWEEPS = 40

FILL = """
INSERT INTO casework_case (id, county_id, edition_id, kind, number, code_mark, title, stage, round, grade, category,
    request_class, source, tier, record, place_id, ground_path, "where", owner_id, lead_id, asks_back, received_at,
    recorded_at, is_open, due_at, told_share, source_system, source_number, urged, returned, redone, extended,
    supervised, arbitrated, held, rating_told, version)
SELECT n, g.county_id, e.edition_id, 'incident', 'WS2026' || n, '', '幸福小区5号楼路灯不亮', 'handling', 1, 'general',
    'street_light', 'help', 'resident_qr', 0, '{}', g.id, g.path, '幸福小区5号楼', d.id, d.id, true,
    %(at)s::timestamptz - interval '3 days', %(at)s::timestamptz - interval '3 days', true,
    CASE WHEN n <= %(falling)s THEN %(at)s::timestamptz + interval '1 day' * (1 + (n - 1) / %(due)s)
         WHEN n <= %(falling)s + 80000 THEN %(at)s::timestamptz - interval '1 minute' * (n %% 50000)
         WHEN n <= %(falling)s + 81400 THEN %(at)s::timestamptz + interval '1 second' * (n %% 3500)
         ELSE %(at)s::timestamptz + interval '30 days' + interval '1 second' * n END,
    CASE WHEN n <= %(falling)s THEN 0.5
         WHEN n <= %(falling)s + 80000 THEN 3 WHEN n <= %(falling)s + 81400 THEN 2 ELSE 0 END,
    '', '', 0, 0, 0, 0, false, false, false, false, 3
FROM generate_series(1, %(cases)s) AS n
CROSS JOIN (SELECT edition_id FROM policy_county LIMIT 1) e
CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM places_place WHERE layer = 'grid') grids
JOIN places_place g ON g.id = grids.ids[1 + n %% cardinality(grids.ids)]
CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM organisations_post WHERE front_desk) desks
JOIN organisations_post d ON d.id = desks.ids[1 + n %% cardinality(desks.ids)]
"""


def main(said: Sequence[str]) -> int:
    """Measure, and return 1 only where something was lost or told twice."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--cases", type=int, default=1_000_000, help="how many cases are open")
    asked = parser.parse_args(said)
    with opened(asked) as bench:
        county.stand(bench)
        _fill(bench, asked.cases, asked.rounds + 1)
        due = _Due()
        samples = bench.rounds({"idle": _idle, "due": due})
        bench.tell(allowed("a sweep that finds nothing: processor time of the database", samples["idle"], MOST_IDLE))
        bench.tell(allowed(f"a sweep that finds {DUE:,} due: by the clock on the wall", samples["due"], MOST_DUE))
        worked = [Sample((ms,), ms / 1000) for ms in due.worked]
        bench.tell(allowed("the same: processor time of the worker and the database", worked, MOST_DUE))
        lost, twice = _killed(bench, asked.rounds)
        bench.tell(counted(f"lost by {KILLS} kills in the middle of a sweep", lost, DUE, "cases due"))
        bench.tell(counted(f"told twice after {KILLS} kills", twice, DUE, "cases due"))
    return int(bool(lost or twice))


def _fill(bench: Bench, cases: int, groups: int) -> None:
    """Cases in the usual database: `groups` times `DUE` fall due, a day apart."""
    from django.db import connections

    bench.say(f"making {cases:,} open cases")
    connections.close_all()
    with bench.connect(owner=True, autocommit=False) as owner:
        owner.execute("SET LOCAL session_replication_role = replica")
        owner.execute("DELETE FROM notices_notice")
        owner.execute("DELETE FROM outbox_message")
        owner.execute("DELETE FROM outbox_usedkey")
        owner.execute("DELETE FROM casework_case")
        owner.execute(FILL, {"at": county.AT, "due": DUE, "falling": groups * DUE, "cases": cases})
        owner.commit()
        owner.autocommit = True
        owner.execute("VACUUM ANALYZE")


def _database_ms() -> float:
    """Milliseconds of processor time that the database has spent for this connection.

    A wait for the processor, which on a shared machine is most of the time, is not counted. Linux alone tells this.
    """
    from django.db import connection

    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def _idle() -> Sample:
    """Sweeps that find nothing: for each, what the database spent on it."""
    from jingwei.casework.tasks import tell_of_clocks

    times = []
    started = time.perf_counter()
    for _ in range(IDLE_SWEEPS):
        before = _database_ms()
        tell_of_clocks(county.AT)
        times.append(_database_ms() - before)
    return Sample(tuple(times), time.perf_counter() - started)


class _Due:
    """Each time it is called, the next `DUE` cases have fallen due."""

    def __init__(self) -> None:
        self.group = 0
        self.worked: list[float] = []

    def __call__(self) -> Sample:
        from jingwei.casework.tasks import tell_of_clocks

        self.group += 1
        spent = _database_ms() + time.process_time() * 1000
        before = time.perf_counter()
        tell_of_clocks(due_at(self.group))
        took = time.perf_counter() - before
        self.worked.append(_database_ms() + time.process_time() * 1000 - spent)
        return Sample((took * 1000,), took)


def due_at(group: int) -> datetime:
    """The moment at which a group of cases has just fallen due."""
    return county.AT + timedelta(days=group, seconds=1)


def _killed(bench: Bench, groups: int) -> tuple[int, int]:
    """Kill sweeps of the last group at any moment, then let one come to its end; how many were lost, and twice."""
    from jingwei.casework.tasks import tell_of_clocks

    chance = random.Random(7)
    at = due_at(groups + 1)
    for n in range(KILLS):
        start = f"import bench.clocks as c; c.sweep({str(bench.folder)!r}, {at.isoformat()!r})"
        sweeping = subprocess.Popen([sys.executable, "-P", "-c", start], stdout=subprocess.PIPE)
        assert sweeping.stdout is not None
        sweeping.stdout.readline()
        while sweeping.poll() is None and _told(bench, at) < DUE * n // (KILLS + 1):
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, 0.2))
        sweeping.send_signal(signal.SIGKILL)
        ended = sweeping.wait()
        bench.say(f"kill {n + 1}/{KILLS} ({ended}): {_told(bench, at):,} of {DUE:,} are told")
    tell_of_clocks(at)
    with bench.connect() as connection:
        told = connection.execute(
            "SELECT count(DISTINCT subject_id), count(*) FROM notices_notice WHERE at = %s", [at]
        ).fetchone() or (0, 0)
        spread = connection.execute(
            """SELECT count(DISTINCT n), count(*) FROM outbox_message, jsonb_array_elements(payload -> 'notices') n
               WHERE topic = 'notice.spread' AND due_at = %s""",
            [at],
        ).fetchone() or (0, 0)
    bench.say(f"cases told, notices: {told}; notices in messages, of them different: {spread}")
    return DUE - told[0], told[1] - told[0] + spread[1] - spread[0]


def _told(bench: Bench, at: datetime) -> int:
    with bench.connect() as connection:
        [told] = connection.execute("SELECT count(*) FROM notices_notice WHERE at = %s", [at]).fetchone() or (0,)
    return int(told)


def sweep(folder: str, at: str) -> None:
    """One sweep in a process of its own, which is to be killed; it says a line when it begins."""
    house.own(Path(folder))
    house.open_house()
    from jingwei.casework.tasks import tell_of_clocks

    print("sweeping", flush=True)
    tell_of_clocks(datetime.fromisoformat(at))
