"""Chinese for everybody, whatever the browser asks for; English for those who switch to it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from jingwei.looks.back import way_back
from jingwei.looks.size import A_YEAR

COOKIE = "language"


class LanguageMiddleware:
    """Speak the language of the reader's cookie; Chinese is official, so the browser is not asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(request: HttpRequest) -> str:
    """One of `settings.LANGUAGES`; the first is the default."""
    said = request.COOKIES.get(COOKIE, "")
    return said if said in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and go back to where the reader was."""
    said = request.POST.get("language", "")
    language = said if said in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    response = HttpResponseRedirect(way_back(request))
    response.set_cookie(COOKIE, language, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response
