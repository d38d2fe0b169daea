"""Serves a database of the tests as `./jingwei serve` does, with two slow pages beside the county's own."""

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(Path(__file__).parent)]


def main() -> None:
    """`serving.py DATABASE PORT`; the settings come from the environment, as always."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings_of_tests"
    os.environ["JINGWEI_SLOTS"] = os.environ.get("SLOTS", "8")
    from jingwei.cli.serve import _serve
    from jingwei.running.counting import count_together

    count_together(Path(os.environ["JINGWEI_TEST_STATE"]) / f"served-{sys.argv[2]}")
    import django

    django.setup()
    from django.db import connections
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    import jingwei.urls

    def slow(request: HttpRequest) -> HttpResponse:
        time.sleep(1)
        return HttpResponse("slow")

    def stuck(request: HttpRequest) -> HttpResponse:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")
        return HttpResponse("never")

    connections.settings["default"]["NAME"] = sys.argv[1]
    jingwei.urls.urlpatterns += [path("slow", slow, name="slow"), path("stuck", stuck, name="stuck")]
    _serve(argparse.Namespace(host="127.0.0.1", port=int(sys.argv[2]), workers=1, threads=8, prepared=True))


if __name__ == "__main__":
    main()
