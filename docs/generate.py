"""Write docs/reference/commands.md and docs/reference/classes.md from the code: `make docs`."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path

REFERENCE = Path(__file__).parent / "reference"


def commands() -> str:
    from almanac.faces.cli.app import COMMANDS, main

    os.environ["COLUMNS"] = "88"
    parts = [
        "# Commands\n\nWritten by `make docs` from the commands themselves. Every one takes `--json`.\n"
    ]
    for name in COMMANDS:
        held = io.StringIO()
        with contextlib.redirect_stdout(held):
            main([name, "--help"])
        lines = "\n".join(line.rstrip() for line in held.getvalue().strip().splitlines())
        parts.append(f"## {name}\n\n```text\n{lines}\n```\n")
    return "\n".join(parts)


def classes() -> str:
    from almanac.core.reference import LEVELS, PACE, PACE_SOURCE, SHOW_RATES, SUBMISSION_RATES

    lines = [
        "# Reference classes",
        "",
        "What is known of events in general, for whoever has no record yet. Written by `make docs`.",
        "",
        "## How many sign up",
        "",
        "| class | median | between programs (sd of the log) | drift a year | noise | events | source |",
        "|---|---|---|---|---|---|---|",
    ]
    from math import exp

    for level in LEVELS:
        median = round(exp(level.mean) - 0.5)
        lines.append(
            f"| {level.title} | {median} | {level.between} | {level.drift} | {level.noise} | "
            f"{level.events:,} | {level.source} |"
        )
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
        "| hours before | mean share |",
        "|---|---|",
    ]
    lines += [f"| {point.hours:g} | {point.a / (point.a + point.b):.0%} |" for point in PACE]
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Every generated page with its text, for this script and for the test that holds them."""
    os.environ.setdefault("ALMANAC_HOME", tempfile.mkdtemp())
    return {REFERENCE / "commands.md": commands(), REFERENCE / "classes.md": classes()}


if __name__ == "__main__":
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
        print(f"wrote {file.name}", file=sys.stderr)
