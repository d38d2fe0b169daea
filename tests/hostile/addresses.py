"""Every address of the site, read from its resolver, each with a real one of its sort and the law of who may go there.

A new address fails the tests until it stands here: write its sample, whom it is for, and what may be sent to it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from hostile.hands import Hand, Matter, sees
from hostile.world import World

Law = Callable[[Hand, World], bool]


def everyone(hand: Hand, world: World) -> bool:
    """Open to the street."""
    return True


def signed_in(hand: Hand, world: World) -> bool:
    """For whoever has an account, with a post or without."""
    return hand.actor.kind == "person"


def at_a_post(hand: Hand, world: World) -> bool:
    """For whoever sits at a post."""
    return hand.post is not None


def roles(*named: str) -> Law:
    """For posts with one of these roles."""
    return lambda hand, world: bool(hand.roles & {*named})


def who_sees(name: str, *named: str) -> Law:
    """For posts that see that case of the world; with roles, only those of them."""

    def law(hand: Hand, world: World) -> bool:
        case = getattr(world, name)
        return sees(hand, Matter.of(case)) and (not named or bool(hand.roles & {*named}))

    return law


def bearer(hand: Hand, world: World) -> bool:
    """For whoever has shown a code in this session."""
    return hand.bears is not None


def bearer_or_seeing(hand: Hand, world: World) -> bool:
    """For whoever has shown the code of the case, and for posts that see it."""
    return bearer(hand, world) or sees(hand, Matter.of(world.open))


def unit_seen(hand: Hand, world: World) -> bool:
    """For the unit itself, and for posts that direct on ground which holds it."""
    unit = _market(world)
    directs = hand.roles & {"leader", "dispatcher", "arbiter", "inspector", "administrator"}
    above = hand.county == unit.county_id and unit.ground.path.startswith(hand.ground)
    return hand.organisation == unit.pk or bool(directs and above)


def on_the_ground(hand: Hand, world: World) -> bool:
    """For whoever sits at a post on whose ground the grid lies."""
    grid = world.qingshi.place("grid", 1).path
    return hand.post is not None and hand.county == world.qingshi.county_code and grid.startswith(hand.ground)


def of_the_whole_county(hand: Hand, world: World) -> bool:
    """For the administrator whose ground is the county."""
    return "administrator" in hand.roles and hand.ground == f"{world.qingshi.county_code}/"


def closes_periods(hand: Hand, world: World) -> bool:
    """For whoever leads or arbitrates from a county's own ground; each closes her own county's."""
    return hand.ground == f"{hand.county}/" and bool(hand.roles & {"leader", "arbiter"})


def changes_the_ground(hand: Hand, world: World) -> bool:
    """For an administrator on whose ground the grid lies."""
    return "administrator" in hand.roles and world.qingshi.place("grid", 1).path.startswith(hand.ground)


def keeps_minutes(hand: Hand, world: World) -> bool:
    """For whoever leads, signs or directs in her unit, and for its front desk."""
    return bool(hand.roles & {"leader", "signer", "dispatcher"}) or bool(hand.post_row and hand.post_row.front_desk)


def comes_from_elsewhere(hand: Hand, world: World) -> bool:
    """For the front desk of a department, which registers where it sits."""
    return bool(hand.post_row and hand.post_row.front_desk and hand.post_row.organisation.kind == "department")


def keeps_the_activity(hand: Hand, world: World) -> bool:
    """For whoever works in the village that holds it."""
    return hand.organisation == world.activity.organisation_id and not hand.roles & WATCHING_APART


def sees_the_activity(hand: Hand, world: World) -> bool:
    """For the village that holds it, and for posts that direct on ground which holds the village."""
    directs = hand.roles & {"leader", "dispatcher", "arbiter", "inspector"}
    above = hand.county == world.activity.county_id and world.activity.ground_path.startswith(hand.ground)
    return keeps_the_activity(hand, world) or bool(directs and above)


def works_in_a_unit(hand: Hand, world: World) -> bool:
    """For whoever sits at a post that neither administers, keeps security nor audits."""
    return hand.post is not None and not hand.roles & WATCHING_APART


def answers_for_the_unit(hand: Hand, world: World) -> bool:
    """For whoever leads or signs in the unit, and for leaders on ground which holds it."""
    own = hand.organisation == _market(world).pk and bool(hand.roles & {"leader", "signer"})
    return own or ("leader" in hand.roles and unit_seen(hand, world))


def reads(hand: Hand, row: Any, ground: str, *, of_communities: bool = False) -> bool:
    """For the unit that keeps it, and those that direct on ground which holds it; of some, for communities there."""
    if hand.post is None or hand.roles & WATCHING_APART:
        return False
    directs = bool(hand.roles & {"leader", "dispatcher", "arbiter", "inspector", "administrator"})
    there = of_communities and hand.post_row.organisation.kind == "community"
    above = hand.county == row.organisation.county_id and ground.startswith(hand.ground)
    return hand.organisation == row.organisation_id or ((directs or there) and above)


def reads_the_visit(hand: Hand, world: World) -> bool:
    """For its unit, those that direct there, and the village."""
    return reads(hand, world.kept.visit, world.kept.visit.ground_path, of_communities=True)


def made_the_visit(hand: Hand, world: World) -> bool:
    """For the post that visited, which is the one that answers for a place."""
    return hand.post == world.kept.visit.post_id


def reads_the_minutes(hand: Hand, world: World) -> bool:
    """For the unit that met, and those that direct on its ground."""
    return reads(hand, world.kept.meeting, world.kept.meeting.organisation.ground.path)


def kept_the_minutes(hand: Hand, world: World) -> bool:
    """For whoever keeps minutes in the unit that met."""
    return hand.organisation == world.kept.meeting.organisation_id and keeps_minutes(hand, world)


def registered_the_unit(hand: Hand, world: World) -> bool:
    """For the front desk of the unit that registered."""
    return hand.organisation == world.kept.registration.organisation_id and comes_from_elsewhere(hand, world)


@dataclass(frozen=True)
class Address:
    """A sample with the world's names in braces, whom it is for, by which methods, and what looking at it writes."""

    sample: str
    law: Law
    gets: bool = True
    posts: bool = False
    notes: frozenset[str] = frozenset()
    about: str = ""
    """The case of the world that it shows; whoever may not go there reads nothing of it."""
    shows: frozenset[str] = frozenset({"shown"})
    """What comes of looking, for whom it is for."""
    sends: Law | None = None
    """For whom sending is, where it is for fewer than looking."""


