"""核对统计数的汇总（check），或从逐行记录重建（rebuild）；重建时不必停机。
Prove what figures keep added up (check), or build it again from the rows (rebuild), while work goes on."""

import argparse

from jingwei.cli import house
from jingwei.cli.refusal import Refusal
from jingwei.cli.said import Steps


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["check", "rebuild"], help="核对或重建 · prove, or build again")
    parser.add_argument("names", nargs="*", help="只重建这些统计项，如 incidents.received · only these figures")
    house.data_argument(parser, "var/county")


def run(said: argparse.Namespace) -> int:
    folder = house.own(said.data or house.usual_folder())
    with house.database(folder):
        house.open_house()
        return _check() if said.what == "check" else _rebuild(said.names)


def _check() -> int:
    from django.utils import timezone

    from jingwei.figures.proving import NotReady, differences

    steps, wrong = Steps(), 0
    with steps.step("统计数的汇总 · what figures keep added up") as progress:
        found = list(differences(timezone.now()))
        wrong = sum(not isinstance(one, NotReady) for one in found)
        progress.found(wrong, len(found) - wrong)
    for one in found:
        steps.say(f"  {'!' if isinstance(one, NotReady) else '✗'} {one}")
    return 1 if wrong else 0


def _rebuild(names: list[str]) -> int:
    from django.utils import timezone

    from jingwei.figures.folding import rebuild
    from jingwei.figures.rollups import rolled_figures

    rolled = {one.full_name: one for one in rolled_figures()}
    if unknown := [name for name in names if name not in rolled]:
        raise Refusal(
            f"没有汇总这些统计项：{'、'.join(unknown)}。有汇总的：{'、'.join(rolled)}。\n"
            f"Not kept added up: {', '.join(unknown)}. Those that are: {', '.join(rolled)}."
        )
    with Steps().step("重建汇总 · building again") as progress:
        folded = rebuild([rolled[name] for name in names or rolled], timezone.now())
        progress("", folded)
    return 0
