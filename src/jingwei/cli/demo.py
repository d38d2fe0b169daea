"""在本机运行一个完整的示范县：数据库、网站、后台任务，附示范账号。Ctrl-C 全部停止。
Run a whole county on this machine: database, web server, worker, people to sign in as. Ctrl-C stops all.

示例 · example:  ./jingwei demo weishui --port 8080 --no-browser"""

import argparse
import os
import signal
import sys
import time
import tomllib
import webbrowser
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from types import FrameType, ModuleType
from urllib.error import URLError
from urllib.request import urlopen

from jingwei.cli import house, ports
from jingwei.cli.children import Child
from jingwei.cli.refusal import Refusal
from jingwei.cli.said import Steps

HOST = "127.0.0.1"
PATIENCE = 60
"""Seconds for the web server to answer its first request."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "pack",
        metavar="PACK",
        nargs="?",
        default="weishui",
        help="packs/ 下的县 · a county in packs/ (default: weishui)",
    )
    house.data_argument(parser, "var/demo-PACK")
    parser.add_argument(
        "--port",
        type=ports.port,
        help="端口，默认 8000 起第一个空闲的 · port (default: the first free from 8000)",
    )
    parser.add_argument("--fresh", action="store_true", help="先清空数据文件夹 · empty the folder first")
    parser.add_argument("--no-browser", action="store_true", help="不打开浏览器 · do not open the browser")


def run(said: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    steps = Steps()
    _refuse_unknown(said.pack)
    folder = (said.data or house.ROOT / "var" / f"demo-{said.pack}").absolute()
    if said.fresh:
        house.empty(folder)
    house.own(folder)
    address = f"http://{HOST}:{_port(said, steps)}"
    os.environ.setdefault("JINGWEI_URL", address)
    with ExitStack() as stack:
        try:
            _open(said.pack, folder, stack, steps)
            children = _start(address, folder, stack, steps)
            _tell(address, steps, browser=not said.no_browser)
            while True:
                for child in children:
                    child.mend(steps.say)
                time.sleep(0.5)
        except KeyboardInterrupt:
            # A second Ctrl-C must not leave half of it running.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            steps.say("正在停止…… · Stopping ...")
    steps.say("已全部停止。 · All stopped.")
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _refuse_unknown(pack: str) -> None:
    heads = {path.parent.name: tomllib.loads(path.read_text("utf-8")) for path in _heads()}
    there = sorted(name for name, said in heads.items() if not said.get("pack", {}).get("foundation"))
    if pack not in there:
        names = ", ".join(there)
        raise Refusal(f"packs/ 中没有 {pack}，现有：{names}。\nThere is no {pack} in packs/; there are: {names}.")


def _heads() -> list[Path]:
    return sorted((house.ROOT / "packs").glob("*/pack.toml"))


def _port(said: argparse.Namespace, steps: Steps) -> int:
    if said.port:
        ports.refuse_taken(HOST, said.port)
        return int(said.port)
    port = ports.next_free(HOST, 8000)
    if port != 8000:
        steps.say(f"端口 8000 已被占用，改用 {port}。 · Port 8000 is taken; using {port}.")
    return port


def _open(pack: str, folder: Path, stack: ExitStack, steps: Steps) -> None:
    """Bring the county up to the point where requests could be answered."""
    with steps.step("启动数据库 · database"):
        stack.enter_context(house.database(folder))
    with steps.step("准备数据表 · tables"):
        house.open_house()
        house.make_tables()
    with steps.step("准备网页文件 · files for the browser"):
        house.collect_static()
    if county := _county():
        with steps.step(f"装入 {pack} · county") as progress:
            book = county.set_up(pack, progress)
        with steps.step("排周期职责 · duties"):
            county.lay_out(book)
    else:
        steps.say("这个版本没有带县。 · This release brings no county along.")


def _start(address: str, folder: Path, stack: ExitStack, steps: Steps) -> list[Child]:
    """Start server and worker, and wait until the server answers."""
    port = address.rpartition(":")[2]
    children = [
        Child(
            "网站 server",
            ("serve", "--data", str(folder), "--host", HOST, "--port", port),
            folder / "logs/server",
        ),
        Child("后台 worker", ("work", "--data", str(folder)), folder / "logs/worker"),
    ]
    for child in children:
        stack.callback(child.end)
    for child in children:
        stack.callback(child.ask_to_end)
    with steps.step("启动网站和后台任务 · server and worker"):
        for child in children:
            child.start()
        until = time.monotonic() + PATIENCE
        while not _healthy(address):
            for child in children:
                child.mend(steps.say)
            if time.monotonic() > until:
                raise Refusal(f"网站没有应答。 · The server does not answer.\n{children[0].last_lines()}")
            time.sleep(0.1)
    return children


def _healthy(address: str) -> bool:
    try:
        with urlopen(f"{address}/-/ready", timeout=5) as answer:  # noqa: S310  our own server
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _tell(address: str, steps: Steps, *, browser: bool) -> None:
    steps.say(f"ready {address}/")
    if county := _county():
        for title, username, password in county.sign_ins():
            steps.say(f"  {title}  {username}  {password}")
    sys.stdout.flush()
    shown = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if browser and shown:
        webbrowser.open(address)


def _county() -> ModuleType | None:
    """The module that fills a county from its pack and names who may sign in, where this release has one."""
    try:
        return import_module("jingwei.affairs.county")
    except ModuleNotFoundError as missing:
        if missing.name != "jingwei.affairs.county":
            raise
        return None
