"""What each county has decided for itself: its pack, read from plain files, checked, and kept in editions.

Rooms register the sections they own with `section`. `load` reads a pack from its folder, `prove` lists its
faults; `jingwei.policy.acts.adopt` gives it to a county, `jingwei.policy.queries.book` says what it works by.
"""

from jingwei.policy.books import Book
from jingwei.policy.faults import Fault, PackFaults
from jingwei.policy.proving import load, prove
from jingwei.policy.sections import Key, Keyed, Label, Section, Share, Text, Wrong, in_language, section

__all__ = [
    "Book",
    "Fault",
    "Key",
    "Keyed",
    "Label",
    "PackFaults",
    "Section",
    "Share",
    "Text",
    "Wrong",
    "in_language",
    "load",
    "prove",
    "section",
]
