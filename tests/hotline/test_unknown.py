"""By-laws of orders: what the source does not say stays unknown, and what has moved on follows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.conftest import AT, order
from jingwei.affairs.hotline import figures
from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.remarks import comment
from jingwei.casework.acts.steps import take
from jingwei.casework.ledger import reading_of, replayed
from jingwei.casework.models import Case, Standing
from jingwei.casework.needs import Evidence
from jingwei.imports.acts import Outcome
from jingwei.trail.models import Line

SOURCE = "济南12345供水工单"
Import = Callable[..., Outcome]
SENT, REPLIED, DUE = "2020-11-27 16:19:53", "2020-11-29 08:00:00", "2020-11-28 16:19:00"


def beijing(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def told(number: str) -> Case:
    return Case.objects.get(source_system=SOURCE, source_number=number)


def test_an_order_closed_at_an_unknown_moment_has_ended_at_an_unknown_moment(imported: Import) -> None:
    imported(order("7", "结案"))
    case, run = told("7"), told("7").clocks.get()
    assert (case.is_open, case.owner, case.ended_at, case.received_at, case.due_at) == (False, None, None, None, None)
    assert (run.state, run.since, run.due_at, run.stopped_at, run.reason) == (
        "stopped", None, beijing(DUE), None, "source"
    )  # fmt: skip
    assert run.late is None
    assert replayed(run) == reading_of(run)
    stands = Standing.objects.get(case=case)
    assert (stands.stage, stands.since, stands.until, stands.owner) == ("closed", None, None, None)
    assert (figures(SOURCE, "990302").late, figures(SOURCE, "990302").late_unknown) == (0, 1)


def test_lateness_is_reckoned_by_the_clock_and_not_by_the_source(imported: Import) -> None:
    imported(
        order("1", "结案", sent=SENT, replied=REPLIED),
        order("2", "完成", sent=SENT, replied=SENT),
        order("3", "主办处理中", sent=SENT),
    )
    assert [told(n).clocks.get().late for n in "123"] == [True, False, None]
    assert [told(n).due_at for n in "123"] == [None, None, beijing(DUE)]
    assert Case.objects.filter(due_at__lt=AT).get() == told("3")


def test_the_unit_keeps_its_name_and_the_county_s_own_handler_leads(imported: Import) -> None:
    imported(order("1", "主办处理中", sent=SENT))
    case = told("1")
    assert case.record == {
        "version": 1,
        "reported_unit": "泉娃饮用水公司",
        "source_district": "天桥区",
        "source_street": "大桥路",
        "source_category": [],
        "urgent": False,
        "note": "The source's place is not in this county; a place was drawn for it by the seed 20201028.",
    }
    assert case.lead is not None
    assert (case.lead.organisation.key, case.lead.front_desk, case.owner) == ("water", True, case.lead)
    assert (case.category, case.grade, case.source) == ("water_supply", "general", "hotline_12345")
    assert (case.place.layer, case.where) == ("compound", "")


def test_without_a_seed_an_order_lies_in_the_town_with_the_source_s_words(imported: Import) -> None:
    imported(order("1", "主办处理中", sent=SENT), draw_seed="")
    assert (told("1").place.layer, told("1").where, told("1").record["note"]) == ("town", "天桥区 大桥路", "")


def test_a_row_the_pack_has_no_category_for_is_refused_alone(imported: Import) -> None:
    outcome = imported(order("1", "创建"), order("2", "创建", sent="2020-11-29 16:19:53"), sort='sort = "dragons"')
    assert [(row.number, row.reason[:40]) for row in outcome.refused] == [
        (2, "The pack has no category “dragons”; writ"), (3, "Due at 2020-11-28 16:19:00, before it wa")
    ]  # fmt: skip
    assert Case.objects.filter(source_system=SOURCE).count() == 0


def test_the_due_time_that_the_source_set_runs_on_while_the_case_looks_for_its_handler(
    imported: Import, qingshi: object
) -> None:
    imported(order("1", "创建", due="2026-04-01 12:00:00"))
    dispatcher, water = qingshi.holder("town_centre.dispatcher"), qingshi.post("water.desk")  # type: ignore[attr-defined]
    case = told("1")
    assert (case.stage, case.lead, case.due_at) == ("reported", None, beijing("2026-04-01 12:00:00"))
    take(Incident.accept, case, actor=dispatcher, at=AT)
    take(Incident.assign, case, actor=dispatcher, at=AT, evidence=Evidence(posts={"handler": water.pk}))
    desk = qingshi.holder("water.desk")  # type: ignore[attr-defined]
    why = Evidence(choices={"return_reason": "not_our_duty"}, words={"words": "不是我们的管"})
    take(Incident.give_back, case, actor=desk, at=AT, evidence=why)
    arbiter = qingshi.holder("county_centre.dispatcher")  # type: ignore[attr-defined]
    take(Incident.assign, case, actor=arbiter, at=AT, evidence=Evidence(posts={"handler": water.pk}))
    run = told("1").clocks.get(name="handling")
    assert (run.state, run.due_at) == ("running", beijing("2026-04-01 12:00:00"))
    assert figures(SOURCE, "990302").waiting == 1


def test_an_order_that_moved_on_at_its_source_follows(imported: Import) -> None:
    imported(order("1", "主办处理中", sent=SENT))
    outcome = imported(order("1", "结案", sent=SENT, replied=REPLIED))
    assert (outcome.loaded, outcome.changed, outcome.refused) == (0, 1, [])
    case, run = told("1"), told("1").clocks.get()
    assert (case.stage, case.is_open, case.owner, run.late) == ("closed", False, None, True)
    assert replayed(run) == reading_of(run)
    assert [act.verb for act in case.acts.order_by("id")] == ["case.taken_over", "case.taken_over_again"]
    assert Line.objects.filter(verb="case.taken_over_again", subject_id=case.pk).count() == 1
    assert list(case.standings.order_by("id").values_list("stage", "since", "until", "current")) == [
        ("handling", beijing(SENT), AT, False), ("closed", None, None, True)
    ]  # fmt: skip
    assert (figures(SOURCE, "990302").loaded, figures(SOURCE, "990302").late) == (1, 1)


def test_an_order_that_is_being_worked_on_here_is_left_alone(imported: Import, qingshi: object) -> None:
    imported(order("1", "主办处理中", sent=SENT), order("2", "创建"))
    case = told("1")
    comment(case, "已去现场", actor=qingshi.holder("water.desk"), at=AT)  # type: ignore[attr-defined]
    outcome = imported(order("1", "结案", sent=SENT, replied=REPLIED), order("2", "主办处理中", sent=SENT))
    assert (outcome.changed, [(row.number, row.reason) for row in outcome.refused]) == (
        1,
        [(2, f"The order is here already as case {case.number} and is being worked on here; nothing was changed.")],
    )
    assert (told("1").stage, told("2").stage) == ("handling", "handling")


def test_a_number_longer_than_a_case_keeps_is_refused_with_what_to_do(imported: Import) -> None:
    outcome = imported(order("9" * 61, "创建"))
    assert [row.reason for row in outcome.refused] == [
        "The source's name has at most 40 characters, its number 60. Shorten it."
    ]


@pytest.mark.parametrize("county", ["", "990999"])
def test_a_sheet_for_no_county_is_refused_row_by_row(qingshi: object, county: str) -> None:
    from jingwei.affairs.hotline.ground import county_of
    from jingwei.imports import Passage, RowRefused
    from jingwei.policy.models import County
    from jingwei.trail.actor import Actor

    passage = Passage(Actor.machine("import"), AT + timedelta(0), county)
    if not county and County.objects.count() == 1:
        assert county_of(passage).pk == "990302"
        return
    with pytest.raises(RowRefused, match="990999"):
        county_of(passage)
