"""Reach: links handed out and counted, and channels corrected by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import slugify

from almanac.actions.activities import safe_url, web_address
from almanac.actions.errors import CannotError
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.community.channels import Channel
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import HandedLink, LinkCount, Referral

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from almanac.answers.imports.import_plan import PlannedLinkCount
    from almanac.record.changelog import Line
    from almanac.record.models import Activity
    from almanac.record.rules import Actor

MOST = 10**12
LONGEST_CODE = 40


def hand_out_link(
    actor: Actor, url: str, activity: Activity | None = None, short: str = ""
) -> HandedLink:
    """A link of its own for one talk or post. short: what a link tool made of it."""
    rules.require(rules.may_change_record, actor)
    url, short = safe_url(url), _own_short(short)
    now = clock.now()
    with verb(actor, "hand_out_link") as line:
        link = HandedLink.objects.create(
            code=_free_code(activity.title if activity else url.split("://", 1)[-1]),
            url=url, short=short, activity=activity, created_at=now, updated_at=now,
        )  # fmt: skip
        line.create(link)
        line.summary = ChangeLine.LINK()
    return link


def _own_short(short: str) -> str:
    """What a link tool made of a link, which no other link has; empty where it made nothing."""
    address = web_address(short)
    if address and HandedLink.objects.filter(short=address).exists():
        raise CannotError(f"{address} is handed out already.")
    return address


def _free_code(text: str) -> str:
    words = slugify(text).split("-")
    stem = next(
        (cut for n in range(len(words), 0, -1) if len(cut := "-".join(words[:n])) <= LONGEST_CODE),
        words[0][:LONGEST_CODE],
    )
    stem = stem or "link"
    taken = set(HandedLink.objects.filter(code__startswith=stem).values_list("code", flat=True))
    number = next(n for n in range(1, len(taken) + 2) if _numbered(stem, n) not in taken)
    return _numbered(stem, number)


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def shorten_link(actor: Actor, link: HandedLink, short: str) -> HandedLink:
    """Note what a link tool made of a link."""
    rules.require(rules.may_change_record, actor)
    if web_address(short) == link.short:
        return link
    wanted = _own_short(short)
    with verb(actor, "shorten_link") as line:
        line.keep(link, "short", "updated_at")
        link.short, link.updated_at = wanted, clock.now()
        link.save(update_fields=["short", "updated_at"])
        line.summary = ChangeLine.LINK_CHANGED()
    return link


def forget_link(actor: Actor, link: HandedLink) -> None:
    """Delete a link with its counts; this cannot be undone."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "forget_link") as line:
        line.undoable = False
        line.summary = ChangeLine.LINK_DELETED()
        link.delete()


def count_link(
    actor: Actor, link: HandedLink, count: int, day: date, what: str = "clicks"
) -> LinkCount:
    """How often a link was followed in all by a day, as somebody read it off their tool."""
    rules.require(rules.may_change_record, actor)
    if not 0 <= count <= MOST:
        raise CannotError("How often was it followed? A whole number, 0 or more.")
    there = LinkCount.objects.filter(
        link=link, day=day, what=what, is_total=True, replaced_at__isnull=True
    ).first()
    with verb(actor, "count_link") as line:
        made = _count(line, link, count, day, what, there, is_total=True, origin="you said")
        line.summary = ChangeLine.LINK_COUNTED()
    return made


def write_link_counts(line: Line, planned: Iterable[PlannedLinkCount], origin: str) -> None:
    """What a file counted, within a verb."""
    for each in planned:
        _count(
            line, each.link, each.count, each.day, each.what, each.replaces, is_total=each.is_total,
            origin=origin[:200],
        )  # fmt: skip


def _count(
    line: Line, link: HandedLink, count: int, day: date, what: str, replaces: LinkCount | None, *,
    is_total: bool, origin: str,
) -> LinkCount:  # fmt: skip
    now = clock.now()
    if replaces is not None:
        line.keep(replaces, "replaced_at")
        replaces.replaced_at = now
        replaces.save(update_fields=["replaced_at"])
    made = LinkCount.objects.create(
        link=link, day=day, count=count, what=what, is_total=is_total, origin=origin, noted_at=now
    )
    line.create(made)
    return made


def correct_channel(actor: Actor, answer: str, channel: str) -> int:
    """Say which channel an answer is; everybody who gave it, and whoever gives it later, counts there.
    Gives how many answers were moved."""
    rules.require(rules.may_change_record, actor)
    if channel not in set(Channel):
        raise CannotError(f"The channels are {', '.join(Channel)}.")
    rows = [
        row
        for row in Referral.objects.filter(answer__iexact=answer.strip())
        if row.channel != channel or not row.is_corrected
    ]
    if not rows:
        return 0
    with verb(actor, "correct_channel") as line:
        for row in rows:
            line.keep(row, "channel", "is_corrected")
            row.channel, row.is_corrected = channel, True
        Referral.objects.bulk_update(rows, ["channel", "is_corrected"], batch_size=500)
        line.summary = ChangeLine.CHANNEL(channel=channel)
    return len(rows)
