"""By-laws of maps at the desk: handed in like a roster, guessed in words, mended, drawn, tried, adopted, taken back."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapefile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from shapely import transform
from shapely.geometry import Point, Polygon, shape

from jingwei.imports import handing, keeping, trying
from jingwei.imports.models import Handed
from jingwei.places.coordinates import wgs84_to_gcj02
from jingwei.places.models import Change, Chapter, Place
from jingwei.places.queries import standing
from jingwei.places.shapes import as_geojson
from jingwei.planners.carve import carve, read_buildings
from jingwei.trail.models import Line

pytestmark = pytest.mark.django_db
FOOTPRINTS = Path(__file__).parents[2] / "data" / "suzhou_buildings_3076.geojson.gz"
COUNTY, VILLAGE = "990302", "990302200203"


def collection(*features: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", **more, "features": features}).encode()


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def bent(geometry: Any) -> Any:
    return as_geojson(transform(shape(geometry), lambda points: np.array([wgs84_to_gcj02(x, y) for x, y in points])))


class Desk:
    """The administrator's hands at the page of rosters."""

    def __init__(self, qingshi: Any, client: Client) -> None:
        self.client, self.actor = client, qingshi.actor("administrator")
        qingshi.sign_in(client, "administrator")

    def hand_in(self, data: bytes, name: str) -> Handed:
        file = io.BytesIO(data)
        file.name = name
        answer = self.client.post(reverse("desk:rosters"), {"file": file})
        assert answer.status_code == 302, answer.content.decode()
        return Handed.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])

    def do(self, handed: Handed, deed: str, **said: str) -> Handed:
        answer = self.client.post(reverse("desk:do_roster", args=[handed.pk, deed]), said)
        assert answer.status_code == 302, answer.content.decode()
        self.work()
        return Handed.objects.get(pk=handed.pk)

    def work(self) -> None:
        """What the worker does with the long ones."""
        from django.utils import timezone

        for handed in Handed.objects.filter(state__in=("trying", "adopting")):
            trying.work(handed, actor=self.actor, at=timezone.now())

    def bring_in(self, data: bytes, name: str) -> Handed:
        return self.do(self.do(self.hand_in(data, name), "try"), "adopt")

    def page(self, handed: Handed) -> str:
        return self.client.get(reverse("desk:roster", args=[handed.pk])).content.decode()

    def shapes(self, handed: Handed) -> list[dict[str, Any]]:
        return json.loads(self.client.get(reverse("desk:roster_shapes", args=[handed.pk])).content)["features"]


@pytest.fixture
def desk(qingshi: Any, client: Client) -> Desk:
    return Desk(qingshi, client)


def a_village(qingshi: Any, desk: Desk, ground: Any, grids: list[Any]) -> None:
    """Through the page: the county grown by a village on `ground`, which is cut into `grids`."""
    county = as_geojson(shape(qingshi.place("county").boundary) | ground)
    assert desk.bring_in(collection(feature(county, name="青石县")), "县界.geojson").counts["changed"] == 1
    village = collection(feature(as_geojson(ground), 代码=VILLAGE, 名称="新河村"))
    assert desk.bring_in(village, "村界.geojson").counts["new"] == 1
    drawn = [feature(as_geojson(one), 名称=f"新河村第{n}网格") for n, one in enumerate(grids, 1)]
    assert desk.bring_in(collection(*drawn), "网格.geojson").counts["new"] == len(grids)


