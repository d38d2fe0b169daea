"""What the rooms tell about how they fare: numbers for `/-/metrics`, and whether all is well for `/-/ready`.

A room says it in a module `gauges.py` of its own, which is read when somebody first asks.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.module_loading import autodiscover_modules

Reading = Mapping[tuple[str, ...], float]
"""Values by their labels; `{(): 3}` for one without."""


@dataclass(frozen=True)
class Gauge:
    """A number read from the database when it is asked for."""

    name: str
    words: str
    labels: tuple[str, ...]
    read: Callable[[datetime], Reading]


@dataclass(frozen=True)
class Fault:
    """What is wrong, for whoever runs the server, and whether requests should go elsewhere meanwhile."""

    words: str
    grave: bool = False


Look = Callable[[datetime], Iterable[Fault]]

gauges: dict[str, Gauge] = {}
looks: dict[str, Look] = {}


def gauge(name: str, words: str, *labels: str) -> Callable[[Callable[[datetime], Reading]], Callable[..., Reading]]:
    """Register the function below as the one that reads gauge `name`."""

    def register(read: Callable[[datetime], Reading]) -> Callable[..., Reading]:
        gauges[name] = Gauge(name, words, labels, read)
        return read

    return register


def look(name: str) -> Callable[[Look], Look]:
    """Register the function below as a look at `name`: it yields what is wrong, nothing where all is well."""

    def register(function: Look) -> Look:
        looks[name] = function
        return function

    return register


def load() -> None:
    """Read every room's `gauges.py`."""
    autodiscover_modules("gauges")
    import jingwei.running.own_gauges  # noqa: F401  registers what the rooms below cannot
