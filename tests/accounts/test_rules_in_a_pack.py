"""What a pack may say about signing in, and how a slip in it is told: file, line, what is wrong, what to write."""

import shutil
from datetime import date
from pathlib import Path

import msgspec
import pytest
from django.utils.translation import override

from jingwei.accounts.pack import AccountsSection, rules_of, rules_of_the_gate
from jingwei.policy import load, prove
from jingwei.policy.models import County, Edition
from people_fixtures.qingshi import Qingshi

PACKS = Path(__file__).parents[2] / "packs"


@pytest.mark.parametrize(
    ("old", "new", "what", "write"),
    [
        ("password_length = 10", "password_length = 6", "a whole number from 8 to 64", "password_length = 10"),
        ("attempts = 5", "attempts = 50", "a whole number from 3 to 10", "attempts = 5"),
        ("locked_minutes = 15", "locked_minutes = 0", "a whole number from 5 to 1440", "locked_minutes = 15"),
        ("idle_minutes = 30", 'idle_minutes = "half an hour"', "a whole number", "idle_minutes = 30"),
        ("signed_in_hours = 12", "signed_in_hour = 12", "«signed_in_hour»", "signed_in_hours"),
        ("signed_in_hours = 12", "signed_in_hours = 48", "a whole number from 1 to 24", "signed_in_hours = 12"),
        ('"auditor"]', '"auditors"]', "auditors", "one of: "),
        ('"auditor"]', '"auditor", "auditor"]', "stands here twice", "once"),
        ("second_factor_posts = []", 'second_factor_posts = ["nowhere.desk"]', "no post «nowhere.desk»", "full stop"),
    ],
)
def test_a_slip_is_told_with_its_line(tmp_path: Path, old: str, new: str, what: str, write: str) -> None:
    shelf = Path(shutil.copytree(PACKS, tmp_path / "packs"))
    (shelf / "weishui" / "accounts.toml").unlink()
    file = shelf / "base" / "accounts.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with override("en"):
        found = [fault for fault in prove(shelf / "weishui", today=date(2026, 3, 2)) if "accounts" in fault.file]
    assert [(fault.file, fault.line) for fault in found] == [
        ("packs/base/accounts.toml", text[: text.index(old)].count("\n") + 1)
    ], found
    assert (what in found[0].what + found[0].write, write in found[0].write + found[0].what) == (True, True), found[0]


def test_a_session_cannot_be_idle_longer_than_it_lasts(tmp_path: Path) -> None:
    shelf = Path(shutil.copytree(PACKS, tmp_path / "packs"))
    (shelf / "weishui" / "accounts.toml").write_text("[accounts]\nsigned_in_hours = 1\nidle_minutes = 90\n")
    with override("en"):
        found = [str(fault) for fault in prove(shelf / "weishui", today=date(2026, 3, 2))]
    assert found == [
        "packs/weishui/accounts.toml:3: a session cannot be idle for longer than it lasts at all. "
        "Write: idle_minutes = 60"
    ]


def test_one_of_the_three_officers_has_no_other_role(tmp_path: Path) -> None:
    shelf = Path(shutil.copytree(PACKS, tmp_path / "packs"))
    file = shelf / "weishui" / "organisations.toml"
    file.write_text(file.read_text().replace('roles = ["auditor"]', 'roles = ["clerk", "auditor"]'))
    with override("en"):
        found = [fault.write for fault in prove(shelf / "weishui", today=date(2026, 3, 2))]
    assert found == ['roles = ["auditor"]']


def test_the_shipped_base_keeps_what_the_standard_asks() -> None:
    """GB/T 22239-2019, 8.1.4.1 and 8.1.4.2: complexity, change, failures, time-out, a second factor for officers."""
    base = msgspec.convert({}, AccountsSection)
    assert (base.password_length >= 8, base.password_classes >= 3, 0 < base.password_days <= 90) == (True, True, True)
    assert (base.attempts <= 5, base.locked_minutes >= 10, base.idle_minutes <= 30) == (True, True, True)
    assert {str(role) for role in base.second_factor_roles} == {"administrator", "security_officer", "auditor"}
    written = (PACKS / "base" / "accounts.toml").read_text()
    said = dict(line.split(" = ", 1) for line in written.splitlines() if " = " in line and not line.startswith("#"))
    assert set(AccountsSection.__struct_fields__) == set(said)
    numbers = {name: int(value.split()[0]) for name, value in said.items() if value[0].isdigit()}
    assert numbers == {name: getattr(base, name) for name in numbers}


def test_the_gate_keeps_the_strictest_of_several_counties(qingshi: Qingshi, tmp_path: Path) -> None:
    here = County.objects.get(pk=qingshi.county_code)
    edition = Edition.objects.get(pk=here.edition_id)
    document = edition.document | {"accounts": {"attempts": 3, "locked_minutes": 60, "attempts_anywhere": 500}}
    other = Edition.objects.create(digest="f" * 64, pack="other", document=document, adopted_at=edition.adopted_at)
    county = County.objects.create(code="990399", name="别县", edition=other)
    assert (rules_of(here).attempts, rules_of(county).attempts) == (5, 3)
    gate = rules_of_the_gate()
    assert (gate.attempts, gate.locked_minutes, gate.attempts_anywhere) == (3, 60, 50)


def test_an_edition_from_before_there_were_rules_reads_as_the_defaults() -> None:
    assert load(PACKS / "weishui")[AccountsSection].attempts == AccountsSection().attempts
