"""Reach: how many came because of the work, as far as that is shown, likely or unknown; never with views."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.community.feedback import FeedbackCounts, feedback_counts
from almanac.answers.community.links import LinkReach, links
from almanac.answers.community.overlap import Overlap, overlap
from almanac.core.community.channels import Channel, is_of_others
from almanac.core.community.reach import ReachRange, reach_of
from almanac.record import rules
from almanac.record.models import Quote, Receiver, Referral
from almanac.record.queries.days import within

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.rules import Actor

MOST_ANSWERS, MOST_QUOTES = 200, 50


@dataclass(frozen=True, slots=True)
class ReachBasis:
    """One thing that reach rests on. sure: shown, likely or unknown; what: what was counted, with its
    noun. Lines are never summed: one person may stand in several."""

    sure: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Reach:
    """answers: of those who were asked how they heard, None where nobody was; marked: quotes of people who
    would not have known otherwise."""

    answers: ReachRange | None
    marked: tuple[Quote, ...]
    """The latest of them; `marked_number` counts all."""
    marked_number: int
    links: tuple[LinkReach, ...]
    lists: Overlap
    feedback: tuple[FeedbackCounts, ...]

    @property
    def sentence(self) -> str:
        """“Of 120 people who were asked, 30 to 52 came because of your work.”"""
        found = self.answers
        if found is None or not found.answered:
            return "Can’t say yet how many came because of your work: nobody has said how they heard of you."
        people = words.counted(found.asked, "person who was asked", "people who were asked")
        if not found.is_known:
            return (
                f"Of {people}, at least {found.low:,} came because of your work. How many more can’t be "
                f"known: {found.asked - found.answered:,} did not say."
            )
        if found.low == found.high:
            return f"Of {people}, {found.low:,} came because of your work."
        return f"Of {people}, {found.low:,} to {found.high:,} came because of your work."

    @property
    def likely(self) -> str:
        found = self.answers
        if found is None or found.likely is None or found.answered == found.asked:
            return ""
        return f"If the others are like those who answered, it is about {round(found.likely):,}."

    @property
    def basis(self) -> list[ReachBasis]:
        """What is shown, what is likely and what is unknown, each with what it rests on."""
        made = [*self._of_answers()]
        if self.marked_number:
            number = words.counted(self.marked_number, "quote", "quotes")
            made.append(
                ReachBasis("Shown", number, "from people who would not have known of you otherwise")
            )
        for what, count in self.followed.items():
            noun = what if count != 1 else what.removesuffix("s")
            made.append(
                ReachBasis(
                    "Shown", f"{count:,} {noun}", "by links you handed out; visits, not people"
                )
            )
        for each in self.feedback:
            if each.receiver == Receiver.SALES:
                heard, *_, closed = (number for _, number in each.counts)
                became = each.counts[2][1]
                if each.total > heard:
                    number = words.counted(each.total - heard, "lead", "leads")
                    told = f"handed over to sales; {became:,} became a customer"
                    made.append(ReachBasis("Shown", number, f"{told}, {closed:,} came to nothing"))
        if self.lists.again:
            number = f"{self.lists.again:,} of {self.lists.people:,}"
            told = "addresses and names on your guest lists had signed up before; one person may have several"
            made.append(ReachBasis("Likely", number, told))
        order = ("Shown", "Likely", "Unknown", "Elsewhere")
        return sorted(made, key=lambda each: order.index(each.sure))

    def _of_answers(self) -> list[ReachBasis]:
        found = self.answers
        if found is None:
            return []
        silent = found.asked - found.answered
        rows = (
            ("Shown", found.shown, "named an event, an article, a video, a podcast or a newsletter, and nobody else’s"),
            ("Unknown", found.unclear, "named a friend, a forum, social media or something else, where it may be you or not"),
            ("Unknown", silent, "gave no answer"),
            ("Elsewhere", found.answered - found.shown - found.unclear,
             "named search, work or school, or were users already"),
        )  # fmt: skip
        return [
            ReachBasis(sure, words.counted(n, "person", "people"), why)
            for sure, n, why in rows
            if n or sure == "Shown"
        ]

    @property
    def followed(self) -> dict[str, int]:
        """How often links were followed, by what is counted; those never followed are left out."""
        found: Counter[str] = Counter()
        for each in self.links:
            if each.count:
                found[each.what] += each.count
        return dict(found)


def reach(actor: Actor, since: date | None = None, until: date | None = None) -> Reach:
    """Of a time, or of all of it. A person who named several channels counts once."""
    rules.require(rules.may_read_private, actor)
    rows = Referral.objects.filter(within(since, until))
    quotes = Quote.objects.filter(within(since, until), would_not_have_known=True)
    by_person: dict[str, set[Channel]] = defaultdict(set)
    columns = ("origin", "channel", "answer", "is_corrected")
    for origin, channel, answer, is_corrected in rows.values_list(*columns):
        # What somebody else did is not shown to be one's own, whichever channel it came by.
        is_unclear = channel not in set(Channel) or (not is_corrected and is_of_others(answer))
        by_person[origin].add(Channel.OTHER if is_unclear else Channel(channel))
    answers = reach_of(len(by_person), list(by_person.values())) if by_person else None
    return Reach(
        answers,
        tuple(quotes.select_related("program")[:MOST_QUOTES]),
        quotes.count(),
        links(actor, since, until),
        overlap(actor, since, until),
        tuple(feedback_counts(actor, since, until)),
    )


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer as it was given, by how many, and the channel it counts as."""

    answer: str
    channel: str
    number: int
    is_corrected: bool


def given_answers(actor: Actor) -> list[GivenAnswer]:
    """Answers to how people heard, for correcting: those nobody could sort first, then the most frequent."""
    rules.require(rules.may_read_record, actor)
    rows = Referral.objects.exclude(answer="").values_list("answer", "channel", "is_corrected")
    found = Counter((" ".join(answer.split()), channel, by) for answer, channel, by in rows)
    made = [GivenAnswer(answer, channel, number, by)
            for (answer, channel, by), number in found.items()]  # fmt: skip
    made.sort(key=lambda each: (each.channel != Channel.OTHER, -each.number, each.answer))
    return made[:MOST_ANSWERS]
