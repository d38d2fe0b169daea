"""Where the processes of one server count together; to be said before any of them has begun to count."""

import os
import shutil
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Of the environment. The library of the numbers looks at it once, when it is loaded, and never again."""


def count_together(state: Path) -> None:
    """Let the processes of this server count into one folder, emptied first; before Django is set up."""
    folder = state / "run" / "counted"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[FOLDER] = str(folder)
