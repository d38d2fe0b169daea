"""Every page there is, as Chromium shows it on the smallest telephone: nothing sticks out sideways, in either size of
letters; axe finds nothing to mend; and neither a script nor the policy on content complains.

The pages are those of the address registry, each opened by somebody whom it is for; a new one is among them by itself.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from drawn import Some
from hostile.addresses import ADDRESSES, everyone, real
from hostile.lots import another_lot
from hostile.world import Someone, World, build
from jingwei.doors.desk.offices.lists import LISTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
SHOTS = os.environ.get("JINGWEI_SHOTS", "")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """async rules => {
  const root = document.documentElement, found = [];
  document.querySelectorAll('details:not(.me)').forEach(one => { one.open = true; });
  for (const size of ['standard', 'elder']) {
    root.dataset.size = size;
    if (root.scrollWidth > innerWidth) {
      const out = [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth);
      found.push(`${size}: ${root.scrollWidth} px: ` + out.slice(0, 3).map(e => e.outerHTML.slice(0, 160)).join(' | '));
    }
    const heard = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
    found.push(...heard.violations.map(v => `${size}: ${v.id}: ` + v.nodes.map(n => n.html).slice(0, 3).join(' | ')));
  }
  const titles = [...document.querySelectorAll('h1')].filter(e => e.getClientRects().length).length;
  if (titles !== 1) found.push(`${titles} titles`);
  return found;
}"""

FURTHER = {
    "desk/organisations/lists/<slug:name>/": [f"/desk/organisations/lists/{name}/" for name in LISTS],
    "desk/organisations/<slug:sort>/<int:pk>/": [
        "/desk/organisations/organisation/{centre}/", "/desk/organisations/post/{desk}/",
        "/desk/organisations/place/{place}/",
    ],
    "desk/case/<str:number>/print/<slug:name>/": [f"/desk/case/{{open}}/print/{n}/" for n in ("assignment", "reply")],
}  # fmt: skip
"""Addresses that stand for several pages which look different."""


def pages_of(world: World) -> Iterator[tuple[Someone, str]]:
    """Every page, with somebody whom it is for: of all that somebody may see, the registry's own choice first."""
    people = [world.person("our dispatcher"), world.person("our housing"), *reversed(world.people)]
    for route, address in ADDRESSES.items():
        if not address.gets or (address.law is everyone and route.startswith("-")):
            continue
        who = world.person("nobody") if address.law is everyone else None
        who = who or next((one for one in people if address.law(one.hand, world)), None)
        for sample in FURTHER.get(route, [address.sample]):
            if who is not None and _is_page(who, path := real(address, world, sample)):
                yield who, path


def _is_page(who: Someone, path: str) -> bool:
    answer = who.client.get(path)
    for close in answer._resource_closers if answer.streaming else ():
        close()
    return answer.status_code == 200 and not answer.streaming and b"<html" in answer.content


@pytest.fixture
def narrow(chromium: "Browser", site: str) -> "Iterator[BrowserContext]":
    """A browser as narrow as the smallest telephone, axe at hand on every page."""
    context = chromium.new_context(
        base_url=site, viewport={"width": 320, "height": 640}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.add_init_script(path=AXE)
    yield context
    context.close()


def sit(context: "BrowserContext", who: Someone, site: str) -> None:
    """Let the browser carry what somebody's own browser carries."""
    context.clear_cookies()
    carried = [{"name": name, "value": said.value, "url": site} for name, said in who.client.cookies.items()]
    context.add_cookies(carried)  # type: ignore[arg-type]


def keep_picture(page: "Page", path: str) -> None:
    """Pictures to be looked at, where `JINGWEI_SHOTS` names a folder for them."""
    if SHOTS:
        page.evaluate("document.documentElement.dataset.size = 'standard'")
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 844})
            page.screenshot(path=f"{SHOTS}/{re.sub('[^a-z0-9]+', '-', path)[:60]}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 320, "height": 640})


@pytest.mark.browser
def test_every_page_fits_the_smallest_telephone_and_is_read_by_everybody(
    narrow: "BrowserContext", site: str, qingshi: Any, settings: Any, tmp_path: Path, some: Some
) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    world = build(qingshi)
    another_lot(world, 1)
    page, complaints, wrong = narrow.new_page(), list[str](), dict[str, list[str]]()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda said: complaints.append(str(said)))
    every = list(pages_of(world))
    assert len(every) > 80
    seen = sorted(some(every, 50), key=lambda one: one[0].name)
    sitting = None
    for who, path in seen:
        if who is not sitting:
            sit(narrow, who, site)
            sitting = who
        page.goto(path)
        if found := [*page.evaluate(LOOK, RULES), *complaints]:
            wrong[path] = found
        complaints.clear()
        keep_picture(page, path)
    assert wrong == {}, "\n".join(f"{path} {one}" for path, found in wrong.items() for one in found)
