"""What an official calls the words of the pack about signing in."""

from django.utils.translation import gettext_lazy

ACCOUNTS_TITLES = {
    "": gettext_lazy("Signing in"),
    "password_length": gettext_lazy("Length of passwords"),
    "password_classes": gettext_lazy("Sorts of sign in passwords"),
    "passwords_remembered": gettext_lazy("Old passwords refused"),
    "password_days": gettext_lazy("Days until a password is changed"),
    "first_password_hours": gettext_lazy("Hours a first password holds"),
    "attempts": gettext_lazy("Wrong tries before locking"),
    "attempts_anywhere": gettext_lazy("Wrong tries from anywhere"),
    "locked_minutes": gettext_lazy("Minutes locked"),
    "idle_minutes": gettext_lazy("Idle minutes until sign-out"),
    "signed_in_hours": gettext_lazy("Hours signed in at most"),
    "second_factor_roles": gettext_lazy("Roles with a second factor"),
    "second_factor_posts": gettext_lazy("Posts with a second factor"),
}
