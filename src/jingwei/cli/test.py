"""检查代码（ruff、mypy、import-linter），再运行全部测试。其余参数交给 pytest。
Check the code (ruff, mypy, import-linter), then run every test. Other arguments go to pytest.

示例 · example:  ./jingwei test --without-browser tests/casework"""

import argparse
import os
import subprocess
import sys

from jingwei.cli import browser, house, lint


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--without-browser",
        action="store_true",
        help="不运行浏览器测试，并说明有多少项未运行 · leave out what needs Chromium",
    )
    parser.add_argument("--long", action="store_true", help="也运行费时的测试 · also run the long tests")
    parser.add_argument("--without-lint", action="store_true", help="只运行测试 · only run the tests")


def run(said: argparse.Namespace) -> int:
    if not said.without_browser:
        browser.make_sure()
    lint_code = 0 if said.without_lint else lint.run()
    flags = [flag for flag, on in (("--without-browser", said.without_browser), ("--long", said.long)) if on]
    # pytest comes last and its summary line closes the output.
    tests = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", *flags, *said.others], cwd=house.ROOT, env=dict(os.environ)
    )
    return tests.returncode or lint_code
