"""Nothing in the product asks staff to check in, to hand in a track, or to prove their work with a photograph.

Walked are the words of every room and every pack, every template, every form, every step of every kind, every record
that meets a duty, and the pages as they are drawn. A slip of each sort is planted, and found.
"""

import importlib
import pkgutil
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polib
import pytest
from django import forms
from pytest_django import Settings

import jingwei
from hostile.addresses import ADDRESSES, real
from hostile.reading import Field, Form, read
from hostile.watching import in_document, in_form_class, in_kind, in_pack, in_page, in_template, in_words
from hostile.world import build

ROOT = Path(__file__).parents[2]
PACKS = sorted(folder for place in ("packs", "tests/packs") for folder in (ROOT / place).iterdir() if folder.is_dir())

COUNTIES = [folder for folder in PACKS if "county" in tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))]
"""Those that a county works by; others are built upon."""

OF_A_MATTER = {
    "hotline.hotline.columns[12].heading: 办理轨迹": "what became of an order, in the hotline's own sheet",
    "casework.casework.spans.attendance: asks attendance": "by when a department that was whistled for comes",
    "casework.casework.spans.attendance.attendance: asks attendance": "the same",
    "places: WGS-84 (GPS, BeiDou)": "a system of coordinates of maps",
}
"""What reads like it and is said of a matter, not of whoever works on it; each with what it is."""

KEYS_OF_A_MATTER = {"attendance"}
"""Keys of a pack that the pages of its editions show as they stand in its files; of a whistle, as above."""

RECORDS = {
    "shown": "leaves no record",
    "meeting": "minutes that are kept anyway, of how many came and not who",
    "report": "a few words signed off under figures that the records make by themselves",
    "joint_meeting": "the minutes of a joint meeting name the organisations that came",
    "activity": "what was held with residents, and for how many",
    "training": "which posts a course was given to, written down once by whoever held it",
    "part": "what a member, who is no staff, says by herself that she took part in; nobody asks, checks or ranks it",
    "visit": "what was asked at a place, and what was promised",
}
"""The records that meet duties, and why none of them is a check-in. A new one is written here with its reason."""


ENTRANCES = (".__main__", ".wsgi")
"""Trap: who imports the web server's entrance turns this process into one, with a pool of connections that stays at
one database; every later test of the process would write into that."""


def modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(jingwei.__path__, "jingwei."):
        if ".migrations" not in found.name and not found.name.endswith(ENTRANCES):
            yield importlib.import_module(found.name)


def form_classes() -> set[type[forms.BaseForm]]:
    """Every form that a room of the product declares."""
    found = set[type[forms.BaseForm]]()
    for module in modules():
        found |= {
            one
            for one in vars(module).values()
            if isinstance(one, type) and issubclass(one, forms.BaseForm) and one.__module__.startswith("jingwei.")
        }
    return found


def test_no_word_of_any_room_or_pack_asks_to_be_watched() -> None:
    said = [
        f"{file.stem}: {found}"
        for file in sorted((ROOT / "src/jingwei/locale/fragments").glob("*.po"))
        for entry in polib.pofile(str(file))
        for words in (entry.msgid, entry.msgstr)
        for found in in_words(words)
    ]
    packs = {found for folder in PACKS for found in in_pack(folder)}
    assert {*said, *packs} == set(OF_A_MATTER)
    assert {folder.name for folder in PACKS} >= {"base", "weishui", "qingshi"}


def test_no_template_form_or_step_asks_for_a_check_in_a_track_or_a_picture_as_proof() -> None:
    from jingwei.casework.kinds import KINDS

    templates = sorted((ROOT / "src/jingwei").rglob("templates/**/*.html"))
    classes = form_classes()
    found = [f"{file.name}: {slip}" for file in templates for slip in in_template(file.read_text(encoding="utf-8"))]
    found += [f"{form.__name__}: {slip}" for form in classes for slip in in_form_class(form)]
    found += [f"{kind.name}: {slip}" for kind in KINDS.values() for slip in in_kind(kind)]
    assert found == []
    assert (len(templates) > 80, len(classes) > 20, len(KINDS) > 8) == (True, True, True)


def test_every_duty_of_every_pack_is_met_by_a_record_that_is_no_check_in() -> None:
    from jingwei.duties.declared import DUTIES
    from jingwei.duties.pack import DutiesSection
    from jingwei.policy import load

    books = [load(folder) for folder in COUNTIES]
    owed = {line.of for book in books for line in book[DutiesSection].duties}
    assert {DUTIES[name].met_by.name for name in DUTIES} == set(RECORDS)
    assert owed <= set(DUTIES)
    said = (ROOT / "packs/base/duties.toml").read_text(encoding="utf-8")
    assert [name for name in DUTIES if name not in said] == []  # whoever writes a pack reads there what there is


