"""The personal fields that accounts hold, as a county's information list names them."""

from django.utils.translation import gettext_lazy as _

from jingwei.people.lists import Begins, personal

ACCOUNT = personal("staff_account", _("Sign-in name and mail address of an official"), Begins.LEFT)
SIGN_INS = personal("staff_sign_ins", _("From where and with what somebody signed in"), Begins.STORED)
