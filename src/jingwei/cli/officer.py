"""为县里第一位系统管理员、安全管理员或审计管理员开通账号；此后由系统管理员在网页上办理。
Open the account of a county's first administrator, security officer or auditor; the rest is done on the pages.

示例 · example:  ./jingwei officer administrator zhou.xin --name 周新"""

import argparse
from typing import TYPE_CHECKING

from jingwei.cli import house
from jingwei.cli.refusal import Refusal

if TYPE_CHECKING:
    from jingwei.organisations.models import Post
    from jingwei.policy.models import County

ROLES = ("administrator", "security_officer", "auditor")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("role", metavar="ROLE", choices=ROLES, help=f"三员之一 · one of {', '.join(ROLES)}")
    parser.add_argument("username", metavar="USERNAME", help="登录名 · the name to sign in with")
    parser.add_argument("--name", required=True, help="姓名 · the person's name")
    parser.add_argument("--county", metavar="CODE", help="有多个县时指明县代码 · which county, where there are several")
    house.data_argument(parser, "var/county")


def run(said: argparse.Namespace) -> int:
    from jingwei.accounts.refusals import AccountRefused

    folder = house.own(said.data or house.usual_folder())
    with house.database(folder):
        house.open_house()
        try:
            first, hours, title = open_account(said.role, said.username, said.name, said.county)
        except AccountRefused as no:
            raise Refusal(no.sentence) from no
    print(f"{title}  {said.username}  {first}")
    print(f"初始密码，{hours} 小时内有效，登录后须修改。 · First password, for {hours} hours; it has to be changed.")
    return 0


def open_account(role: str, username: str, name: str, county_code: str | None = None) -> tuple[str, int, str]:
    """The first password, for how many hours, and the post's title. Raises Refusal, AccountRefused."""
    from django.db import transaction
    from django.utils import timezone

    from jingwei.accounts.acts import Asked, invite
    from jingwei.accounts.pack import rules_of
    from jingwei.organisations.acts import appoint
    from jingwei.people.acts import take_in
    from jingwei.people.models import Person
    from jingwei.trail.actor import Actor

    actor, at = Actor.machine("command line"), timezone.now()
    with transaction.atomic():
        county = _county(county_code)
        post = _empty_post(county, role)
        rules = rules_of(county)
        person = Person.named(county.code, name, purpose=Person.OFFICIAL, ground="contract")
        [kept] = take_in([person], county, actor=actor, at=at)
        _account, first = invite(Asked(username, kept.pk), rules=rules, actor=actor, at=at)
        appoint([(post, kept.pk)], actor=actor, at=at)
    return first, rules.first_password_hours, post.full_title


def _county(code: str | None) -> "County":
    from jingwei.policy.models import County

    found = list(County.objects.filter(pk=code) if code else County.objects.all()[:2])
    if len(found) != 1:
        raise Refusal("请用 --county 指明县代码。 · Say which county with --county CODE.")
    return found[0]


def _empty_post(county: "County", role: str) -> "Post":
    """The county's post with that role; refused while somebody at one can sign in already."""
    from jingwei.organisations.models import Post

    posts = Post.objects.filter(organisation__county=county, until=None, roles__contains=[role])
    post = posts.select_related("organisation", "ground").order_by("ground__path", "id").first()
    if post is None:
        raise Refusal(f"{county} 的包里没有 {role} 的岗位。 · The pack of {county} has no post with the role {role}.")
    held = posts.filter(appointments__until=None, appointments__person__account__is_active=True)
    if held.exists():
        raise Refusal(
            f"{county} 已有人担任这个岗位，请在网页上由系统管理员办理。\n"
            f"Somebody at {county} holds it and can sign in; the administrator appoints others on her page."
        )
    return post
