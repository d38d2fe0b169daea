"""What has to be put right on a machine before people depend on it; `./jingwei check --deploy` asks all of it."""

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

CHECKS = (
    ("上线：密钥 · before it goes live: keys", "jingwei.cli.deploy:keys"),
    ("上线：地址和代理 · addresses and proxies", "jingwei.cli.deploy:addresses"),
    ("上线：数据库账号 · the database's roles", "jingwei.cli.deploy:database"),
    ("上线：账号和三员 · accounts and the three officers", "jingwei.cli.deploy_people:people"),
    ("上线：备份、磁盘、对时、邮件 · backups, disk, time, mail", "jingwei.cli.deploy:machine"),
)

LAST_BACKUP = "last-backup"
"""Beside the county's marker: when the last backup was finished."""
BACKUP_AGE = timedelta(hours=36)
LEAST_FREE = 5_000_000_000
LEAST_SHARE = 0.1
SECRET_LENGTH = 32
DRIFT = timedelta(seconds=2)
APPENDED = ("trail_line", "trail_seal")
QUIET = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
"""Of a PostgreSQL that is not ours: what people write stands in statements, their parameters and the rows that an error
quotes, so its log gets none of these. Ours is started so (`postgres/cluster.py`)."""


@dataclass(frozen=True)
class Finding:
    """What is wrong, what to do about it, and the same in English; a warning can wait, a fault cannot."""

    what: str
    do: str
    english: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.what}\n      怎么办：{self.do}\n      {self.english}"


def keys() -> Iterator[Finding]:
    """Who can read the secrets, and whether the key of personal fields lies beside what it locks."""
    from django.conf import settings

    state, fields = Path(settings.STATE), Path(settings.FIELD_KEY_FILE)
    if len(settings.SECRET_KEY) < SECRET_LENGTH:
        yield Finding(
            f"JINGWEI_SECRET 只有 {len(settings.SECRET_KEY)} 位，容易被猜出。",
            f"不设它，由系统自行生成；或换成至少 {SECRET_LENGTH} 位的随机串。换后查询码失效，所有人须重新登录。",
            "The secret is too short; let the system make one, before codes are handed out.",
        )
    others = [settings.OUTSIDE_SIGN_IN["secret_file"], os.environ.get("JINGWEI_MAIL_PASSWORD_FILE", "")]
    for file in [state / "keys" / "secret", fields, *(Path(one) for one in others if one)]:
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            yield Finding(
                f"{file} 别的系统用户也能读。",
                f"执行 chmod 600 {file}；如已有他人登录过本机，请更换密钥。",
                "Others on this machine can read it: chmod 600, and change it if anybody may have.",
            )
    if fields.is_relative_to(state) and not os.environ.get("DATABASE_URL"):
        yield Finding(
            f"个人信息的密钥（{fields}）和数据库放在同一个文件夹，一份拷贝就能打开全部姓名和电话。",
            "把密钥文件移到另一块盘或密码设备上，用 JINGWEI_FIELD_KEY 指向它；备份密钥时与数据库分开保存。",
            "The key of personal fields lies beside the database it locks; keep it elsewhere (JINGWEI_FIELD_KEY).",
            warning=True,
        )


def addresses() -> Iterator[Finding]:
    """How the site is reached: encrypted, by its own name, through proxies that are known."""
    from django.conf import settings

    url, hosts = urlsplit(settings.BASE_URL), set(settings.ALLOWED_HOSTS)
    if settings.DEBUG:
        yield Finding("DEBUG 已打开，出错时会显示内部信息。", "去掉它。", "DEBUG is on; switch it off.")
    if url.scheme != "https":
        yield Finding(
            f"访问地址是 {settings.BASE_URL}，没有加密，密码和个人信息在网上可被看到。",
            "在前面放一台有证书的 Web 服务器，再把 JINGWEI_URL 设为 https:// 开头的地址。",
            "Not encrypted. Put a web server with a certificate before it, and set JINGWEI_URL to https://…",
        )
    else:
        if not settings.SECURE_HSTS_SECONDS:
            yield Finding(
                "浏览器没有被要求始终加密访问（HSTS）。",
                "确认 https 稳定后，设 JINGWEI_HSTS=31536000。",
                "No HSTS. Once https is steady, set JINGWEI_HSTS=31536000.",
                warning=True,
            )
        if not settings.TRUSTED_PROXIES:
            yield Finding(
                "没有写明前面的代理服务器，系统会把所有访问当作来自同一地址、未加密。",
                "设 JINGWEI_TRUSTED_PROXIES 为代理服务器的地址，多个用逗号分开。",
                "The proxies before it are not named; set JINGWEI_TRUSTED_PROXIES.",
            )
    if hosts & {"*", "testserver"} or (url.hostname or "") not in hosts:
        yield Finding(
            f"允许的主机名是 {'、'.join(sorted(hosts))}，与访问地址 {url.hostname} 不符。",
            f"设 JINGWEI_HOSTS={url.hostname}。",
            "The host names that are answered do not fit the address; set JINGWEI_HOSTS.",
        )
    if not settings.FILING_NUMBER:
        yield Finding(
            "没有备案号（国办函〔2026〕12号）。",
            "备案后设 JINGWEI_FILING_NUMBER，每一页都会显示。",
            "No filing number; set JINGWEI_FILING_NUMBER when there is one.",
            warning=True,
        )


