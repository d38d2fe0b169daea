"""What an official calls the words of the pack about document."""

from django.utils.translation import gettext_lazy

TITLES = {
    "": gettext_lazy("The county's document"),
    "invented": gettext_lazy("What was invented"),
    "numbers": gettext_lazy("Numbers"),
    "number": gettext_lazy("Number of the document"),
    "measure": gettext_lazy("Counted here as"),
    "of": gettext_lazy("Of what"),
    "row": gettext_lazy("Row"),
    "unit": gettext_lazy("Unit"),
    "value": gettext_lazy("Value"),
    "at_least": gettext_lazy("No fewer than"),
    "equals": gettext_lazy("Stands for"),
    "masked": gettext_lazy("Masked in the document"),
    "paragraph": gettext_lazy("Paragraph"),
}
