"""`check --deploy` names what a county's engineer still has to do, says how, and is silent about what is right."""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from jingwei.accounts.models import Account, SecondFactor
from jingwei.cli import deploy, deploy_people
from jingwei.organisations.models import Appointment
from jingwei.policy.models import County
from people_fixtures.qingshi import PACK, STOOD_UP, Qingshi

HOSTS = "The host names that are answered do not fit the address"
BESIDE = "The key of personal fields lies beside the database it locks"
TODAY = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def english(found: Any) -> list[str]:
    """How each finding begins in English."""
    return [one.english.split(":")[0].split(".")[0].split(";")[0] for one in found]


@pytest.fixture
def ready(settings: Any, tmp_path: Path) -> Any:
    """The settings of a county that has done everything."""
    keys, state = tmp_path / "elsewhere" / "fields", tmp_path / "state"
    for file in (keys, state / "keys" / "secret"):
        file.parent.mkdir(parents=True)
        file.write_text("k")
        file.chmod(0o600)
    settings.STATE, settings.FIELD_KEY_FILE, settings.SECRET_KEY = state, keys, "x" * 64
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://desk.county.example", ["desk.county.example", "127.0.0.1"]
    settings.SECURE_HSTS_SECONDS, settings.TRUSTED_PROXIES, settings.FILING_NUMBER = 31536000, ("10.0.0.5",), "备1号"
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "mail.county.example"
    settings.MAIL_TLS, settings.DEBUG = "tls", False
    return settings


def test_a_county_that_has_done_everything_hears_nothing(ready: Any) -> None:
    assert [*deploy.keys(), *deploy.addresses()] == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEBUG", True, ["DEBUG is on"]),
        ("BASE_URL", "http://desk.county.example", ["Not encrypted"]),
        ("SECURE_HSTS_SECONDS", 0, ["No HSTS"]),
        ("TRUSTED_PROXIES", (), ["The proxies before it are not named"]),
        ("ALLOWED_HOSTS", ["*"], [HOSTS]),
        ("ALLOWED_HOSTS", ["desk.county.example", "testserver"], [HOSTS]),
        ("ALLOWED_HOSTS", ["other.example"], [HOSTS]),
        ("FILING_NUMBER", "", ["No filing number"]),
    ],
)  # fmt: skip
def test_each_thing_about_the_address_is_named_by_itself(ready: Any, name: str, value: object, said: list[str]) -> None:
    setattr(ready, name, value)
    assert english(deploy.addresses()) == said


def test_a_key_that_others_can_read_is_named(ready: Any) -> None:
    (Path(ready.STATE) / "keys" / "secret").chmod(0o640)
    assert english(deploy.keys()) == ["Others on this machine can read it"]


def test_a_short_secret_and_a_key_beside_its_database_are_named(ready: Any) -> None:
    ready.SECRET_KEY, beside = "short", Path(ready.STATE) / "keys" / "fields"
    beside.write_text("k")
    beside.chmod(0o600)
    ready.FIELD_KEY_FILE = beside
    assert english(deploy.keys()) == [
        "The secret is too short",
        "The key of personal fields lies beside the database it locks",
    ]


@pytest.mark.django_db
def test_the_server_s_own_role_is_in_order() -> None:
    assert list(deploy.database()) == []


@pytest.mark.django_db
def test_a_database_whose_log_would_hold_what_people_write_is_named(monkeypatch: Any) -> None:
    """Ours says nothing of it; so what is asked for is set otherwise, and each setting that differs is named."""
    assert list(deploy.talkative()) == []
    for name, said in {"log_statement": "mod", "log_parameter_max_length": "-1"}.items():
        monkeypatch.setitem(deploy.QUIET, name, said)
    (one,) = deploy.talkative()
    assert "（log_statement、log_parameter_max_length）" in one.what
    assert "log_statement = mod；log_parameter_max_length = -1" in one.do


def test_an_owner_at_the_door_is_named(own_database: str, monkeypatch: Any) -> None:
    from jingwei.cli import house

    monkeypatch.setenv("JINGWEI_AS_OWNER", "1")
    assert english(deploy.database()) == ["It runs as the owner of its tables"]
    monkeypatch.delenv("JINGWEI_AS_OWNER")
    with house.as_owner():
        assert english(deploy.database()) == ["The server's role owns tables or is too mighty"]


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (None, ["No backup is on record"]),
        ("nonsense", ["No backup is on record"]),
        (TODAY - timedelta(hours=37), ["The last backup is too old"]),
        (TODAY - timedelta(hours=35), []),
    ],
)
def test_a_backup_that_is_missing_or_old_is_named(tmp_path: Path, record: Any, said: list[str]) -> None:
    file = tmp_path / "last-backup"
    if record is not None:
        file.write_text(record if isinstance(record, str) else f"{record.isoformat()}\n")
    assert english(deploy.backups(file, TODAY)) == said


