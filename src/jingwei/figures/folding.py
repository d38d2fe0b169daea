"""Folding: whatever acts have touched is counted again as a whole, and the difference goes into the cells.

One statement reads the rows of some subjects, compares them with the parts kept of them, and writes parts, cells and
subjects; it also takes the marks away. So a fold is whole or nothing, sees one moment, and done twice changes nothing.
An act that is written meanwhile leaves a mark that this fold did not see; its subject is folded again.

What is built from nothing is counted in ranges of ids, each by one statement that compares with nothing. How far it is
stands in the same stroke, so whoever is stopped in the middle goes on from there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from jingwei.figures.declared import Counted
from jingwei.figures.models import Cell, Part, RollUp, Touched
from jingwei.figures.rollups import belongings, digest_of, kept, rolled_figures, rule_of
from jingwei.figures.sums import of_range, of_touched

SOME, MANY = 2_000, 100_000
"""Subjects of one fold, and of one when a roll-up is built: the more at once, the fewer times a cell is written."""
LOCK = 7_310_586_419
"""Of pg_advisory_xact_lock: cells are written by one fold at a time, so that none waits for another's row."""
PATIENCE = timedelta(minutes=10)
"""How long a roll-up stays after it was retired, for those who began to read it before."""


def fold(at: datetime, rounds: int = 50) -> int:
    """Fold what acts have touched, and go on building what is not ready yet; how many subjects were folded."""
    _begin_what_is_declared(at)
    folded = 0
    for _round in range(rounds):
        some = _fold_some(at) or _sweep_some(at)
        if not some:
            break
        folded += some
    _throw_away_what_is_retired(at)
    return folded


def build(at: datetime) -> int:
    """Fold until nothing is left, and everything that is declared is ready; how many subjects were folded."""
    folded = 0
    while some := fold(at):
        folded += some
    return folded


def rebuild(figures: Sequence[Counted], at: datetime) -> int:
    """Build some roll-ups from the rows, beside those that are read meanwhile, then change over; subjects folded.

    No act waits for it, and none is lost: what is written meanwhile is folded into both.
    """
    begin_again(figures)
    return build(at)


def begin_again(figures: Sequence[Counted]) -> None:
    """Let folding build some roll-ups anew."""
    RollUp.objects.filter(figure__in=[one.full_name for one in figures], ready_at=None).delete()
    RollUp.objects.bulk_create(RollUp(figure=one.full_name, counts=digest_of(one)) for one in figures)


def _begin_what_is_declared(at: datetime) -> None:
    """A roll-up for each figure that asks for one; what is counted another way now is retired."""
    found = list(RollUp.objects.filter(retired_at=None))
    if past := [one.pk for one in found if rule_of(one) is None]:
        RollUp.objects.filter(pk__in=past).update(retired_at=at)
    there = {(one.figure, one.counts) for one in found}
    wanted = [one for one in rolled_figures() if (one.full_name, digest_of(one)) not in there]
    RollUp.objects.bulk_create(RollUp(figure=one.full_name, counts=digest_of(one)) for one in wanted)


def _fold_some(at: datetime) -> int:
    marks = list(Touched.objects.order_by("pk").values_list("pk", "subject_id", "at")[:SOME])
    if not marks:
        return 0
    touched: dict[int, datetime] = {}
    for _pk, subject, when in marks:
        touched[subject] = max(when, touched.get(subject, when))
    _put(touched, [pk for pk, _subject, _at in marks], at)
    return len(touched)


def _sweep_some(at: datetime) -> int:
    """Count the next subjects into what is not ready; when none is left, it is, and takes the place of the old."""
    building = list(RollUp.objects.filter(ready_at=None, retired_at=None).order_by("swept_to"))
    belongs = belongings(rolled_figures())
    if not building or belongs is None:
        return 0
    after = building[0].swept_to
    ahead = next((one.swept_to for one in building if one.swept_to > after), None)
    found = belongs.model._default_manager.filter(pk__gt=after, **({"pk__lte": ahead} if ahead else {}))
    some = found.order_by("pk").values("pk")[:MANY]
    last = some.aggregate(last=Max("pk"))["last"] or ahead
    if last is not None:
        return _sweep([one for one in building if one.swept_to == after], after, last, at)
    for one in building:
        with transaction.atomic():
            RollUp.objects.filter(figure=one.figure, ready_at__isnull=False, retired_at=None).update(retired_at=at)
            RollUp.objects.filter(pk=one.pk).update(ready_at=at)
    return 0


def _sweep(building: Sequence[RollUp], after: int, last: int, at: datetime) -> int:
    """Count a range of subjects into roll-ups that are being built, and note how far they are, or do neither."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        mine = RollUp.objects.filter(pk__in=[one.pk for one in building], swept_to=after, ready_at=None)
        cursor.execute(_OF_A_RANGE)
        if rules := [(one, rule) for one in mine if (rule := rule_of(one)) is not None]:
            cursor.execute(*of_range(rules, after + 1, last, at))
        mine.update(swept_to=last)
        return max(int(cursor.rowcount), 1)


def _throw_away_what_is_retired(at: datetime) -> None:
    """Some rows at a time, when nobody can be reading them any more."""
    for one in RollUp.objects.exclude(retired_at=None):
        if one.retired_at is None or abs(at - one.retired_at) < PATIENCE:
            continue
        parts = list(Part.objects.filter(rolled=one).values_list("pk", flat=True)[: 50 * SOME])
        cells = list(Cell.objects.filter(rolled=one).values_list("pk", flat=True)[: 50 * SOME])
        Part.objects.filter(pk__in=parts).delete()
        Cell.objects.filter(pk__in=cells).delete()
        if not parts and not cells:
            one.delete()


# ---- the statement


def _put(touched: Mapping[int, datetime], marks: Sequence[int], at: datetime) -> None:
    """Fold some subjects, each as of a moment, and take the marks away that said they were touched."""
    rules = kept(at - PATIENCE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if rules:
            cursor.execute(*of_touched(rules, list(touched), list(touched.values())))
        cursor.execute(f'DELETE FROM "{_MARKS}" WHERE id = ANY(%s::bigint[])', [list(marks)])


_MARKS = Touched._meta.db_table
_OF_A_RANGE = "; ".join(
    f"SET LOCAL {name} = {value}"
    for name, value in {
        "work_mem": "'256MB'", "enable_seqscan": "off", "seq_page_cost": 100, "random_page_cost": 1.1,
    }.items()
)  # fmt: skip
"""Trap: left to choose, the planner reads all acts and clocks of the county into memory, twice over, for each range of
cases. That a scan is off does not keep it from hashing one; that a page of it is dear does.
"""
