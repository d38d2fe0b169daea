"""What the worker does for figures: every few seconds it folds what acts have touched."""

from datetime import datetime

from jingwei.figures.folding import fold
from jingwei.outbox.handlers import every


@every(5)
def fold_what_was_touched(at: datetime) -> None:
    """Keep few subjects unfolded: each is counted by its rows until it is."""
    fold(at)
