"""What the keys in a line of the trail are called in the words of the county, for her auditor."""

import re
from collections.abc import Mapping
from typing import Any

from django.urls import get_resolver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.accounts.exceptions import SCENES, permissions
from jingwei.accounts.fact_words import Words
from jingwei.casework.kinds import KINDS
from jingwei.casework.pack import CaseworkSection
from jingwei.casework.pages.lists import QUEUE_TITLES, kind_options, said_words
from jingwei.people.lists import InformationSection
from jingwei.people.models import Tombstone
from jingwei.policy.queries import book

SHEETS = {
    "queue": gettext_lazy("list of cases"),
    "hotline": gettext_lazy("list for the hotline"),
    "breaches": gettext_lazy("breaches of promises"),
}
WHY = {
    Tombstone.TERM: gettext_lazy("its term was over"),
    Tombstone.UNLISTED: gettext_lazy("no longer collected"),
    Tombstone.WISH: gettext_lazy("whom it concerned asked for it"),
    "state": gettext_lazy("the sign-in was begun in another browser, or too long ago"),
    "denied": gettext_lazy("the identity provider refused"),
    "claim": gettext_lazy("the identity provider did not say who it is"),
    "unlinked": gettext_lazy("no account is linked with it"),
    "issuer": gettext_lazy("it was another identity provider that answered"),
    "discovery": gettext_lazy("the identity provider does not say where to ask it"),
    "not encrypted": gettext_lazy("the way to the identity provider is not encrypted"),
    "no answer": gettext_lazy("the identity provider does not answer"),
    "token": gettext_lazy("what the identity provider answered could not be relied upon"),
}


def words_of(county_code: str, posts: Mapping[str, str]) -> Words:
    """By fact, or part of a filter, what its values are called; a value that has no word is shown as it stands."""
    pack = book(county_code)
    casework, lists = pack[CaseworkSection], said_words(pack)
    reasons = (
        *pack[InformationSection].reasons, *casework.return_reasons, *casework.hold_reasons,
        *casework.extension_reasons,
    )  # fmt: skip
    stages = {stage.name: stage.title for kind in KINDS.values() for stage in kind.stages.values()}
    return {
        "queue": QUEUE_TITLES,
        "kind": dict(kind_options()),
        "stage": stages,
        "grade": lists.get("grade", {}),
        "category": lists.get("category", {}),
        "source": lists.get("source", {}),
        "due": {"today": _("Due within a day"), "late": _("Late")},
        "post": posts,
        "reason": {one.key: one for one in reasons},
        "why": WHY,
        "sheet": SHEETS,
        "scene": {scene.value: title for scene, title in SCENES.items()},
        "permission": {one.name: one.title for one in permissions()},
        "step": {f"{kind.name}.{step.name}": step.title for kind in KINDS.values() for step in kind.steps.values()},
        "page": Addresses(),
    }


class Addresses(dict[str, str]):
    """Pages by their names: each as its address, which is what whoever was refused had before her."""

    def get(self, name: str, default: Any = None) -> Any:
        """The address, its changing parts as «…»."""
        desk, resolver = get_resolver().namespace_dict["desk"]
        found = resolver.reverse_dict.getlist(name)
        return f"/{desk}" + re.sub(r"%\(\w+\)s", "…", found[0][0][0][0]) if found else default
