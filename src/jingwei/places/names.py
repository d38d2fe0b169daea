"""Names for ground that has none yet: systematic for grids and buildings, invented for compounds.

The compounds' names are made up for the demonstration. They name no real compound of any county.
"""

from jingwei.policy.sections import Label

FIRST = (
    ("桂花", "Guihua"), ("银杏", "Yinxing"), ("海棠", "Haitang"), ("玉兰", "Yulan"), ("翠竹", "Cuizhu"),
    ("梧桐", "Wutong"), ("石榴", "Shiliu"), ("丁香", "Dingxiang"), ("紫藤", "Ziteng"), ("芙蓉", "Furong"),
    ("清泉", "Qingquan"), ("晨曦", "Chenxi"), ("金穗", "Jinsui"), ("春晖", "Chunhui"), ("瑞雪", "Ruixue"),
    ("明月", "Mingyue"), ("青松", "Qingsong"), ("红枫", "Hongfeng"), ("听雨", "Tingyu"), ("望山", "Wangshan"),
    ("百合", "Baihe"), ("腊梅", "Lamei"), ("秋实", "Qiushi"), ("云溪", "Yunxi"), ("杏林", "Xinglin"),
)  # fmt: skip
LAST = (
    ("苑", "Court"), ("园", "Gardens"), ("里", "Lane"), ("家园", "Homes"), ("小区", "Compound"),
    ("花园", "Park"), ("新村", "New Village"), ("公寓", "Apartments"), ("家属院", "Staff Homes"),
)  # fmt: skip


def compound_name(n: int) -> Label:
    """The `n`-th invented name of a compound, counted from 0; no two are the same."""
    row, first = divmod(n, len(FIRST))
    phase, last = divmod(row, len(LAST))
    name, english = (f"{FIRST[first][0]}{LAST[last][0]}", f"{FIRST[first][1]} {LAST[last][1]}")
    return (
        Label(name=f"{name}{phase + 1}期", english=f"{english}, Phase {phase + 1}")
        if phase
        else Label(name=name, english=english)
    )


def grid_name(community: Label, number: int) -> Label:
    """The name of a community's grid, by its number: 东风社区第3网格."""
    return Label(name=f"{community.name}第{number}网格", english=f"{_english(community)} Grid {number}")


def building_name(compound: Label, number: int) -> Label:
    """The name of a compound's building, by its number: 桂花苑7号楼."""
    return Label(name=f"{compound.name}{number}号楼", english=f"{_english(compound)}, Building {number}")


def _english(label: Label) -> str:
    return label.english or label.name
