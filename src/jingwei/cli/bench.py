"""运行 bench/ 中的一项测速；不写名字则列出全部。
Run one of the measurements in bench/; without a name, list them."""

import argparse
import ast
import subprocess
import sys

from jingwei.cli import house
from jingwei.cli.refusal import Refusal

FOLDER = house.ROOT / "bench"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="名称 · name of the measurement")
    parser.add_argument("words", nargs=argparse.REMAINDER, help="交给它的参数 · arguments for it")


def run(said: argparse.Namespace) -> int:
    there = {file.stem: file for file in sorted(FOLDER.glob("[a-z]*.py"))}
    if said.name is None:
        for name, file in there.items():
            sentence = ast.get_docstring(ast.parse(file.read_text())) or ""
            print(f"{name:24} {sentence.partition(chr(10))[0]}")
        return 0
    if said.name not in there:
        raise Refusal(f"没有 {said.name}；现有：{', '.join(there)}。 · There is no {said.name}; see ./jingwei bench")
    return subprocess.run([sys.executable, "-P", there[said.name], *said.words]).returncode
