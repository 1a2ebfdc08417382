"""What a command prints: sentences and tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

from almanac.actions.errors import CannotError
from almanac.core.errors import AlmanacError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rich.console import Console


def is_ours(error: Exception) -> bool:
    """Whether an error's message was written for a person."""
    return isinstance(error, AlmanacError) or _is_locked(error)


def _is_locked(error: Exception) -> bool:
    return type(error).__name__ == "OperationalError" and "locked" in str(error)


def complain(sentence: str) -> None:
    """One sentence on stderr."""
    if sentence.startswith("database is locked"):
        sentence = "Another program is writing to the logbook right now; try again in a moment."
    print(sentence, file=sys.stderr)


def say(text: str = "") -> None:
    print(text, flush=True)


def data(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder))


def told(sentence: str, *, as_json: bool, **more: Any) -> int:
    """What a verb has done, as a sentence or as JSON with `said`; the exit code for done."""
    if as_json:
        data({"said": sentence} | more)
    else:
        say(sentence)
    return 0


def is_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(question: str, default: str = "") -> str:
    """Ask at a terminal; elsewhere the default is the answer."""
    if not is_terminal():
        return default
    try:
        return input(question).strip() or default
    except EOFError:
        return default


def console() -> Console:
    # Imported here because a plain sentence needs no tables.
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar at a terminal, moved by calling with what is done and what there is to do."""
    if quiet or not is_terminal():
        yield None
        return
    from rich.progress import Progress

    with Progress(console=console(), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def move(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield move


def writable(path: Path) -> Path:
    """A path that can be written, or a sentence why not."""

    if path.is_dir() or not path.parent.is_dir():
        raise CannotError(f"{path} cannot be written: name a file in a folder that exists.")
    return path


def rows(header: list[str], lines: list[list[str]], right: frozenset[int] = frozenset()) -> None:
    """A table with thin rules; columns in `right` are numbers."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, name in enumerate(header):
        table.add_column(name, justify="right" if index in right else "left", overflow="fold")
    for line in lines:
        # Text, not markup: a title may hold brackets.
        table.add_row(*(Text(cell) for cell in line))
    console().print(table)
