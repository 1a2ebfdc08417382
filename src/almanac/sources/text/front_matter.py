"""Markdown files with front matter, as Jekyll and Hugo keep posts: read, and a skeleton written."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import yaml
from frontmatter.default_handlers import BaseHandler, YAMLHandler

from almanac.sources.base import cells
from almanac.sources.base.rows import PostRow, UnreadableError
from almanac.sources.base.source import Harvest, Holds, Opened, Reads, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo


LONGEST = 64_000
_DATED = re.compile(r"(?:^|/)(\d{4}-\d{2}-\d{2})-(.+)\.(?:md|markdown|mdx|html?)$", re.IGNORECASE)
_MARKDOWN = re.compile(r"\.(?:md|markdown|mdx)$", re.IGNORECASE)


def recognises(opened: Opened) -> bool:
    return bool(_MARKDOWN.search(opened.name)) and opened.text.startswith(("---", "+++", "{"))


class _Toml(BaseHandler):
    """TOML by the standard library; the library's own wants a package nobody looks after."""

    FM_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)

    def load(self, fm: str, **_more: object) -> Any:
        return tomllib.loads(fm[:LONGEST])


class _Yaml(YAMLHandler):
    """YAML, which may end with three points too, and is never longer than any post's."""

    FM_BOUNDARY = re.compile(r"^(?:-{3,}|\.{3})\s*$", re.MULTILINE)

    def load(self, fm: str, **more: object) -> Any:
        if len(fm) > LONGEST:
            raise ValueError("it is longer than any post's")
        try:
            return super().load(fm, **more)
        except yaml.YAMLError as error:
            raise ValueError(str(getattr(error, "problem", "") or error)) from error


def split(name: str, text: str) -> tuple[dict[str, Any], str]:
    """The front matter and the text below it; raises UnreadableError where it cannot be read."""
    text = text.lstrip("\ufeff")
    if text.startswith("{"):
        return _json(name, text)
    handler = next((h for h in (_Yaml(), _Toml()) if h.detect(text)), None)
    if handler is None:
        return {}, text
    try:
        head, body = handler.split(text)
    except ValueError as error:
        raise UnreadableError(
            f"{name} opens front matter and never closes it; end it with the same rule it began with."
        ) from error
    try:
        return _mapping(handler.load(head)), body.lstrip("\r\n")
    except (ValueError, TypeError, RecursionError) as error:
        raise _broken(name, error) from error


def _json(name: str, text: str) -> tuple[dict[str, Any], str]:
    try:
        value, end = json.JSONDecoder().raw_decode(text)
        return _mapping(value), text[end:].lstrip()
    except (ValueError, TypeError, RecursionError) as error:
        raise _broken(name, error) from error


def _broken(name: str, error: Exception) -> UnreadableError:
    return UnreadableError(
        f"{name} has front matter that is not YAML, TOML or JSON: {_short(error)}. "
        "Mend the lines between the two rules at its top."
    )


def _mapping(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError("it holds no names with values")
    return {str(key).lower(): inner for key, inner in value.items()}


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or "it cannot be read"


def read(opened: Opened, zone: tzinfo) -> Harvest:
    document = opened.document
    told, body = split(document.name, opened.text)
    dated = _DATED.search(document.name)
    title, _ = cells.title_and_rest(_plain(told.get("title")))
    if not title and dated:
        title = dated[2].replace("-", " ").strip().capitalize()
    day = _day(told.get("date") or told.get("published_at") or told.get("pubdate"), zone)
    if day is None and dated:
        day = date.fromisoformat(dated[1]) if _is_day(dated[1]) else None
    if not title:
        raise UnreadableError(f"{document.name} has no title in its front matter.")
    draft = told.get("draft") is True or told.get("published") is False
    link = _plain(told.get("canonical_url") or told.get("canonicalurl") or told.get("url"))
    post = PostRow(
        row=1,
        title=title,
        url=link if link.startswith(("http://", "https://")) else "",
        day=day,
        tags=_tags(told),
        series=_first(told.get("series")),
        status="idea" if draft and day is None else "doing" if draft else "",
        notes=_summary(told, body),
        key=_key(document.name),
    )
    return Harvest(MARKDOWN, posts=(post,))


def _key(name: str) -> str:
    """A file's name; of a page bundle, whose file is always `index.md`, its folder's with it."""
    parts = name.split("/")
    bundled = parts[-1].removeprefix("_").startswith("index.")
    return "/".join(parts[-2:] if bundled else parts[-1:])


def _plain(value: Any) -> str:
    """A text or a number as text; whatever else a file may hold there, such as a list, is none."""
    if isinstance(value, int) and abs(value) >= 10**15:
        return ""
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _day(value: Any, zone: tzinfo) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(zone).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    text = _plain(value)
    try:
        found = datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    except ValueError:
        return None
    return found.astimezone(zone).date() if found.tzinfo else found.date()


def _tags(told: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for name in ("tags", "categories"):
        value = told.get(name)
        if isinstance(value, str):
            found += [tag for tag in re.split(r"[,\s]+", value) if tag]
        elif isinstance(value, list):
            found += [str(tag).strip() for tag in value if isinstance(tag, str | int)]
    return tuple(dict.fromkeys(tag.replace(" ", "-") for tag in found if tag))[:12]


def _first(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value or "")[:200] if isinstance(value, str | int) else ""


def _summary(told: Mapping[str, Any], body: str) -> str:
    given = told.get("description") or told.get("excerpt") or told.get("summary")
    if isinstance(given, str) and given.strip():
        return cells.clean(given)[:600]
    paragraphs = [part.strip() for part in body.split("\n\n") if part.strip()]
    first = next((part for part in paragraphs if not part.startswith(("#", "!", "{", "<"))), "")
    return cells.clean(first)[:600]


def skeleton(
    title: str, day: date | None, tags: Sequence[str], series: str, canonical: str, summary: str
) -> str:
    """A post to go on writing, with front matter that Jekyll, Hugo and dev.to all read."""
    lines = ["---", f"title: {json.dumps(title, ensure_ascii=False)}"]
    if day is not None:
        lines.append(f"date: {day.isoformat()}")
    lines.append("draft: true" if day is None else "draft: false")
    if tags:
        lines.append(f"tags: [{', '.join(json.dumps(tag, ensure_ascii=False) for tag in tags)}]")
    if series:
        lines.append(f"series: {json.dumps(series, ensure_ascii=False)}")
    if canonical:
        lines.append(f"canonical_url: {json.dumps(canonical)}")
    if summary:
        lines.append(f"description: {json.dumps(summary, ensure_ascii=False)}")
    return "\n".join([*lines, "---", "", ""])


MARKDOWN = Source(
    key="markdown",
    title="a Markdown post with front matter",
    holds=Holds.POSTS,
    mark="front matter, a file or a folder (Jekyll, Hugo; bundles too)",
    becomes="posts; drafts as ideas; series, tags and the canonical address",
    reads=Reads.TEXT,
    recognises=recognises,
    read=read,
)
SOURCES = (MARKDOWN,)
