"""The state of the record, and answers kept while it stays as it is."""

from __future__ import annotations

from collections import OrderedDict
from functools import wraps
from threading import RLock
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from django.db import connections

from almanac.record.infra.routing import PRIVATE, RECORD
from almanac.record.models import Change, PrivateChange
from almanac.record.queries.held import once

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import datetime

P = ParamSpec("P")
Answer = TypeVar("Answer")

MOST_KEPT = 8
forgetting: list[Callable[[], None]] = []
"""Each lets go of the answers to one question; they are for one logbook only."""


Version = tuple[str, tuple[int, "datetime"] | None]
"""Of one file: its name, and the number and time of its latest line of the log."""


def record_version() -> Version:
    """Another one whenever any verb has changed the record."""
    return once(RECORD, lambda: _version(RECORD, Change))


def private_version() -> Version:
    return once(PRIVATE, lambda: _version(PRIVATE, PrivateChange))


def _version(alias: str, lines: type[Change | PrivateChange]) -> Version:
    latest = lines._default_manager.order_by("-pk").values_list("pk", "at").first()
    return str(connections[alias].settings_dict["NAME"]), latest


def remembered(
    *states: Callable[[], Hashable], most: int = MOST_KEPT
) -> Callable[[Callable[P, Answer]], Callable[P, Answer]]:
    """Keep the last answers of a question, by what was asked and what the states are: questions of their
    own, such as `record_version`.

    Only one thread computes at a time, so that visitors who ask the same at once share one answer. What
    is kept is shared and must not be changed.
    """

    def around(question: Callable[P, Answer]) -> Callable[P, Answer]:
        kept: OrderedDict[Hashable, Answer] = OrderedDict()
        lock = RLock()

        @wraps(question)
        def asked(*args: P.args, **kwargs: P.kwargs) -> Answer:
            with lock:
                key = (tuple(state() for state in states), args, tuple(sorted(kwargs.items())))
                if key not in kept:
                    kept[key] = question(*args, **kwargs)
                    while len(kept) > most:
                        kept.popitem(last=False)
                kept.move_to_end(key)
                return kept[key]

        forgetting.append(kept.clear)
        return asked

    return around
