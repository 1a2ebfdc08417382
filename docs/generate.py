"""Write docs/reference/commands.md and docs/reference/classes.md from the code: `make docs`."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

if TYPE_CHECKING:
    from almanac.core.turnout.pace import Pace
    from almanac.core.turnout.reference import LevelClass

REFERENCE = Path(__file__).parent / "reference"
HOW_TO = Path(__file__).parent / "how-to" / "import-files.md"
BEGIN, END = "<!-- formats: written by make docs -->", "<!-- end of formats -->"


def commands() -> str:
    from almanac.faces.cli.app import COMMANDS, main

    os.environ["COLUMNS"] = "88"
    parts = [
        "# Commands\n\nWritten by `make docs` from the commands themselves. Every one takes `--json`.\n"
    ]
    for name, (place, _) in COMMANDS.items():
        for words in ([name], *([name, part] for part in parts_of(place))):
            held = io.StringIO()
            with contextlib.redirect_stdout(held):
                main([*words, "--help"])
            lines = "\n".join(line.rstrip() for line in held.getvalue().strip().splitlines())
            mark = "#" * (len(words) + 1)
            parts.append(f"{mark} {' '.join(words)}\n\n```text\n{lines}\n```\n")
    return "\n".join(parts)


def parts_of(place: str) -> list[str]:
    """The commands a command is made of, where it is a group of them."""
    module, _, name = place.partition(":")
    found = getattr(import_module(f"almanac.faces.cli.{module}"), name)
    return [part for part in found if not part.startswith("-")] if isinstance(found, App) else []


def classes() -> str:
    from dataclasses import asdict

    from almanac.core.turnout.reference import (
        LEVELS,
        PACE,
        PACE_SOURCE,
        PARAMETERS,
        SHOW_RATES,
        SUBMISSION_RATES,
        TRAIT_EFFECTS,
    )

    lines = [
        "# Reference classes",
        "",
        "What is known of events in general, for whoever has no record yet. Written by `make docs`.",
        "",
        "## How many sign up",
        "",
        "| class | median | 80 % of first events | events | source |",
        "|---|---|---|---|---|",
    ]
    for level in LEVELS:
        low, median, high = first_event(level)
        lines.append(
            f"| {level.title} | {median} | {low} to {high} | {level.events:,} | {level.source} |"
        )
    lines += [
        "",
        "What two programs share, and two events of one program, in sds of the log of the count",
        "(years for lengths), where events of communities are 1; from the same archive:",
        "",
        "| parameter | value |",
        "|---|---|",
    ]
    lines += [f"| {name} | {value:g} |" for name, value in asdict(PARAMETERS).items()]
    lines += [
        "",
        "What an announcement tells, in logs (0.10 is about a tenth more):",
        "",
        "| trait | effect |",
        "|---|---|",
    ]
    lines += [f"| {name} | {value:+.2f} |" for name, value in TRAIT_EFFECTS.items()]
    lines += [
        "",
        "## What share goes on",
        "",
        "| class | mean share | a + b between programs | source |",
        "|---|---|---|---|",
    ]
    for rate in (*SHOW_RATES, *SUBMISSION_RATES):
        lines.append(f"| {rate.title} | {rate.mean:.0%} | {rate.between:g} | {rate.source} |")
    lines += [
        "",
        "## What share of the final sign-ups is in already",
        "",
        f"Source: {PACE_SOURCE}.",
        "",
        "| days before | announced 7 days ahead | 15 | 30 | 60 |",
        "|---|---|---|---|---|",
    ]
    for days in (1, 2, 4, 7, 14, 28):
        shares = [share_in(PACE, days, lead) for lead in (7, 15, 30, 60)]
        lines.append(f"| {days} | {' | '.join(shares)} |")
    return "\n".join(lines) + "\n"


def first_event(level: LevelClass) -> tuple[int, int, int]:
    from almanac.core.turnout.events import Upcoming
    from almanac.core.turnout.levels import Levels

    kind, _, form = level.key.partition("-")
    kind = "event" if kind == "community" else kind
    levels = Levels()
    counts = levels.counts(levels.expect(Upcoming(kind=kind, format=form.replace("-", "_"))))
    return counts.quantile(0.1), counts.quantile(0.5), counts.quantile(0.9)


def share_in(pace: Pace, days: float, lead: float) -> str:
    if days >= lead:
        return ""
    a, b = pace.beta(days, lead)
    return f"{a / (a + b):.0%}"


def formats() -> str:
    """The how-to page on importing, with its table written anew from the declarations."""
    from almanac.sources.recognise import sources

    page = HOW_TO.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = [
        f"| {source.name[:1].upper()}{source.name[1:]} | {source.mark} | {source.becomes} |"
        for source in sources()
    ]
    table = "\n".join(
        ["| what | how it is recognised | what becomes of it |", "|---|---|---|", *rows]
    )
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def pages() -> dict[Path, str]:
    """Every generated page with its text, for this script and for the test that holds them."""
    import django

    os.environ.setdefault("ALMANAC_HOME", tempfile.mkdtemp())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almanac.project.settings")
    django.setup()
    return {
        REFERENCE / "commands.md": commands(),
        REFERENCE / "classes.md": classes(),
        HOW_TO: formats(),
    }


if __name__ == "__main__":
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
        print(f"wrote {file.name}", file=sys.stderr)
