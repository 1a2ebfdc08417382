"""The words of names, logins and addresses, folded, and what they tell of who is who."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from almanac.core.community.person_names import PLAIN_LETTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

ROLES = frozenset({
    "admin", "contact", "dev", "developer", "email", "git", "github", "hello", "home", "info", "localhost",
    "mail", "me", "no-reply", "none", "noreply", "office", "root", "support", "team", "test", "unknown", "user",
})  # fmt: skip
"""Local parts that say what an address is for, and not whose it is."""
DESKS = frozenset({
    "accounts", "admin", "all", "billing", "booking", "bookings", "careers", "community", "developers", "devrel",
    "enquiries", "event", "events", "everyone", "help", "hr", "info", "inquiries", "jobs", "marketing", "office",
    "press", "registration", "sales", "security", "service", "staff", "students", "support", "team", "tickets",
    "webmaster",
})  # fmt: skip
"""Local parts that several people write from. One's own domain has a “hello” or “me” as well."""
SITES = frozenset({"", "github", "gitlab", "twitter", "linkedin", "mastodon", "discord", "x", "na"})
"""What stands in a field for a handle and is none."""
BESIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_TOKENS = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Small letters without accents, in one form."""
    plain = normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not combining(letter)).translate(PLAIN_LETTERS)


def squeezed(text: str) -> str:
    return "".join(_TOKENS.findall(folded(text)))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, folded, without what stands beside it in brackets."""
    return tuple(_TOKENS.findall(folded(BESIDE.sub(" ", name))))


def are_two_people(one: str, other: str) -> bool:
    """Whether two names at one address are of two people: no word is in both, nor an initial; or only the
    last name, and the first ones begin unlike. Jim and James Henderson may be one."""
    first, second = words_of(one), words_of(other)
    if not first or not second:
        return False
    shared = set(first) & set(second)
    if not shared:
        initials = [word for word in (*first, *second) if len(word) == 1]
        return not any(
            word.startswith(tuple(initials)) for word in (*first, *second) if len(word) > 1
        )
    rest = [[word for word in words if word not in shared] for words in (first, second)]
    return (
        len(shared) == 1
        and shared <= {first[-1], second[-1]}
        and all(rest)
        and _begin_unlike(*rest)
    )


def _begin_unlike(one: Sequence[str], other: Sequence[str]) -> bool:
    return not {word[0] for word in one} & {word[0] for word in other}


def login_of(handle: str) -> str:
    """“@ada”, “https://github.com/ada” and “github.com/ada/” are ada."""
    last = handle.strip().rstrip("/").removeprefix("@")
    if "/" in last:
        path = last.partition("://")[2] or last
        last = path.rpartition("/")[2].removeprefix("@") if "/" in path else ""
    return squeezed(last)