@pytest.mark.parametrize(
    ("backend", "host", "tls", "said"),
    [
        ("console", "localhost", "none", ["Mail goes to the log only"]),
        ("smtp", "mail.county.example", "none", ["Mail travels in clear to another machine"]),
        ("smtp", "mail.county.example", "starttls", []),
        ("smtp", "localhost", "none", []),
    ],
)
def test_mail_that_goes_nowhere_or_in_clear_is_named(
    ready: Any, backend: str, host: str, tls: str, said: list[str]
) -> None:
    ready.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    ready.EMAIL_HOST, ready.MAIL_TLS = host, tls
    (Path(ready.STATE) / "last-backup").write_text(timezone.now().isoformat())
    assert [one for one in english(deploy.machine()) if one.startswith("Mail")] == said


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("echo yes", []),
        ("echo no", ["This machine's clock is not kept in step"]),
        ("exit 1", ["It cannot be told whether the clock is kept in step"]),
    ],
)
def test_a_clock_that_nobody_keeps_in_step_is_named(
    tmp_path: Path, monkeypatch: Any, program: str, said: list[str]
) -> None:
    asked = tmp_path / "timedatectl"
    asked.write_text(f"#!/bin/sh\n{program}\n")
    asked.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert english(deploy.clock()) == said


def test_invented_people_who_can_sign_in_are_counted(qingshi: Qingshi) -> None:
    county = County.objects.get(pk=qingshi.county_code)
    [found] = deploy_people.invented(county)
    assert f"还有 {Account.objects.count()} 个演示账号可以登录" in found.what
    Account.objects.update(is_active=False)
    assert list(deploy_people.invented(county)) == []


def test_officers_who_are_missing_or_hold_two_posts_are_named(qingshi: Qingshi) -> None:
    county, today = County.objects.get(pk=qingshi.county_code), timezone.localdate()
    assert list(deploy_people.officers(county, today)) == []
    Appointment.objects.filter(person=qingshi.person("auditor")).update(until=today)
    [missing] = deploy_people.officers(county, today)
    assert "没有能登录的审计管理员" in missing.what
    Appointment.objects.create(
        post=qingshi.post("county_centre.auditor"), person=qingshi.person("administrator"), since=today
    )
    [double] = deploy_people.officers(county, today)
    assert "有 1 人同时担任三员中的两个岗位" in double.what


def test_whoever_is_asked_for_a_second_factor_and_has_none_is_counted(qingshi: Qingshi) -> None:
    county, today = County.objects.get(pk=qingshi.county_code), timezone.localdate()
    [wanting] = deploy_people.second_factors(county, today)
    assert "有 4 人的岗位要求双因素验证" in wanting.what  # the three officers, and the leader whom the pack names
    for username in ("administrator", "security", "auditor", "leader"):
        SecondFactor.objects.create(account=qingshi.account(username), secret="x", confirmed_at=TODAY)
    assert list(deploy_people.second_factors(county, today)) == []


@pytest.mark.parametrize(("day", "said"), [("2026-11-21", 1), ("2026-10-20", 0)])
def test_holidays_that_nobody_knows_yet_are_named_sixty_days_ahead(qingshi: Qingshi, day: str, said: int) -> None:
    from datetime import date

    county = County.objects.get(pk=qingshi.county_code)
    assert len(list(deploy_people.holidays(county, date.fromisoformat(day)))) == said


def test_each_finding_says_what_to_do_in_chinese(ready: Any) -> None:
    ready.BASE_URL = "http://x"
    for one in deploy.addresses():
        assert "怎么办：" in str(one)
        assert str(one).count("\n") == 2


def test_the_first_officer_s_account_is_opened_on_the_machine_and_the_second_one_s_is_not(qingshi: Qingshi) -> None:
    from jingwei.cli.officer import open_account
    from jingwei.cli.refusal import Refusal

    Appointment.objects.filter(person=qingshi.person("administrator")).delete()
    first, hours, title = open_account("administrator", "zhou.xin", "周新")
    account = Account.objects.get(username="zhou.xin")
    assert (account.check_password(first), hours, title) == (True, 72, "青石县网格中心·管理员")
    assert account.password_since is None
    assert [one.post for one in account.person.appointments.all()] == [qingshi.post("county_centre.administrator")]
    before = Account.objects.count()
    with pytest.raises(Refusal, match="已有人担任这个岗位"):
        open_account("administrator", "li.xin", "李新")
    assert Account.objects.count() == before


def test_a_county_without_invented_people_stands_and_its_officers_come_in(own_database: str, tmp_path: Path) -> None:
    from django.test import Client

    from jingwei.affairs.county import set_up, sign_ins
    from jingwei.cli.officer import ROLES, open_account

    shelf = Path(shutil.copytree(PACK.parents[2] / "packs", tmp_path / "packs"))
    pack = Path(shutil.copytree(PACK, shelf / "qingshi"))
    (pack / "demo.toml").unlink()
    set_up(pack, lambda *said: None, at=STOOD_UP, data_folder=pack)
    assert sign_ins() == []
    for role in ROLES:
        first, _hours, _title = open_account(role, f"zhou.{role}", "周新")
        client = Client()
        client.post("/desk/sign-in/", {"username": f"zhou.{role}", "password": first})
        assert client.get("/desk/", follow=True).redirect_chain[-1][0].startswith("/desk/account/password/")
    county, today = County.objects.get(), timezone.localdate()
    assert [*deploy_people.invented(county), *deploy_people.officers(county, today)] == []
