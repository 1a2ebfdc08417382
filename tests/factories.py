"""What tests are made of, by name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Past:
    """An event that was held some days ago; a count is None where nobody knows it."""

    ago: int
    signups: int | None = None
    attended: int | None = None


def past(ago: int, signups: int | None = None, attended: int | None = None) -> Past:
    return Past(ago, signups, attended)
