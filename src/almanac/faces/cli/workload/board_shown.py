"""The board, requests and flow, as tables and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.answers import words
from almanac.answers.workload.board import FLOW_DAYS, flow, proposal_sentence, proposals, requests
from almanac.answers.workload.board import board as question
from almanac.faces.cli import out
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.answers.workload.board import BoardCard


def show_board(*, as_json: bool) -> int:

    found = question(OWNER)
    if as_json:
        out.data(
            {
                "columns": [
                    {
                        "status": column.status, "limit": column.limit,
                        "cards": [_plain(card) for card in column.cards],
                    }
                    for column in found.columns
                ],
                "in_progress": found.in_progress, "limit": found.limit,
            }
        )  # fmt: skip
        return 0
    if not any(column.cards for column in found.columns):
        out.say('The board is empty: almanac log "idea: a summer hackathon", or almanac board ask')
        return 0
    for column in found.columns:
        if not column.cards:
            continue
        limit = f" of {column.limit}" if column.limit else ""
        over = "; over its limit" if column.is_over else ""
        out.say(f"{column.status.label.capitalize()}: {len(column.cards)}{limit}{over}")
        out.rows(
            ["", "what", "due", "here", "takes"],
            [
                [
                    str(card.activity.pk), card.activity.title,
                    _due(card), f"{card.age} d", f"{card.takes:.3g} d" if card.takes else "",
                ]
                for card in column.cards
            ],
            right=frozenset({0, 3, 4}),
        )  # fmt: skip
    for holder in found.holders:
        if holder.is_over:
            out.say(
                f"{holder.name or 'You'} hold {holder.cards} commitments, over the limit of one person."
            )
    if found.limit and found.in_progress > found.limit:
        out.say(f"{found.in_progress} commitments are in progress; your limit is {found.limit}.")
    return 0


def _due(card: BoardCard) -> str:
    day = card.activity.promised_for
    if day is None:
        return ""
    return f"{day:%-d %b}, late" if card.is_late else f"{day:%-d %b}"


def _plain(card: BoardCard) -> dict[str, Any]:
    activity = card.activity
    return {
        "id": activity.pk, "title": activity.title, "due": activity.promised_for,
        "hours": activity.hours_planned, "holder": activity.holder, "age": card.age,
        "waited": card.waited, "takes": card.takes, "items": card.items, "ticked": card.ticked,
    }  # fmt: skip


def show_requests(*, as_json: bool) -> int:

    found, calls = requests(OWNER), proposals(OWNER)
    if as_json:
        out.data(
            {
                "open": [{"id": a.pk, "title": a.title, "due": a.due} for a in found.open],
                "answered": [
                    {"title": r.activity.title, "answer": r.answer, "on": r.answered_on,
                     "asked_by": r.asked_by}
                    for r in found.answered
                ],
                "protected": found.protected, "declined": found.declined,
                "proposals": {"accepted": calls.accepted, "decided": calls.decided,
                              "rate": calls.rate},
            }
        )  # fmt: skip
        return 0
    for row in found.open:
        out.say(f"Waiting: {row.title} ({row.pk})")
    for request in found.answered:
        out.say(
            f"{request.answered_on:%-d %b}: {request.activity.title}, {request.get_answer_display()}"
        )
    if found.protected:
        out.say(f"Saying no, or yes to less, has saved {found.protected:g} h.")
    if not found.open and not found.answered:
        out.say("No requests yet.")
    if calls.decided:
        out.say(f"Proposals: {proposal_sentence(calls)}")
    return 0


def show_flow(*, as_json: bool) -> int:

    found = flow(OWNER)
    if as_json:
        out.data(
            {
                "in_progress": found.in_progress, "throughput": found.throughput,
                "cycle": found.cycle, "expected_cycle": found.expected_cycle,
                "came": found.came, "left": found.left, "steady": found.steady,
            }
        )  # fmt: skip
        return 0
    if found.cycle is None:
        out.say(f"Nothing that was in progress was finished in the last {FLOW_DAYS} days.")
        return 0
    out.say(
        f"In {FLOW_DAYS} days {words.counted(found.came, 'commitment', 'commitments')} came in and {found.left} "
        f"finished. On average {found.in_progress:.1f} were open, and each took {found.cycle:.0f} days."
    )
    if not found.steady:
        out.say("More come in than get finished, or fewer, so these averages will change.")
    return 0
