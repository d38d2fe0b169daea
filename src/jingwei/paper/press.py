"""Sets what goes on paper: a template and its data become a PDF, in a process of its own with little to spend.

The data are read by the template as values, never as markup, so that nothing anybody wrote can be carried out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jingwei.paper.letters import all_printed

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
SECONDS = 40
"""On the clock for one document; a rule book takes one on a calm machine. Its own bound counts work alone."""
LARGEST = 2_000_000
"""Characters of data for one document; a rule book has about a tenth."""
AT_ONCE = BoundedSemaphore(2)
"""So many documents are set at the same time by one process of the server; others wait."""
PATIENCE = 10
"""Seconds that one waits for its turn."""


class NotPrinted(Exception):
    """A document is set within its bounds, or not at all."""

    sentence: ClassVar[str | Promise] = _("The PDF could not be made. Print the page from the browser instead.")


class PressBusy(NotPrinted):
    """Only so many documents are set at the same time."""

    sentence = _("Many are printing at this moment. Try again in a minute.")


def pressed(template: str, said: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF of `template` filled with `said`, dated `at`. Raises NotPrinted.

    `said["title"]` is the document's title; texts are cleaned of what is unseen or cannot be drawn.
    """
    if len(json.dumps(said, ensure_ascii=False)) > LARGEST:
        raise NotPrinted
    data = json.dumps(all_printed({"language": get_language() or "zh-hans", **said}), ensure_ascii=False).encode()
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise PressBusy
    try:
        return _set(template, data, at)
    finally:
        AT_ONCE.release()


def _set(template: str, data: bytes, at: datetime) -> bytes:
    command = [
        sys.executable,
        "-I",
        str(HERE / "setting.py"),
        str(TEMPLATES / f"{template}.typ"),
        str(int(at.timestamp())),
    ]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False, env={})
    except subprocess.TimeoutExpired as late:
        raise NotPrinted from late
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise NotPrinted(done.stderr.decode("utf-8", "replace")[-2000:])
    return done.stdout
