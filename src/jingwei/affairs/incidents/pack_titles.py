"""What an official calls the words of the pack about incidents and the sheet of the hotline."""

from django.utils.translation import gettext_lazy

HOTLINE_TITLES = {
    "": gettext_lazy("The hotline's sheet"),
    "columns": gettext_lazy("Columns"),
    "heading": gettext_lazy("Heading"),
    "field": gettext_lazy("What stands in it"),
}

INCIDENTS_TITLES = {
    "": gettext_lazy("Incidents"),
    "unknown_handler": gettext_lazy("Takes what no category names"),
    "grades": gettext_lazy("Grades"),
    "classes": gettext_lazy("Classes of request"),
    "sources": gettext_lazy("Doors"),
    "national_classes": gettext_lazy("National classes"),
    "categories": gettext_lazy("Categories"),
    "children": gettext_lazy("Sorts below"),
    "level": gettext_lazy("Its level"),
    "explained": gettext_lazy("Explained"),
    "explained_english": gettext_lazy("Explained in English"),
    "simple": gettext_lazy("May be answered at once"),
    "icon": gettext_lazy("Icon"),
    "handler": gettext_lazy("Handled by"),
    "grade": gettext_lazy("Grade"),
    "request_class": gettext_lazy("Class of request"),
    "national": gettext_lazy("National class"),
}
