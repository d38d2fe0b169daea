"""Let the small county of the tests stand in a folder, ready to be served: run as a program of its own.

python stand_up.py FOLDER
"""

import sys
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from jingwei.cli import house

PACK = Path(__file__).parents[1] / "packs" / "qingshi"


def stand_up(folder: Path) -> None:
    """Tables, files for the browser, and the county of the pack, in place since yesterday."""
    with house.database(house.own(folder)):
        house.open_house()
        house.prepare()
        from jingwei.affairs.county import set_up

        set_up(PACK, lambda *said: None, at=timezone.now() - timedelta(days=1), data_folder=PACK)


if __name__ == "__main__":
    stand_up(Path(sys.argv[1]))
