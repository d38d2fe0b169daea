"""By-laws of what an installation sets: a slip of the pen is named, and never guessed at."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jingwei.settings_from import BadSetting, in_file, number, tls

NAMES = (
    "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_USE_SSL",
)  # fmt: skip


def read(tmp_path: Path, **environ: str) -> dict[str, Any]:
    """The settings as a process of its own reads them from the environment."""
    words = f"import json, jingwei.settings as s; print(json.dumps({{n: getattr(s, n) for n in {NAMES}}}))"
    given = {name: value for name, value in os.environ.items() if not name.startswith("JINGWEI_")}
    source = str(Path(__file__).parents[2] / "src")
    given |= {"PYTHONPATH": source, "JINGWEI_STATE": str(tmp_path), **environ}
    done = subprocess.run([sys.executable, "-c", words], env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_mail_is_sent_with_a_name_and_a_password_from_a_file_over_tls(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("p@ss wörd\nnot this\n")
    said = {"JINGWEI_MAIL_HOST": "mail.example", "JINGWEI_MAIL_USER": "jingwei", "JINGWEI_MAIL_TLS": "starttls"}
    assert read(tmp_path, **said, JINGWEI_MAIL_PASSWORD_FILE=str(password)) == {
        "EMAIL_HOST": "mail.example",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "jingwei",
        "EMAIL_HOST_PASSWORD": "p@ss wörd",
        "EMAIL_USE_TLS": True,
        "EMAIL_USE_SSL": False,
    }
    assert read(tmp_path, JINGWEI_MAIL_TLS="tls", JINGWEI_MAIL_PORT="4650")["EMAIL_PORT"] == 4650


@pytest.mark.parametrize("said", ["yes", "0", "-1", "1.5", "٣", " 3"])
def test_a_number_is_a_whole_one_above_nothing(said: str) -> None:
    with pytest.raises(BadSetting, match="whole number above 0"):
        number(said, 8)
    assert [number(said, 8) for said in (None, "", "12")] == [8, 8, 12]


def test_a_password_s_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="JINGWEI_MAIL_PASSWORD_FILE"):
        in_file("JINGWEI_MAIL_PASSWORD_FILE", str(tmp_path / "nothing"))
    assert in_file("JINGWEI_MAIL_PASSWORD_FILE", "") == ""


def test_mail_travels_in_one_of_three_ways() -> None:
    assert [tls(way) for way in ("none", "starttls", "tls")] == ["none", "starttls", "tls"]
    with pytest.raises(BadSetting, match="none, starttls or tls"):
        tls("ssl")
