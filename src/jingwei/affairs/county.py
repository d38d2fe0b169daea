"""Makes a county stand up from its pack: ground, organisations, and invented people who can sign in."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jingwei.accounts.passwords import kept_in
from jingwei.affairs.hotline import load_past
from jingwei.affairs.invented import SETTING_UP, accounts_of, fill_the_seats, password_file
from jingwei.affairs.living.bringing import bring_to_life
from jingwei.affairs.living.pack import LivingSection
from jingwei.duties.acts import lay_out as lay_out_duties
from jingwei.organisations.acts import found_from_pack
from jingwei.organisations.pack import DemoSection
from jingwei.organisations.queries import posts_of
from jingwei.places.acts import lay_ground
from jingwei.policy import Book, load
from jingwei.policy.acts import adopt
from jingwei.policy.county import CountySection
from jingwei.policy.folders import shelf
from jingwei.policy.models import County
from jingwei.policy.queries import book as book_of

Progress = Callable[..., object]
"""Called with what is being done, how much is done, and of how much."""


def set_up(
    pack: str | Path, progress: Progress, *, at: datetime | None = None, data_folder: Path | None = None
) -> Book:
    """Let the county of `pack` stand: adopted, its ground laid, its organisations founded, its seats filled.

    `pack` is a folder, or the name of one in packs/. All or nothing; done again, only what is new in the pack
    is added. Raises PackFaults where the pack is wrong, NoBuildings where its building file is missing.
    """
    at = at or timezone.now()
    data = data_folder or Path(settings.ROOT) / "data"
    with transaction.atomic():
        progress(_("reading the pack"))
        book = load(pack if isinstance(pack, Path) else shelf() / pack)
        adopt(book, book[CountySection].code, actor=SETTING_UP, at=at)
        lay_ground(book, actor=SETTING_UP, at=at, data_folder=data, progress=progress)
        progress(_("organisations and posts"))
        found_from_pack(book, actor=SETTING_UP, at=at)
        if book[DemoSection].family_names:
            progress(_("invented people"))
            fill_the_seats(book, at=at)
    if book[LivingSection].hotline:
        load_past(book, at=at, data_folder=data, progress=progress)
    bring_to_life(book, book[CountySection].code, at=at, progress=progress)
    return book


def lay_out(book: Book, *, at: datetime | None = None) -> int:
    """Lay the county's duties out, so that nobody waits for the worker's first round; how many turns came."""
    return lay_out_duties(book[CountySection].code, at=at or timezone.now())


def sign_ins() -> list[tuple[str, str, str]]:
    """Title, username and password of everyone the demonstration lets sign in, in the pack's order."""
    password, _fresh = kept_in(password_file())
    told = []
    for county in County.objects.order_by("code"):
        for account in accounts_of(county.code, book_of(county.code)[DemoSection]):
            if post := posts_of(account.person_id, timezone.localdate()).first():
                told.append((post.full_title, account.username, password))
    return told
