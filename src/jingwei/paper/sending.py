"""A PDF as the answer to a request, or the sentence that says why there is none."""

from collections.abc import Callable

from django.http import HttpResponse

from jingwei.paper.press import NotPrinted


def sent(name: str, made: Callable[[], bytes]) -> HttpResponse:
    """What `made` makes, under a file name of ASCII; 503 with the sentence where it could not be made."""
    try:
        pdf = made()
    except NotPrinted as refused:
        return HttpResponse(str(refused.sentence), status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["X-Robots-Tag"] = "noindex"
    return answer
