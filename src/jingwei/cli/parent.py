"""How a process that was started by another of ours notices that it is alone, and ends too."""

import argparse
import multiprocessing
import os
import signal
import sys
import threading
from importlib import import_module
from typing import Any


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


def loaded(target: str) -> Any:
    """What one of the web server's processes serves; that process ends with the one that started it.

    Trap: granian's processes outlive it if it is killed. They would go on answering from an old release, and keep
    the port from whoever is started next.
    """
    threading.Thread(target=_end_with_parent, name="parent watch", daemon=True).start()
    module, _colon, name = target.partition(":")
    return getattr(import_module(module), name)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