@pytest.mark.django_db
@pytest.mark.long
@pytest.mark.parametrize("pack", [folder.name for folder in COUNTIES])
def test_no_page_as_it_is_drawn_asks_for_it(qingshi: Any, settings: Settings, tmp_path: Path, pack: str) -> None:
    """Every address under every pack; the crawl of `test_crawl` looks at the pages of one county every day."""
    settings.FILES_ROOT = tmp_path / "files"
    world = build(qingshi)
    if pack != "qingshi":
        work_by(next(folder for folder in PACKS if folder.name == pack), tmp_path)
    found, forms_read = list[str](), 0
    for name in ("our dispatcher", "grid_worker", "our clerk"):
        for address in ADDRESSES.values():
            if not address.gets or ".xlsx" in address.sample:
                continue
            answer = world.person(name).client.get(real(address, world))
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                page = read(answer)
                forms_read += len(page.forms)
                found += [
                    f"{address.sample}: {slip}"
                    for slip in in_page(page.forms, page.text)
                    if slip not in KEYS_OF_A_MATTER
                ]
    assert found == []
    assert forms_read > 60


def work_by(folder: Path, into: Path) -> None:
    """Let the county work by another county's pack, copied `into` a folder where it speaks for this one."""
    from django.utils import timezone

    from jingwei.policy import load
    from jingwei.policy.acts import adopt
    from jingwei.trail.actor import Actor
    from people_fixtures.qingshi import CODE

    pack = Path(shutil.copytree(folder, into / folder.name))
    its_own = tomllib.loads((pack / "pack.toml").read_text(encoding="utf-8"))["county"]["code"]
    for file in pack.glob("*.toml"):  # places bear codes that begin with their county's
        file.write_text(file.read_text(encoding="utf-8").replace(its_own, CODE), encoding="utf-8")
    adopt(load(pack), CODE, actor=Actor.machine("import"), at=timezone.now())


PLANTED_IN_WORDS = [
    "请先扫码打卡。",
    "上传今日巡查轨迹",
    "Check in at the station",
    "网格员积分排名",
    "Upload a selfie",
]
PLANTED_IN_TEMPLATES = [
    '<c-photos name="photographs" required legend="现场照片" />',
    '<input type="file" name="picture" accept="image/*" required>',
    '<input type="hidden" name="track">',
    '{% if x %}<c-field name="lat" label="纬度" required />{% endif %}',
    '<c-tick name="checked_in">到岗</c-tick>'.replace("checked_in", "check_in"),
]


@pytest.mark.parametrize("words", PLANTED_IN_WORDS)
def test_a_slip_planted_in_words_is_found(words: str) -> None:
    assert (list(in_words(words)), list(in_document({"steps": [{"name": words}]}))) != ([], [])
    assert list(in_words(f"{words.rstrip('。')}：一律不得")) == []


@pytest.mark.parametrize("template", PLANTED_IN_TEMPLATES)
def test_a_slip_planted_in_a_template_is_found(template: str) -> None:
    assert len(in_template(f"<form>{template}</form>")) == 1
    assert (
        in_template('<c-photos name="photographs" legend="照片" /><input type="file" accept=".csv,sheet" required>')
        == []
    )


def test_a_slip_planted_in_a_form_a_step_a_page_and_a_pack_is_found() -> None:
    from jingwei.casework.needs import Photo, Words
    from jingwei.casework.picture_field import PhotographsField

    class Round(forms.Form):
        photographs = PhotographsField(label="现场照片", required=True)
        words = forms.CharField(label="打卡地点")

    assert sorted(in_form_class(Round)) == ["demands a picture: photographs", "打卡地点"]

    for need in (
        Photo("photographs", "照片", reason="证明到场", required=True),
        Words("gps", "位置"),
        Photo("p", "照片"),
    ):
        step = SimpleNamespace(name="go_round", title="巡查", needs=(need,))
        assert len(list(in_kind(SimpleNamespace(steps={"go_round": step})))) == 1, need

    drawn = Form("", "post", [Field("lon", "hidden", required=True), Field("photo", "file", required=True)])
    assert len(list(in_page([drawn], ["今日打卡人数"]))) == 3

    duty = {"duties": [{"key": "arrival", "name": "每日到岗打卡", "check_in_by": "08:30"}]}
    assert len(list(in_document(duty))) == 2
