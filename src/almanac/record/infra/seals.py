"""Hashes of what is stored before an outcome, so that a later change shows."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from almanac.record.models import Forecast


def fingerprint(content: dict[str, Any]) -> str:
    """SHA-256 of canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_untouched(forecast: Forecast) -> bool:
    """Whether a frozen forecast still has the content its hash was made of."""
    sealed = {
        "activity": forecast.activity_id,
        "made_at": forecast.made_at.isoformat(),
        "body": forecast.body,
    }
    return fingerprint(sealed) == forecast.sha256


def of_token(token: str) -> str:
    """What is kept of a link's token: enough to know it again, not enough to make it."""
    return hashlib.sha256(token.encode()).hexdigest()
