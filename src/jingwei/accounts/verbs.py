"""What is done at the gate and to accounts, as the trail names it. A line with the fact `ok` false did not succeed."""

from django.utils.translation import gettext_lazy as _

from jingwei.trail.verbs import verb

OPENED = verb("accounts.opened", _("open an account"), _("opened an account"))
PASSWORD_SET = verb("accounts.password_set", _("set a password"), _("set a password"))
PASSWORD_CHANGED = verb("accounts.password_changed", _("change the password"), _("changed her password"))
DISABLED = verb("accounts.disabled", _("disable the account"), _("disabled an account"))
ENABLED = verb("accounts.enabled", _("enable the account"), _("enabled an account"))
UNLOCKED = verb("accounts.unlocked", _("open the gate again"), _("opened the gate to an account again"))
SESSIONS_ENDED = verb("accounts.sessions_ended", _("end the sessions"), _("ended sessions"))
LINKED = verb("accounts.linked", _("link the sign-in elsewhere"), _("linked an account with a sign-in elsewhere"))
UNLINKED = verb("accounts.unlinked", _("undo the link"), _("undid the link with a sign-in elsewhere"))
FACTOR_SET_UP = verb("accounts.factor_set_up", _("set up the second factor"), _("set up her second factor"))
FACTOR_RESET = verb("accounts.factor_reset", _("reset the second factor"), _("reset a second factor"))
CODES_RENEWED = verb("accounts.codes_renewed", _("make new recovery codes"), _("made new recovery codes"))
REVIEWED = verb("accounts.reviewed", _("note as looked over"), _("looked over a measure"))

SIGNED_IN = verb("account.signed_in", _("sign in"), _("signed in"))
SIGNED_OUT = verb("account.signed_out", _("sign out"), _("signed out"))
FAILED = verb("account.sign_in_failed", _("try to sign in"), _("tried to sign in in vain"))
LOCKED = verb("account.locked_out", _("be locked out"), _("was locked out after wrong tries"))
CHOSE = verb("account.post_chosen", _("choose a post"), _("chose a post"))
FACTOR_PASSED = verb("account.factor_passed", _("give the code"), _("gave the code of the second factor"))
FACTOR_FAILED = verb("account.factor_failed", _("try a code"), _("gave a wrong code of the second factor"))
REFUSED = verb("account.refused", _("be refused"), _("was refused"))

AUDIT_READ = verb("audit.read", _("read the trail"), _("read the trail"))
AUDIT_EXPORTED = verb("audit.exported", _("export the trail"), _("exported the trail"))

ASKED = verb("exceptions.asked", _("ask for an exception"), _("asked for an exception"))
GRANTED = verb("exceptions.granted", _("grant the exception"), _("granted an exception"))
REFUSED_EXCEPTION = verb("exceptions.refused", _("refuse the exception"), _("refused an exception"))
ENDED = verb("exceptions.ended", _("end the exception"), _("ended an exception"))
LAPSED = verb("exceptions.lapsed", _("let the exception end"), _("an exception ended by itself"))
EXCEPTIONS_EXPORTED = verb("exceptions.exported", _("export the exceptions"), _("exported the list of exceptions"))
