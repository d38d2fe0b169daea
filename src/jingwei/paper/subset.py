"""Makes the two fonts of the house from Noto Sans CJK as Debian packages it: `python -m jingwei.paper.subset FILE …`.

Regular holds every Chinese character of the basic block (all of GBK among them) and those of the national table of
2013 (通用规范汉字表) that lie outside it, so that it writes the names people have; bold, for headings, holds GB 2312.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

from jingwei.paper.letters import COVERED, FONTS

RARE = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪"
    "䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌"
    "𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜"
    "𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩"
    "𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)
"""The 273 characters of the national table of 2013 that lie outside the basic block."""
SIGNS = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x391, 0x3C9), (0x401, 0x451), (0x2000, 0x206F), (0x20AC, 0x20AC), (0x2100, 0x22FF),
    (0x2460, 0x27BF), (0x3000, 0x30FF), (0x3200, 0x33FF), (0xFE30, 0xFE6F), (0xFF00, 0xFFEF),
)  # fmt: skip
"""Letters, figures and signs of both fonts."""
BASIC = (0x4E00, 0x9FFF)
FACE = "Noto Sans CJK SC"


def _signs() -> Iterator[int]:
    for first, last in SIGNS:
        yield from range(first, last + 1)


def _gb2312() -> Iterator[int]:
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                yield ord(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                continue


WANTED: dict[str, set[int]] = {
    "Regular": {*_signs(), *range(BASIC[0], BASIC[1] + 1), *map(ord, RARE)},
    "Bold": {*_signs(), *_gb2312()},
}
"""What each font is asked to hold."""


def made(source: Path, weight: str) -> TTFont:
    """The face of mainland China out of a collection, with the wanted characters and nothing else."""
    faces = TTCollection(str(source), lazy=True).fonts
    font = next(one for one in faces if str(one["name"].getDebugName(1)).startswith(FACE))
    options = subset.Options(layout_features=["kern"], hinting=False, notdef_outline=True, name_IDs=["*"])
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx"]  # for vertical lines, which we do not set
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=WANTED[weight])
    subsetter.subset(font)
    return font


def runs(characters: Iterable[int]) -> Iterator[str]:
    """Characters as runs of neighbours, `4e00-9fef`, in their order."""
    first = last = -1
    for one in [*sorted(characters), sys.maxunicode + 2]:
        if one != last + 1 and first >= 0:
            yield f"{first:x}-{last:x}"
        if one != last + 1:
            first = one
        last = one


def main(sources: list[str]) -> None:
    """Write the fonts, and what they hold."""
    for source, weight in zip(sources, WANTED, strict=True):
        font = made(Path(source), weight)
        font.save(FONTS / f"NotoSansCJKsc-{weight}.otf")
        if weight == "Regular":
            COVERED.write_text("\n".join(runs(font.getBestCmap())) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
