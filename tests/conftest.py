"""One database server for a whole run of the tests, one clone of the migrated database for each worker.

- `@pytest.mark.django_db`: the test's writes are rolled back. It is signed in as the server's own role, so
  what is refused to the server is refused to the test.
- `own_database`: a fresh clone for tests that commit, use threads or run the site; dropped afterwards.
- `qingshi`: with either of them, a small county stands in the database, and its people are known by name.
- `site`: the address of the running site, over `own_database`.
- `some`: a few of many, drawn by the run's seed; with `--long` all of them.
- `@pytest.mark.drawn`: of a test's parametrised forms one, drawn by the run's seed; with `--long` all of them.
- `page` (marker `browser`): a page of Chromium as wide as a telephone.

Fixtures with named people stand in `people_fixtures/`, one module a room, and are loaded from there.
"""

import fcntl
import gc
import os
import pkgutil
import random
import shutil
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import psycopg
import pytest

from drawn import Some, T

HERE = Path(__file__).parent
STATE = Path(os.environ.get("JINGWEI_TEST_STATE", "/nonexistent"))
TEMPLATE = "template_jingwei"
COUNTY = "qingshi"
"""The fixture of a test in whose database this small county stands; for every other test it is empty."""
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=128MB")
"""What is lost in a crash is thrown away anyway."""

COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}

pytest_plugins = [
    "browser_fixtures",
    *(f"people_fixtures.{module.name}" for module in pkgutil.iter_modules([str(HERE / "people_fixtures")])),
]


def pytest_configure() -> None:
    """Keep one connection a thread.

    Django keeps another set of connections for where an event loop runs, and a browser driven from a test sets
    and unsets the running loop of its thread as it goes: closing all would close one set of two, and the other
    would wait, open to an earlier test's database, for a test to fall into.
    """
    from django.db import connections

    connections._connections = threading.local()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--without-browser", action="store_true", help="leave out the tests that drive Chromium")
    parser.addoption("--long", action="store_true", help="also run the long tests")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    long, browser = config.getoption("--long"), not config.getoption("--without-browser")
    out: dict[str, set[pytest.Item]] = {
        "browser": set() if browser else {item for item in items if item.get_closest_marker("browser")},
        "long": set() if long else {item for item in items if item.get_closest_marker("long")},
        "drawn": set() if long else _not_drawn(config, items),
    }
    for item in items:
        _refuse_truncation(item)
    left_out = set[pytest.Item]().union(*out.values())
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]
    counted = {name: len(some) for name, some in out.items()}
    getattr(config, "workeroutput", config.stash.setdefault(COUNTED, {})).update(left_out=counted)


def pytest_collection_finish() -> None:
    """Leave what was imported out of the search for garbage: it lives as long as the run, and looking through it
    again and again took a seventh of the processor time of a walk through all pages.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _not_drawn(config: pytest.Config, items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """Of each test marked `drawn` all forms but one, which the run's seed draws, the same in every worker."""
    forms: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("drawn"):
            forms.setdefault(item.nodeid.partition("[")[0], []).append(item)
    seed = getattr(config, "workerinput", {}).get("randomly_seed", config.getoption("randomly_seed", 0))
    kept = {random.Random(f"{seed}{name}").choice(sorted(ones, key=str)) for name, ones in forms.items()}
    return {one for ones in forms.values() for one in ones} - kept


COUNTED = pytest.StashKey[dict[str, dict[str, int]]]()


