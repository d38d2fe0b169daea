"""The demonstration's password can be read out, is made once, and is nobody else's to read."""

import re
import stat
from pathlib import Path

from jingwei.accounts.passwords import WORDS, kept_in, readable


def test_a_password_is_three_words_and_four_digits() -> None:
    made = {readable() for _n in range(200)}
    assert len(made) == 200
    assert [one for one in made if not re.fullmatch(r"([a-z]+-){3}[0-9]{4}", one)] == []


def test_there_are_enough_different_words() -> None:
    assert len(set(WORDS)) == len(WORDS) >= 100


def test_it_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "demo-password"
    first, fresh = kept_in(file)
    assert (fresh, kept_in(file)) == (True, (first, False))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
