"""Whether a line says that something is held online, in person, or both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from almanac.core.vocabulary import GATHERINGS, Format, Kind
from almanac.sources.base.dates import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterable

_HYBRID = re.compile(r"\bhybrid\b", re.IGNORECASE)
_ONLINE = re.compile(
    r"\b(?:online|remote(?:ly)?|virtual(?:ly)?|webinar|on zoom|via zoom|zoom(?: call| session| meetup)?|google meet|(?:ms|microsoft) teams|"
    r"(?:on |via )teams|teams (?:call|meeting)|on discord|on youtube|on twitch|live ?stream|video ?call|twitter space|x space|en ligne|en línea)\b",
    re.IGNORECASE,
)
_IN_PERSON = re.compile(
    r"\b(?:in[- ]person|on[- ]?site|irl|face[- ]to[- ]face|in real life|vor ort|präsenz|en persona|en personne|presencial)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\bat (?:the )?(?:[\w’'-]+ ){0,2}(?:office|hub|campus|library|university|school|caf[eé]|pub|bar|space|hall|venue|church|"
    r"museum|co-?working|warehouse|brewery|hq|headquarters|centre|center|auditorium|conference room)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:about|on|über|sur|sobre) (?:remote|virtual|online)(?:[- ](?!meetup|workshop|event|session|talk)\w+)?",
    re.IGNORECASE,
)
_NOT_ONLINE = re.compile(r"\b(?:not|no|nicht) (?:online|remote|virtual)\b", re.IGNORECASE)
_CITY = re.compile(r"\bin (?:downtown |central |east |west |north |south )?([A-ZÀ-Þ][\w’'-]{2,})")
_VIDEO = re.compile(
    r"//(?:[\w-]+\.)*(?:zoom\.us|meet\.google\.com|teams\.(?:microsoft|live)\.com|youtube\.com|youtu\.be|twitch\.tv|streamyard\.com|"
    r"riverside\.fm|jitsi\.org|meet\.jit\.si|whereby\.com|discord\.gg|hopin\.com|crowdcast\.io)/"
)
_NO_CITY = frozenset(
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "spring", "summer", "autumn", "fall", "winter", "english", "german", "french", "spanish", "portuguese", "italian", "dutch", "polish", "japanese", "chinese", "hindi", "arabic", "korean", "turkish", "python", "rust", "java", "javascript", "typescript", "go", "golang", "ruby", "php", "kotlin", "swift", "scala", "elixir", "react", "vue", "angular", "svelte", "django", "kubernetes", "docker", "postgres", "sql", "css", "html", "web", "devrel", "open", "person", "public", "private", "total", "practice", "depth", "action", "production", "advance", "addition", "general", "slack", "discord", "zoom", "github", "gitlab"]
) | {word for words in MONTHS.values() for word in words.split()}  # fmt: skip
"""What may stand behind “in” with a capital letter and is no city."""


def format_of_place(place: str) -> str:
    """The format of what is held at a place, as a table or a calendar names it: a link or “online”, or
    else somewhere; empty where none is named."""
    if not place.strip():
        return ""
    if _HYBRID.search(place):
        return Format.HYBRID
    is_link = "://" in place or place.lower().startswith("www.")
    return (
        Format.ONLINE
        if is_link or _ONLINE.search(place) or _VIDEO.search(place)
        else Format.IN_PERSON
    )


def format_of(text: str, kind: str, links: Iterable[str] = ()) -> str:
    """The format of something that people come to; empty where the line does not say."""
    if kind not in GATHERINGS:
        return ""
    # “About remote work” is a subject; “not online” says the opposite.
    text = _SUBJECT.sub(" ", text)
    explicit = bool(_IN_PERSON.search(text))
    online = bool(_ONLINE.search(_NOT_ONLINE.sub(" ", text)))
    if _HYBRID.search(text) or (online and explicit):
        return Format.HYBRID
    if online:
        return Format.ONLINE
    in_city = any(found.lower() not in _NO_CITY for found in _CITY.findall(text))
    if (
        explicit
        or _NOT_ONLINE.search(text)
        or _PLACE.search(text)
        or (in_city and kind != Kind.STREAM)
    ):
        return Format.IN_PERSON
    return Format.ONLINE if any(_VIDEO.search(link) for link in links) else ""
