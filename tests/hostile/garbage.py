"""Values that nobody means well with, as they are put into fields and addresses."""

TOWER = "Z" + "\u0351\u036b\u0343\u036a" * 200
"""Letters under a tower of combining marks."""
SCRIPT = "<script>alert(1)</script>"
XSS = [
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "javascript:alert(1)",
    "</textarea><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "{{ 7*7 }}{% debug %}",
    "{{constructor.constructor('alert(1)')()}}",
    "${7*7}#{7*7}<%= 7*7 %>",
]
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "=cmd|'/C calc'!A0",
    "＝1+1",
    '=HYPERLINK("http://x")',
]
HIDDEN = [
    "\x00",
    "a\x00b",
    "\x01\x02\x1b[31m",
    "\u202e倒着写",
    "\u2066\u2067x\u2069",
    "\ufeff",
    "\u200b",
    "\ud7ff\ue000",
]
NUMBERS = ["-1", "0", "2147483648", "9223372036854775808", "9" * 400, "1e309", "NaN", "-inf", "²", "٣", "0x1F", "1_0"]
DATES = ["0000-00-00T00:00", "9999-12-31T23:59", "0001-01-01T00:00", "2026-02-30T10:00", "-1", "10000-01-01T00:00"]
PATHS = ["../../../etc/passwd", "..\\..\\x", "/etc/passwd", "%2e%2e%2f", "file:///etc/passwd", "a\r\nSet-Cookie: x=1"]
NAMES = [
    "محمد",
    "שלום",
    "Ｑ" * 300,
    "𠮷野家",
    "👩‍👩‍👧‍👦",
    TOWER,
    " ",
    "　",
    "null",
    "undefined",
    "None",
    "'; DROP TABLE x; --",
]

GARBAGE = [*XSS, *FORMULAS, *HIDDEN, *NUMBERS, *DATES, *PATHS, *NAMES, "长" * 5000]
