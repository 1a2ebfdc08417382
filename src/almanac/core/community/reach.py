"""How many came because of the work, from answers of some of them: bounds that hold whatever the rest
would have said.

Manski (1989), worst-case bounds under non-response: nothing is assumed of those who did not answer, so
that the range holds however much they differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from almanac.core.community.channels import Channel

WORK = frozenset({Channel.EVENT, Channel.READING, Channel.PODCAST, Channel.NEWSLETTER})
"""Channels that are the work itself. Somebody's friend may have heard of it there too, which is unknown."""
UNCLEAR = frozenset({Channel.FORUM, Channel.SOCIAL, Channel.FRIEND, Channel.OTHER})
WIDEST = 0.5
"""A range wider than so much of the people says too little to be given as one."""


@dataclass(frozen=True, slots=True)
class ReachRange:
    """asked: people; answered: those who said anything; shown: those who named the work. low, high: how
    many of all came because of it at least and at most; likely: if the rest are like those who answered."""

    asked: int
    answered: int
    shown: int
    unclear: int
    low: int
    high: int
    likely: float | None

    @property
    def is_known(self) -> bool:
        """Whether the range is narrow enough to say something."""
        return self.asked > 0 and (self.high - self.low) / self.asked <= WIDEST


def reach_of(asked: int, answers: list[set[Channel]]) -> ReachRange:
    """asked: people who were asked; answers: the channels of each who answered, several where they named
    several. Raises ValueError for more answers than people."""
    said = [channels - {Channel.NONE} for channels in answers]
    said = [channels for channels in said if channels]
    if len(said) > asked:
        raise ValueError(f"{len(said)} answers of {asked} people")
    shown = sum(bool(channels & WORK) for channels in said)
    unclear = sum(not channels & WORK and bool(channels & UNCLEAR) for channels in said)
    silent = asked - len(said)
    return ReachRange(
        asked, len(said), shown, unclear, shown, shown + unclear + silent,
        shown / len(said) * asked if said else None,
    )  # fmt: skip
