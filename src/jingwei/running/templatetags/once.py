"""`{% once %}` in a form: the hidden key by which `running.once` knows it when it is sent again."""

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """A key of the form's own, drawn anew with every page."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid4())