@pytest.mark.parametrize("many", [120, pytest.param(3076, marks=pytest.mark.long)])
def test_real_footprints_go_in_through_the_page_each_into_one_grid(qingshi: Any, desk: Desk, many: int) -> None:
    drawn = read_buildings(FOOTPRINTS)[:many]
    carved = carve(drawn, 1, max(2, many // 60), max(2, many // 60), 1)
    ground, cut = shape(carved.communities[0].geometry), [shape(g.geometry) for g in carved.grids]
    a_village(qingshi, desk, ground, cut)
    assert {g.code for g in standing(COUNTY, "grid").filter(parent__code=VILLAGE)} == {
        f"{VILLAGE}{n:03}" for n in range(1, len(cut) + 1)
    }
    footprints = [as_geojson(Polygon(one.ring)) for one in drawn]
    plain = collection(*(feature(one, Id=0, Floor=b.floors) for one, b in zip(footprints, drawn, strict=True)))
    before = standing(COUNTY, "building").count(), Change.objects.count(), Chapter.objects.count()
    handed = desk.hand_in(plain, "suzhou.geojson")
    assert {name: said[0] for name, said in handed.whole.items()} == {"usual_layer": "building", "system": "wgs84"}
    handed = desk.do(desk.do(handed, "try"), "adopt")
    assert handed.counts == {"read": many, "new": many, "changed": 0, "same": 0, "refused": 0}
    stood = list(standing(COUNTY, "building").filter(path__startswith="990302/200/203/"))
    grids = {g.pk: shape(g.boundary) for g in standing(COUNTY, "grid").filter(parent__code=VILLAGE)}
    assert len(stood) == many == len({b.code for b in stood})
    assert [b.code for b in stood if not grids[b.grid_id].covers(Point(b.lon, b.lat))] == []
    assert [b.code for b in stood if sum(g.contains(Point(b.lon, b.lat)) for g in grids.values()) > 1] == []

    again = desk.bring_in(plain, "again.geojson")
    assert again.counts == {"read": many, "new": 0, "changed": 0, "same": many, "refused": 0}
    assert again.run.made.count() == 0
    amap = collection(*(feature(bent(one), Floor=b.floors) for one, b in zip(footprints, drawn, strict=True)))
    other = desk.hand_in(amap, "楼栋.geojson")
    other = desk.do(other, "mend", column_geometry="geometry", column_floors="Floor",
                    whole_system="gcj02", whole_usual_layer="building", keep="yes")  # fmt: skip
    assert desk.do(desk.do(other, "try"), "adopt").counts["same"] == many
    assert desk.hand_in(amap, "楼栋.geojson").whole["system"] == ["gcj02", "按以前改过的"]

    assert desk.do(handed, "undo").state == Handed.UNDONE
    assert (standing(COUNTY, "building").count(), Change.objects.count(), Chapter.objects.count()) == before
    assert Line.objects.filter(verb="imports.roster_undone").count() == 1


def test_what_a_map_is_is_said_with_its_reason_and_shown_on_the_map(qingshi: Any, desk: Desk) -> None:
    grids = [qingshi.place("grid", n) for n in (1, 2)]
    drawn = [feature(bent(one.boundary), 网格名称=one.name, 户数=300 + n) for n, one in enumerate(grids)]
    bow = {"type": "Polygon", "coordinates": [[[116, 36], [116.1, 36.1], [116.1, 36], [116, 36.1], [116, 36]]]}
    handed = desk.hand_in(collection(*drawn, feature(bow, 网格名称="蝴蝶网格")), "划分结果.geojson")

    assert handed.whole["system"][0] == "gcj02"
    assert handed.whole["system"][1].startswith("这里已有的2个地方")
    page = desk.page(handed)
    assert [said in page for said in ("GCJ-02", "按文件名判断", "画在图上", 'data-place="3"')] == [
        True,
        False,
        True,
        True,
    ]
    shown = [one for one in desk.shapes(handed) if not one["properties"]["own"]]
    assert [(one["id"], one["properties"]["wrong"]) for one in shown] == [(1, False), (2, False), (3, True)]
    assert shape(shown[0]["geometry"]).symmetric_difference(shape(grids[0].boundary)).area < 1e-9

    handed = desk.do(desk.do(handed, "try"), "adopt")
    assert handed.counts == {"read": 3, "new": 0, "changed": 2, "same": 0, "refused": 1}
    assert Place.objects.get(pk=grids[1].pk).households == 301
    assert Place.objects.get(pk=grids[1].pk).boundary == grids[1].boundary
    back = desk.client.get(reverse("desk:refused_rows", args=[handed.pk]))
    [returned] = json.loads(back.content)["features"]
    assert (back["Content-Type"], returned["properties"]["网格名称"], returned["geometry"]) == (
        "application/geo+json", "蝴蝶网格", bow,
    )  # fmt: skip
    assert returned["properties"]["未导入的原因"].startswith("边界线自己交叉")
    straight = {"type": "Polygon", "coordinates": [[[116, 36], [116.1, 36], [116.1, 36.1], [116, 36]]]}
    mended = desk.do(desk.hand_in(collection({**returned, "geometry": straight}), "退回.geojson"), "try")
    assert "本县以外" in keeping.refused_of(mended)[0][1]


def test_a_shapefile_and_a_table_of_addresses_are_read_on_the_same_page(qingshi: Any, desk: Desk) -> None:
    grid = shape(qingshi.place("grid", 1).boundary)
    at = grid.representative_point()
    house = at.buffer(0.0001, cap_style="square")
    parts = {end: io.BytesIO() for end in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shapefile.POLYGON, encoding="gb18030") as out:
        out.field("mc", "C", 40)
        out.field("层数", "N", 3)
        out.poly([list(house.exterior.coords)])
        out.record("村卫生室", 2)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for end, part in parts.items():
            zipped.writestr(f"../../../房屋.{end}", part.getvalue())
        zipped.writestr("../../../房屋.prj", 'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
                        'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
                        'UNIT["Degree",0.0174532925199433]]')  # fmt: skip
    handed = desk.bring_in(packed.getvalue(), "房屋.zip")
    assert (handed.counts["new"], handed.whole["system"][0]) == (1, "cgcs2000")
    stood = standing(COUNTY, "building").get(name="村卫生室")
    assert (stood.grid, stood.code[:13]) == (qingshi.place("grid", 1), "990302200201B")

    table = f"门牌编号,门牌地址,经度,纬度\nA-1,河边路1号,{at.x},{at.y}\nA-2,海上1号,{at.y},{at.x}\n".encode()
    handed = desk.bring_in(table, "门牌.csv")
    assert (handed.roster, handed.counts["new"]) == ("drawn", 1)
    assert keeping.refused_of(handed) == [(3, "经度和纬度写反了，请先写经度。")]
    assert standing(COUNTY, "building").get(code="A-1").grid == qingshi.place("grid", 1)
    with keeping.file_of(handed) as path:
        assert handing.seen(handed, path).columns == {
            "code": "门牌编号", "name": "门牌地址", "lon": "经度", "lat": "纬度",
        }  # fmt: skip


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for end, data in parts.items():
            zipped.writestr(f"a.{end}", data)
    return out.getvalue()


def ring(many: int, step: int = 1) -> dict[str, Any]:
    """A round of `many` points in the county; with a wide step, a star that crosses itself all over."""
    angles = 2 * np.pi * step * np.arange(many) / many
    points = np.column_stack([110.005 + 0.001 * np.cos(angles), 35.002 + 0.001 * np.sin(angles)])
    return {"type": "Polygon", "coordinates": [[*points.tolist(), points[0].tolist()]]}


NO_MAPS = {
    "坐标里有 NaN": b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"coordinates":[NaN]}}]}',
    "文件太大": packed(shp=b"\0" * 70_000_000, dbf=b""),
    "缺少.dbf": packed(shp=b"\0" * 100, prj=b""),
    "没有完整的 Shapefile": packed(dbf=b"\0" * 100),
    "Beijing 1954": collection(crs={"properties": {"name": "EPSG:2433"}}),
    "+init=/etc/passwd": collection(crs={"properties": {"name": "+init=/etc/passwd:1"}}),
    "256 列": collection(*(feature(None, **{f"列{n}": 1}) for n in range(300))),
}
"""Files that are refused as a whole, by a word of the sentence."""
NO_SHAPES = {
    "自己交叉": {},
    "不在中国": {"type": "Polygon", "coordinates": [[[1e308, 1], [1, 1e308], [1, 1], [1e308, 1]]]},
    "读不了": {"type": "Polygon", "coordinates": [[[110, 35]] * 800_000]},
    "读不出来": {"type": "Polygon", "coordinates": [[["a", {}], [1], []]]},
    "没有图形": None,
}
"""Shapes that are refused alone."""


