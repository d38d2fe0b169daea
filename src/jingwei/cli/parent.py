"""How a server or worker started by the demonstration notices that it is alone, and ends too."""

import argparse
import os
import signal
import sys
import threading


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--until-eof", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--prepared", action="store_true", help=argparse.SUPPRESS)


def follow(said: argparse.Namespace) -> None:
    """With `--until-eof`, end when the parent does: its end of our input closes however it dies."""
    if said.until_eof:
        threading.Thread(target=_end_with_input, name="parent watch", daemon=True).start()


def _end_with_input() -> None:
    # Not sys.stdin.read(): a thread inside the buffered reader holds its lock when the interpreter ends.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
