"""Addresses of the gate and of accounts: signing in, one's own account, and what the three officers look after."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from jingwei.doors.desk import (
    administration,
    audit,
    exceptional,
    outside_sign_in,
    own_account,
    rosters,
    second_factor,
    security,
    sign_in,
)
from jingwei.doors.desk.chrome import MORE, Part

MORE += [
    ("desk:accounts", _("Accounts"), "users", frozenset({"administrator"}), Part.KEEPING),
    ("desk:rosters", _("Rosters"), "table", frozenset({"administrator"}), Part.KEEPING),
    ("desk:security", _("Second factors and reviews"), "shield", frozenset({"security_officer"}), Part.KEEPING),
    (
        "desk:exceptions",
        _("Exceptions"),
        "timer",
        frozenset({"administrator", "security_officer", "auditor"}),
        Part.KEEPING,
    ),
    ("desk:audit", _("Sign-ins and acts"), "history", frozenset({"auditor"}), Part.KEEPING),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/elsewhere/", outside_sign_in.leave, name="outside"),
    path("sign-in/elsewhere/back/", outside_sign_in.come_back, name="outside_back"),
    path("sign-in/again/", sign_in.posts_changed, name="posts_changed"),
    path("sign-in/code/", second_factor.second_factor, name="second_factor"),
    path("sign-in/code/set-up/", second_factor.set_up, name="set_up_factor"),
    path("sign-in/code/renew/", second_factor.renew_codes, name="renew_codes"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("post/", sign_in.choose_post, name="choose_post"),
    path("account/", own_account.account_page, name="account"),
    path("account/end/", own_account.end_session, name="end_session"),
    path("account/password/", own_account.password, name="password"),
    path("accounts/", administration.listing, name="accounts"),
    path("accounts/new/", administration.invite, name="invite"),
    path("accounts/without/", administration.without, name="accounts_without"),
    path("accounts/<int:pk>/", administration.one, name="an_account"),
    path("accounts/<int:pk>/do/<slug:name>/", administration.do, name="do_account"),
    path("rosters/", rosters.listing, name="rosters"),
    path("rosters/<int:pk>/", rosters.one, name="roster"),
    path("rosters/<int:pk>/do/<slug:name>/", rosters.do, name="do_roster"),
    path("rosters/<int:pk>/shapes.geojson", rosters.shapes, name="roster_shapes"),
    path("rosters/<int:pk>/refused/", rosters.refused, name="refused_rows"),
    path("rosters/empty/<slug:name>.xlsx", rosters.blank, name="blank_roster"),
    path("security/", security.security, name="security"),
    path("security/<int:pk>/reviewed/", security.reviewed, name="reviewed"),
    path("audit/", audit.audit, name="audit"),
    path("exceptions/", exceptional.exceptions, name="exceptions"),
    path("exceptions/new/", exceptional.new, name="ask_exception"),
    path("exceptions/<int:pk>/decide/", exceptional.decided, name="decide_exception"),
    path("exceptions/<int:pk>/end/", exceptional.ended, name="end_exception"),
    path("exceptions.xlsx", exceptional.export, name="export_exceptions"),
    path("audit.xlsx", audit.export, name="export_audit"),
]
