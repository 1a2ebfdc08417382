"""What cannot be answered, in one sentence for the person who asked."""


class CannotAnswerError(Exception):
    """The message says what is missing, where, and what to do."""
