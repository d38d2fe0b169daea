"""What the command line says when it will not go on."""

PARTIAL = 3
"""The exit code of what was done but not whole: rows were refused, a photograph was missing."""


class Refusal(Exception):
    """A command that cannot do what was asked says why, and what to do instead."""
