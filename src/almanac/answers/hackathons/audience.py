"""Who signed up, by what they answered: how many of each came and handed something in; and whether it was
the right audience."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.community.people import SIGNED_UP
from almanac.core.hackathons.audience import FORM, QUESTIONS, TERMS, WouldUse
from almanac.core.scoring import exact_interval
from almanac.core.vocabulary import GuestState
from almanac.record import rules
from almanac.record.models import SignupAnswer
from almanac.record.queries import seen_guests

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.record.models import Activity
    from almanac.record.rules import Actor

TOO_FEW = 8
"""A share of fewer people says nothing that could not be chance."""


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Those who gave one answer. came, handed_in: None where nobody took that down."""

    answer: str
    signed_up: int
    came: int | None
    of_came: int
    handed_in: int | None
    of_handed_in: int
    """Those of whom it is known whether they came, or handed something in."""

    @property
    def came_said(self) -> str:
        return _share_said(self.came, self.of_came)

    @property
    def handed_in_said(self) -> str:
        return _share_said(self.handed_in, self.of_handed_in)


def _share_said(number: int | None, of: int) -> str:
    """“9 (15 % to 45 %)”, with the 90 % range; too few is said."""
    if number is None:
        return "not known"
    if of < TOO_FEW:
        return f"{number:,}; too few to say"
    low, high = exact_interval(number, of, 0.9)
    return f"{number:,} ({words.share(low)} to {words.share(high)})"


@dataclass(frozen=True, slots=True)
class AnswersToQuestion:
    """One question with its groups, the largest first."""

    text: str
    groups: tuple[AnswerGroup, ...]


@dataclass(frozen=True, slots=True)
class SignupAudience:
    """asked: those whose answers are known; questions: the funnel by each. product: what they were asked
    whether they would use."""

    asked: int
    questions: tuple[AnswersToQuestion, ...]
    would_use: int
    might_use: int
    would_not: int
    answered_use: int
    came_would_use: int | None
    came_answered: int | None
    product: str

    @property
    def sentence(self) -> str:
        """Was it the right audience?"""
        if not self.asked:
            return "Nobody’s answers are known yet, so not whether it is the right audience."
        if not self.answered_use:
            return f"{words.counted(self.asked, 'person', 'people')} answered; none was asked about {self.product}."
        if self.answered_use < TOO_FEW:
            return (
                f"{self.would_use:,} of {self.answered_use:,} who answered would use {self.product}: too few to say "
                "whether it is the right audience."
            )
        low, high = exact_interval(self.would_use, self.answered_use, 0.9)
        head = (
            f"Of {self.answered_use:,} who answered, {self.would_use:,} would use {self.product} "
            f"({words.share(low)} to {words.share(high)}), {self.might_use:,} might, {self.would_not:,} would not"
        )
        verdict = (
            "most say yes, so it is the right audience by what they say" if low > 0.5
            else "fewer than half say yes, so it is not the audience for it" if high < 0.5
            else "too uncertain to say whether it is the right audience"
        )  # fmt: skip
        if self.came_answered and self.came_would_use is not None:
            return f"{head}: {verdict}. Of those who came, {self.came_would_use:,} of {self.came_answered:,}."
        return f"{head}: {verdict}."


def signup_audience(actor: Actor, activity: Activity) -> SignupAudience:
    """The funnel by each answer. Who is who is known by keyed hashes alone."""
    rules.require(rules.may_read_private, actor)
    states = {digest: state for digest, (state, _) in seen_guests.seen(activity.pk).items()}
    # Whoever was declined or waits for a seat answered, and is not signed up.
    rows = [
        row
        for row in SignupAnswer.objects.filter(activity_id=activity.pk)
        if states.get(row.digest, GuestState.SIGNED_UP) in SIGNED_UP
    ]
    taken = set(states.values()) & {GuestState.ATTENDED, GuestState.NO_SHOW}
    came = {digest for digest, state in states.items() if state == GuestState.ATTENDED}
    plan = getattr(activity, "hackathon", None)
    product = (plan.product if plan else "") or "your product"
    questions = [
        AnswersToQuestion(
            question.text.format(product=product),
            _groups(rows, question.field, came if taken else None, set(states)),
        )
        for question in QUESTIONS
        if any(getattr(row, question.field) for row in rows)
    ]
    answered = [row for row in rows if row.would_use]
    would = [row for row in answered if row.would_use == WouldUse.YES]
    there = [row for row in answered if row.digest in came]
    return SignupAudience(
        len(rows), tuple(questions), len(would),
        sum(row.would_use == WouldUse.MAYBE for row in answered),
        sum(row.would_use == WouldUse.NO for row in answered), len(answered),
        sum(row.would_use == WouldUse.YES for row in there) if taken else None,
        len(there) if taken else None, product,
    )  # fmt: skip


def _groups(
    rows: Sequence[SignupAnswer], field: str, came: set[str] | None, known: set[str]
) -> tuple[AnswerGroup, ...]:
    """Whoever gave several reasons stands in each. known: digests of everybody on the guest list."""
    by_answer: dict[str, list[SignupAnswer]] = defaultdict(list)
    for row in rows:
        for answer in getattr(row, field).split() or [""]:
            by_answer[answer].append(row)
    made = []
    for answer, group in by_answer.items():
        listed = [row for row in group if row.digest in known] if came is not None else []
        told = [row for row in group if row.handed_in is not None]
        made.append(
            AnswerGroup(
                TERMS[field](answer).label, len(group),
                sum(row.digest in (came or ()) for row in listed) if listed else None, len(listed),
                sum(bool(row.handed_in) for row in told) if told else None, len(told),
            )
        )  # fmt: skip
    return tuple(sorted(made, key=lambda each: (-each.signed_up, each.answer)))


def form_text(actor: Actor, product: str) -> str:
    """The questions as text to paste into any form."""
    rules.require(rules.may_read_record, actor)
    named = product.strip() or "our product"
    lines = []
    for number, (question, offers) in enumerate(FORM, start=1):
        lines += [f"{number}. {question.format(product=named)}"]
        lines += [f"   - {offer.format(product=named)}" for offer in offers]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
