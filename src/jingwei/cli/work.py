"""运行后台任务，直到 Ctrl-C：发送通知、封存留痕、检查时限、处理照片。
Run the worker until Ctrl-C: it sends notices, seals the trail, watches the clocks, prepares photographs."""

import argparse
import signal
import threading
from types import FrameType

from jingwei.cli import house, parent


def arguments(parser: argparse.ArgumentParser) -> None:
    house.data_argument(parser, "var/county")
    parent.arguments(parser)


def run(said: argparse.Namespace) -> int:
    parent.follow(said)
    folder = house.own(said.data or house.usual_folder())
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    with house.database(folder):
        house.open_house()
        if not said.prepared:
            house.make_tables()
        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        from jingwei.outbox.worker import work_forever

        work_forever(stop)
    return 0
