"""By-laws of the counties that are shipped: each says every number of its document, and holds it once it is loaded."""

import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from drawn import Some
from jingwei.affairs.county import set_up, sign_ins
from jingwei.affairs.documents.comparing import Standing, compared
from jingwei.affairs.documents.pack import DocumentSection
from jingwei.affairs.documents.reference import chapter, with_document
from jingwei.affairs.living.pack import LivingSection
from jingwei.casework.models import Case
from jingwei.organisations.models import Post, Responsibility, Served
from jingwei.organisations.pack import DemoSection
from jingwei.places.models import Place
from jingwei.places.pack import PlacesSection
from jingwei.policy import load
from jingwei.policy.county import CountySection
from jingwei.policy.folders import shelf

MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
REFERENCE = Path(__file__).parents[2] / "docs/reference/packs.md"
FIVE = ["yijia", "minhu", "binbin", "shangmei", "weishui"]


def quietly(*said: object) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder with the buildings only: the orders of a hotline have tests of their own, and take long."""
    (tmp_path / "data").mkdir()
    for file in (Path(settings.ROOT) / "data").glob("*.geojson.gz"):
        shutil.copy(file, tmp_path / "data")
    return tmp_path / "data"


def test_each_document_has_its_pack_and_no_two_counties_share_a_code_or_a_number() -> None:
    books = [load(shelf() / pack) for pack in FIVE]
    assert with_document() == FIVE
    assert [len(book[DocumentSection].numbers) for book in books] == [45, 17, 32, 31, 20]
    assert len({book[CountySection].code for book in books}) == 5
    assert len({book[CountySection].number_prefix for book in books}) == 5


@pytest.mark.django_db
def test_a_loaded_county_holds_what_its_document_says(some: Some, data: Path) -> None:
    page = REFERENCE.read_text(encoding="utf-8")
    taken: set[str] = set()
    for pack in some(FIVE, 2):
        book = set_up(pack, quietly, at=MORNING, data_folder=data)
        code, living = book[CountySection].code, book[LivingSection]
        told = compared(book, at=MORNING)
        assert [one for one in told if one.standing == Standing.OTHER] == []
        assert chapter(pack, MORNING) in page
        opened = Case.objects.filter(county=code, parent=None)
        assert opened.count() == len(living.cases) + len(living.matters)
        grids = Place.objects.filter(county=code, layer="grid")
        usual = book[PlacesSection].grid_sizes.general
        assert sum(usual.holds(grid.households or 0) for grid in grids) >= 0.85 * grids.count()
        assert Post.objects.filter(organisation__county=code, appointments=None).count() == 0
        compounds = Place.objects.filter(county=code, layer="compound")
        assert compounds.values("name").distinct().count() == compounds.count()
        ours = [line.username for line in book[DemoSection].sign_ins]
        theirs = [said for _title, said, _password in sign_ins() if said.endswith(f".{code}")]
        assert theirs == [f"{name}.{code}" for name in ours if name in taken]
        taken |= set(ours)


SIXTH = {
    "pack.toml": """
        [pack]
        name = "云溪"
        extends = "departments"
        [county]
        code = "990777"
        name = "云溪县"
        number_prefix = "YX"
    """,
    "places.toml": """
        [places]
        towns = [{code = "990777001", name = "云溪镇"}]
        communities = [{code = "990777001001", name = "东村"}, {code = "990777001002", name = "西村"}]
        [places.layers]
        community = {name = "村"}
        [places.counts]
        communities = 2
        compounds = 4
        grids = 6
        source = "虚构"
        [places.streets]
        buildings = 60
        fewest_floors = 2
        most_floors = 3
        lon = 104.0
        lat = 38.0
        seed = 7
        note = {name = "虚构"}
        [places.households]
        square_metres = 100
        dwelling_share = 1.0
        note = {name = "推算"}
        [places.carve]
        seed = 7
        note = {name = "虚构"}
    """,
    "organisations.toml": """
        [[organisations]]
        key = "leadership"
        name = "县领导"
        kind = "leadership"
        ground = "county"
        posts = [{key = "leader", title = "县领导", roles = ["leader", "committee_member"]}]
        [[organisations]]
        key = "branch"
        name = "{place}第{n}支部"
        kind = "committee"
        each = "community"
        many = 5
        serves = "grid"
        posts = [{key = "secretary", title = "书记"}]
        [[organisations]]
        key = "unit"
        name = "单位{n}"
        kind = "unit"
        ground = "county"
        many = 7
        posts = [{key = "liaison", title = "联络员"}]
        [[organisations]]
        key = "community"
        name = "{place}村民委员会"
        kind = "community"
        each = "community"
        posts = [
            {key = "clerk", title = "文书", roles = ["clerk", "department"], front_desk = true},
        ]
        [[organisations]]
        key = "grid_office"
        name = "网格办"
        kind = "committee"
        ground = "county"
        [[organisations.posts]]
        key = "grid_worker"
        title = "网格员"
        roles = ["grid_worker"]
        team = "full_time"
        each = "grid"
        spread = 8
        [[responsibilities]]
        key = "units"
        name = "单位包抓"
        post = "unit.liaison"
        over = "grid"
        sort = "unit"
    """,
    "demo.toml": """
        [demo]
        family_names = ["甲", "乙"]
        given_names = ["示例", "样本"]
        sign_ins = [{username = "yunxi", name = "甲演示", post = "town_centre.dispatcher"}]
    """,
    "living.toml": """
        [living]
        cases = [{words = "路灯不亮", category = "street_light", compound = 2, hours_ago = 5, steps = 2}]
        [[living.matters]]
        kind = "whistle"
        words = "桥面开裂，几家都说不归自己管。"
        opened_by = "town_centre.head"
        category = "unsolved"
        hours_ago = 9
        steps = [
            {take = "blow", words = "请到桥头碰面。", handler = "transport", assisting = ["emergency"]},
            {take = "sign", child = 2},
        ]
    """,
    "document.toml": """
        [document]
        name = "第六个县的文件"
        english = "A sixth document"
        [[document.numbers]]
        key = "grids"
        name = "网格"
        english = "Grids"
        value = 6
        unit = "个"
        paragraph = 1
        equals = {measure = "figure", of = "places.grids"}
        [[document.numbers]]
        key = "workers"
        name = "网格员"
        english = "Workers"
        value = 8
        unit = "名"
        paragraph = 1
        equals = {measure = "team", of = "full_time"}
        [[document.numbers]]
        key = "units"
        name = "单位"
        english = "Units"
        value = 7
        unit = "个"
        paragraph = 2
        equals = {measure = "posts_answering", of = "unit.liaison"}
        [[document.numbers]]
        key = "more"
        name = "支部"
        english = "Branches"
        value = 7
        unit = "个"
        paragraph = 2
        equals = {measure = "organisations", of = "committee"}
        [[document.numbers]]
        key = "hidden"
        name = "纠纷"
        english = "Disputes"
        value = 9
        unit = "件"
        paragraph = 3
        masked = true
        row = "C5"
    """,
}  # fmt: skip


@pytest.mark.django_db
def test_a_sixth_county_that_nobody_has_seen_stands_up_from_its_pack_alone(tmp_path: Path) -> None:
    folder = tmp_path / "yunxi"
    folder.mkdir()
    for name, said in SIXTH.items():
        (folder / name).write_text(said, encoding="utf-8")
    book = set_up(folder, quietly, at=MORNING, data_folder=tmp_path)

    assert [(one.line.key, one.here, one.standing.value) for one in compared(book, at=MORNING)] == [
        ("grids", 6, "equal"),
        ("workers", 8, "equal"),
        ("units", 7, "equal"),
        ("more", 6, "other"),  # the document says seven committees, the pack founds six: that is seen
        ("hidden", None, "masked, not held yet"),
    ]
    served = Served.objects.filter(organisation__county="990777").values_list("organisation__name", "place__name")
    assert len(served) == len({place for _name, place in served}) == 6
    assert len({name for name, _place in served}) == 5
    answers = Responsibility.objects.filter(post__organisation__county="990777", sort="unit")
    assert answers.values("place").distinct().count() == 6
    kinds = Case.objects.filter(county="990777").order_by("kind", "id").values_list("kind", "stage")
    assert list(kinds) == [
        ("attendance", "called"),
        ("attendance", "signed"),
        ("incident", "handling"),
        ("whistle", "blown"),
    ]
