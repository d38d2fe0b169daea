"""Chinese as residents write it, from a grammar of templates, with words of known frequency."""

import random

from jingwei.search.terms import tsvector_of

WHERE = [f"{compound}{n}号楼" for compound in
         ("幸福小区", "阳光花园", "桂花苑", "和平里", "水岸新城", "金色家园", "老街口", "学府小区", "建设路", "人民路")
         for n in range(1, 31)]  # fmt: skip
WHAT = [
    ("路灯不亮", "lamps"), ("路面破损", "road"), ("污水外溢", "sewage"), ("垃圾未清运", "rubbish"),
    ("水管漏水", "water"),
    ("噪音扰民", "noise"), ("油烟异味", "smoke"), ("占道经营", "stalls"), ("井盖缺失", "covers"), ("树枝遮挡", "trees"),
    ("楼道堆物", "corridors"), ("电梯停运", "lifts"), ("违章搭建", "building"), ("停车混乱", "parking"),
    ("消防通道被占", "fire_lanes"), ("健身器材损坏", "fitness"),
]  # fmt: skip
SINCE = ("已经三天", "已有一周", "昨天晚上", "今天早上", "长期以来", "下雨之后", "半个月来", "连续多日")
WHO = ("居民反映", "业主来电", "网格员巡查发现", "社区转来", "老人反映", "物业未处理")
CARE = (
    "老人上下楼很不方便",
    "孩子上学路过很危险",
    "影响居民休息",
    "多次联系物业没有结果",
    "周围居民意见很大",
    "夜间出行不安全",
)
WISH = ("请尽快派人处理", "希望尽快解决", "望相关部门核实", "请给予答复", "希望得到回复", "请尽快处理")
LOOSE = ("小区", "居民", "物业", "道路", "门口", "楼道", "晚上", "垃圾", "漏水", "处理")
"""Ten words that stand in any order, so that each pair of them is common and a row of four is rare."""

RARE = "穿山甲"
"""In one text of 20,000."""
COMMON = "居民"
PHRASE = "请尽快派人处理"
"""A phrase as common as its words."""
LOOSE_PHRASE = "门口垃圾漏水"
"""A phrase of common words that is itself in less than one text of a hundred."""
RARE_PHRASE = "物业门口楼道漏水"
"""A phrase of common words that is itself in about one text of a thousand."""


def case_words(chance: random.Random) -> tuple[str, str, str]:
    """Title, where, and category of a case."""
    what, category = chance.choices(WHAT, [1 / (n + 1) for n in range(len(WHAT))])[0]
    where = chance.choice(WHERE)
    return f"{where}{what}", where, category


class Grammar:
    """The terms of the n-th case's words; whole texts, cut as the product cuts them."""

    def terms(self, n: int, size: int) -> str:
        """The tsvector of case `n` of `size`."""
        chance = random.Random(n)
        what, _category = chance.choices(WHAT, [1 / (k + 1) for k in range(len(WHAT))])[0]
        where = chance.choice(WHERE)
        said = [f"{chance.choice(WHO)}，{where}{what}{chance.choice(SINCE)}，{chance.choice(CARE)}"]
        if chance.random() < 0.7:
            said.append("".join(chance.choices(LOOSE, k=6)))
        if n % 20_000 == 7:
            said.append(f"绿化带里有{RARE}")
        said.append(chance.choice(WISH))
        return tsvector_of(f"WS2025{n:06d} {where}{what} {'，'.join(said)}。 {where}")
