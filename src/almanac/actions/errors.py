"""What a verb says when it cannot be done: one sentence with what to do."""


class CannotError(Exception):
    """The verb was not done and nothing was changed."""
