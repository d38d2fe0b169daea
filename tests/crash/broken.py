"""What is wrong in a county after a crash: acknowledged acts that are lost, doubled or half done, a sentence each."""

from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256

from django.db import connection
from django.db.models import Count

from casework.laws import LAWS
from jingwei.casework.models import Act, Attachment, Case, Standing
from jingwei.notices.models import Notice
from jingwei.outbox.models import Message, UsedKey
from jingwei.search.models import Entry
from jingwei.trail.models import Line
from jingwei.trail.proof import verify
from jingwei.trail.queries import lines_of

from .relay import Relay
from .writers import Acknowledged


def what_is_broken(told: Acknowledged, relay: Relay | None = None) -> list[str]:
    """Everything that does not hold, in the database at hand; nothing where all is well.

    `told` is what was acknowledged; `relay` is whom the outbox tells, where there is one.
    """
    return [
        *_reports(told),
        *_acts(told),
        *_cases(),
        *_loose_ends(),
        *(str(broken) for broken in verify()),
        *_messages(),
        *(_pushed(relay) if relay else ()),
    ]


def _reports(told: Acknowledged) -> Iterator[str]:
    """Every report that got a number is one case, with its words, its line in the trail and its notice."""
    for said in told.reports:
        cases = list(Case.objects.filter(title=said.words).values_list("number", "pk"))
        if [number for number, _pk in cases] != [said.number]:
            yield f"{said.number} was acknowledged; its words stand in {cases}"
            continue
        [(_number, pk)] = cases
        opened = [line for line in lines_of("case", pk) if line.verb == "case.opened"]
        if len(opened) != 1 or not opened[0].holds(said.words):
            yield f"{said.number} has {len(opened)} lines of its opening in the trail, or not with its words"
        received = Notice.objects.filter(subject_type="case", subject_id=pk, event="received").count()
        if received != 1:
            yield f"{said.number} was announced {received} times"


def _acts(told: Acknowledged) -> Iterator[str]:
    """Every step that was acknowledged is one act, with one line in the trail."""
    for said in told.acts:
        acts = list(Act.objects.filter(key=said.key).values_list("pk", "case__number", "step"))
        if [(number, step) for _pk, number, step in acts] != [(said.number, said.step)]:
            yield f"{said.step} of {said.number} was acknowledged; there is {acts}"
            continue
        if Line.objects.filter(subject_type="case", facts__act=acts[0][0]).count() != 1:
            yield f"{said.step} of {said.number} has not one line in the trail"
    for number, n in Counter((said.number, said.step) for said in told.acts).items():
        if n > 1:
            yield f"two officials were told that they took {number}"


def _cases() -> Iterator[str]:
    """Every case obeys the laws of the engine: ledgers replay, standings are one line, the trail agrees."""
    for case in Case.objects.filter(source_system="").order_by("pk"):
        for law in LAWS:
            if not _holds(law, case):
                yield f"{case.number}: not so that {law.__name__.replace('_', ' ')}"
        found = Entry.objects.filter(subject_type="case", subject_id=case.pk).count()
        if found != 1:
            yield f"{case.number} is found {found} times in the search"


def _holds(law: Callable[[Case], None], case: Case) -> bool:
    try:
        law(case)
    except AssertionError:
        return False
    return True


def _loose_ends() -> Iterator[str]:
    """No row of an act without the rest of it."""
    for case in Case.objects.annotate(n=Count("acts")).filter(n=0):
        yield f"{case.number} has no act"
    for key, n in Act.objects.exclude(key=None).values_list("key").annotate(n=Count("pk")).filter(n__gt=1):
        yield f"key {key} was used for {n} acts"
    for case_id, n in Standing.objects.filter(current=True).values_list("case").annotate(n=Count("pk")):
        if n != 1:
            yield f"case {case_id} stands in {n} places"
    for one in Attachment.objects.filter(blob__fault="Lost"):
        yield f"the photograph of act {one.act_id} is lost"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line.id FROM trail_line AS line LEFT JOIN casework_act AS act"
            " ON act.id = (line.facts->>'act')::bigint"
            " WHERE subject_type = 'case' AND line.facts ? 'act' AND act.id IS NULL"
        )
        for (line,) in cursor.fetchall():
            yield f"trail line {line} tells of an act that is not there"


def _messages() -> Iterator[str]:
    """Every message was put under a key that was used, and none is given up."""
    used = set(UsedKey.objects.values_list("key", flat=True))
    for key, stuck in Message.objects.values_list("key", "stuck"):
        if key not in used:
            yield f"the message {key} waits, and its key was never used"
        if stuck:
            yield f"the message {key} is stuck"


def _pushed(relay: Relay) -> Iterator[str]:
    """What the outbox has done outside came there; what came twice came under one key and said the same."""
    waiting = set(Message.objects.values_list("key", flat=True))
    used = set(UsedKey.objects.values_list("key", flat=True))
    for key in sorted(used - waiting):
        topic, _colon, of = key.partition(":")
        if topic == "notice.webhook" and not relay.taken[sha256(key.encode()).hexdigest()]:
            yield f"{key} is done, and the relay never heard of it"
        if topic == "notice.spread" and not _spread(int(of), used):
            yield f"{key} is done, and nothing was pushed"
    for mark, bodies in relay.bodies.items():
        if len(bodies) > 1:
            yield f"under the key {mark} the relay was told {len(bodies)} different things"


def _spread(first: int, used: set[str]) -> bool:
    """Whether the notice was handed on to the relay that the county has."""
    return any(f"notice.webhook:{key}" in used for key in Notice.objects.filter(pk=first).values_list("key", flat=True))
