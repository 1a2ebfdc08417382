"""People: who they are across guest lists, quotes, requests and meetings, and who came back.

Everybody is only counted, and never scored. Names are shown where they are kept.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations, pairwise
from statistics import median
from typing import TYPE_CHECKING

from almanac.core.community.identities import (
    MOST_ADDRESSES,
    Identity,
    IdentityProposal,
    Matching,
    is_somebody,
    match,
    propose,
)
from almanac.core.community.identity_words import are_two_people, folded, words_of
from almanac.core.vocabulary import GuestState
from almanac.record import rules
from almanac.record.models import Activity, Guest, Person, Quote, Request, SamePerson
from almanac.record.models.community.people import ERASED
from almanac.record.queries import preferences
from almanac.record.queries.versions import record_version, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from almanac.record.rules import Actor

SIGNED_UP = frozenset({GuestState.SIGNED_UP, GuestState.ATTENDED, GuestState.NO_SHOW})
"""On the list in the end, walk-ins included."""
REGULAR_TIMES = 3
LATELY, RHYTHMS = timedelta(days=60), 2.5
"""Somebody is not seen lately after so many of their own gaps between events, and never before so long."""
SOMEBODY = re.compile(r"(?:an?|the|my|our|some|one)\s", re.IGNORECASE)
MOST_PROPOSED = 200
ON_ONE_LIST = "the same name on one list"


class Presence(StrEnum):
    """How often somebody has come, by their own rhythm."""

    NEVER = "not come yet"
    FIRST = "first time"
    CAME_BACK = "came back"
    REGULAR = "regular"
    MISSING = "not seen lately"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody on one event's list. came: None where nobody took attendance."""

    activity_id: int
    program_id: int
    day: date
    came: bool | None


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody, with everything that is known of them. token: for an address of their own, the same as
    long as one of their identities is; card: what was written down of them, where it was."""

    token: str
    name: str
    identities: tuple[Identity, ...]
    visits: tuple[Visit, ...]
    quotes: tuple[int, ...]
    requests: tuple[int, ...]
    card: Person | None
    presence: Presence

    @property
    def handles(self) -> tuple[str, ...]:
        """Addresses and logins. Earlier names are shown nowhere."""
        found = [each.email or each.handle for each in self.identities]
        return tuple(dict.fromkeys(text for text in found if text))

    @property
    def came(self) -> tuple[Visit, ...]:
        return tuple(visit for visit in self.visits if visit.came is not False)


@dataclass(slots=True)
class _Sightings:
    """Where an identity was seen. latest: the day of it, for the name that holds today."""

    visits: list[Visit] = field(default_factory=list)
    quotes: list[int] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    card: Person | None = None
    latest: date = date.min


@dataclass(frozen=True, slots=True)
class Everybody:
    """people: by their last day, latest first; by_token: of every identity; matching: how identities were
    joined."""

    people: tuple[KnownPerson, ...]
    by_token: dict[str, KnownPerson]
    by_identity: dict[str, Identity]
    """Each identity by its own token."""
    identities: tuple[Identity, ...]
    matching: Matching
    beside: frozenset[frozenset[int]]
    """Pairs of identities that stood on one list, and so are two people."""


def identity_key(identity: Identity) -> str:
    """An identity as one text, by which answers about it are kept."""
    return f"{' '.join(identity.name.split())} <{identity.email or identity.handle}>"[:460]


def token_of(identity: Identity) -> str:
    """The address of a person's page, by one of their identities; it gives no name away."""
    return hashlib.sha256(folded(identity_key(identity)).encode()).hexdigest()[:16]


@remembered(record_version, preferences.today, most=2)
def everybody(actor: Actor) -> Everybody:
    """Everybody who is known by name, joined into people."""
    rules.require(rules.may_read_private, actor)
    seen = _sightings()
    identities = tuple(seen)
    place = {identity_key(each): number for number, each in enumerate(identities)}
    same, apart = _said(place)
    said_same = {frozenset(pair) for pair in same}
    beside = {pair for pair in _side_by_side(identities, seen) if frozenset(pair) not in said_same}
    found = match(identities, same, [*apart, *beside])
    groups: dict[int, list[int]] = defaultdict(list)
    for number, root in enumerate(found.person):
        groups[root].append(number)
    today = preferences.today()
    people = [
        _person([identities[number] for number in numbers], seen, today)
        for numbers in groups.values()
    ]
    people.sort(key=_latest_first)
    by_token = {token_of(each): person for person in people for each in person.identities}
    by_identity = {token_of(each): each for each in identities}
    return Everybody(
        tuple(people), by_token, by_identity, identities, found, frozenset(map(frozenset, beside))
    )


