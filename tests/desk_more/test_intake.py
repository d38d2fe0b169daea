"""Taking in a report: at the counter, and on patrol."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from jingwei.casework.acts.opening import case_code
from jingwei.casework.models import Act, Case
from jingwei.places.queries import standing

NEW = "/desk/new/"


def counter(qingshi: Any, **said: Any) -> dict[str, Any]:
    """What a clerk fills in."""
    return {
        "key": str(uuid4()),
        "source": "telephone",
        "words": "楼道灯不亮，老人上下楼不方便。",
        "place": qingshi.place("compound").pk,
        "category": "property_repair",
        "name": "钱来件",
        "telephone": "138 0000 6021",
    } | said


def test_the_clerk_takes_in_a_call_and_hands_out_number_and_code(seated: Callable[[str], Client], qingshi: Any) -> None:
    client = seated("clerk")
    groups = re.findall(r'<optgroup label="([^"]*)">', client.get(NEW).content.decode())
    town = qingshi.post_of("clerk").ground
    assert groups == [f"{town} · {one}" for one in standing(town.county_id, "community").order_by("path")]
    answer = client.post(NEW, counter(qingshi))
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/desk/new/{case.number}/"
    assert (case.source, case.category, case.grade, case.request_class) == (
        "telephone", "property_repair", "general", "complaint",
    )  # fmt: skip
    assert (case.asks_back, case.tier, case.asker.telephone, case.asker.name) == (True, 0, "13800006021", "钱来件")
    slip = client.get(answer.headers["Location"]).content.decode()
    assert case.number in slip
    assert case_code(case.pk) in slip


def test_the_same_form_sent_twice_is_one_case(seated: Callable[[str], Client], qingshi: Any) -> None:
    client, said = seated("clerk"), counter(qingshi)
    assert client.post(NEW, said).headers["Location"] == client.post(NEW, said).headers["Location"]
    assert Case.objects.count() == 1


def test_who_stays_anonymous_leaves_nothing_of_herself(seated: Callable[[str], Client], qingshi: Any) -> None:
    seated("clerk").post(NEW, counter(qingshi, anonymous="1"))
    case = Case.objects.get()
    assert (case.asker, case.asks_back, bool(case.code_mark)) == (None, False, True)


def test_a_confidential_case_is_seen_on_its_ground_by_those_only_who_must(
    seated: Callable[[str], Client], qingshi: Any
) -> None:
    from jingwei.casework.queries import case_seen

    seated("clerk").post(NEW, counter(qingshi, confidential="1"))
    case = Case.objects.get()
    seen = {who: case_seen(qingshi.actor(who), case.number) is not None for who in ("dispatcher", "grid", "leader")}
    assert seen == {"dispatcher": True, "grid": False, "leader": False}


def test_an_enquiry_is_answered_at_once_and_ends_or_is_drawn(seated: Callable[[str], Client], qingshi: Any) -> None:
    said = counter(qingshi, category="policy_enquiry", reply="请带身份证到社区窗口办理。", answer="1")
    seated("clerk").post(NEW, said)
    case = Case.objects.get()
    assert case.request_class == "enquiry"
    assert list(Act.objects.order_by("id").values_list("step", flat=True))[:2] == ["", "answer"]
    assert case.stage in ("closed", "verifying")


def test_looking_for_a_place_saves_nothing_and_keeps_what_was_typed(
    seated: Callable[[str], Client], qingshi: Any
) -> None:
    compound = qingshi.place("compound")
    said = counter(qingshi, find=str(compound), place="", look="1")
    page = seated("clerk").post(NEW, said).content.decode()
    assert f'<option value="{compound.pk}">' in page
    assert "楼道灯不亮" in page
    assert 'id="errors"' not in page
    assert Case.objects.count() == 0


def test_who_would_handle_it_is_shown_before_it_is_saved(seated: Callable[[str], Client], qingshi: Any) -> None:
    page = seated("clerk").post(NEW, counter(qingshi, look="1")).content.decode()
    assert qingshi.post("housing.desk").full_title in page


def test_a_point_alone_gives_the_grid(seated: Callable[[str], Client], qingshi: Any) -> None:
    from shapely.geometry import shape

    grid = qingshi.place("grid", 2)
    point = shape(grid.boundary).representative_point()
    seated("clerk").post(NEW, counter(qingshi, place="", lon=point.x, lat=point.y))
    assert Case.objects.get().place == grid


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"place": ""}, "请选择地点"),
        ({"telephone": "一三八"}, "电话号码格式不对"),
        ({"words": "", "category": ""}, "请填写问题描述"),
        ({"answer": "1", "reply": ""}, "请填写答复内容"),
        ({"place": "99999999999999999999999"}, "请选择地点"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_saved(
    seated: Callable[[str], Client], qingshi: Any, wrong: dict[str, str], sentence: str
) -> None:
    answer = seated("clerk").post(NEW, counter(qingshi, **wrong))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Case.objects.count() == 0


class TestOnPatrol:
    """The grid worker's short form."""

    def test_she_settles_it_on_the_spot_in_one_go(self, seated: Callable[[str], Client], qingshi: Any) -> None:
        ground = qingshi.post_of("grid").ground
        said = {
            "key": str(uuid4()), "source": "grid_worker", "place": ground.pk, "category": "sanitation",
            "words": "门口垃圾外溢", "reply": "已联系保洁清走。", "on_the_spot": "1",
        }  # fmt: skip
        client = seated("grid")
        shown = client.get(NEW).content.decode()
        assert (shown.count("网格上报</"), "受理登记" in shown) == (2, False)  # the way there and the page
        answer = client.post(NEW, said | {"category": first_category(qingshi)})
        assert answer.status_code == 302
        case = Case.objects.get()
        assert (case.source, case.place, bool(case.code_mark)) == ("grid_worker", ground, False)
        assert list(Act.objects.order_by("id").values_list("step", flat=True))[:2] == ["", "handle_on_the_spot"]
        assert case.stage in ("closed", "verifying")

    def test_a_place_outside_her_grid_is_none_of_hers(self, seated: Callable[[str], Client], qingshi: Any) -> None:
        ground = qingshi.post_of("grid").ground
        other = next(g for n in range(1, 9) if (g := qingshi.place("grid", n)) != ground)
        said = {"key": str(uuid4()), "source": "grid_worker", "place": other.pk, "words": "井盖松动"}
        answer = seated("grid").post(NEW, said)
        assert (answer.status_code, Case.objects.count()) == (422, 0)

    def test_words_alone_are_enough(self, seated: Callable[[str], Client], qingshi: Any) -> None:
        ground = qingshi.post_of("grid").ground
        seated("grid").post(
            NEW, {"key": str(uuid4()), "source": "grid_worker", "place": ground.pk, "words": "井盖松动"}
        )
        assert Case.objects.get().stage == "reported"


