"""The process that keeps one PostgreSQL server running for as long as anybody holds its folder."""

import fcntl
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import IO

from jingwei.postgres.binaries import NoBinaries, account_for
from jingwei.postgres.cluster import NotMade, Postmaster, make_cluster
from jingwei.postgres.folders import BadFolder, Folder, make_private

TICK = 0.1
PATIENCE = 5.0
"""Seconds of failed starts in a row before the keeper gives up; recovery itself has no limit."""


class _Told:
    """Whether the machine asked this process to end."""

    def __init__(self) -> None:
        self.to_end = False
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self.to_end = True


def keep(folder: Folder, settings: Sequence[str]) -> int:
    """Run the server until the last holder is gone. Returns the exit code: 1 when it would not start."""
    told = _Told()
    with open(folder.keeper, "r+") as mine, open(folder.holders, "r+") as holders:
        if not _locked(mine, tries=5):
            return 0  # another keeper is at work
        account = account_for(folder.data)
        if not folder.data.exists():
            make_cluster(folder, account)
        make_private(folder.socket, account.uid, account.gid)
        server = Postmaster(folder, account, settings)
        failing_since: float | None = None
        while not told.to_end and not _locked(holders):
            if server.alive():
                failing_since = None if server.ready() else failing_since
            elif failing_since is not None and time.monotonic() - failing_since > PATIENCE:
                return 1
            else:
                failing_since = failing_since or time.monotonic()
                server.start()
            time.sleep(TICK)
        server.stop()
        return 0


def _locked(file: IO[str], tries: int = 1) -> bool:
    """Take the exclusive lock if nobody has any; several tries outlast a passing look by another process."""
    for _ in range(tries):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if tries > 1:
                time.sleep(TICK)
    return False


def main(words: Sequence[str]) -> int:
    """Keep the server of the folder named first; a reason not to is the last that stands in the log."""
    try:
        return keep(Folder(Path(words[0])), words[1:])
    except (NotMade, NoBinaries, BadFolder) as no:
        sys.stderr.write(f"{no}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
