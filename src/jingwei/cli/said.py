"""What the command line says, in Chinese and English side by side, and how far a long step has come."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # help is shown before anything is installed, rich included
    from rich.console import Console
    from rich.progress import Progress, TaskID

EVERY = 2.0
"""Seconds between two lines of progress where the output is not a terminal."""


class Step:
    """A step that is under way; call it with what is being done, how much is done, and of how much."""

    def __init__(self, console: "Console", bar: "Progress | None", task: "TaskID | None") -> None:
        self._console, self._bar, self._task = console, bar, task
        self._said_at = time.monotonic()
        self.mark = "[green]✓[/]"

    def found(self, faults: int, warnings: int = 0) -> None:
        """End this step with a cross if it found faults, and with a ! if it found warnings only."""
        self.mark = "[red]✗[/]" if faults else "[yellow]![/]" if warnings else self.mark

    def __call__(self, what: str = "", done: float | None = None, of: float | None = None) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=of, what=what)
        elif time.monotonic() - self._said_at > EVERY:
            self._said_at = time.monotonic()
            share = f" {done:.0f}/{of:.0f}" if done is not None and of else ""
            self._console.print(f"    {what}{share}", markup=False)


class Steps:
    """The steps of a command, shown one below the other with the time each took."""

    def __init__(self) -> None:
        from rich.console import Console

        self.console = Console(highlight=False, soft_wrap=True)

    def say(self, words: str) -> None:
        self.console.print(words, markup=False)

    @contextmanager
    def step(self, words: str) -> Iterator[Step]:
        """Show `words` while the block runs, with what progress it tells; then how long it took."""
        from rich.markup import escape
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        started = time.monotonic()
        if self.console.is_terminal:
            with Progress(
                SpinnerColumn(), TextColumn("{task.description}"), BarColumn(24),
                TextColumn("{task.fields[what]}", markup=False), TimeElapsedColumn(),
                console=self.console, transient=True,
            ) as bar:  # fmt: skip
                step = Step(self.console, bar, bar.add_task(escape(words), total=None, what=""))
                yield step
        else:
            self.say(f"… {words}")
            step = Step(self.console, None, None)
            yield step
        self.console.print(f"{step.mark} {escape(words)}  [dim]{time.monotonic() - started:.1f} s[/]")


def complain(words: str) -> None:
    """Say on the error output why the command ends."""
    print(words, file=sys.stderr)