def _latest_first(person: KnownPerson) -> tuple[int, str]:
    last = max((visit.day for visit in person.visits), default=date.min)
    return -last.toordinal(), folded(person.name)


def _sightings() -> dict[Identity, _Sightings]:
    seen: dict[Identity, _Sightings] = defaultdict(_Sightings)
    told = Guest.objects.filter(status__in=(GuestState.ATTENDED, GuestState.NO_SHOW))
    taken = set(told.values_list("activity_id", flat=True).distinct())
    rows = Guest.objects.filter(activity__day__isnull=False).exclude(name=ERASED)
    columns = ("name", "email", "status", "activity_id", "activity__program_id", "activity__day")
    for name, email, status, activity, program, day in rows.values_list(*columns).iterator(5000):
        identity = Identity(" ".join(name.split()), email.strip().lower())
        if status not in SIGNED_UP or not (identity.name or identity.email):
            continue
        came = status == GuestState.ATTENDED if activity in taken else None
        _seen_on(seen[identity], day).visits.append(Visit(activity, program, day, came))
    # “An editor” is nobody in particular.
    heard = Quote.objects.exclude(who__in=("", ERASED)).values_list("pk", "who", "day")
    for key, who, day in heard:
        if not SOMEBODY.match(who):
            _seen_on(seen[Identity(" ".join(who.split()))], day).quotes.append(key)
    asked = Request.objects.exclude(asked_by__in=("", ERASED)).select_related("activity")
    for request in asked:
        if SOMEBODY.match(request.asked_by):
            continue
        identity = Identity(" ".join(request.asked_by.split()))
        _seen_on(seen[identity], request.activity.day).requests.append(request.activity_id)
    for card in Person.objects.all():
        for number, identity in enumerate(identities_of(card)):
            there = seen[identity]
            there.card = card
            there.latest = max(there.latest, date.max if number == 0 else date.min)
    return dict(seen)


def _seen_on(there: _Sightings, day: date | None) -> _Sightings:
    there.latest = max(there.latest, day or date.min)
    return there


def identities_of(card: Person) -> list[Identity]:
    """A written-down person as identities: the name with each address or login of theirs."""
    texts = card.handles.split()
    found = [
        Identity(card.name, text.lower())
        if "@" in text.strip("@")
        else Identity(card.name, "", text)
        for text in texts
    ]
    return found or [Identity(card.name)]


