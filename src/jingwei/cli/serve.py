"""运行网站，直到 Ctrl-C。后台任务另用 ./jingwei work 运行。
Run the web server until Ctrl-C. The worker is a process of its own: ./jingwei work"""

import argparse
import os

from jingwei.cli import house, parent, ports
from jingwei.running.counting import count_together

REFUSING = 8
"""Threads of each process that answer "come again in a moment" while all others work or wait."""
MOST_OF_HEADERS = 65_536
"""Bytes; what is longer is answered 431 by the web server itself."""


def arguments(parser: argparse.ArgumentParser) -> None:
    house.data_argument(parser, "var/county")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 · address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=ports.port, default=8000, help="端口 · port (default: 8000)")
    parser.add_argument("--workers", type=int, default=2, help="进程数 · processes (default: 2)")
    parser.add_argument(
        "--threads", type=int, default=8, help="每个进程同时处理的请求数 · requests each answers at once (default: 8)"
    )
    parent.arguments(parser)


def run(said: argparse.Namespace) -> int:
    parent.follow(said)
    folder = house.own(said.data or house.usual_folder())
    ports.refuse_taken(said.host, said.port)
    os.environ["JINGWEI_SLOTS"] = str(said.threads)
    count_together(folder)
    with house.database(folder):
        if not said.prepared:
            house.open_house()
            house.prepare()
        _serve(said)
    return 0


def _serve(said: argparse.Namespace) -> None:
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    if not said.prepared:
        print(f"http://{said.host}:{said.port}/", flush=True)
    Granian(
        "jingwei.wsgi:application",
        address=said.host,
        port=said.port,
        interface=Interfaces.WSGI,
        workers=said.workers,
        blocking_threads=settings.GATE_SLOTS + settings.GATE_QUEUE + REFUSING,
        http1_settings=HTTP1Settings(max_buffer_size=MOST_OF_HEADERS),
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.error,
    ).serve(target_loader=parent.loaded)
