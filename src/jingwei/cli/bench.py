"""运行 bench/ 中的一项测速；不写名字则列出全部。
Run one of the measurements in bench/; without a name, list them."""

import argparse
import ast
import os
import subprocess
import sys
from pathlib import Path

from jingwei.cli import house
from jingwei.cli.refusal import Refusal

FOLDER = house.ROOT / "bench"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="名称 · name of the measurement")
    parser.add_argument("words", nargs=argparse.REMAINDER, help="交给它的参数 · arguments for it")


def run(said: argparse.Namespace) -> int:
    there = {file.stem: doc for file in sorted(FOLDER.glob("[a-z]*.py")) if (doc := sentence_of(file))}
    if said.name is None:
        for name, sentence in there.items():
            print(f"{name:12} {sentence}")
        return 0
    if said.name not in there:
        raise Refusal(f"没有 {said.name}；现有：{', '.join(there)}。 · There is no {said.name}; see ./jingwei bench")
    path = os.pathsep.join([str(house.ROOT), str(house.ROOT / "src")])
    start = f"import sys; from bench.{said.name} import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-P", "-c", start, *said.words], env=os.environ | {"PYTHONPATH": path}
    ).returncode


def sentence_of(file: Path) -> str:
    """The first sentence of a measurement; empty for a module that only serves the others."""
    module = ast.parse(file.read_text())
    runs = any(isinstance(part, ast.FunctionDef) and part.name == "main" for part in module.body)
    return (ast.get_docstring(module) or "").partition("\n\n")[0].replace("\n", " ") if runs else ""
