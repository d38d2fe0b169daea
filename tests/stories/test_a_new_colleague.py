"""A new colleague: invited, her own password, her second factor, her first act; then signed out."""

import base64
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from stories.hands import Hands

PASSWORD = "Heron-cloud-7"  # the test's own


def code_of(secret: str, now: float) -> str:
    """What the telephone shows."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(now)).decode()


@pytest.mark.browser
@pytest.mark.drawn
@pytest.mark.parametrize("width", ["telephone", "desk"])
def test_she_is_invited_signs_in_acts_and_is_signed_out(
    width: str, somebody: Callable[..., Any], site: str, qingshi: Any
) -> None:
    from jingwei.casework.models import Case
    from jingwei.trail.models import Line

    hands = Hands(site, width)
    administrator, she = somebody("administrator", at=width), somebody(at=width)

    administrator.goto(f"{site}/desk/")
    hands.look(administrator, "accounts")
    administrator.get_by_role("link", name="开通账号").click()
    administrator.locator("#id_name").fill("周新人")
    administrator.locator("#id_username").fill("zhou.xin")
    administrator.locator("#id_post").select_option(label=qingshi.post("county_leadership.leader_2").full_title)
    hands.look(administrator, "invitation")
    administrator.get_by_role("button", name="开通").click()
    first = administrator.locator("#first-password").inner_text()
    hands.look(administrator, "first-password")

    she.goto(f"{site}/desk/")
    she.locator("#id_username").fill("zhou.xin")
    she.locator("#id_password").fill(first)
    she.get_by_role("button", name="登录", exact=True).click()

    she.wait_for_url("**/desk/account/password/**")
    hands.look(she, "own-password")
    for field, value in (("old", first), ("new", "short"), ("again", "short")):
        she.locator(f"#id_{field}").fill(value)
    she.get_by_role("button", name="保存密码").click()
    she.locator("#errors").wait_for()
    hands.look(she, "too-weak")
    for field, value in (("old", first), ("new", PASSWORD), ("again", PASSWORD)):
        she.locator(f"#id_{field}").fill(value)
    she.get_by_role("button", name="保存密码").click()

    she.wait_for_url("**/desk/sign-in/code/set-up/**")  # Qingshi's pack asks its leaders for a second factor
    she.get_by_text("不能扫描，手工输入").click()
    secret = she.locator("p.code").inner_text().replace(" ", "")
    hands.look(she, "second-factor")
    she.locator("#id_code").fill(code_of(secret, time.time()))
    she.get_by_role("button", name="完成设置").click()
    codes = she.locator(".codes-list li").all_inner_texts()
    assert len([code for code in codes if re.fullmatch(r"[A-Z2-9]{5}-[A-Z2-9]{5}", code)]) == 10
    hands.look(she, "recovery-codes")
    she.get_by_role("link", name="已妥善保存，继续").click()
    she.wait_for_url("**/desk/")
    hands.look(she, "at-her-desk")

    case = reported(qingshi)
    she.goto(f"{site}/desk/case/{case.number}/")
    form = she.locator('form[action*="/do/comment/"]').first
    for folded in form.locator("xpath=ancestor::details[not(@open)]").all():
        folded.locator("summary").first.click()
    form.locator("textarea").first.fill("请尽快处理。")
    form.locator("button").last.click()
    she.get_by_text("请尽快处理。").first.wait_for()
    hands.look(she, "acted")

    she.goto(f"{site}/desk/account/")
    assert she.locator("tbody tr").count() == 1
    hands.look(she, "where-she-is-signed-in")

    administrator.goto(f"{site}/desk/accounts/?q=zhou")
    administrator.get_by_role("link", name="zhou.xin").click()
    administrator.get_by_text("让该账号全部退出").first.click()
    administrator.locator("#id_reason_out").fill("手机遗失，先行退出")
    hands.look(administrator, "signing-her-out")
    administrator.locator('form[action*="/do/sign-out/"] button').click()
    administrator.get_by_text("已全部退出。").wait_for()

    she.goto(f"{site}/desk/case/{case.number}/")
    she.wait_for_url("**/desk/sign-in/?next=**")
    hands.look(she, "out")
    she.locator("#id_username").fill("zhou.xin")
    she.locator("#id_password").fill(PASSWORD)
    she.get_by_role("button", name="登录", exact=True).click()
    she.wait_for_url("**/desk/sign-in/code/?next=**")
    she.locator("#id_code").fill(codes[0])
    she.get_by_role("button", name="继续").click()
    she.wait_for_url(f"**/desk/case/{case.number}/")

    told = Line.objects.filter(verb__startswith="account").order_by("-id").values_list("verb", flat=True)
    assert list(reversed(told[:6])) == [
        "account.signed_in",
        "accounts.password_changed",
        "accounts.factor_set_up",
        "accounts.sessions_ended",
        "account.signed_in",
        "account.factor_passed",
    ]
    assert Case.objects.get(pk=case.pk).is_open


def reported(qingshi: Any) -> Any:
    """A case on the leader's ground."""
    from django.utils import timezone

    from jingwei.affairs.incidents.kinds import Incident
    from jingwei.casework.acts.opening import Intake, open_case

    intake = Intake(
        place=qingshi.place("grid"), title="路灯不亮", words="路灯不亮。", source="counter", grade="general"
    )
    return open_case(Incident, intake, actor=qingshi.actor("clerk"), at=timezone.now())