def first_category(qingshi: Any) -> str:
    from jingwei.affairs.incidents.pack import IncidentsSection

    return str(qingshi.book[IncidentsSection].categories[0].key)


@pytest.mark.parametrize("who", ["housing", "inspector", "auditor"])
def test_a_post_that_takes_nothing_in_is_told_so(seated: Callable[[str], Client], who: str) -> None:
    answer = seated(who).get(NEW)
    assert answer.status_code == 403
    assert "不负责受理" in answer.content.decode()


def test_the_slip_is_for_whoever_took_it_in(seated: Callable[[str], Client], qingshi: Any) -> None:
    seated("clerk").post(NEW, counter(qingshi))
    case = Case.objects.get()
    assert seated("dispatcher").get(f"/desk/new/{case.number}/").status_code == 403
    assert seated("housing").get(f"/desk/new/{case.number}/").status_code == 404


def test_the_code_is_not_shown_again_after_half_an_hour(
    seated: Callable[[str], Client], qingshi: Any, opened: Callable[..., Case]
) -> None:
    case = opened()
    page = seated("clerk").get(f"/desk/new/{case.number}/").content.decode()
    assert case.number in page
    assert case_code(case.pk) not in page


def picture(content: bytes = b"") -> Any:
    from io import BytesIO

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return SimpleUploadedFile("p.jpg", content or out.getvalue(), "image/jpeg")


def test_a_photograph_goes_with_the_report_and_no_other_file_does(
    seated: Callable[[str], Client], qingshi: Any
) -> None:
    from jingwei.casework.models import Attachment

    said = {"source": "grid_worker", "place": qingshi.post_of("grid").ground.pk, "words": "井盖松动"}
    client = seated("grid")
    refused = client.post(NEW, said | {"key": str(uuid4()), "photo": picture(b"MZ not a picture")})
    assert (refused.status_code, Case.objects.count()) == (422, 0)
    client.post(NEW, said | {"key": str(uuid4()), "photo": picture()})
    assert Attachment.objects.filter(case=Case.objects.get(), public=True).count() == 1
