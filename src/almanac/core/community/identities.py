"""Which identities are one person: addresses, handles and names, joined where two things say so.

Rules, measured on git authors against their own mailmap (tests/core/community/test_identities.py).
Likeness alone, by rapidfuzz, only proposes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING

from almanac.core.community.identity_words import (
    BESIDE,
    DESKS,
    ROLES,
    SITES,
    are_two_people,
    login_of,
    squeezed,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Pair = tuple[int, int]
NOREPLY = ".noreply."
LEAST_HANDLE, LEAST_CALLED, LEAST_FULL, LEAST_TOGETHER = 5, 6, 8, 10
"""Letters of a handle, of a name used as one, of a full name that is one, and of one written together."""
MOST_NAMES, MOST_ADDRESSES = 2, 8
"""An address with more people's names is shared; a full name with more addresses is several people's."""
MOST_NAMESAKES = 0.01
"""A full name of which so many others are expected is rare enough to say who it is."""
SAME_NAME = 85.0
"""Likeness of two who have one full name."""
MOST_ALIKE = 30
"""A trait that more identities share proposes nothing."""
LEAST_LIKE = 80.0
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u1100-\u11ff]{2,16}")
_ADDRESS = re.compile(r"[^@\s*?]+@[^@\s*?]+\.[^@\s*?.]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as one place knows them; handle: a login there."""

    name: str
    email: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True)
class IdentityLink:
    """Two identities, by their places, and what joins them in a few words."""

    first: int
    second: int
    why: str


@dataclass(frozen=True, slots=True)
class IdentityProposal:
    """Two identities that may be one person; likeness: 0 to 100."""

    first: int
    second: int
    likeness: float
    why: str


@dataclass(frozen=True, slots=True)
class Matching:
    """person: a number for each identity, the place of the first of the same person; links: what joined
    them; conflicts: links that were not made, as somebody said that they are two people."""

    person: tuple[int, ...]
    links: tuple[IdentityLink, ...]
    conflicts: tuple[IdentityLink, ...]


@dataclass(frozen=True, slots=True)
class _Traits:
    """tokens: of the name, folded; called: the name written together; is_word: it is written as one word;
    is_titled: with one capital, as first names are and logins are not;
    address: one that is somebody's; local: what stands before its @; handles: logins."""

    tokens: tuple[str, ...]
    called: str
    is_word: bool
    is_titled: bool
    address: str
    local: str
    handles: frozenset[str]


def match(
    identities: Sequence[Identity],
    same: Iterable[Pair] = (),
    apart: Iterable[Pair] = (),
) -> Matching:
    """Join what two signals say is one person. same, apart: what somebody said, which holds before
    everything else."""
    traits = [_traits_of(each) for each in identities]
    groups = _Groups(len(traits), apart)
    for first, second in same:
        groups.join(first, second, "you said so")
    for first, second, why in _joined(traits, groups):
        groups.join(first, second, why)
    return Matching(
        tuple(groups.root(place) for place in range(len(traits))),
        tuple(groups.links),
        tuple(groups.conflicts),
    )


class _Groups:
    """Disjoint sets, where some pairs must stay apart."""

    def __init__(self, number: int, apart: Iterable[Pair]) -> None:
        self.parent = list(range(number))
        self.apart: dict[int, set[int]] = defaultdict(set)
        for first, second in apart:
            self.apart[first].add(second)
            self.apart[second].add(first)
        self.links: list[IdentityLink] = []
        self.conflicts: list[IdentityLink] = []

    def root(self, place: int) -> int:
        while self.parent[place] != place:
            self.parent[place] = self.parent[self.parent[place]]
            place = self.parent[place]
        return place

    def join(self, first: int, second: int, why: str) -> None:
        one, other = sorted((self.root(first), self.root(second)))
        if one == other:
            return
        link = IdentityLink(first, second, why)
        if any(self.root(place) == other for place in self.apart[one]):
            self.conflicts.append(link)
            return
        self.parent[other] = one
        if other in self.apart:
            self.apart[one] |= self.apart.pop(other)
        self.links.append(link)


def is_somebody(identity: Identity) -> bool:
    """Whether anything tells them from others: an address, a login, a full name. “Anna” is nobody in
    particular."""
    return bool(identity.email or identity.handle or _full_name(_traits_of(identity)))