TRAIL = frozenset({"trail_line"})
TAKEN_AWAY = TRAIL | {"people_sharing"}
"""What is taken away as a file is written down: who, what, and that personal data left."""
WATCHING_APART = {"administrator", "security_officer", "auditor"}
WATCHING = ("auditor", "security_officer")
TAKING_IN = ("clerk", "dispatcher", "grid_worker")
LOOKS_AT_SAMPLES = ("inspector", "arbiter", "dispatcher", "leader")

OFFICERS_PAGES = ("to /desk/accounts/", "to /desk/security/", "to /desk/audit/")
GATE = frozenset({"to the gate", "to /desk/sign-in/code/set-up/", "hidden", "refused"})

OF_A_PROGRAM = frozenset({"shown", "401"})
"""A program that did not sign in is told so by a status, not by a page."""

ADDRESSES: dict[str, Address] = {
    "-/alive": Address("/-/alive", everyone),
    "-/ready": Address("/-/ready", everyone),
    "-/metrics": Address("/-/metrics", everyone),
    "size/": Address("/size/", everyone, gets=False, posts=True),
    "language/": Address("/language/", everyone, gets=False, posts=True),
    "desk/": Address("/desk/?q={secret}", at_a_post, shows=frozenset({"shown", *OFFICERS_PAGES})),
    "desk/rows/": Address("/desk/rows/?q={secret}", at_a_post),
    "desk/batch/": Address("/desk/batch/", at_a_post, gets=False, posts=True),
    "desk/case/<str:number>/": Address("/desk/case/{open}/", who_sees("open"), about="open"),
    "desk/case/<str:number>/step/<str:name>/": Address(
        "/desk/case/{open}/step/report_handled/", who_sees("open"), gets=False, posts=True, about="open"
    ),
    "desk/case/<str:number>/do/<str:name>/": Address(
        "/desk/case/{open}/do/comment/", who_sees("open"), gets=False, posts=True, about="open"
    ),
    "desk/case/<str:number>/motion/<int:pk>/": Address(
        "/desk/case/{open}/motion/{motion}/", who_sees("open"), gets=False, posts=True, about="open"
    ),
    "desk/sign-in/": Address("/desk/sign-in/", everyone, posts=True),
    "desk/sign-in/elsewhere/": Address("/desk/sign-in/elsewhere/", everyone, shows=GATE),
    "desk/sign-in/elsewhere/back/": Address("/desk/sign-in/elsewhere/back/", everyone, shows=GATE),
    "desk/sign-in/again/": Address("/desk/sign-in/again/", everyone, posts=True, shows=GATE),
    "desk/sign-in/code/": Address("/desk/sign-in/code/", everyone, posts=True, shows=GATE),
    "desk/sign-in/code/set-up/": Address(
        "/desk/sign-in/code/set-up/", signed_in, posts=True, notes=frozenset({"accounts_secondfactor"})
    ),
    "desk/sign-in/code/renew/": Address("/desk/sign-in/code/renew/", signed_in, gets=False, posts=True),
    "desk/account/": Address("/desk/account/", signed_in),
    "desk/account/end/": Address("/desk/account/end/", signed_in, gets=False, posts=True),
    "desk/account/password/": Address("/desk/account/password/", signed_in, posts=True),
    "desk/accounts/": Address("/desk/accounts/", roles("administrator")),
    "desk/accounts/without/": Address("/desk/accounts/without/", roles("administrator")),
    "desk/rosters/": Address("/desk/rosters/", of_the_whole_county, posts=True),
    "desk/rosters/empty/<slug:name>.xlsx": Address("/desk/rosters/empty/places.xlsx", of_the_whole_county),
    "desk/rosters/<int:pk>/": Address("/desk/rosters/1/", of_the_whole_county, shows=frozenset({"hidden"})),
    "desk/rosters/<int:pk>/do/<slug:name>/": Address(
        "/desk/rosters/1/do/try/", of_the_whole_county, gets=False, posts=True, shows=frozenset({"hidden"})
    ),
    "desk/rosters/<int:pk>/refused/": Address(
        "/desk/rosters/1/refused/", of_the_whole_county, shows=frozenset({"hidden"})
    ),
    "desk/rosters/<int:pk>/shapes.geojson": Address(
        "/desk/rosters/1/shapes.geojson", of_the_whole_county, shows=frozenset({"hidden"})
    ),
    "desk/accounts/new/": Address("/desk/accounts/new/", roles("administrator"), posts=True),
    "desk/accounts/<int:pk>/": Address("/desk/accounts/{account}/", roles("administrator")),
    "desk/accounts/<int:pk>/do/<slug:name>/": Address(
        "/desk/accounts/{account}/do/disable/", roles("administrator"), gets=False, posts=True
    ),
    "desk/security/": Address("/desk/security/", roles("security_officer"), posts=True),
    "desk/security/<int:pk>/reviewed/": Address(
        "/desk/security/{account}/reviewed/", roles("security_officer"), gets=False, posts=True
    ),
    "desk/audit/": Address("/desk/audit/", roles("auditor"), notes=TRAIL),
    "desk/audit.xlsx": Address("/desk/audit.xlsx", roles("auditor"), notes=TRAIL),
    "desk/case/<str:number>/contact/": Address(
        "/desk/case/{open}/contact/",
        who_sees("open"),
        posts=True,
        about="open",
        shows=frozenset({"shown", "refused"}),
    ),
    "desk/information/": Address("/desk/information/", at_a_post),
    "desk/own-data/": Address("/desk/own-data/", roles("clerk", "dispatcher", "caller"), posts=True),
    "desk/own-data/<str:number>/": Address(
        "/desk/own-data/{open}/", lambda hand, world: False, posts=True, about="open"
    ),
    "desk/records/unmaskings/": Address("/desk/records/unmaskings/", roles(*WATCHING)),
    "desk/records/sharings/": Address(
        "/desk/records/sharings/", roles(*WATCHING), posts=True, sends=roles("security_officer")
    ),
    "desk/records/erasures/": Address("/desk/records/erasures/", roles(*WATCHING)),
    "desk/records/assessments/": Address(
        "/desk/records/assessments/", roles(*WATCHING), posts=True, sends=roles("security_officer")
    ),
    "desk/sign-out/": Address("/desk/sign-out/", everyone, gets=False, posts=True),
    "desk/post/": Address("/desk/post/", signed_in, posts=True),
    "desk/new/": Address("/desk/new/", roles(*TAKING_IN), posts=True),
    "desk/new/<str:number>/": Address(
        "/desk/new/{open}/",
        lambda hand, world: hand.name == "clerk" and hand.organisation == _centre(world),
        about="open",
    ),
    "desk/open/<slug:kind>/": Address("/desk/open/incident/", lambda hand, world: False, posts=True),
    "desk/export.xlsx": Address("/desk/export.xlsx?queue=seen", at_a_post, notes=TAKEN_AWAY),
    "desk/export-hotline.xlsx": Address("/desk/export-hotline.xlsx?queue=seen", at_a_post, notes=TAKEN_AWAY),
    "desk/case/<str:number>/print/<slug:name>/": Address(
        "/desk/case/{open}/print/assignment/", who_sees("open"), about="open"
    ),
    "desk/qr/": Address("/desk/qr/", at_a_post),
    "desk/organisations/": Address("/desk/organisations/", at_a_post),
    "desk/organisations/print/": Address("/desk/organisations/print/", at_a_post),
    "desk/organisations/lists/<slug:name>/": Address("/desk/organisations/lists/vacancies/", at_a_post),
    "desk/organisations/handover/<int:pk>/": Address(
        "/desk/organisations/handover/{desk}/", lambda hand, world: hands_over(hand, world)
    ),
    "desk/organisations/<slug:sort>/<int:pk>/": Address(
        "/desk/organisations/organisation/{centre}/", lambda hand, world: at_a_post_of_the_county(hand, world)
    ),
    "desk/organisations/<slug:sort>/<int:pk>/do/<slug:name>/": Address(
        "/desk/organisations/organisation/{centre}/do/rename/",
        lambda hand, world: administers_centre(hand, world),
        gets=False,
        posts=True,
    ),
    "desk/sample/": Address("/desk/sample/", roles(*LOOKS_AT_SAMPLES)),
    "desk/offered/": Address("/desk/offered/", at_a_post, shows=frozenset({"to /desk/"})),
    "desk/breaches/": Address("/desk/breaches/?state=to_hear", at_a_post),
    "desk/breaches.xlsx": Address("/desk/breaches.xlsx", at_a_post, notes=TRAIL),
    "desk/callbacks/": Address("/desk/callbacks/", roles("caller")),
    "desk/callbacks/<str:number>/": Address(
        "/desk/callbacks/{waiting}/", who_sees("waiting", "caller"), posts=True, about="waiting"
    ),
    "desk/callbacks/<str:number>/telephone/": Address(
        "/desk/callbacks/{waiting}/telephone/", who_sees("waiting", "caller"), gets=False, posts=True, about="waiting"
    ),
    "desk/exceptions/": Address("/desk/exceptions/", roles("administrator", "security_officer", "auditor")),
    "desk/exceptions/new/": Address("/desk/exceptions/new/", roles("administrator"), posts=True),
    "desk/exceptions/<int:pk>/decide/": Address(
        "/desk/exceptions/1/decide/", lambda hand, world: False, gets=False, posts=True
    ),
    "desk/exceptions/<int:pk>/end/": Address(
        "/desk/exceptions/1/end/", lambda hand, world: False, gets=False, posts=True
    ),
    "desk/exceptions.xlsx": Address("/desk/exceptions.xlsx", roles("auditor"), notes=TRAIL),
    "desk/figures/": Address("/desk/figures/", at_a_post),
    "desk/figures/all.xlsx": Address("/desk/figures/all.xlsx", at_a_post),
    "desk/figures/<str:name>/": Address("/desk/figures/incidents.received/", at_a_post),
    "desk/figures/<str:name>/shapes/": Address("/desk/figures/incidents.received/shapes/", at_a_post),
    "desk/figures/<str:name>.xlsx": Address("/desk/figures/incidents.received.xlsx", at_a_post),
    "desk/figures/<str:name>/rows/": Address("/desk/figures/incidents.received/rows/", at_a_post),
    "desk/figures/published/": Address("/desk/figures/published/", at_a_post, posts=True, sends=closes_periods),
    "desk/figures/published/<int:pk>/": Address("/desk/figures/published/1/", lambda hand, world: False),
    "api/openapi.json": Address("/api/openapi.json", everyone),
    "api/figures/": Address("/api/figures/", everyone, shows=OF_A_PROGRAM),
    "api/figures/<str:name>/": Address("/api/figures/incidents.received/", everyone, shows=OF_A_PROGRAM),
    "api/figures/<str:name>/rows/": Address("/api/figures/incidents.received/rows/", everyone, shows=OF_A_PROGRAM),
    "api/figures/<str:name>/published/<str:period>/": Address(
        "/api/figures/incidents.received/published/2026-01/", everyone, shows=frozenset({"hidden", "401"})
    ),
    "desk/map/": Address("/desk/map/", at_a_post),
    "desk/map/shapes/": Address("/desk/map/shapes/", at_a_post),
    "desk/places/<int:pk>/": Address("/desk/places/{place}/", on_the_ground),
    "desk/places/<int:pk>/change/": Address("/desk/places/{place}/change/", changes_the_ground, posts=True),
    "desk/places/<int:pk>/divide/": Address("/desk/places/{place}/divide/", changes_the_ground, posts=True),
    "desk/places/<int:pk>/border/": Address("/desk/places/{place}/border/", changes_the_ground, posts=True),
    "desk/places/<int:pk>/notice/": Address("/desk/places/{place}/notice/", on_the_ground),
    "g/<slug:token>/": Address("/g/{grid_token}/", everyone),
    "desk/editions/": Address("/desk/editions/", at_a_post),
    "desk/editions/changes/": Address("/desk/editions/changes/", at_a_post),
    "desk/editions/changes/print/": Address("/desk/editions/changes/print/", at_a_post),
    "desk/duties/": Address("/desk/duties/", at_a_post),
    "desk/duties/units/": Address("/desk/duties/units/", at_a_post),
    "desk/duties/units/<int:pk>/": Address(
        "/desk/duties/units/{unit}/", unit_seen, posts=True, sends=answers_for_the_unit
    ),
    "desk/duties/excuses/<int:pk>/end/": Address(
        "/desk/duties/excuses/{excuse}/end/", answers_for_the_unit, gets=False, posts=True
    ),
    "desk/duties/feed/<str:token>.ics": Address("/desk/duties/feed/none.ics", everyone, shows=frozenset({"hidden"})),
    "desk/meetings/": Address("/desk/meetings/", at_a_post),
    "desk/meetings/new/": Address("/desk/meetings/new/?sort=weekly_meeting", keeps_minutes, posts=True),
    "desk/meetings/<int:pk>/": Address("/desk/meetings/{meeting}/", reads_the_minutes),
    "desk/meetings/<int:pk>/back/": Address("/desk/meetings/{meeting}/back/", kept_the_minutes, gets=False, posts=True),
    "desk/visits/": Address("/desk/visits/", at_a_post),
    "desk/visits/new/": Address("/desk/visits/new/", made_the_visit, posts=True),
    "desk/visits/<int:pk>/": Address("/desk/visits/{visit}/", reads_the_visit),
    "desk/visits/<int:pk>/back/": Address("/desk/visits/{visit}/back/", made_the_visit, gets=False, posts=True),
    "desk/registered/": Address("/desk/registered/", at_a_post, posts=True, sends=comes_from_elsewhere),
    "desk/registered/<int:pk>/end/": Address(
        "/desk/registered/{registration}/end/", registered_the_unit, gets=False, posts=True
    ),
    "desk/activities/": Address("/desk/activities/", at_a_post),
    "desk/activities/new/": Address("/desk/activities/new/", works_in_a_unit, posts=True),
    "desk/activities/<int:pk>/": Address("/desk/activities/{activity}/", sees_the_activity),
    "desk/activities/<int:pk>/change/": Address("/desk/activities/{activity}/change/", keeps_the_activity, posts=True),
    "desk/activities/<int:pk>/do/<slug:name>/": Address(
        "/desk/activities/{activity}/do/cancel/", keeps_the_activity, gets=False, posts=True
    ),
    "desk/activities/<int:pk>/photographs/": Address(
        "/desk/activities/{activity}/photographs/", keeps_the_activity, gets=False, posts=True
    ),
    "desk/activities/photographs/<int:pk>/do/<slug:name>/": Address(
        "/desk/activities/photographs/{picture}/do/hide/", keeps_the_activity, gets=False, posts=True
    ),
    "desk/activities/<int:pk>/certificates/": Address("/desk/activities/{activity}/certificates/", keeps_the_activity),
    "desk/activities/<int:pk>/certificates.pdf": Address(
        "/desk/activities/{activity}/certificates.pdf", keeps_the_activity, shows=frozenset({"hidden"})
    ),
    "desk/rules/": Address("/desk/rules/", lambda hand, world: at_a_post_of_the_county(hand, world)),
    "desk/rules/<slug:edition>/": Address(
        "/desk/rules/{edition}/", lambda hand, world: at_a_post_of_the_county(hand, world)
    ),
    "desk/rules/<slug:edition>/rules.pdf": Address(
        "/desk/rules/{edition}/rules.pdf", lambda hand, world: at_a_post_of_the_county(hand, world)
    ),
    "desk/notices/": Address("/desk/notices/", at_a_post),
    "desk/notices/read/": Address("/desk/notices/read/", at_a_post, gets=False, posts=True),
    "": Address("/", everyone),
    "robots.txt": Address("/robots.txt", everyone),
    "report/": Address("/report/?county={county}", everyone, posts=True),
    "q/<slug:token>/": Address("/q/{token}/", everyone, posts=True),
    "activities/": Address("/activities/?county={county}", everyone),
    "activities/<int:pk>/": Address("/activities/{activity}/", everyone, posts=True),
    "activities/photographs/<int:pk>/": Address("/activities/photographs/{picture}/", sees_the_activity),
    "activities/photographs/<int:pk>/<slug:size>/": Address(
        "/activities/photographs/{picture}/thumb/", sees_the_activity
    ),
    "activities/<int:pk>/poster/": Address("/activities/{activity}/poster/", everyone),
    "registration/": Address("/registration/?county={county}", everyone, posts=True),
    "activities/<int:pk>/poster.pdf": Address("/activities/{activity}/poster.pdf", everyone),
    "certificates/": Address("/certificates/", everyone, posts=True),
    "rules/": Address("/rules/?county={county}", everyone),
    "rules/<slug:edition>/": Address("/rules/{edition}/", everyone),
    "rules/<slug:edition>/rules.pdf": Address("/rules/{edition}/rules.pdf", everyone),
    "suggest/": Address("/suggest/?county={county}", everyone, posts=True),
    "order/": Address("/order/?county={county}", everyone, posts=True),
    "case/": Address("/case/", bearer, about="open"),
    "progress/": Address("/progress/", everyone, posts=True),
    "c/": Address("/c/", bearer, posts=True, about="open"),
    "c/<slug:code>/": Address("/c/{code}/", everyone, posts=True),
    "information/": Address("/information/?county={county}", everyone),
    "my-data/": Address("/my-data/?county={county}", everyone, posts=True),
    "my-data/kept/": Address("/my-data/kept/", everyone, shows=frozenset({"hidden", "to the look-up"})),
    "^photographs/(?P<sha256>[0-9a-f]{64})/$": Address("/photographs/" + "0" * 64 + "/", everyone, gets=False),
    "photographs/<int:pk>/": Address("/photographs/{photograph}/", bearer_or_seeing, about="open"),
    "photographs/<int:pk>/<slug:size>/": Address("/photographs/{photograph}/thumb/", bearer_or_seeing, about="open"),
}


