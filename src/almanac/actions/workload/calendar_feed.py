"""The calendar one subscribes to elsewhere: a private address that can be taken back."""

from __future__ import annotations

import secrets

from almanac.answers.log.calendar import calendar_items
from almanac.answers.log.change_lines import ChangeLine
from almanac.press.calendar import calendar_file
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra.seals import of_token
from almanac.record.models import PrivateSetting
from almanac.record.queries import private
from almanac.record.rules import OWNER, Actor

KEY = "calendar_feed"
NAME = "Almanac"


def open_feed(actor: Actor) -> str:
    """A new address; the one before shows nothing from now on. Only its fingerprint is kept."""
    rules.require(rules.may_read_private, actor)
    token = secrets.token_urlsafe(24)
    with verb(actor, "open_feed", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.FEED()
        PrivateSetting.objects.update_or_create(key=KEY, defaults={"value": of_token(token)})
    return token


def close_feed(actor: Actor) -> None:
    """Its address shows nothing from now on."""
    rules.require(rules.may_read_private, actor)
    with verb(actor, "close_feed", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.FEED_CLOSED()
        PrivateSetting.objects.filter(key=KEY).delete()


def feed_of(token: str) -> bytes | None:
    """The calendar behind an address; None where it is not, or no longer, one."""
    known: str = private.value(KEY)
    if not known or not secrets.compare_digest(known, of_token(token)):
        return None
    return calendar(OWNER)


def calendar(actor: Actor) -> bytes:
    """Everything planned and what was cancelled, as a calendar file."""
    return calendar_file(calendar_items(actor), NAME)
