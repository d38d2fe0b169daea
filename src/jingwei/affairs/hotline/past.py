"""The past of a demonstration: real orders of a hotline, taken in through the door that every office has."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from jingwei.imports import Mapping
from jingwei.imports.acts import Outcome, run
from jingwei.policy.books import Book
from jingwei.policy.county import CountySection
from jingwei.trail.actor import Actor

SHEET, MAP = "jinan12345_water_orders_structured.csv", "jinan12345_water_orders.map.toml"

IMPORT = Actor.machine("import")


def load_past(
    book: Book,
    *,
    at: datetime,
    progress: Callable[..., object],
    actor: Actor = IMPORT,
    data_folder: Path | None = None,
) -> Outcome | None:
    """Import the orders that lie in `data_folder` into the county of `book`; None where none lie there.

    Done again, nothing changes. `progress` is called with what is done, how much, and of how much.
    """
    folder = data_folder or Path(settings.ROOT) / "data"
    if not (folder / SHEET).is_file() or not (folder / MAP).is_file():
        return None

    def tell(done: int, of: int) -> None:
        progress(_("orders of the hotline"), done, of)

    return run(
        folder / SHEET,
        as_="orders",
        mapping=Mapping.load(folder / MAP),
        actor=actor,
        at=at,
        county=book[CountySection].code,
        progress=tell,
    )
