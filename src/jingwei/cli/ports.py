"""Which port of this machine is free."""

import argparse
import socket

from jingwei.cli.refusal import Refusal


def port(word: str) -> int:
    """The port a word names, for argparse."""
    if not word.isdigit() or not 1 <= int(word) <= 65535:
        raise argparse.ArgumentTypeError(f"{word!r}: 1–65535")
    return int(word)


def free(host: str, number: int) -> bool:
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((host, number))
        except OSError:
            return False
    return True


def refuse_taken(host: str, number: int) -> None:
    if not free(host, number):
        raise Refusal(
            f"端口 {number} 已被占用，请用 --port 另选一个。\nPort {number} is taken. Choose another with --port."
        )


def next_free(host: str, number: int) -> int:
    """The first free port from `number` on."""
    for candidate in range(number, min(number + 100, 65536)):
        if free(host, candidate):
            return candidate
    raise Refusal(f"{number}–{number + 99} 端口全被占用。 · Ports {number}–{number + 99} are all taken.")
