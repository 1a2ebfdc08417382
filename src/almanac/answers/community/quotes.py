"""Quotes: which may be used where today, and how people heard about us."""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from almanac.core.community.channels import Channel
from almanac.core.scoring import exact_interval
from almanac.record import rules
from almanac.record.models import Consent, Quote, QuotePicture, Referral, Scope
from almanac.record.queries import preferences
from almanac.record.queries.days import within

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from almanac.record.rules import Actor


def usable(actor: Actor, where: Scope, on: date | None = None) -> QuerySet[Quote]:
    """Quotes whose consent covers a use on a day: given, for that use or a wider one, not expired.

    Consent without a scope covers reports inside only. Asked anew at every use.
    """
    rules.require(rules.may_read_record, actor)
    day = on or preferences.today()
    given = Quote.objects.filter(consent=Consent.GIVEN).filter(
        Q(consent_until__isnull=True) | Q(consent_until__gte=day)
    )
    if where is Scope.PUBLIC:
        given = given.filter(consent_for=Scope.PUBLIC)
    return given.select_related("program")


def picture_of(actor: Actor, key: int) -> tuple[str, bytes] | None:
    """A quote's screenshot: media type and bytes."""
    rules.require(rules.may_read_record, actor)
    row = QuotePicture.objects.filter(quote_id=key).first()
    return (row.media_type, b64decode(row.content)) if row else None


def quotes_of(actor: Actor, keys: Iterable[int]) -> list[Quote]:
    """Quotes by their keys, the latest first."""
    rules.require(rules.may_read_record, actor)
    return list(Quote.objects.filter(pk__in=keys))


@dataclass(frozen=True, slots=True)
class ChannelShare:
    """How many named a channel, and their share with its exact 95 % range."""

    name: str
    answers: int
    share: float
    low: float
    high: float


def heard_about(
    actor: Actor, since: date | None = None, until: date | None = None
) -> list[ChannelShare]:
    """How people heard, by channel, the most frequent first; of those who gave an answer."""
    rules.require(rules.may_read_record, actor)
    rows = Referral.objects.filter(within(since, until)).exclude(channel=Channel.NONE)
    numbers = Counter(rows.values_list("channel", flat=True))
    total = sum(numbers.values())
    return [
        ChannelShare(name, number, number / total, *exact_interval(number, total))
        for name, number in numbers.most_common()
    ]


def find_quote(actor: Actor, key: int) -> Quote | None:
    rules.require(rules.may_read_record, actor)
    return Quote.objects.filter(pk=key).first()


def corrected_channels() -> dict[str, str]:
    """Channels that were said by hand, by the answer in small letters."""
    rows = Referral.objects.filter(is_corrected=True).values_list("answer", "channel").distinct()
    return {answer.casefold(): channel for answer, channel in rows}
