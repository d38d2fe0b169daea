"""What the command line says when it will not go on."""


class Refusal(Exception):
    """A command that cannot do what was asked says why, and what to do instead."""
