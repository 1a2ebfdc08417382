"""The template a playbook begins as: questions to answer, which are never what somebody wrote."""

from __future__ import annotations

import re

BLANK = """# {name}

## What it is for, and for whom

Online or in a room? The minimum, ideal and maximum number of people, and what you do at each.

## Before you begin

What the next person may decide alone, whom to tell, where files and templates are, what it costs and who
pays.

## Steps

- T-21 days: find a place and a date (2h)
- T-14 days: announce (2h)
- T-1 day: remind everyone (1h)
- T: run it
- T+2 days: look back, and thank those who helped (1h)

## Who has access

Each account, room and key with who has it now (an @ before the name), how to reach them, and who else if they do not
answer; never a password.

## What we send

The announcement, the reminder and the thanks, as you last sent them.

## Schedule of the day

Who does what from leaving home to locking up; what one person alone would drop; what has gone wrong, and
what you did.

## If under ten come

## If it has to be called off
"""


def blank(name: str) -> str:
    return BLANK.format(name=name)


def without_hints(text: str) -> str:
    """What somebody wrote: without the template's questions and the headings they left empty.

    Empty where nothing was changed.
    """
    if _plain(text.partition("\n")[2]) == _plain(BLANK.partition("\n")[2]):
        return ""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if _plain(block) not in HINTS]
    kept = [
        block
        for block, after in zip(blocks, [*blocks[1:], "## "], strict=True)
        if _plain(block) not in HEADINGS or not after.startswith("## ")
    ]
    return "\n\n".join(kept) + "\n"


def _plain(text: str) -> str:
    return " ".join(text.split())


_BLOCKS = [_plain(block) for block in re.split(r"\n\s*\n", BLANK.strip())][1:]
HEADINGS = frozenset(block for block in _BLOCKS if block.startswith("## "))
HINTS = frozenset(block for block in _BLOCKS if not block.startswith(("## ", "- ")))
