"""How long reading a file may take and how much memory it may hold."""

from __future__ import annotations

import math
import os
import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from almanac.sources.base.reading import MEGABYTE
from almanac.sources.base.rows import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

try:
    import resource
except ImportError:  # Windows has no such limits; a child there is ended by the clock alone.
    resource = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Limits:
    """seconds: of processor time. megabytes: of memory beyond what the process held before."""

    seconds: float
    megabytes: int

    def impose(self, *, time: bool = True) -> None:
        """Let the operating system end this process, or refuse it memory, past the limits. time: whether
        that of the processor is limited too."""
        if resource is None:
            return
        if time:
            _lower(resource.RLIMIT_CPU, math.ceil(_used_seconds() + self.seconds))
        _lower(resource.RLIMIT_DATA, _held_bytes() + self.megabytes * MEGABYTE)


UPLOAD = Limits(10, 500)
TERMINAL = Limits(120, 1000)


@contextmanager
def within(limits: Limits, name: str) -> Iterator[None]:
    """Raise UnreadableError where the code inside goes past `limits`. Outside the main thread, where
    no signal arrives, only memory is limited."""
    if resource is None:
        yield
        return

    def too_long(_number: int, _frame: FrameType | None) -> None:
        raise UnreadableError(
            f"{name} takes longer than {limits.seconds:.0f} s to read, so it was not imported; "
            "export a shorter period, or split it."
        )

    before = {
        kind: resource.getrlimit(kind) for kind in (resource.RLIMIT_CPU, resource.RLIMIT_DATA)
    }
    is_main = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGXCPU, too_long) if is_main else None
    try:
        limits.impose(time=is_main)
        yield
    except MemoryError as error:
        raise UnreadableError(
            f"{name} needs more than {limits.megabytes:,} MB of memory to read, so it was not "
            "imported; export a shorter period, or split it."
        ) from error
    finally:
        for kind, pair in before.items():
            resource.setrlimit(kind, pair)
        if is_main:
            signal.signal(signal.SIGXCPU, handler or signal.SIG_DFL)


def _lower(kind: int, most: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _used_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _held_bytes() -> int:
    """Memory this process holds for data, in bytes; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
