"""Over an encrypted address cookies travel encrypted only, and browsers are told to stay with it if a setting asks."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
NAMES = (
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
)
TELL = "import json; from jingwei import settings as s; print(json.dumps({{n: getattr(s, n) for n in {names!r}}}))"
ADDRESS = "https://desk.county.example"


def settings_with(**environ: str) -> dict[str, Any]:
    """What the settings say of cookies and HSTS in a process with these variables."""
    told = subprocess.run(
        [sys.executable, "-c", TELL.format(names=NAMES)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def test_cookies_follow_the_address_and_hsts_its_setting(tmp_path: Path) -> None:
    state = {"JINGWEI_STATE": str(tmp_path)}
    secure = dict(zip(NAMES, (True, True, 0, True, "Lax"), strict=True))
    plain = secure | {"SESSION_COOKIE_SECURE": False, "CSRF_COOKIE_SECURE": False}
    assert settings_with(**state, JINGWEI_URL=ADDRESS) == secure
    assert settings_with(**state, JINGWEI_URL=ADDRESS, JINGWEI_HSTS="86400") == secure | {"SECURE_HSTS_SECONDS": 86400}
    assert settings_with(**state, JINGWEI_URL="http://x", JINGWEI_HSTS="86400") == plain
