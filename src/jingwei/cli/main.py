"""Which command was asked for."""

import argparse
from collections.abc import Sequence
from functools import partial

from jingwei.cli import (
    backup,
    bench,
    check,
    county,
    demo,
    divisions,
    figures,
    import_file,
    keys,
    officer,
    prepare,
    restore,
    serve,
    test,
    work,
)
from jingwei.cli.refusal import Refusal
from jingwei.cli.said import complain

COMMANDS = {
    "demo": (demo, "在本机运行一个示范县 · run a whole county on this machine, to look around"),
    "test": (test, "检查代码并运行全部测试 · check the code and run every test"),
    "serve": (serve, "运行网站 · run the web server"),
    "work": (work, "运行后台任务：通知、封存、时限 · run the worker: notices, sealing, clocks"),
    "import": (import_file, "导入表格 · bring in a sheet"),
    "divisions": (divisions, "导入全国区划代码表 · load the nation's register of divisions"),
    "county": (county, "新建一个县，或装入改过的政策包 · begin a county, or take in its changed pack"),
    "officer": (officer, "开通县里第一位管理员的账号 · open the first officer's account"),
    "check": (
        check,
        "检查设置、数据库、留痕和政策包 · look for faults in settings, database, trail and packs",
    ),
    "figures": (figures, "核对或重建统计数的汇总 · prove or rebuild what figures keep added up"),
    "backup": (backup, "备份正在运行的县，写成一个文件 · back up a running county into one file"),
    "restore": (restore, "从备份恢复到空文件夹，并证明一致 · restore a backup into an empty folder, and prove it"),
    "keys": (keys, "管理个人信息字段的密钥 · look after the keys of personal fields"),
    "bench": (bench, "测速 · measure how fast it is"),
    "_prepare": (prepare, None),
}


def parser() -> argparse.ArgumentParser:
    """All commands with their arguments."""
    top = argparse.ArgumentParser(
        prog="./jingwei",
        description="经纬：基层事务的受理、交办、办结与统计。先试：./jingwei demo\n"
        "Jingwei: where grassroots casework is opened, owed, closed and counted. Try first: ./jingwei demo",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(title="命令 · commands", metavar="COMMAND", dest="command")
    for name, (module, sentence) in COMMANDS.items():
        # argparse lists a command only if it is given a help text, be it None.
        add = commands.add_parser if sentence is None else partial(commands.add_parser, help=sentence)
        own = add(name, description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        module.arguments(own)
        own.set_defaults(run=module.run)
    return top


def main(words: Sequence[str]) -> int:
    """Run the command that `words` ask for; returns the exit code."""
    top = parser()
    # Only `test` hands on what it does not know, to pytest.
    known, others = top.parse_known_args(words)
    if others and known.command != "test":
        top.parse_args(words)
    if known.command is None:
        top.print_help()
        return 0
    known.others = others
    try:
        return int(known.run(known))
    except Refusal as refusal:
        complain(str(refusal))
        return 2
    except KeyboardInterrupt:
        return 130