def database() -> Iterator[Finding]:
    """What the server's role may do: own nothing, change no line of the trail, be no superuser."""
    from django.db import connection

    if os.environ.get("JINGWEI_AS_OWNER") == "1":
        yield Finding(
            "JINGWEI_AS_OWNER=1，系统以数据库所有者身份运行，留痕可被改动。",
            "去掉这个环境变量，重新启动。",
            "It runs as the owner of its tables. Unset JINGWEI_AS_OWNER.",
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        owned = cursor.fetchone()[0]
        cursor.execute("SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        mighty = cursor.fetchone()[0]
        cursor.execute(
            "SELECT string_agg(one, '、') FROM unnest(%s::text[]) one WHERE has_table_privilege(one, %s)",
            [list(APPENDED), "UPDATE, DELETE, TRUNCATE"],
        )
        changeable = cursor.fetchone()[0]
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(datetime.now(tz=(there := cursor.fetchone()[0]).tzinfo) - there)
    if owned or mighty:
        yield Finding(
            f"登录数据库的账号{f'拥有 {owned} 张表' if owned else '权限过大'}，程序被攻破时留痕就挡不住改动。",
            "另建一个普通账号给 DATABASE_URL，所有者账号只写在 DATABASE_OWNER_URL，见《运行一个县》。",
            "The server's role owns tables or is too mighty; give DATABASE_URL a role of its own.",
        )
    if changeable and not owned:
        yield Finding(
            f"登录数据库的账号能改 {changeable}。",
            "用所有者账号运行一次 ./jingwei serve，权限会重新授予。",
            "The server's role may change the trail; start ./jingwei serve once with DATABASE_OWNER_URL set.",
        )
    yield from talkative()
    if apart > DRIFT:
        yield Finding(
            f"本机与数据库的时钟相差 {apart.total_seconds():.0f} 秒。",
            "两台机器都用同一个时间服务器对时。",
            "This machine's clock and the database's differ; keep both in step.",
        )


def talkative() -> Iterator[Finding]:
    """Whether the log of the PostgreSQL behind `DATABASE_URL` would hold residents' words."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(QUIET)])
        is_set: dict[str, str] = dict(cursor.fetchall())
    if wrong := [f"{name} = {said}" for name, said in QUIET.items() if is_set.get(name) != said]:
        yield Finding(
            f"数据库的日志会记下群众写的内容（{'、'.join(one.partition(' ')[0] for one in wrong)}）。",
            f"在 postgresql.conf 里写上 {'；'.join(wrong)}，重新加载；旧日志里已有的，按个人信息清理。",
            "PostgreSQL's log would hold what people write; set these in postgresql.conf and reload.",
        )


def machine() -> Iterator[Finding]:
    """Backups, disk, time, mail."""
    from django.conf import settings
    from django.utils import timezone

    state = Path(settings.STATE)
    yield from backups(state / LAST_BACKUP, timezone.now())
    space = shutil.disk_usage(state)
    if space.free < LEAST_FREE or space.free < LEAST_SHARE * space.total:
        yield Finding(
            f"{state} 所在磁盘只剩 {space.free / 1e9:.1f} GB（共 {space.total / 1e9:.0f} GB）。",
            "清理或扩容；照片可以移到更大的盘。",
            "The disk is nearly full.",
        )
    yield from clock()
    if settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend")):
        yield Finding(
            "邮件只写进日志，没有人会收到通知。",
            "设 JINGWEI_MAIL=django.core.mail.backends.smtp.EmailBackend，并填 JINGWEI_MAIL_HOST 等。",
            "Mail goes to the log only; set JINGWEI_MAIL and its host.",
            warning=True,
        )
    elif settings.MAIL_TLS == "none" and settings.EMAIL_HOST not in ("localhost", "127.0.0.1", "::1"):
        yield Finding(
            f"发往 {settings.EMAIL_HOST} 的邮件没有加密。",
            "设 JINGWEI_MAIL_TLS=starttls 或 tls。",
            "Mail travels in clear to another machine; set JINGWEI_MAIL_TLS.",
        )


def backups(record: Path, now: datetime) -> Iterator[Finding]:
    """When the last backup was finished, as far as this machine knows."""
    try:
        last = datetime.fromisoformat(record.read_text().strip())
    except (FileNotFoundError, ValueError):
        yield Finding(
            "没有备份记录。",
            "每天定时运行 ./jingwei backup，把文件拷到另一台机器，并试着恢复一次。",
            "No backup is on record; run ./jingwei backup every day, and try bringing one back.",
        )
        return
    if now - last > BACKUP_AGE:
        yield Finding(
            f"最近一次备份是 {last:%Y-%m-%d %H:%M}，已超过 {BACKUP_AGE.total_seconds() / 3600:.0f} 小时。",
            "看看定时备份为什么停了。",
            "The last backup is too old; see why the schedule stopped.",
        )


def clock() -> Iterator[Finding]:
    """Whether this machine is kept in step with a time server."""
    said = ""
    if program := shutil.which("timedatectl"):
        asked = subprocess.run([program, "show", "-p", "NTPSynchronized", "--value"], capture_output=True, text=True)
        said = asked.stdout.strip()
    if said == "no":
        yield Finding(
            "本机没有与时间服务器对时，期限和留痕的时间会不准。",
            "启用 chrony 或 systemd-timesyncd，指向单位的时间服务器。",
            "This machine's clock is not kept in step; switch on chrony or systemd-timesyncd.",
        )
    elif said != "yes":
        yield Finding(
            "看不出本机是否与时间服务器对时。",
            "请自行确认；在容器里，看宿主机。",
            "It cannot be told whether the clock is kept in step; look for yourself.",
            warning=True,
        )
