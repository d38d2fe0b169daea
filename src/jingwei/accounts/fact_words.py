"""What beside a line of the trail stands for its auditor: its facts, each under a word and in words."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.utils import timezone
from django.utils.translation import gettext_lazy

from jingwei.places.models import Place
from jingwei.trail.acts import Fact
from jingwei.trail.models import Line

Words = Mapping[str, Mapping[str, Any]]
"""By the name of a fact, what its values are called."""

SORTS = {
    "gate": gettext_lazy("Signing in and out"),
    "refused": gettext_lazy("Refused"),
    "accounts": gettext_lazy("Accounts and appointments"),
    "exceptions": gettext_lazy("Exceptions"),
    "taken": gettext_lazy("Exports and handing over"),
    "uncovered": gettext_lazy("Personal data shown uncovered"),
    "matters": gettext_lazy("Work on cases"),
    "other": gettext_lazy("Everything else"),
}
TELLING = {
    "means": gettext_lazy("by"),
    "why": gettext_lazy("because"),
    "reason": gettext_lazy("reason"),
    "title": gettext_lazy("post"),
    "page": gettext_lazy("page"),
    "status": gettext_lazy("answered with"),
    "sheet": gettext_lazy("sheet"),
    "filter": gettext_lazy("filter"),
    "rows": gettext_lazy("rows"),
    "sessions": gettext_lazy("sessions"),
    "step": gettext_lazy("step"),
    "permission": gettext_lazy("what it permits"),
    "scene": gettext_lazy("occasion"),
    "since": gettext_lazy("from"),
    "until": gettext_lazy("until"),
}
"""Facts that are told beside an act, and under which word."""


FILTERS: dict[str, Any] = {
    "since": gettext_lazy("from"), "until": gettext_lazy("until"), "sort": gettext_lazy("sort"),
    "post": gettext_lazy("post"), "success": gettext_lazy("success"), "queue": gettext_lazy("list"),
    "stage": gettext_lazy("stage"), "grade": gettext_lazy("grade"), "category": gettext_lazy("category"),
    "source": gettext_lazy("source"), "due": gettext_lazy("due"), "ground": gettext_lazy("ground"),
    "kind": gettext_lazy("kind of case"),
}  # fmt: skip
"""The parts of a filter in words."""

VALUES: Words = {
    "sort": SORTS,
    "success": {"yes": gettext_lazy("Succeeded"), "no": gettext_lazy("Refused or failed")},
}
"""What the parts of a filter may say, where it is a name of this page; the rest the door knows."""

MEANS = {
    "password": gettext_lazy("password"),
    "outside": gettext_lazy("the county's identity provider"),
    "code": gettext_lazy("code of the telephone"),
    "recovery": gettext_lazy("recovery code"),
}


def facts_told(facts: Mapping[str, Fact], words: Words) -> str:
    """The facts that tell something, in words."""
    known = [(name, title) for name, title in TELLING.items() if facts.get(name) not in (None, "")]
    return "；".join(f"{title}：{_said(facts, name, words)}" for name, title in known)


def in_words(filtered: str, words: Words) -> str:
    """A filter as it stands in an address, as the auditor reads it."""
    known = {**words, **VALUES}
    parts = [(name, said) for name, said in parse_qsl(filtered) if name in FILTERS]
    return "，".join(f"{FILTERS[name]} {known.get(name, {}).get(said, said)}" for name, said in parts)


def _said(facts: Mapping[str, Fact], name: str, words: Words) -> str:
    said = str(facts[name])
    match name:
        case "filter":
            return in_words(said, words)
        case "since" | "until":
            return _moment(said)
        case "means":
            return str(MEANS.get(said, said))
        case "step":
            return str(words.get(name, {}).get(f"{facts.get('kind', '')}.{said}", said))
    known = words.get(name, {})
    whole_or_head = (said, said.partition(":")[0], said.partition(" ")[0])
    return str(next((word for one in whole_or_head if (word := known.get(one))), said))


def _moment(said: str) -> str:
    """A day as it is, a moment by the clock of the county."""
    try:
        moment = dt.datetime.fromisoformat(said)
    except ValueError:
        return said
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment.tzinfo else said


def grounds_named(batch: Iterable[Line]) -> dict[str, str]:
    """The grounds that filters of these lines name, by their paths."""
    filters = [str(line.facts["filter"]) for line in batch if line.facts.get("filter")]
    paths = {said for one in filters for name, said in parse_qsl(one) if name == "ground"}
    if not paths:
        return {}
    return dict(Place.objects.filter(path__in=paths, rank=0).order_by("id").values_list("path", "name"))
