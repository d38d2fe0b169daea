"""Rosters of five counties, drawn with the numbers of their documents, as their packs list them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jingwei.affairs.documents.pack import DocumentSection
from jingwei.policy import load
from jingwei.policy.folders import shelf
from rosters.sheets import table

GRADES = ("A类一等", "A类二等", "B类一等", "B类二等", "C类一等", "C类二等")
STEMS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, kw_only=True)
class County:
    """What a report says there is of each. `held` are organisations with one post and its holder, `units` those that
    answer for grids, `bodies` posts and holders of the leading group."""

    code: str
    name: str
    town: str
    communities: int
    compounds: int = 0
    grids: int = 0
    team: dict[str, int] = field(default_factory=dict)
    graded: bool = False
    units: int = 0
    around: dict[str, int] = field(default_factory=dict)
    held: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    """By kind of organisation: how many, below which kind, and the title of its post."""
    seats: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    """By title: how many holders, in which organisation, of which kind; community posts go round the communities."""
    answering: dict[str, str] = field(default_factory=dict)
    """By title: "community" or "grid", round which its holders' posts answer."""

    # ---- names

    def community(self, n: int) -> str:
        """The n-th community, going round."""
        return f"第{n % self.communities + 1}社区"

    def grid(self, n: int) -> str:
        """The n-th grid, going round; its number runs through the whole county."""
        return f"{n % self.grids + 1}号网格"

    def within(self, n: int) -> str:
        """The community in which the n-th grid lies."""
        return self.community(n % self.grids * self.communities // self.grids)

    # ---- sheets

    def sheets(self) -> Iterator[tuple[str, bytes]]:
        """The county's rosters in the order in which they go in: the roster's name and the workbook."""
        yield "places", table(["镇街", "社区", "网格", "小区", "户数"], *self._places(), title="区划和网格清册")
        yield (
            "organisations",
            table(["机构名称", "类别", "上级机构", "管辖区域", "岗位"], *self._offices(), title="机构岗位一览"),
        )
        if people := list(self._people()):
            yield "appointments", table(["姓名", "机构", "岗位"], *people, title="任职人员花名册")
        if workers := list(self._workers()):
            yield "grid_workers", table(["姓名", "社区", "网格", "专兼职", "等次"], *workers, title="网格员花名册")
        if duties := list(self._duties()):
            yield "responsibilities", table(["单位", "岗位", "包联对象"], *duties, title="包联责任一览表")

    def _places(self) -> Iterator[list[Any]]:
        for n in range(self.communities if not self.grids else 0):
            yield [self.town, self.community(n), "", "", ""]
        for n in range(self.grids):
            yield [self.town, self.within(n), self.grid(n), "", 300 + n % 50]
        for n in range(self.compounds):
            yield [self.town, self.community(n), "", f"{n + 1}号院", ""]

    def _offices(self) -> Iterator[list[Any]]:
        town = f"{self.town}党工委"
        yield [town, "街道党工委", "", self.town, ""]
        for n in range(self.communities):
            yield [f"{self.community(n)}居委会", "居委会", "", self.community(n), "主任"]
        for kind, (many, above, title) in self.held.items():
            for n in range(many):
                parent = town if above == "街道党工委" else f"{above}{n % self.held[above][0] + 1}"
                yield [f"{kind}{n + 1}", kind, parent, self.community(n), title]
        for kind, many in self.around.items():
            for n in range(many):
                yield [f"{kind}{n + 1}", kind, "", self.community(n), ""]
        for n in range(self.units):
            yield [f"包抓单位{n + 1}", "包抓单位", "", "全县", "联络员"]
        for title, (many, home, kind) in self.seats.items():
            for n in range(many):
                yield [
                    home or f"{self.community(n)}居委会",
                    kind,
                    "",
                    "全县" if home else self.community(n),
                    f"{title}{n + 1}",
                ]

    def _people(self) -> Iterator[list[str]]:
        for kind, (many, _above, title) in self.held.items():
            for n in range(many if title else 0):
                yield [self._named(kind[-2], n), f"{kind}{n + 1}", title]
        for title, (many, home, _kind) in self.seats.items():
            for n in range(many):
                yield [self._named(title[0], n), home or f"{self.community(n)}居委会", f"{title}{n + 1}"]

    def _workers(self) -> Iterator[list[str]]:
        for team, many in self.team.items():
            for n in range(many):
                grade = GRADES[n % len(GRADES)] if self.graded and team == "专职" else ""
                yield [self._named(team[0], n), self.within(n), self.grid(n), team, grade]

    def _duties(self) -> Iterator[list[str]]:
        for n in range(self.units):
            yield [f"包抓单位{n + 1}", "", f"{self.within(n)}/{self.grid(n)}"]
        for title, over in self.answering.items():
            many, home, _kind = self.seats[title]
            rounds = range(max(many, self.grids if over == "grid" else self.communities))
            for n in rounds:
                place = f"{self.within(n)}/{self.grid(n)}" if over == "grid" else self.community(n)
                yield [home or f"{self.community(n % many)}居委会", f"{title}{n % many + 1}", place]

    def _named(self, sort: str, n: int) -> str:
        return f"测{sort}{STEMS[n // 100 % 10]}{STEMS[n // 10 % 10]}{STEMS[n % 10]}"


def numbers(pack: str) -> dict[str, int]:
    """The numbers of a document by their keys, as its pack lists them."""
    return {line.key: int(line.value) for line in load(shelf() / pack)[DocumentSection].numbers}


Y, M, B, S, W = map(numbers, ("yijia", "minhu", "binbin", "shangmei", "weishui"))

YIJIA = County(
    code="990811", name="驿家县", town="驿家街道", communities=Y["communities"], compounds=Y["compounds"],
    grids=Y["grids"], team={"专职": Y["workers"]}, graded=True,
    held={
        "社区党总支": (Y["communities"], "街道党工委", ""),
        "网格（小区）党支部": (Y["secretaries"], "社区党总支", "书记"),
        "网格（楼栋）党小组": (Y["group_heads"], "网格（小区）党支部", "组长"),
        "居民党员中心户": (Y["hub_heads"], "网格（楼栋）党小组", "中心户长"),
    },
    around={"服务站": Y["stations"], "新经济组织": Y["two_new"], "志愿服务队": Y["teams"]},
    seats={"社区工作者": (Y["paid"], "", "居委会")},
)  # fmt: skip
MINHU = County(
    code="990812", name="民呼县", town="城关街道", communities=M["communities"], grids=M["grids"],
    team={"专职": M["workers"], "驻格政法干警和法律工作者": M["legal_workers"]}, units=M["units"],
)  # fmt: skip
BINBIN = County(
    code="990813", name="彬礼县", town="城区街道", communities=B["centres"], grids=B["grids"], units=B["units"],
    team={"专职": B["grids"] * B["one"]}, around={"服务站": B["stations"], "物业企业": B["paired"]},
)  # fmt: skip
SHANGMEI = County(
    code="990814", name="上梅县", town="梅苑街道", communities=3, grids=3,
    team={"总网格长": 1, "网格长": 1, "小网格长": 1},
    held={
        "社区党总支": (1, "街道党工委", "书记"),
        "网格（小区）党支部": (1, "社区党总支", "书记"),
        "网格（楼栋）党小组": (1, "网格（小区）党支部", "组长"),
        "志愿服务队": (S["teams"], "网格（楼栋）党小组", ""),
    },
    around={"部门": S["departments"]},
)  # fmt: skip
WEISHUI = County(
    code="990815", name="微水测县", town="微水测镇", communities=W["communities"], compounds=W["compounds"],
    grids=W["grids"], team={"专职": W["workers"]},
    held={
        "社区党总支": (W["communities"], "街道党工委", "书记"),
        "网格（楼栋）党小组": (W["groups"], "社区党总支", "组长"),
    },
    around={"社会组织": W["resident"]},
    seats={
        "县领导": (W["leaders"], "县领导班子", "领导班子"),
        "班子成员": (W["members"], "镇党委", "党委"),
        "第一书记": (W["first_secretaries"], "", "居委会"),
    },
    answering={"县领导": "community", "班子成员": "grid"},
)  # fmt: skip
