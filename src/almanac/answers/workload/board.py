"""The board: what is not done yet, how long it has waited, what was asked for, how work flows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.imports.cards import card_key
from almanac.core.scoring import exact_interval
from almanac.core.vocabulary import AHEAD, Kind, Status
from almanac.core.workload import flow as flows
from almanac.core.workload.flow import Flow, Stay
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Answer,
    Decision,
    Move,
    Part,
    PartKind,
    Proposal,
    Request,
)
from almanac.record.queries import preferences
from almanac.record.queries.activities import next_of_each, waiting_requests
from almanac.sources.base.rows import CardItem, CardMove, CardRow

if TYPE_CHECKING:
    from almanac.record.rules import Actor

FLOW_DAYS = 90
MOST_REQUESTS = 100
WORKING = (Status.PLANNED, Status.DOING)
"""What counts as work in progress: promised, and not done."""
DAY_HOURS = 8
SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class BoardCard:
    """An activity on the board. age: days since it came there; waited: days in its column; takes:
    whole days with travel, preparation and recovery, where more than one is known."""

    activity: Activity
    age: int
    waited: int
    items: int
    ticked: int
    takes: float | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Column:
    status: Status
    cards: tuple[BoardCard, ...]
    limit: int | None

    @property
    def is_over(self) -> bool:
        return self.limit is not None and len(self.cards) > self.limit


@dataclass(frozen=True, slots=True)
class Holder:
    """Who owns how many of the cards in progress; one's own name is empty."""

    name: str
    cards: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Board:
    columns: tuple[Column, ...]
    limit: int | None
    holders: tuple[Holder, ...]
    flow: Flow

    @property
    def in_progress(self) -> int:
        return sum(len(column.cards) for column in self.columns if column.status in WORKING)


def board(actor: Actor) -> Board:
    """Everything not done yet, by status, oldest first."""
    rules.require(rules.may_read_record, actor)
    today = preferences.today()
    limits = preferences.value("limits")
    open_rows = Activity.objects.filter(status__in=AHEAD).select_related("program")
    # The later ones of what repeats are dates and no work yet.
    rows = list(next_of_each(open_rows))
    keys = [row.pk for row in rows]
    parts: dict[int, list[Part]] = defaultdict(list)
    for part in Part.objects.filter(activity__in=keys):
        parts[part.activity_id].append(part)
    moves: dict[int, list[datetime]] = defaultdict(list)
    made = Move.objects.filter(activity__in=keys).order_by("at", "id")
    for key, at in made.values_list("activity_id", "at"):
        moves[key].append(at)
    cards = [_card(row, parts[row.pk], moves[row.pk], today) for row in rows]
    cards.sort(key=lambda card: (card.activity.promised_for or date.max, -card.age))
    columns = tuple(
        Column(
            status,
            tuple(card for card in cards if card.activity.status == status),
            limits.get(status),
        )
        for status in AHEAD
    )
    held: dict[str, int] = {}
    for card in cards:
        if card.activity.status in WORKING:
            held[card.activity.holder] = held.get(card.activity.holder, 0) + 1
    each = limits.get("person")
    holders = tuple(
        Holder(name, number, each is not None and number > each)
        for name, number in sorted(held.items())
    )
    return Board(columns, limits.get("all"), holders, flow(actor))


def _card(row: Activity, parts: list[Part], moves: list[datetime], today: date) -> BoardCard:
    came = moves[0] if moves else row.created_at
    latest = moves[-1] if moves else row.created_at
    items = [part for part in parts if part.kind in (PartKind.ITEM, PartKind.FOLLOW_UP)]
    due = row.promised_for
    return BoardCard(
        row,
        _days_since(came, row, today),
        _days_since(latest, row, today),
        len(items),
        sum(part.done for part in items),
        takes(row, parts),
        due is not None and due < today and row.status in WORKING,
    )


def _days_since(moment: datetime, row: Activity, today: date) -> int:
    return max(0, (today - moment.astimezone(row.tzinfo).date()).days)


def takes(row: Activity, parts: list[Part]) -> float | None:
    """Whole days an activity takes with everything that belongs to it; None where no part says."""
    aside = [
        float(part.days) if part.days is not None else float(part.hours or 0) / DAY_HOURS
        for part in parts
        if part.days is not None or part.hours is not None
    ]
    if not aside:
        return None
    return own_days(row) + sum(aside)


def own_days(row: Activity) -> float:
    """Days of the activity itself: those it spans, else its hours in working days."""
    start, end = row.local_start, row.ends_at
    if start is not None and end is not None:
        last = end.astimezone(row.tzinfo)
        return float(max(1, (last.date() - start.date()).days + 1))
    if row.hours_planned is not None:
        return float(row.hours_planned) / DAY_HOURS
    return 1.0


# Flow


def stays(first: datetime) -> list[Stay]:
    """Of every card that was in progress since then: when it was committed and when that ended."""
    found: list[Stay] = []
    open_since: dict[int, datetime] = {}
    for key, went_to, at in Move.objects.order_by("at", "id").values_list(
        "activity_id", "went_to", "at"
    ):
        if went_to in WORKING:
            open_since.setdefault(key, at)
        elif key in open_since:
            came = open_since.pop(key)
            if at >= first:
                found.append(Stay(_day_number(came), _day_number(at)))
    unmoved = Activity.objects.filter(status__in=WORKING, moves=None)
    open_since |= dict(unmoved.values_list("pk", "created_at"))
    found += [Stay(_day_number(came), None) for came in open_since.values()]
    return found