def _traits_of(identity: Identity) -> _Traits:
    name = BESIDE.sub(" ", identity.name)
    tokens = words_of(name)
    email = identity.email.strip().lower()
    local, _, domain = email.rpartition("@")
    handles = {login_of(identity.handle)} - ROLES - DESKS - SITES
    address = ""
    if NOREPLY in f".{domain}":
        handles.add(squeezed(local.rpartition("+")[2]))
        local = ""
    elif domain == "localhost" or domain.endswith(".localdomain"):
        handles |= set() if local in ROLES else {squeezed(local)}
        local = ""
    elif local in DESKS:
        local = ""
    elif _ADDRESS.fullmatch(email):
        address = f"{local.partition('+')[0]}@{domain}"
    local = local.partition("+")[0]
    return _Traits(
        tokens,
        "".join(tokens),
        len(name.split()) == 1,
        name.strip().istitle() and name.strip().isalpha(),
        address,
        "" if local in ROLES else squeezed(local),
        frozenset(handles - {""}),
    )


def _joined(traits: Sequence[_Traits], groups: _Groups) -> Iterable[tuple[int, int, str]]:
    yield from _by_address(traits, groups)
    yield from _by_handle(traits)
    yield from _by_name(traits, groups)


def _by_address(traits: Sequence[_Traits], groups: _Groups) -> Iterable[tuple[int, int, str]]:
    """By an address. Whoever changed their name keeps it; but where two of an address are known to be two
    people, or it has more than two people's names, only names that may be one person's join: tickets that
    somebody buys for others carry the buyer's address."""
    by_address: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(traits):
        if each.address:
            by_address[each.address].append(place)
    for places in by_address.values():
        people: dict[int, list[int]] = {}
        for place in places:
            first = next(
                (one for one in people if not _strangers(traits[one], traits[place])), place
            )
            people.setdefault(first, []).append(place)
        here = set(places)
        is_shared = len(people) > MOST_NAMES or any(groups.apart[place] & here for place in places)
        for of_one in people.values() if is_shared else [places]:
            for place in of_one[1:]:
                yield of_one[0], place, "the same address"


def _strangers(one: _Traits, other: _Traits) -> bool:
    """Whether two full names at one address are of two people."""
    full = _full_name(one) and _full_name(other)
    return bool(full) and are_two_people(" ".join(one.tokens), " ".join(other.tokens))


def _by_name(traits: Sequence[_Traits], groups: _Groups) -> Iterable[tuple[int, int, str]]:
    """By the words of a full name in any order, where a second thing says so. Initials between them may be
    missing on one side; a first name with an initial is no full name."""
    by_words: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, each in enumerate(traits):
        words = _full_name(each)
        if words:
            by_words[words].append(place)
    namesakes = _namesakes(by_words)
    for words, places in by_words.items():
        is_rare = namesakes(words) <= MOST_NAMESAKES
        if len({traits[place].address for place in places} - {""}) > MOST_ADDRESSES:
            is_rare = False
        by_initials: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place in places:
            by_initials[tuple(sorted(set(traits[place].tokens) - set(words)))].append(place)
        several = len(by_initials.keys() - {()}) > 1
        for group in by_initials.values() if several else [places]:
            yield from _of_one_name(traits, group, groups, is_rare=is_rare)


def _full_name(traits: _Traits) -> tuple[str, ...]:
    """Its words in order, without initials; empty where a name is no full one. Scripts without spaces
    write a full name as one word."""
    words = tuple(word for word in sorted(traits.tokens) if len(word) > 1 or not word.isascii())
    if _UNSPACED.fullmatch(traits.called):
        return (traits.called,)
    return words if len(words) > 1 and not traits.is_word else ()


def _namesakes(names: Iterable[tuple[str, ...]]) -> Callable[[tuple[str, ...]], float]:
    """How many others of a full name to expect here, by how many names each of its words stands in. Half a
    name is added to each count, so that few names show nothing to be rare."""
    among = list(names)
    standing = Counter(word for words in among for word in set(words))

    def expected(words: tuple[str, ...]) -> float:
        return len(among) * prod((standing[word] - 0.5) / len(among) for word in set(words))

    return expected


def _of_one_name(
    traits: Sequence[_Traits], places: Sequence[int], groups: _Groups, *, is_rare: bool
) -> Iterable[tuple[int, int, str]]:
    if is_rare:
        for place in places[1:]:
            yield places[0], place, "a rare name, the same name"
        return
    first_of: dict[str, int] = {}
    for place in places:
        local = traits[place].local
        # A first name before the @ is in every address of a namesake, too.
        tells = local and local not in traits[place].tokens
        if tells and first_of.setdefault(local, place) != place:
            yield first_of[local], place, "the same name, the same word before the @"
    bare = [place for place in places if not (traits[place].address or traits[place].handles)]
    others = {groups.root(place): place for place in places if place not in set(bare)}
    if len(others) > 1:
        return
    whole = [*others.values(), *bare]
    for place in whole[1:]:
        yield whole[0], place, "the same name"


