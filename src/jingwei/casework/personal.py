"""The personal fields that cases hold, as a county's information list names them."""

from django.utils.translation import gettext_lazy as _

from jingwei.people.lists import Begins, personal

WORDS = personal("report_words", _("What a resident wrote or said"), Begins.ENDED)
WHERE = personal("report_where", _("Address and point of a report"), Begins.ENDED)
PHOTOGRAPHS = personal("report_photographs", _("Photographs of a case"), Begins.ENDED)
REPLIES = personal("case_words", _("What officials wrote on a case"), Begins.ENDED)
