"""A small town of pages that shows every component, served without a database."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, engines
from django.test import override_settings
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django_cotton.compiler_regex import CottonCompiler

GALLERY = Path(__file__).parent / "gallery"
AT = datetime(2026, 11, 20, 14, 52, tzinfo=ZoneInfo("Asia/Shanghai"))
SLOW = ("Session", "Auth", "Message", "WhiteNoise", "Use")


class Sample(forms.Form):
    """A form with three sorts of widgets, one of them wrong."""

    title = forms.CharField(label="标题", help_text="一句话")
    grade = forms.ChoiceField(label="等级", choices=[("1", "一般"), ("2", "紧急")], required=False)
    kind = forms.ChoiceField(label="类型", choices=[("a", "咨询"), ("b", "投诉")], widget=forms.RadioSelect)


def _case(title: str, level: str, status: str, **left: int) -> dict[str, Any]:
    meta = ["石榴巷", "设施损坏", "微信随手报"]
    return {"title": title, "words": "有异味，老人进出不方便，绿色桶已满，请尽快来人看看。", "meta": meta} | {
        "level": level,
        "status": status,
        "left": timedelta(**left),
    }


CATEGORIES = [
    ("trash-2", "环境卫生"),
    ("wrench", "设施损坏"),
    ("car", "违停占道"),
    ("volume-2", "噪音扰民"),
    ("shield-alert", "安全隐患"),
    ("users", "邻里纠纷"),
    ("building-2", "物业服务"),
    ("ellipsis", "其他"),
]
NAVIGATION = [
    {
        "title": "",
        "items": [
            {"label": "待派单", "href": "/split/", "icon": "inbox", "count": 12, "current": True},
            {"label": "我经手的", "href": "/a/", "icon": "user-check", "count": 38},
            {"label": "超时预警", "href": "/b/", "icon": "triangle-alert", "count": 3, "late": True},
            {"label": "待核查", "href": "/c/", "icon": "list-checks", "count": 9},
        ],
    },
    {"title": "全部工单", "items": [{"label": "工单列表", "href": "/desk/", "icon": "file-text"}]},
]
SHOWN: dict[str, Any] = {
    "categories": [{"value": i, "label": words, "icon": i} for i, words in CATEGORIES],
    "phrases": ["垃圾没清", "有异味", "影响通行"],
    "navigation": NAVIGATION,
    "cases": [
        _case("桂花苑7号楼单元门口垃圾堆积两天未清", "late", "已超时", hours=-3, minutes=-20),
        _case("书院街12号井盖松动，车辆经过有响声", "new", "待受理", minutes=28),
        _case("河西湾地下车库照明损坏 6 盏", "new", "待受理", hours=1, minutes=10),
        _case("石榴巷夜间烧烤噪音，多户反映", "doing", "处理中", hours=5),
        _case("望江楼 3 栋电梯年检标志过期", "check", "待核查", days=1, hours=2),
        _case("银杏坊楼上漏水引起邻里争执", "done", "已办结", days=6),
    ]
    * 2,
    "chips": [
        {"label": "全部", "href": "?", "current": True},
        {"label": "今日到期", "href": "?due=today", "count": 5},
        {"label": "有照片", "href": "?photo=1"},
        {"label": "12345", "href": "?source=hotline"},
    ],
    "moment": AT,
    "this_moment": AT + timedelta(minutes=12),
    "yesterday": AT - timedelta(days=1),
    "long_ago": AT - timedelta(days=400),
    "due": AT + timedelta(hours=5),
    "hours_left": timedelta(hours=5),
    "late": timedelta(hours=-3),
    "day": timedelta(days=1),
    "stages": [
        {"label": "已提交", "state": "done"},
        {"label": "已受理", "state": "done"},
        {"label": "处理中", "state": "now"},
        {"label": "待核查", "state": "next"},
        {"label": "办结", "state": "next"},
    ],
    "levels": [
        {"value": 5 - n, "label": w} for n, w in enumerate(["非常满意", "满意", "基本满意", "不满意", "非常不满意"])
    ],
    "yes_no": [
        {"value": "yes", "label": "解决了"},
        {"value": "no", "label": "没有解决", "hint": "会有人再来看"},
    ],
    "picked": ["no"],
    "areas": [("1", "桂花苑社区"), ("2", "石榴巷社区")],
    "rows": [("地址", "石榴巷 7 号楼旁"), ("网格", "石榴巷第 1 网格"), ("来电", "138****6021")],
}
WRONG = [("id_category", "选一下是什么问题"), ("id_words", "拍张照片，或者说两句")]


def show(request: HttpRequest, page: str) -> HttpResponse:
    """One page of the gallery; `?wrong` shows it with something missing, `?case` with a case chosen."""
    source = CottonCompiler().process((GALLERY / f"{page}.html").read_text(encoding="utf-8"))
    template = engines["django"].engine.from_string(source)  # type: ignore[attr-defined]
    said = SHOWN | {"chosen": "case" in request.GET, "form": Sample({"title": ""})}
    if "wrong" in request.GET or page == "desk":
        said |= {"wrong": WRONG}
    context = RequestContext(request)
    context.push(said)
    return HttpResponse(template.render(context))


ARRIVED: list[bytes] = []
"""The photographs that went ahead, the last one last."""


@csrf_exempt
def take_in(request: HttpRequest, sha: str) -> HttpResponse:
    """A photograph on its way ahead, as a door takes it in."""
    ARRIVED.append(request.body)
    return HttpResponse(status=201 if sha256(request.body).hexdigest() == sha else 400)


class Urls:
    """The gallery's addresses."""

    urlpatterns = [
        path("", include("jingwei.looks.urls")),
        path("photographs/<slug:sha>/", take_in),
        path("<slug:page>/", show),
    ]


@pytest.fixture(scope="module")
def gallery_settings(django_test_environment: None) -> Iterator[None]:
    """The project's own settings, less what needs a database or a collected manifest."""
    from django.conf import settings

    middleware = [m for m in settings.MIDDLEWARE if not any(name in m.split(".")[-1] for name in SLOW)]
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(
        ROOT_URLCONF=Urls,
        MIDDLEWARE=middleware,
        STORAGES=settings.STORAGES | plain,
        FILING_NUMBER="陕政移备2026-00001",
    ):
        yield


class Quiet(WSGIRequestHandler):
    """A server that does not print each request."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def gallery(gallery_settings: None) -> Iterator[str]:
    """Address of a running gallery, without a slash at its end."""
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