def _by_handle(traits: Sequence[_Traits]) -> Iterable[tuple[int, int, str]]:
    """By a login, that another identity is named or writes from. What is also a word of somebody's full
    name is a first name, and no handle."""
    words = Counter(word for each in traits if not each.is_word for word in set(each.tokens))

    def is_one(text: str, least: int) -> bool:
        return text not in words and (
            len(text) >= least or (len(text) >= 4 and any(letter.isdigit() for letter in text))
        )

    logins: dict[str, list[int]] = defaultdict(list)
    called: dict[str, list[int]] = defaultdict(list)
    full: dict[str, list[int]] = defaultdict(list)
    locals_: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(traits):
        for handle in each.handles:
            if is_one(handle, LEAST_HANDLE):
                logins[handle].append(place)
        if each.is_word and is_one(each.called, LEAST_CALLED):
            called[each.called].append(place)
        elif not each.is_word and len(each.called) >= LEAST_FULL:
            full[each.called].append(place)
        if each.local:
            locals_[each.local].append(place)
    for handle, places in logins.items():
        others = [*called.get(handle, ()), *full.get(handle, ())]
        for place in [*places[1:], *others]:
            yield places[0], place, f"the handle {handle}"
    for name, places in called.items():
        writes = locals_.get(name, []) if len(name) >= LEAST_CALLED else []
        starts = any(
            traits[place].local.startswith(name) and not traits[place].is_titled for place in places
        )
        together = name in full and len(name) >= LEAST_TOGETHER
        is_handle = any(letter.isdigit() for letter in name) or bool(writes) or starts or together
        if is_handle:
            for place in [*places[1:], *writes, *full.get(name, ())]:
                yield places[0], place, f"called and writing as {name}"


def propose(
    identities: Sequence[Identity], found: Matching, most: int = 1000
) -> list[IdentityProposal]:
    """Pairs of different people that are alike, the likeliest first: one from each pair of people."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - only those who look for proposals need it

    traits = [_traits_of(each) for each in identities]
    best: dict[Pair, IdentityProposal] = {}
    for pair, why in _alike(traits).items():
        first, second = pair
        people = (found.person[first], found.person[second])
        if people[0] == people[1]:
            continue
        one, other = traits[first], traits[second]
        names = fuzz.token_sort_ratio(" ".join(one.tokens), " ".join(other.tokens))
        together = fuzz.ratio(one.called, other.called)
        writes = max(
            (fuzz.ratio(a, b) for a in _writings(one) for b in _writings(other)), default=0.0
        )
        crossed = max(
            (fuzz.partial_ratio(a.called, b) for a, b in ((one, w) for w in _writings(other)) if min(len(a.called), len(b)) >= 5),
            default=0.0,
        )  # fmt: skip
        likeness = max(names, together) * 0.55 + max(writes, 0.9 * crossed) * 0.45
        likeness += 8.0 * (len(why) - 1)
        evidence = why
        if _full_name(one) and _full_name(one) == _full_name(other):
            likeness = max(likeness, SAME_NAME)
            evidence = evidence - {"a name in common"} | {"the same name"}
        if likeness < LEAST_LIKE:
            continue
        key = (min(people), max(people))
        proposal = IdentityProposal(
            first, second, round(min(likeness, 99.0), 1), ", ".join(sorted(evidence))
        )
        if key not in best or best[key].likeness < proposal.likeness:
            best[key] = proposal
    return sorted(best.values(), key=lambda each: (-each.likeness, each.first, each.second))[:most]


def _writings(traits: _Traits) -> list[str]:
    return [each for each in (traits.local, *traits.handles) if each]


def _alike(traits: Sequence[_Traits]) -> dict[Pair, set[str]]:
    """Pairs that share something few others have, and what."""
    shared: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, each in enumerate(traits):
        if each.called:
            shared["the same name", each.called].append(place)
        for token in {token for token in each.tokens if len(token) >= 4}:
            shared["a name in common", token].append(place)
        for writing in _writings(each):
            letters = writing.rstrip("0123456789")
            if len(letters) >= 4:
                shared["addresses that begin alike", letters[:5]].append(place)
            if len(letters) >= LEAST_CALLED:
                shared["the same word before the @", letters].append(place)
        if each.called and len(each.called) >= 4:
            shared["a name like an address", each.called[:5]].append(place)
        for writing in _writings(each):
            if len(writing) >= 4:
                shared["a name like an address", writing[:5]].append(place)
        domain = each.address.rpartition("@")[2]
        if domain:
            shared["addresses of one place", domain].append(place)
    found: dict[Pair, set[str]] = defaultdict(set)
    for (why, _), places in shared.items():
        if 1 < len(places) <= MOST_ALIKE:
            for pair in combinations(sorted(set(places)), 2):
                found[pair].add(why)
    return found