def pytest_testnodedown(node: Any, error: object) -> None:
    node.config.stash.setdefault(COUNTED, {}).update(left_out=getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    counted = config.stash.get(COUNTED, {}).get("left_out", {})
    for name, words, flag in (
        ("browser", "browser tests", "leave out --without-browser"),
        ("long", "long tests", "add --long"),
        ("drawn", "forms of tests, of each of which another was drawn,", "add --long"),
    ):
        if counted.get(name):
            terminalreporter.write_line(f"{counted[name]} {words} were not run; to run them, {flag}.")


def _refuse_truncation(item: pytest.Item) -> None:
    """The trail cannot be truncated, by anybody; so Django's cleaning up after a commit cannot work."""
    marker = item.get_closest_marker("django_db")
    committing = marker is not None and marker.kwargs.get("transaction")
    if committing or COMMITTING & set(getattr(item, "fixturenames", ())):
        raise pytest.UsageError(f"{item.nodeid}: a test that commits uses the fixture own_database instead.")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(STATE, ignore_errors=True)


@pytest.fixture
def some(request: pytest.FixtureRequest) -> Some:
    """A few of many things to try, drawn by the run's seed, so that over many runs all of them are; all with --long."""

    def draw(things: Iterable[T], many: int) -> list[T]:
        every = list(things)
        if request.config.getoption("--long") or len(every) <= many:
            return every
        return [every[n] for n in sorted(random.sample(range(len(every)), many))]

    return draw


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """The socket folder of the database server that all workers share."""
    from jingwei.postgres import held

    with held(STATE, FAST) as socket:
        yield socket


def _as_owner(server: Path, statement: str) -> None:
    with psycopg.connect(host=str(server), user="jingwei_owner", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="session")
def template(server: Path, django_db_blocker: Any) -> str:
    """The migrated database that is cloned, and beside it one with a county; made by the first worker."""
    made = STATE / "template.made"
    with open(STATE / "template.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            from jingwei.cli.house import make_tables
            from people_fixtures.qingshi import stand_up

            _as_owner(server, f"CREATE DATABASE {TEMPLATE}")
            with django_db_blocker.unblock(), _database(TEMPLATE):
                make_tables()
            _as_owner(server, f"CREATE DATABASE {TEMPLATE}_{COUNTY} TEMPLATE {TEMPLATE}")
            with django_db_blocker.unblock(), _database(f"{TEMPLATE}_{COUNTY}"):
                stand_up()
            made.touch()
    return TEMPLATE


def _with_county(name: str, fixtures: Iterable[str]) -> str:
    """The name of the database with or without the county, as a test with these fixtures wants it."""
    return f"{name}_{COUNTY}" if COUNTY in fixtures else name


@contextmanager
def _database(name: str) -> Iterator[None]:
    """Inside this block every thread's new connection goes to database `name`."""
    from django.db import connections

    ours = connections.settings["default"]
    before = ours["NAME"]
    connections.close_all()
    ours["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        ours["NAME"] = before


WORKER = f"worker_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@pytest.fixture(scope="session")
def django_db_setup(server: Path, template: str) -> None:
    """Clones of the templates for this worker, in place of the database Django would make."""
    for name in (WORKER, f"{WORKER}_{COUNTY}"):
        _as_owner(server, f"CREATE DATABASE {name} TEMPLATE {name.replace(WORKER, template)}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Turn to the clone with or without the county before any fixture opens it."""
    from django.db import connections

    item.session.stash.setdefault(WAY, _way())
    wanted = _with_county(WORKER, getattr(item, "fixturenames", ()))
    if connections.settings["default"]["NAME"] != wanted:
        connections.close_all()
        connections.settings["default"]["NAME"] = wanted


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Refuse a test that leaves another way to the database than it found, such as a pool: the next would fall in."""
    found, left = item.session.stash[WAY], _way()
    if changed := sorted(key for key in found.keys() | left.keys() if found.get(key) != left.get(key)):
        pytest.fail(f"{item.nodeid} leaves the way to the database changed: {', '.join(changed)}", pytrace=False)


WAY = pytest.StashKey[dict[str, Any]]()


def _way() -> dict[str, Any]:
    from django.db import connections

    return {key: deepcopy(value) for key, value in connections.settings["default"].items() if key != "NAME"}


@pytest.fixture
def own_database(
    request: pytest.FixtureRequest, server: Path, django_db_setup: None, template: str, django_db_blocker: Any
) -> Iterator[str]:
    """A database of the test's own: it may commit, use threads, run the site. Gives its name."""
    name = f"own_{uuid.uuid4().hex[:12]}"
    _as_owner(server, f"CREATE DATABASE {name} TEMPLATE {_with_county(template, request.fixturenames)}")
    with django_db_blocker.unblock(), _database(name):
        yield name
    _as_owner(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def site(own_database: str) -> Iterator[str]:
    """The address of the running site, without a slash at its end."""
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.core.wsgi import get_wsgi_application
    from django.test.testcases import QuietWSGIRequestHandler

    httpd = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler, allow_reuse_address=False)
    httpd.set_app(get_wsgi_application())
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05}, name="site")
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()
