"""A first password that can be read out and typed without a slip."""

import os
import secrets
from pathlib import Path

WORDS = """
amber apple april autumn bamboo basket bell birch bridge brook cedar cherry cloud clover copper
coral cotton crane daisy dawn deer dune eagle elm ember fern field finch flute forest frost garden
ginger grain harbor hazel heron hill honey island ivory jade kettle kite lake lamp lantern leaf
lemon lily linen lotus maple marble meadow melon mint moon moss oak ocean olive orchid otter paper
peach pearl pepper pine plum pond poplar prairie quartz quill rain reed river robin rose saddle sail
salt sand shell silk silver sky snow sparrow spring stone summer swan tea thunder tiger timber tulip
valley velvet violet walnut water willow wind winter
""".split()  # noqa: SIM905


def readable() -> str:
    """A fresh password of three words and four digits, about 33 bits: with sign-ins limited, not to be guessed."""
    return "-".join([*(secrets.choice(WORDS) for _n in range(3)), f"{secrets.randbelow(10_000):04}"])


def kept_in(file: Path) -> tuple[str, bool]:
    """The password in `file`, made on first use and readable by its owner alone; and whether it is fresh."""
    try:
        return file.read_text().strip(), False
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = readable()
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(f"{made}\n")
        return made, True