def _day_number(moment: datetime) -> float:
    return moment.timestamp() / SECONDS_A_DAY


def flow(actor: Actor, days: int = FLOW_DAYS) -> Flow:
    """Of the last days: cards in progress, how many were done a day, how long they took."""
    rules.require(rules.may_read_record, actor)
    now = clock.now()
    first = now - timedelta(days=days)
    return flows.flow(stays(first), _day_number(first), _day_number(now))


@dataclass(frozen=True, slots=True)
class Cumulative:
    """By week: how many had been committed, and how many were done or cancelled."""

    days: tuple[date, ...]
    came: tuple[int, ...]
    left: tuple[int, ...]


def cumulative(actor: Actor, weeks: int = 13) -> Cumulative:
    rules.require(rules.may_read_record, actor)
    today = preferences.today()
    zone = preferences.zone()
    days = [today - timedelta(days=7 * back) for back in range(weeks - 1, -1, -1)]
    ends = [
        _day_number(datetime.combine(day + timedelta(days=1), time(0, 0), zone)) for day in days
    ]
    since = datetime.combine(days[0] - timedelta(days=1), time(0, 0), zone).astimezone(UTC)
    came, left = flows.cumulative(stays(since), ends)
    return Cumulative(tuple(days), tuple(came), tuple(left))


# Requests and proposals


@dataclass(frozen=True, slots=True)
class Requests:
    """open: waiting for an answer; answered: latest first; protected: hours that a no kept free."""

    open: tuple[Activity, ...]
    answered: tuple[Request, ...]
    protected: float
    declined: int


def requests(actor: Actor) -> Requests:
    rules.require(rules.may_read_record, actor)
    answered = Request.objects.exclude(answer="").select_related("activity__program")
    # A no that was taken back protects nothing.
    no = [
        row
        for row in answered
        if row.answer == Answer.NO and row.activity.status == Status.DECLINED
    ]
    smaller = [row for row in answered if row.answer == Answer.SMALLER]
    kept = sum(float(row.hours_asked or 0) for row in no)
    kept += sum(
        max(0.0, float(row.hours_asked or 0) - float(row.activity.hours_planned or 0))
        for row in smaller
    )
    latest = answered.order_by("-answered_on", "-id")[:MOST_REQUESTS]
    return Requests(tuple(waiting_requests()), tuple(latest), kept, len(no))


@dataclass(frozen=True, slots=True)
class Proposals:
    """Calls for proposals: open by deadline, waiting for a decision, decided; rate: accepted of
    decided with its 80 % range, None where none was decided."""

    open: tuple[Activity, ...]
    waiting: tuple[Activity, ...]
    accepted: int
    decided: int
    rate: tuple[float, float, float] | None


def proposals(actor: Actor) -> Proposals:
    rules.require(rules.may_read_record, actor)
    calls = list(
        Activity.objects.filter(kind=Kind.CFP, status__in=AHEAD)
        .select_related("program", "proposal")
        .order_by("due", "day", "id")
    )
    sent = [call for call in calls if _submitted(call)]
    decided = Proposal.objects.exclude(decision="")
    accepted = decided.filter(decision=Decision.ACCEPTED).count()
    number = decided.count()
    rate = None
    if number:
        low, high = exact_interval(accepted, number, 0.8)
        rate = (accepted / number, low, high)
    return Proposals(
        tuple(call for call in calls if call not in sent), tuple(sent), accepted, number, rate
    )


def _submitted(call: Activity) -> bool:
    proposal: Proposal | None = getattr(call, "proposal", None)
    return proposal is not None and proposal.submitted_on is not None


def proposal_sentence(found: Proposals) -> str:
    """The acceptance rate in words, with its range."""
    if found.rate is None:
        return "No proposal decided yet."
    _, low, high = found.rate
    return (
        f"{found.accepted} of {found.decided} answered ones accepted; from so few, the rate could be anything "
        f"from {words.share(low)} to {words.share(high)}."
    )


# Written out


def cards_of(actor: Actor) -> list[CardRow]:
    """Every card of the board, and those that left it, as rows that come back in."""
    rules.require(rules.may_read_record, actor)
    rows = (
        Activity.objects.exclude(moves=None, parts=None, status__in=(Status.DONE,))
        .select_related("program")
        .prefetch_related("parts", "moves", "links", "tags")
        .order_by("id")
    )
    return [_row(number, activity) for number, activity in enumerate(rows, start=1)]


def _row(number: int, activity: Activity) -> CardRow:
    return CardRow(
        row=number,
        key=card_key(activity),
        title=activity.title,
        status=activity.status,
        column=activity.get_status_display(),
        kind=activity.kind,
        program=activity.program.name,
        due=activity.promised_for,
        day=activity.day,
        hours=None if activity.hours_planned is None else float(activity.hours_planned),
        holder=activity.holder,
        tags=tuple(tag.name for tag in activity.tags.all()),
        links=tuple(link.url for link in activity.links.all()),
        notes=activity.notes,
        items=tuple(
            CardItem(
                part.outside_id,
                part.title,
                part.heading,
                part.done,
                part.day,
                part.kind,
                None if part.hours is None else float(part.hours),
                None if part.days is None else float(part.days),
            )
            for part in activity.parts.all()
        ),
        moves=tuple(
            CardMove(move.at, move.came_from, move.went_to) for move in activity.moves.all()
        ),
        created_at=activity.created_at,
        touched=activity.updated_at,
    )


def find_part(actor: Actor, activity: Activity, key: int) -> Part | None:
    rules.require(rules.may_read_record, actor)
    return Part.objects.filter(activity=activity, pk=key).first()
