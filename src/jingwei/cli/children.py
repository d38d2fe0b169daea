"""The processes a demonstration starts: started again if they die, and all ended with it."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from jingwei.cli.refusal import Refusal

TOO_OFTEN = 5
"""Deaths within a minute after which a process is not started again."""


class Child:
    """One process of ours: `words` are a command of ./jingwei, its output goes to `log`."""

    def __init__(self, title: str, words: Sequence[str], log: Path) -> None:
        self.title, self.words, self.log = title, tuple(words), log
        self.deaths: list[float] = []
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "jingwei", *self.words, "--until-eof", "--prepared"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone, and we end them in order
            )

    def mend(self, say: Callable[[str], None]) -> None:
        """Start the process again if it has died; raises Refusal when it keeps dying."""
        if self._process is None or self._process.poll() is None:
            return
        code = self._process.returncode
        self._kill_group()
        now = time.monotonic()
        self.deaths = [*(at for at in self.deaths if now - at < 60), now]
        if len(self.deaths) >= TOO_OFTEN:
            raise Refusal(
                f"{self.title} 反复退出（{code}），不再重启。 · keeps ending and is not started again.\n"
                f"{self.last_lines()}\n{self.log}"
            )
        say(f"{self.title} 退出（{code}），正在重新启动。 · ended and is being started again.")
        self.start()

    def ask_to_end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def end(self, patience: float = 10) -> None:
        """Wait for the process to end, then make sure of it and of what it started."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        self._kill_group()

    def last_lines(self, count: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def _kill_group(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
