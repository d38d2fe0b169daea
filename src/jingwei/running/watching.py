"""For whoever watches the server: does it answer, may requests be sent to it, and how does it fare."""

import hmac
from datetime import datetime

import structlog
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from jingwei.running import gauges, metrics
from jingwei.running.addresses import is_near
from jingwei.running.gauges import Fault

log = structlog.get_logger("jingwei.watching")


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 while this process answers. Asks nobody, so a full or ailing database does not get it restarted."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 while requests may be sent here, else 503; what is wrong is told only to whoever may know.

    Only grave faults end in 503: a worker that stands still does not get better by turning residents away.
    """
    found = faults(timezone.now())
    grave = any(fault.grave for of in found.values() for fault in of)
    status = 503 if grave else 200
    if not may_look(request):
        return HttpResponse("not ready\n" if grave else "ok\n", status=status, content_type="text/plain")
    state = "not ready" if grave else "ailing" if any(found.values()) else "ok"
    if "application/json" in request.headers.get("Accept", ""):
        said = {name: [fault.words for fault in of] for name, of in found.items()}
        return JsonResponse({"state": state, "looks": said}, status=status, json_dumps_params={"ensure_ascii": False})
    lines = [state, *(f"{name}: {fault.words}" for name, of in found.items() for fault in of)]
    return HttpResponse("\n".join(lines) + "\n", status=status, content_type="text/plain; charset=utf-8")


def faults(at: datetime) -> dict[str, list[Fault]]:
    """What each look found; a look that fails is itself a grave fault."""
    gauges.load()
    found: dict[str, list[Fault]] = {}
    for name, look in gauges.looks.items():
        try:
            found[name] = list(look(at))
        except Error as error:
            found[name] = [Fault(type(error).__name__, grave=True)]
            if name == "database":
                break
    return found


@never_cache
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """All numbers in the text format of Prometheus, for whoever may look."""
    if not may_look(request):
        return HttpResponse("Ask from this machine, or with the token.\n", status=403, content_type="text/plain")
    body = metrics.collected() + generate_latest(_read(timezone.now()))
    return HttpResponse(body, content_type="text/plain; version=0.0.4; charset=utf-8")


def _read(at: datetime) -> CollectorRegistry:
    """The gauges as they stand; one that cannot be read is left out, and the rest is told."""
    gauges.load()
    registry = CollectorRegistry()
    families = []
    for one in gauges.gauges.values():
        family = GaugeMetricFamily(one.name, one.words, labels=one.labels)
        try:
            for labels, value in one.read(at).items():
                family.add_metric(labels, value)
        except (Error, OSError) as error:
            log.warning("gauge not read", gauge=one.name, fault=type(error).__name__)
            continue
        families.append(family)
    registry.register(_Once(families))
    return registry


class _Once:
    """What was read, as the library collects it."""

    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> list[GaugeMetricFamily]:
        return self._families


def may_look(request: HttpRequest) -> bool:
    """Whether it comes from this machine itself, or shows the token (`Authorization: Bearer …`)."""
    kind, _blank, token = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    if wanted and kind.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), wanted.encode()):
        return True
    return is_near(request)
