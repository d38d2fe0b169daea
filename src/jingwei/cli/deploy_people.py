"""Whether the people of each county are ready: none invented, three officers, second factors, holidays known."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from jingwei.cli.deploy import Finding

if TYPE_CHECKING:
    from jingwei.policy.models import County

AHEAD = timedelta(days=60)


def people() -> Iterator[Finding]:
    """Every county of this installation."""
    from django.utils import timezone

    from jingwei.policy.models import County

    today = timezone.localdate()
    for county in County.objects.order_by("code"):
        yield from invented(county)
        yield from officers(county, today)
        yield from second_factors(county, today)
        yield from holidays(county, today)


def invented(county: "County") -> Iterator[Finding]:
    """Accounts of the demonstration that can still sign in."""
    from jingwei.affairs.invented import accounts_of
    from jingwei.organisations.pack import DemoSection
    from jingwei.policy.queries import edition_book

    open_ones = [one for one in accounts_of(county.code, edition_book(county.edition_id)[DemoSection]) if one.is_active]
    if open_ones:
        yield Finding(
            f"{county}：还有 {len(open_ones)} 个演示账号可以登录（{open_ones[0].username} 等）。",
            "正式的县不要用 demo 建立；请另建一个没有 [demo] 的包，或由管理员逐个停用这些账号。",
            "Accounts of the demonstration can still sign in; disable them, or begin from a pack without [demo].",
        )


def officers(county: "County", today: date) -> Iterator[Finding]:
    """Whether the three officers are three persons, and each is there."""
    from django.db.models import Q

    from jingwei.organisations.models import Appointment
    from jingwei.organisations.pack import KEPT_APART

    titles = {"administrator": "系统管理员", "security_officer": "安全管理员", "auditor": "审计管理员"}
    standing = Appointment.objects.filter(
        Q(until=None) | Q(until__gt=today),
        since__lte=today,
        post__until=None,
        post__organisation__county=county,
        post__roles__overlap=sorted(KEPT_APART),
        person__account__is_active=True,
    )
    held: dict[int, set[str]] = {}
    for person, roles in standing.values_list("person_id", "post__roles"):
        held.setdefault(person, set()).update(KEPT_APART.intersection(roles))
    missing = [titles[role] for role in sorted(KEPT_APART) if not any(role in roles for roles in held.values())]
    if missing:
        yield Finding(
            f"{county}：没有能登录的{'、'.join(missing)}。",
            "在包里设好岗位，由管理员任命，三员各由一人担任。",
            "One of the three officers is missing; appoint administrator, security officer and auditor.",
        )
    if double := sum(len(roles) > 1 for roles in held.values()):
        yield Finding(
            f"{county}：有 {double} 人同时担任三员中的两个岗位，目前这些岗位都不能使用。",
            "由另一位管理员结束其中一个任职。",
            "Somebody holds two of the three officers' posts; end one of the appointments.",
        )


def second_factors(county: "County", today: date) -> Iterator[Finding]:
    """Whether the three officers are asked for a second factor, and those who are asked have one."""
    from django.db.models import Q

    from jingwei.accounts.models import Account, SecondFactor
    from jingwei.accounts.pack import rules_of
    from jingwei.organisations.models import Post
    from jingwei.organisations.pack import KEPT_APART

    rules = rules_of(county)
    if lacking := sorted(KEPT_APART.difference(rules.second_factor_roles)):
        yield Finding(
            f"{county}：包里没有要求三员（{'、'.join(lacking)}）使用双因素验证。",
            "在 accounts.toml 里删去 second_factor_roles，改用基础包的要求。",
            "The pack asks no second factor of the three officers; leave second_factor_roles to the base pack.",
        )
    posts = Post.objects.filter(organisation__county=county, until=None).select_related("organisation")
    asked = [post.pk for post in posts if rules.asks_second_factor(post)]
    ready = SecondFactor.objects.exclude(confirmed_at=None).values("account")
    holders = Account.objects.filter(
        Q(person__appointments__until=None) | Q(person__appointments__until__gt=today),
        person__appointments__post__in=asked,
        is_active=True,
    )
    if wanting := holders.exclude(pk__in=ready).distinct().count():
        yield Finding(
            f"{county}：有 {wanting} 人的岗位要求双因素验证，但还没有设置。",
            "请他们各登录一次，按提示用手机设置。",
            "Some have not set up the second factor their posts ask for; let each sign in once.",
            warning=True,
        )


def holidays(county: "County", today: date) -> Iterator[Finding]:
    """Whether the holidays of the days to come are known."""
    from jingwei.policy.calendar import WorktimeSection
    from jingwei.policy.queries import edition_book

    unknown = edition_book(county.edition_id)[WorktimeSection].calendar().next_unknown(today)
    if unknown is not None and unknown - today <= AHEAD:
        yield Finding(
            f"{county}：{unknown.year} 年的节假日还没有，跨年的期限算不出来。",
            "国务院办公厅的通知公布后，写进 worktime.toml 的 [worktime.years]，重新装入包。",
            "Next year's holidays are not known; write them into the pack's [worktime.years].",
        )
