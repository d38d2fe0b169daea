"""When something is due, counted in plain time or in working time.

Pure: no database, no clock of its own, no framework. Everything asked here is answered from the arguments and
from a table of holidays and make-up days (调休).
"""

from .calendar import NaiveMoment, WorkCalendar
from .hours import BadHours, Day
from .periods import ALL, MONTHS, Every, NotAPeriod, Period, periods
from .spans import BadSpan, Basis, Span, Unit
from .tables import BadTable, CalendarMissing, YearTable, national_table, national_years

__all__ = [
    "ALL",
    "MONTHS",
    "BadHours",
    "BadSpan",
    "BadTable",
    "Basis",
    "CalendarMissing",
    "Day",
    "Every",
    "NaiveMoment",
    "NotAPeriod",
    "Period",
    "Span",
    "Unit",
    "WorkCalendar",
    "YearTable",
    "national_table",
    "national_years",
    "periods",
]
