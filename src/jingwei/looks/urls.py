"""Two switches that every page carries: size of type, and language."""

from django.urls import path

from jingwei.looks.language import choose_language
from jingwei.looks.size import choose_size

app_name = "looks"
urlpatterns = [
    path("size/", choose_size, name="size"),
    path("language/", choose_language, name="language"),
]
