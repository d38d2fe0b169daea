"""Writes docs/reference/packs.md from five counties loaded for it: `python -m jingwei.cli.documents`."""

import sys
import tempfile
from pathlib import Path

from jingwei.cli import house


def made() -> str:
    """The page; every county is set up in a database that is thrown away. About three minutes."""
    with tempfile.TemporaryDirectory() as folder:
        home = house.own(Path(folder) / "county")
        with house.database(home):
            house.open_house()
            house.make_tables()
            from django.utils import timezone

            from jingwei.affairs.county import set_up
            from jingwei.affairs.documents.reference import chapter, reference, with_document

            packs = with_document()
            for pack in packs:
                set_up(pack, lambda *said: None)
            return reference(chapter(pack, timezone.now()) for pack in packs)


if __name__ == "__main__":
    sys.stdout.write(made())
