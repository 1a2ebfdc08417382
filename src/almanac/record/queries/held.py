"""What is read once while only questions are asked, such as settings during one page."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

Value = TypeVar("Value")
_held: ContextVar[dict[Hashable, Any] | None] = ContextVar("almanac_held", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Within it nothing is changed, so whatever `once` reads is read once."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def once(key: Hashable, read: Callable[[], Value]) -> Value:
    """A value read now, or earlier within the same `reading`."""
    held = _held.get()
    if held is None:
        return read()
    if key not in held:
        held[key] = read()
    found: Value = held[key]
    return found
