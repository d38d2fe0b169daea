"""Why a proposal is as it is: sentences that can be shown in any language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Reason:
    """A sentence and the facts that fill it; the pages translate the sentence and fill it again."""

    sentence: str
    facts: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.sentence % self.facts


class CannotCarve(ValueError):
    """A county has buildings, at least one for each compound, and at least one grid for each community."""

    nothing: ClassVar[str] = "There are no buildings to carve: give at least one"
    twice: ClassVar[str] = "The building %(id)s is there twice: give every building its own number"
    none: ClassVar[str] = "A county has communities, grids and compounds: ask for at least one of each"
    too_many: ClassVar[str] = "A code has room for %(most)s numbers at each level: ask for fewer"
    too_many_communities: ClassVar[str] = (
        "%(communities)s communities cannot share %(grids)s grids: ask for at least as many grids"
    )
    too_many_compounds: ClassVar[str] = (
        "%(compounds)s compounds cannot share %(buildings)s buildings: ask for fewer compounds"
    )

    def __init__(self, sentence: str, **facts: str | int) -> None:
        self.sentence, self.facts = sentence, facts
        super().__init__(sentence % facts)
