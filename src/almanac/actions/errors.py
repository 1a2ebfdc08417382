"""What a verb says when it cannot be done: one sentence with what to do."""

from almanac.core.errors import AlmanacError


class CannotError(AlmanacError):
    """The verb was not done and nothing was changed."""
