"""导入一张表格（CSV、XLS、XLSX），按对照文件读取；花名册认得列名，不用对照文件。同一文件导入两次，不会重复。
Bring in a sheet (CSV, XLS, XLSX), read as a map file says; a roster is read by its own column names, without a map.
The same file twice changes nothing.

示例 · example:  ./jingwei import orders.csv --as orders --map data/jinan12345_water_orders.map.toml --dry-run"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from jingwei.cli import house
from jingwei.cli.refusal import PARTIAL, Refusal
from jingwei.cli.said import Steps

if TYPE_CHECKING:
    from jingwei.imports.acts import Outcome


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="表格文件 · the sheet")
    parser.add_argument(
        "--as",
        dest="as_",
        metavar="KIND",
        required=True,
        help="导入为何种内容 · what it holds, such as orders",
    )
    parser.add_argument(
        "--map",
        dest="map_",
        metavar="MAP.toml",
        type=Path,
        help="对照文件；花名册不必写 · what each column means (default: a roster, read by its column names)",
    )
    parser.add_argument(
        "--county",
        metavar="CODE",
        default="",
        help="导入到哪个县；只有一个县时不必写 · which county (default: the only one)",
    )
    parser.add_argument(
        "--refused",
        metavar="OUT.xlsx",
        type=Path,
        help="把退回的行连同理由写成一张表，改好再导入 · write refused rows, each with its reason, to be corrected",
    )
    parser.add_argument("--dry-run", action="store_true", help="只试算，不写入 · try it, write nothing")
    house.data_argument(parser, "var/county")


def run(said: argparse.Namespace) -> int:
    for file in filter(None, (said.file, said.map_)):
        if not file.is_file():
            raise Refusal(f"找不到文件 {file}。 · There is no file {file}.")
    if said.refused and said.refused.suffix != ".xlsx":
        raise Refusal("--refused 写出的是 .xlsx 表格。 · --refused writes a sheet; end its name in .xlsx.")
    folder = house.own(said.data or house.usual_folder())
    steps = Steps()
    with house.database(folder):
        with steps.step("准备 · preparing"):
            house.open_house()
            house.make_tables()
        outcome = _import(said, steps)
        if said.refused and outcome.refused:
            _give_back(outcome, said.refused)
        return _tell(outcome, steps, tried=said.dry_run)


def _import(said: argparse.Namespace, steps: Steps) -> "Outcome":
    if said.map_ is None:
        return _import_roster(said, steps)

    from django.utils import timezone

    from jingwei.imports import Mapping, MapRefused, NoSuchImporter, SheetRefused, acts
    from jingwei.trail.actor import Actor

    with steps.step(f"导入 {said.file.name} · importing") as progress:
        try:
            return acts.run(
                said.file,
                as_=said.as_,
                mapping=Mapping.load(said.map_),
                actor=Actor.machine("import"),
                at=timezone.now(),
                county=said.county,
                dry_run=said.dry_run,
                progress=lambda done, of: progress("", done, of),
            )
        except (MapRefused, NoSuchImporter, SheetRefused) as no:
            raise Refusal(str(no)) from no


def _import_roster(said: argparse.Namespace, steps: Steps) -> "Outcome":
    """A sheet whose column names say what it is, as the page of rosters reads it."""
    from django.utils import timezone

    from jingwei.imports import MapRefused, SheetRefused
    from jingwei.imports.adopting import bring_in
    from jingwei.imports.guessing import guessed, values_of
    from jingwei.imports.pack import RostersSection
    from jingwei.imports.recognising import recognise
    from jingwei.imports.rosters import roster_named, rosters
    from jingwei.policy.queries import book
    from jingwei.trail.actor import Actor

    if roster_named(said.as_) is None:
        names = "、".join(one.name for one in rosters())
        raise Refusal(
            f"导入“{said.as_}”要用 --map 写明对照文件；不用对照文件的有：{names}。\n"
            f"{said.as_} needs a map, named with --map. Read without one: {names}."
        )
    county = _county(said.county)
    with steps.step(f"导入 {said.file.name} · importing") as progress:
        try:
            section = book(county)[RostersSection]
            found = recognise(said.file, section, roster=said.as_, name=said.file.name)
            if found.missing or not found.roster.tells_what & set(found.columns):
                raise Refusal(
                    f"列名认不全：{'、'.join(found.header)}。改好列名，或在网页“花名册”里逐列选定。\n"
                    "Its column names are not all known. Mend them, or choose each column on the page of rosters."
                )
            words = section.words(said.as_)
            whole = guessed(said.file, found, words, county=county, name=said.file.name)
            for value, why in whole.values():
                steps.say(f"    {value}：{why}")
            outcome, _run = bring_in(
                said.file,
                found.roster,
                found.mapping(words, values_of(whole)),
                name=said.file.name,
                actor=Actor.machine("import"),
                at=timezone.now(),
                county=county,
                dry_run=said.dry_run,
                progress=lambda done, of: progress("", done, of),
            )
        except (MapRefused, SheetRefused) as no:
            raise Refusal(str(no)) from no
    return outcome


def _county(said: str) -> str:
    """The county that was named, or the only one."""
    from jingwei.policy.models import County

    counties = list(County.objects.order_by("pk").values_list("pk", flat=True))
    if said in counties:
        return said
    if said or len(counties) != 1:
        there = "、".join(counties) or "-"
        raise Refusal(f"请用 --county 写明是哪个县，现有：{there}。 · Say which county with --county: {there}.")
    return counties[0]


def _give_back(outcome: "Outcome", to: Path) -> None:
    from jingwei.imports.returning import write_refused

    try:
        with to.open("wb") as out:
            write_refused(outcome, out)
    except OSError as no:
        raise Refusal(
            f"写不了 {to}（{no.strerror}）；表格已经导入，退回的行见下次试算。\n"
            f"{to} cannot be written ({no.strerror}). The sheet was imported; see its refused rows by --dry-run."
        ) from no


def _tell(outcome: "Outcome", steps: Steps, *, tried: bool) -> int:
    """Say what became of the rows; gives the exit code."""
    for refused in outcome.refused:
        steps.say(f"  {refused.number:>6}  {refused.reason}")
    for note in outcome.notes:
        steps.say(f"  {note}")
    steps.say(
        f"读取 {outcome.read}，新增 {outcome.loaded}，更新 {outcome.changed}，未变 {outcome.unchanged}，"
        f"退回 {len(outcome.refused)}" + ("（试算，未写入）" if tried else "")
    )
    steps.say(
        f"read {outcome.read}, loaded {outcome.loaded}, changed {outcome.changed}, "
        f"unchanged {outcome.unchanged}, refused {len(outcome.refused)}"
        + (" (tried only, nothing written)" if tried else "")
    )
    _tell_figures(outcome, steps)
    return PARTIAL if outcome.refused else 0


def _tell_figures(outcome: "Outcome", steps: Steps) -> None:
    """What the rows of this source have come to, by our own clocks."""
    from django.utils.translation import override

    for title, count in outcome.figures:
        with override("zh-hans"):
            chinese = str(title)
        with override("en"):
            steps.say(f"  {count:>6}  {chinese} · {title}")