@pytest.mark.parametrize("many", [4_001, pytest.param(65_000, marks=pytest.mark.long)])
def test_a_hostile_map_comes_to_a_sentence_and_costs_little(qingshi: Any, desk: Desk, many: int) -> None:
    for word, data in NO_MAPS.items():
        file = io.BytesIO(data)
        file.name = "a.geojson"
        answer = desk.client.post(reverse("desk:rosters"), {"file": file})
        assert (answer.status_code, escape(word) in answer.content.decode()) == (422, True), word
    shapes = NO_SHAPES | {"自己交叉": ring(many - 1, (many - 1) // 3)}
    drawn = [feature(one, 代码=f"H-{n}", 名称=word) for n, (word, one) in enumerate(shapes.items())]
    handed = desk.hand_in(collection(*drawn, feature(ring(many), 代码="H-9", 名称="圆楼")), "楼栋.geojson")
    assert desk.client.get(reverse("desk:roster", args=[handed.pk])).status_code == 200
    handed = desk.do(handed, "try")
    told = [reason for _number, reason in keeping.refused_of(handed)]
    assert [word for word, reason in zip(NO_SHAPES, told, strict=True) if word not in reason] == [], told
    assert handed.counts["new"] == 1


def test_what_nobody_foresaw_is_told_and_can_be_tried_again(
    qingshi: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = desk.hand_in(collection(feature(ring(20), 代码="H-1", 名称="圆楼")), "楼栋.geojson")
    with monkeypatch.context() as broken:
        broken.setattr("jingwei.imports.adopting.judged", lambda *said: {}["nobody foresaw"])
        handed = desk.do(handed, "try")
    assert (handed.state, handed.busy, "KeyError" in handed.notes[0]) == (Handed.BROKEN, False, True)
    assert desk.do(handed, "try").counts["new"] == 1
