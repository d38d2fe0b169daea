"""By-law of the worker: killed in the middle of telling somebody outside, it tells again under the same key."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import pytest

from jingwei.casework.models import Case
from jingwei.notices.models import Notice
from jingwei.places.models import Place

from .broken import what_is_broken
from .browser import Browser
from .conftest import ALONE
from .county import County, Program, kill, until
from .relay import Relay
from .test_killed import all_is_done
from .writers import Acknowledged, Reported, report

pytestmark = [ALONE, pytest.mark.usefixtures("inside")]


def reported(county: County, words: str) -> Reported:
    token = Place.objects.filter(until=None, layer="compound").order_by("code").values_list("qr", flat=True)[0]
    return report(Browser(county.port), str(token), words)


def notices_of(*said: Reported) -> list[str]:
    """The keys of what was told of these cases."""
    cases = Case.objects.filter(number__in=[one.number for one in said])
    return list(Notice.objects.filter(subject_type="case", subject_id__in=cases).values_list("key", flat=True))


def taken(relay: Relay, keys: list[str]) -> list[int]:
    """How often each was pushed to the relay."""
    return [relay.taken[sha256(f"notice.webhook:{key}".encode()).hexdigest()] for key in keys]


def test_a_worker_killed_while_it_tells_the_relay_tells_it_again_recognisably(county: County, relay: Relay) -> None:
    with relay.keeping_back():
        said = reported(county, "推送到一半时断电")
        until(lambda: relay.kept_back, what="the push")
        [key] = notices_of(said)
        assert kill(county.worker.pid)
    until(lambda: taken(relay, [key]) == [2], what="the repeat")
    until(all_is_done, what="the outbox to be emptied")
    assert (taken(relay, [key]), notices_of(said)) == ([2], [key])
    assert what_is_broken(Acknowledged([said]), relay) == []


@contextmanager
def another_worker(county: County) -> Iterator[Program]:
    """A second worker of the same county."""
    second = Program(county.worker.words, county.env, county.folder.parent / "second-work.log")
    second.start()
    try:
        yield second
    finally:
        second.stop()


def test_two_workers_tell_everything_once_and_one_that_is_killed_leaves_it_to_the_other(
    county: County, relay: Relay
) -> None:
    with another_worker(county) as second:
        said = [reported(county, f"两个后台进程时的第{n}件事") for n in range(12)]
        kill(second.pid)
        said += [reported(county, f"两个后台进程时的第{n}件事") for n in range(12, 16)]
        until(all_is_done, what="the outbox to be emptied")
        keys = notices_of(*said)
        assert len(keys) == 16
        times = Counter(taken(relay, keys))
        assert (times[1] + times[2], times[2] <= 1) == (16, True), "only what was under way when it died is repeated"
    assert what_is_broken(Acknowledged(said), relay) == []
