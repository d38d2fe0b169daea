"""A line for each request, and its numbers: which page, by whom in office, how it ended, how long it took."""

import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import connection
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from jingwei.running import metrics
from jingwei.running.arriving import number_of
from jingwei.running.busy import why_busy
from jingwei.running.journal import fault_of
from jingwei.running.statements import Counted
from jingwei.running.web import note_pool

log = structlog.get_logger("jingwei.requests")

WATCHED = "running:"
"""Requests of whoever watches the server are counted, and written down only when they fail."""


class Telling:
    """Count and write down every request. No address, no question, no field, no browser: only what is ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        counted = Counted(lambda: view_of(request))
        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        _tell(request, response, counted, time.perf_counter() - begun)
        note_pool()
        return response


def view_of(request: HttpRequest) -> str:
    """The name of the page ("desk:case"); "none" for an address that leads nowhere."""
    match = request.resolver_match
    return (match.view_name or "unnamed") if match else "none"


def _tell(request: HttpRequest, response: HttpResponse, counted: Counted, took: float) -> None:
    view, method, status = view_of(request), metrics.method(request.method or ""), response.status_code
    metrics.REQUESTS.labels(view, method, str(status)).inc()
    metrics.SECONDS.labels(view).observe(took)
    metrics.STATEMENTS.observe(counted.count)
    if counted.slow:
        metrics.SLOW.labels(view).inc(counted.slow)
    many = counted.count > settings.MANY_QUERIES
    fault: BaseException | None = getattr(request, "fault", None)
    if view.startswith(WATCHED) and status < HTTPStatus.BAD_REQUEST and not many:
        return
    said: dict[str, Any] = {
        "request": number_of(request),
        "view": view,
        "method": method,
        "status": status,
        "ms": round(took * 1000, 1),
        "statements": counted.count,
        "database_ms": round(counted.seconds * 1000, 1),
        **_actor(request),
    }
    for name in ("busy", "refused_as"):
        if found := getattr(request, name, ""):
            said[name] = found
    if many:
        said["many_statements"] = True
    if fault is not None and not why_busy(fault):
        metrics.FAULTS.labels(view, type(fault).__name__).inc()
        log.error("fault", **said, **fault_of(fault))
    elif many or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("request", **said)
    else:
        log.info("request", **said)


def _actor(request: HttpRequest) -> dict[str, Any]:
    """Which kind of actor, and the post that sits: an id, no person."""
    sitting = getattr(request, "sitting", None)
    if sitting is not None:
        return {"actor": "person", "post": sitting.post.pk}
    session = getattr(request, "session", None)
    bears = session is not None and session.accessed and bool(session.get("case"))
    return {"actor": "bearer" if bears else "nobody"}


@receiver(got_request_exception)
def _remember(sender: object, request: HttpRequest | None = None, **kwargs: object) -> None:
    """Keep the error of a request until its line is written; the signal comes while it is being handled."""
    if request is not None:
        request.fault = sys.exc_info()[1]  # type: ignore[attr-defined]
