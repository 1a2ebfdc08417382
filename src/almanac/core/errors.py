"""The one base of every error whose message was written for the person who meets it."""


class AlmanacError(Exception):
    """What went wrong, where, and what to do, in one sentence. Nothing was changed."""
