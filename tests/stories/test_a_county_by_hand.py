"""A county by hand: a code and a name, three lists of its offices, two accounts, a code on a wall, a case assigned."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from rosters.sheets import table
from stories.hands import Hands

CODE, PASSWORD = "990777", "Heron-cloud-7"  # the test's own
LISTS = {
    "地方.xlsx": table(
        ["序号", "镇街", "社区（村）", "网格", "小区", "户数"],
        [1, "清泉镇", "泉东社区", "第一网格", "泉东花园", "320户"],
        [2, "", "", "第二网格", "纺织厂家属院", 410],
        [3, "", "柳湾村", "第一网格", "", 350],
        [4, "", "柳湾村", "第二网格", "", "不详"],
        title="清泉县网格划分一览表",
    ),
    "机构.xlsx": table(
        ["单位名称", "单位性质", "岗位", "岗位职责"],
        ["县城管局", "", "受理岗", ""],
        ["", "", "执法科", "经办"],
        ["泉东社区居委会", "", "党组织书记", "受理、部门受理"],
        title="机构岗位设置一览表",
    ),
    "人员.xlsx": table(
        ["姓名", "单位", "职务", "手机号", "任职时间"],
        ["甲一测", "县网格化服务管理中心", "指挥调度岗", "10000000001", "2025年3月"],
        ["乙二测", "城市管理局", "受理岗", "10000000002", "2025.3.1"],
        title="任职人员花名册",
    ),
}
COUNTS = {"地方.xlsx": ["4", "3", "0", "0", "1"], "机构.xlsx": ["3", "3", "0", "0", "0"],
          "人员.xlsx": ["2", "2", "0", "0", "0"]}  # fmt: skip


def begin() -> str:
    """The county of six lines, and its administrator's first password."""
    from jingwei.cli.county import PACK, take_in
    from jingwei.cli.officer import open_account

    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "pack"
        pack.mkdir()
        (pack / "pack.toml").write_text(PACK.format(code=CODE, name="清泉县", letters="QQ"), encoding="utf-8")
        take_in(pack)
    return open_account("administrator", "guan.li", "管理员甲")[0]


def signed_in(username: str, site: str, page: Any) -> Any:
    """The administrator past the gate, her second factor shown."""
    from django.utils import timezone

    from jingwei.accounts.acts import set_password
    from jingwei.accounts.models import Account
    from jingwei.accounts.sitting import PASSED
    from jingwei.trail.actor import Actor

    account = Account.objects.get(username=username)
    set_password([account], PASSWORD, actor=Actor.machine("test"), at=timezone.now())
    client = Client()
    client.force_login(Account.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[PASSED] = True
    session.save()
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    return page


@pytest.mark.browser
@pytest.mark.drawn
@pytest.mark.parametrize("width", ["telephone", "desk"])
def test_three_lists_and_two_accounts_are_enough_for_the_first_case(
    width: str, newcomer: Callable[..., Any], site: str
) -> None:
    from jingwei.casework.models import Case
    from jingwei.places.models import Place

    begin()
    hands = Hands(site, width)
    administrator = signed_in("guan.li", site, newcomer(at=width))
    administrator.goto(f"{site}/desk/")
    hands.look(administrator, "empty-county")
    administrator.get_by_role("link", name="看看还要做什么").click()
    hands.look(administrator, "steps")
    for name, data in LISTS.items():
        administrator.goto(f"{site}/desk/rosters/")
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        administrator.locator("#id_file").set_input_files({"name": name, "mimeType": kind, "buffer": data})
        administrator.get_by_role("button", name="上传").click()
        administrator.get_by_role("button", name="试算（不写入）").wait_for()
        hands.look(administrator, f"recognised-{name[:2]}")
        administrator.get_by_role("button", name="试算（不写入）").click()
        administrator.get_by_role("button", name="正式导入").wait_for()
        assert administrator.locator(".stats b").all_inner_texts() == COUNTS[name]
        hands.look(administrator, f"tried-{name[:2]}")
        administrator.get_by_role("button", name="正式导入").click()
        administrator.get_by_text("花名册已导入。").wait_for()
        hands.look(administrator, f"adopted-{name[:2]}")

    passwords = {}
    for name, username in (("甲一测", "diao.du"), ("乙二测", "cheng.guan")):
        administrator.goto(f"{site}/desk/accounts/without/")
        hands.look(administrator, "without-account")
        administrator.locator("tr", has_text=name).get_by_role("link", name="开通账号").click()
        administrator.locator("#id_username").fill(username)
        hands.look(administrator, "open-account")
        administrator.get_by_role("button", name="开通").click()
        passwords[username] = administrator.locator("#first-password").inner_text()
    administrator.goto(f"{site}/desk/rosters/")
    hands.look(administrator, "history")

    dispatcher = newcomer(at=width)
    dispatcher.goto(f"{site}/desk/")
    dispatcher.locator("#id_username").fill("diao.du")
    dispatcher.locator("#id_password").fill(passwords["diao.du"])
    dispatcher.get_by_role("button", name="登录", exact=True).click()
    dispatcher.wait_for_url("**/desk/account/password/**")
    for field, value in (("old", passwords["diao.du"]), ("new", PASSWORD), ("again", PASSWORD)):
        dispatcher.locator(f"#id_{field}").fill(value)
    dispatcher.get_by_role("button", name="保存密码").click()
    dispatcher.wait_for_url("**/desk/")
    hands.look(dispatcher, "empty-queue")
    community = Place.objects.get(county=CODE, name="泉东社区")
    dispatcher.goto(f"{site}/desk/qr/?place={community.pk}")
    dispatcher.get_by_text("纺织厂家属院").first.wait_for()
    hands.look(dispatcher, "codes")

    resident = newcomer(at=width)
    resident.goto(f"{site}/q/{Place.objects.get(county=CODE, name='纺织厂家属院').qr}/")
    resident.get_by_text("环境卫生").first.click()
    hands.look(resident, "report")
    resident.get_by_role("button", name="提交").click()
    resident.get_by_text("您的查询码").wait_for()
    number = re.search(r"QQ\d{10,}", resident.content())
    assert number is not None
    hands.take(dispatcher, number[0], "assign", handler="县城管局")
    case = Case.objects.get(number=number[0])
    assert (case.stage, str(case.ground_path)) == ("assigned", "990777/100/001/002/")
