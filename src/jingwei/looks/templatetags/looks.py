"""Icons, moments and spans for templates; loaded into every template by the settings."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from jingwei.looks import icons, moments, periods

register = template.Library()


@register.simple_tag(name="icon")
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "trash-2" %}`: an inline drawing; an empty name draws nothing."""
    return icons.svg(str(name), str(label)) if name else mark_safe("")


@register.simple_tag(name="when", takes_context=True)
def when(context: template.Context, moment: datetime | None) -> SafeString | str:
    """`{% when case.opened_at %}`: 今天 14:52, with the whole date for those who point at it."""
    if moment is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        timezone.localtime(moment).isoformat(timespec="minutes"),
        timezone.localtime(moment).strftime("%Y-%m-%d %H:%M"),
        moments.when(moment, _now(context)),
    )


@register.simple_tag(name="left", takes_context=True)
def left(context: template.Context, due: datetime | timedelta | None, soon_minutes: int = 120) -> SafeString:
    """`{% left case.due_at %}` or `{% left timedelta %}`: 剩 28 分, coloured by how pressing it is."""
    if due is None:
        return mark_safe("")
    length = due if isinstance(due, timedelta) else due - _now(context)
    said = moments.left(length, timedelta(minutes=int(soon_minutes)))
    return format_html('<span class="left left--{}">{}</span>', said.level, said.words)


@register.filter(name="span")
def span(length: timedelta | None) -> str:
    """`{{ length|span }}`: 3 小时 20 分."""
    return "" if length is None else moments.span(length)


register.filter("period_title", periods.period_title)


@register.filter(name="used")
def used(left_over: timedelta, whole: timedelta) -> int:
    """`{{ left|used:whole }}`: per cent of `whole` used up."""
    return moments.used(left_over, whole)


@register.filter(name="attributes", is_safe=True)
def attributes(attrs: Any) -> SafeString:
    """`{{ attrs|attributes }}`: what a component was given beyond its own, escaped.

    Trap: cotton's own `{{ attrs }}` does not escape, so a resident's words passed on by
    `:placeholder="words"` could close the attribute and begin a tag.
    """
    given: Mapping[str, Any] = attrs.attrs_dict()
    plain = [(k, v) for k, v in given.items() if v is not True and v is not False and v is not None]
    bare = [(k,) for k, v in given.items() if v is True]
    return format_html("{}{}", format_html_join("", ' {}="{}"', plain), format_html_join("", " {}", bare))


@register.filter(name="faults")
def faults(form: BaseForm | None) -> list[tuple[str, str]]:
    """`{{ form|faults }}`: (id of the field, what is missing) for the summary at the page's top."""
    if form is None:
        return []
    return [
        (form[name].id_for_label if name in form.fields else "", str(said))
        for name, list_of in form.errors.items()
        for said in list_of
    ]


@register.filter(name="same")
def same(value: Any, other: Any) -> bool:
    """`{{ option.value|same:value }}`: equal as a form field would see it, `3` and `"3"` alike."""
    return str(conditional_escape(value)) == str(conditional_escape(other))


@register.filter(name="is_group")
def is_group(words: Any) -> bool:
    """`{% if words|is_group %}`: the pairs of a group in a select rather than the words of one option."""
    return isinstance(words, list)


@register.filter(name="level")
def level(length: timedelta) -> str:
    """`{{ left|level }}`: `late`, `soon` or `ok`."""
    return moments.left(length).level


@register.filter(name="blank")
def blank(slot: Any) -> bool:
    """`{% if slot|blank %}`: a slot with nothing but white space in it."""
    return not str(slot).strip()


@register.filter(name="key_cap")
def key_cap(code: str) -> str:
    """`{{ "KeyA"|key_cap }}`: what stands on the key; `code` is a KeyboardEvent.code."""
    return code.removeprefix("Key").removeprefix("Digit").replace("Slash", "/").replace("Enter", "↵")


@register.filter(name="as_control")
def as_control(field: BoundField) -> SafeString:
    """`{{ field|as_control }}`: the form field's widget in the house's style."""
    if isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple):
        drawn = ((one.id_for_label, one.tag(), one.choice_label) for one in field)
        return format_html_join("", '<label class="choice" for="{}">{}<span>{}</span></label>', drawn)
    plain = isinstance(field.field.widget, CheckboxInput)
    return field.as_widget(attrs=None if plain else {"class": "control"})


def _now(context: template.Context) -> datetime:
    said = context.get("this_moment")
    return said if isinstance(said, datetime) else timezone.now()