def _said(place: dict[str, int]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """What was said of pairs that are still there."""
    same: list[tuple[int, int]] = []
    apart: list[tuple[int, int]] = []
    for first, second, is_same in SamePerson.objects.values_list("first", "second", "same"):
        if first in place and second in place:
            (same if is_same else apart).append((place[first], place[second]))
    return same, apart


def _side_by_side(
    identities: Sequence[Identity], seen: dict[Identity, _Sightings]
) -> Iterable[tuple[int, int]]:
    """Two people, as one event's list has both: two addresses under one name, or two names at one address."""
    by_name: dict[str, list[int]] = defaultdict(list)
    by_address: dict[str, list[int]] = defaultdict(list)
    for number, identity in enumerate(identities):
        if identity.name and identity.email:
            by_name[" ".join(sorted(words_of(identity.name)))].append(number)
            by_address[identity.email].append(number)
    # A name with more addresses joins nobody as it is.
    few = [numbers for numbers in by_name.values() if len(numbers) <= MOST_ADDRESSES]
    for one, other in _together(few, identities, seen):
        if identities[one].email != identities[other].email:
            yield one, other
    for one, other in _together(by_address.values(), identities, seen):
        if are_two_people(identities[one].name, identities[other].name):
            yield one, other


def _together(
    groups: Iterable[list[int]], identities: Sequence[Identity], seen: dict[Identity, _Sightings]
) -> Iterable[tuple[int, int]]:
    """Pairs of a group that stood on one list."""
    for numbers in groups:
        if len(numbers) < 2:
            continue
        at: dict[int, list[int]] = defaultdict(list)
        for number in numbers:
            for visit in seen[identities[number]].visits:
                at[visit.activity_id].append(number)
        for several in at.values():
            yield from combinations(several, 2)


def _person(
    identities: list[Identity], seen: dict[Identity, _Sightings], today: date
) -> KnownPerson:
    sightings = [seen[identity] for identity in identities]
    by_event: dict[int, Visit] = {}
    for visit in sorted((v for s in sightings for v in s.visits), key=lambda v: bool(v.came)):
        by_event[visit.activity_id] = visit
    visits = tuple(sorted(by_event.values(), key=lambda visit: (visit.day, visit.activity_id)))
    card = next((each.card for each in sightings if each.card), None)
    named = sorted(
        (each for each in identities if each.name), key=lambda each: seen[each].latest, reverse=True
    )
    name = card.name if card else named[0].name if named else "Somebody without a name"
    first = min(identities, key=identity_key)
    came = [visit.day for visit in visits if visit.came is not False]
    # Of “Anna” on three lists nobody knows whether she is one.
    came = came if any(map(is_somebody, identities)) else came[:1]
    return KnownPerson(
        token_of(first), name, tuple(identities), visits,
        tuple(key for each in sightings for key in each.quotes),
        tuple(key for each in sightings for key in each.requests),
        card, presence_of(came, today),
    )  # fmt: skip


def presence_of(days: Sequence[date], today: date) -> Presence:
    """By the days somebody came on, in order, up to today."""
    past = sorted({day for day in days if day <= today})
    if not past:
        return Presence.NEVER
    if len(past) == 1:
        return Presence.FIRST
    gaps = [(later - earlier).days for earlier, later in pairwise(past)]
    if (today - past[-1]) > max(LATELY, timedelta(days=RHYTHMS * median(gaps))):
        return Presence.MISSING
    return Presence.REGULAR if len(past) >= REGULAR_TIMES else Presence.CAME_BACK


def find_person(actor: Actor, token: str) -> KnownPerson | None:
    rules.require(rules.may_read_private, actor)
    return everybody(actor).by_token.get(token)


def key_of(actor: Actor, token: str) -> str:
    """An identity by its token, as answers about it are kept; empty where it is not there any more."""
    rules.require(rules.may_read_private, actor)
    found = everybody(actor).by_identity.get(token)
    return identity_key(found) if found else ""


def people_called(actor: Actor, words: str) -> list[KnownPerson]:
    """Those whose name or address holds every word; everybody where there is none. The latest first."""
    rules.require(rules.may_read_private, actor)
    wanted = folded(words).split()
    return [
        person
        for person in everybody(actor).people
        if all(word in _searched(person) for word in wanted)
    ]


def _searched(person: KnownPerson) -> str:
    return folded(" ".join((person.name, *person.handles)))


@dataclass(frozen=True, slots=True)
class MayBeSame:
    """Two people who may be one, the tokens of the identities that are alike, and the evidence."""

    first: KnownPerson
    second: KnownPerson
    tokens: tuple[str, str]
    evidence: str


@remembered(record_version, most=2)
def may_be_same(actor: Actor) -> tuple[MayBeSame, ...]:
    """A queue, the likeliest first, with each pair of people once. What somebody answered is asked again
    only where its evidence changes; a split by hand names none and holds until it is undone."""
    rules.require(rules.may_read_private, actor)
    found = everybody(actor)
    rows = SamePerson.objects.filter(same=False).values_list("first", "second", "evidence")
    answered = {frozenset((first, second)): evidence for first, second, evidence in rows}
    queue: list[MayBeSame] = []
    asked: set[frozenset[str]] = set()
    for each in _proposals(found):
        one, other = found.identities[each.first], found.identities[each.second]
        keys = (identity_key(one), identity_key(other))
        first, second = found.by_token[token_of(one)], found.by_token[token_of(other)]
        people = frozenset((first.token, second.token))
        if people in asked:
            continue
        asked.add(people)
        if _holds(answered.get(frozenset(keys)), each.why):
            continue
        queue.append(
            MayBeSame(
                first, second, (token_of(one), token_of(other)), each.why,
            )
        )  # fmt: skip
    return tuple(queue[:MOST_PROPOSED])


def _holds(answered: str | None, evidence: str) -> bool:
    """Whether an answer stands against the evidence of today: where nothing is in it that was not before."""
    if not answered:
        return answered is not None
    return set(evidence.split(", ")) <= set(answered.split(", "))


def _proposals(found: Everybody) -> Iterable[IdentityProposal]:
    """What is alike, and what two signals say but somebody denied on other evidence."""
    for link in found.matching.conflicts:
        is_beside = frozenset((link.first, link.second)) in found.beside
        yield IdentityProposal(
            link.first, link.second, 99.0, ON_ONE_LIST if is_beside else link.why
        )
    yield from propose(found.identities, found.matching)


@remembered(record_version, most=4)
def follow_ups(actor: Actor, until: date) -> tuple[Person, ...]:
    """People to talk to again up to a day, the soonest first."""
    rules.require(rules.may_read_private, actor)
    due = Person.objects.filter(follow_up_on__isnull=False, follow_up_on__lte=until)
    return tuple(due.order_by("follow_up_on", "pk"))


def encounters_of(actor: Actor, person: KnownPerson) -> list[Activity]:
    """Where somebody was talked to, the latest first."""
    rules.require(rules.may_read_private, actor)
    if person.card is None:
        return []
    rows = Activity.objects.filter(encounters__person=person.card).select_related("program")
    return list(rows.order_by("-day", "-pk"))
