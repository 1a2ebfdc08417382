"""A picture of a workload that somebody composed, as a page that stands alone."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

from almanac.answers import words
from almanac.press import documents


def page(title: str, content: dict[str, Any]) -> bytes:
    """What was composed and nothing else; no script, nothing that calls home."""
    return documents.html(title, body(title, content))


def body(title: str, content: dict[str, Any]) -> str:
    parts = [f"<h1>{escape(title)}</h1>"]
    if "words" in content:
        parts += [f"<p>{escape(line)}</p>" for line in content["words"].splitlines() if line]
    if "promises" in content:
        held = content["promises"]
        number = words.counted(held["number"], "commitment", "commitments")
        said = f"{number}, {held['hours']:g} h."
        if held.get("room") is not None:
            said += f" There are about {held['room']:g} h for them until the last is due."
        parts.append(f"<p>{escape(said)}</p>")
    if "weeks" in content:
        rows = "".join(
            f'<tr><th scope="row">{date.fromisoformat(week["monday"]):%-d %B}</th>'
            f'<td class="n">{week["due"]:g} h</td><td class="n">{week["holds"]:g} h</td></tr>'
            for week in content["weeks"]
        )
        parts.append(
            '<table><thead><tr><th scope="col">Week of</th><th scope="col" class="n">Due</th>'
            f'<th scope="col" class="n">Available</th></tr></thead><tbody>{rows}</tbody></table>'
        )
    if content.get("titles"):
        items = "".join(
            f"<li>{escape(each['title'])}, {date.fromisoformat(each['due']):%-d %B}</li>"
            for each in content["titles"]
        )
        parts.append(f"<ul>{items}</ul>")
    made = date.fromisoformat(content["made_on"])
    parts.append(f'<p class="small">As of {made:%-d %B %Y}.</p>')
    return "".join(parts)