def hands_over(hand: Hand, world: World) -> bool:
    """For the administrator of the county, and for those who sit in the post's own organisation."""
    home = world.qingshi.post("town_centre.dispatcher").organisation_id
    return administers_centre(hand, world) or hand.organisation == home


def at_a_post_of_the_county(hand: Hand, world: World) -> bool:
    """For whoever sits at a post of the county."""
    return hand.post is not None and hand.county == world.qingshi.county_code


def administers_centre(hand: Hand, world: World) -> bool:
    """For the administrator whose ground holds the town centre's."""
    ground: str = world.qingshi.organisation("town_centre").ground.path
    return "administrator" in hand.roles and ground.startswith(hand.ground)


def _centre(world: World) -> int:
    pk: int = world.qingshi.organisation("town_centre").pk
    return pk


def _market(world: World) -> Any:
    return world.qingshi.organisation("market")


def patterns(resolver: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the site with its whole route."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, route)
        else:
            yield route, one


def _edition(county: str) -> str:
    from jingwei.policy.models import County
    from jingwei.rulebook.reading import edition_today

    return edition_today(County.objects.get(pk=county))


def real(address: Address, world: World, sample: str = "") -> str:
    """The sample, or another of the same address, with the world's own numbers, codes and tokens."""
    from jingwei.accounts.models import Account
    from jingwei.casework.acts.opening import case_code

    qingshi = world.qingshi
    grid = qingshi.place("grid", 1)
    return (sample or address.sample).format(
        account=Account.objects.get(username="hostile1").pk,
        open=world.open.number, waiting=world.waiting.number, motion=world.motion.pk, photograph=world.photograph.pk,
        unit=_market(world).pk, centre=_centre(world), desk=qingshi.post("town_centre.dispatcher").pk,
        activity=world.activity.pk, picture=world.activity.photographs.get().pk,
        county=qingshi.county_code, edition=_edition(qingshi.county_code),
        visit=world.kept.visit.pk, meeting=world.kept.meeting.pk, excuse=world.kept.excuse.pk,
        registration=world.kept.registration.pk,
        place=grid.pk, grid_token=grid.qr, token=qingshi.place("compound").qr,
        code=case_code(world.asked.pk), secret="暗号",
    )  # fmt: skip
