"""What an official calls the words of the county's information list."""

from django.utils.translation import gettext_lazy

INFORMATION_TITLES = {
    "": gettext_lazy("Information list"),
    "fields": gettext_lazy("Personal fields"),
    "reasons": gettext_lazy("Reasons for uncovering"),
    "records_kept_years": gettext_lazy("Years that records are kept"),
    "purpose": gettext_lazy("Purpose"),
    "purpose_english": gettext_lazy("Purpose in English"),
    "ground": gettext_lazy("Ground"),
    "article": gettext_lazy("Article of law"),
    "keep": gettext_lazy("Kept for"),
    "seen_by": gettext_lazy("Seen by"),
    "seen_by_english": gettext_lazy("Seen by, in English"),
    "unmasked_by": gettext_lazy("Uncovered by"),
}
