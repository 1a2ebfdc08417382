"""What cannot be answered, in one sentence for the person who asked."""

from almanac.core.errors import AlmanacError


class CannotAnswerError(AlmanacError):
    """The message says what is missing, where, and what to do."""
