"""准备数据表和网页文件；serve 和 demo 会自行完成。
Bring tables and static files up to date; `serve` and `demo` do it by themselves."""

import argparse

from jingwei.cli import house


def arguments(parser: argparse.ArgumentParser) -> None:
    house.data_argument(parser, "var/county")


def run(said: argparse.Namespace) -> int:
    folder = house.own(said.data or house.usual_folder())
    with house.database(folder):
        house.open_house()
        house.prepare()
    return 0
