"""What people said, from a table or a folder of screenshots; and how they heard of us."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from almanac.core.community.channels import answers_in, channel_of
from almanac.sources.base import cells
from almanac.sources.base.dates import DateColumn
from almanac.sources.base.formulas import whole
from almanac.sources.base.pictures import LARGEST_PICTURE, written_anew
from almanac.sources.base.rows import Gathering, QuoteRow, ReferralRow, Rejected, UnreadableError
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import date, tzinfo
    from pathlib import Path

    from almanac.sources.base.reading import Table

TEXT = ("quote", "said", "testimonial", "their_words", "voice")
OPTIONAL = {
    "who": ("who", "name", "person", "author"),
    "via": ("via", "by", "channel", "source"),
    "place": ("where", "place", "event"),
    "day": ("day", "date", "when"),
    "link": ("link", "url"),
    "tags": ("tags",),
    "consent": ("consent",),
}
HEARD = re.compile(
    r"how[ _](?:did|have)[ _]you[ _](?:hear|find|learn|discover|come|get|first)|(?:heard|found|find)[ _](?:out[ _])?about[ _](?:us|this|it)|"
    r"where[ _]did[ _]you[ _](?:hear|find|learn)|how.*\bhear(?:d)?[ _]about|wie (?:hast|haben|bist|sind).*(?:erfahren|aufmerksam|gehört)|"
    r"comment avez[- ]vous (?:entendu|connu|découvert)|cómo (?:nos conociste|te enteraste|supiste)|como (?:nos conheceu|soube|ficou sabendo)"
)
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp"})


def recognises(table: Table) -> bool:
    return any(name in table.keys for name in TEXT)


def recognises_referrals(table: Table) -> bool:
    return any(HEARD.search(key) for key in table.keys)


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    said = next(name for name in TEXT if name in table.keys)
    columns = {
        field: next((name for name in names if name in table.keys), "")
        for field, names in OPTIONAL.items()
    }
    rows = []
    records = list(table.records())
    days = DateColumn((r.get(columns["day"], "") for _, r, _ in records), zone, table.habits)
    for line, record, raw in records:
        given = {field: whole(record.get(column, "")) for field, column in columns.items()}
        try:
            text = cells.clean(whole(record.get(said, ""))).strip("“”\"' ")
            if not text:
                raise cells.BadCellError("holds no words")
            rows.append(
                QuoteRow(
                    row=line,
                    text=text[:20_000],
                    who=cells.person(given["who"])[:200],
                    via=cells.clean(given["via"])[:100],
                    place=cells.clean(given["place"])[:200],
                    day=found.optional(line, lambda text=given["day"]: _day(days, text)),  # type: ignore[misc]
                    link=found.optional(line, lambda text=given["link"]: _link(text)) or "",  # type: ignore[misc]
                    tags=tuple(re.split(r"[,\s#]+", given["tags"].strip(" #")))
                    if given["tags"].strip()
                    else (),
                    consent=_consent(given["consent"]),
                )
            )
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
    return Harvest(
        QUOTES,
        quotes=tuple(rows),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=table.header,
    )


def _day(days: DateColumn, text: str) -> date | None:
    dated = days.read(text, "day")
    return dated.day if dated else None


def _link(text: str) -> str:
    text = text.strip()
    if text and not text.lower().startswith(("http://", "https://")):
        raise cells.BadCellError(f"link is “{text[:40]}”, which does not begin with https://")
    return text[:1000]


def _consent(text: str) -> str:
    """Consent is noted only where the table says so plainly."""
    word = text.strip().lower()
    return {"given": "given", "yes": "given", "asked": "asked", "withdrawn": "withdrawn"}.get(
        word, "none"
    )


def read_referrals(table: Table, zone: tzinfo) -> Harvest:
    """The answers alone: who gave them is left out."""
    found = Gathering()
    column = next(key for key in table.keys if HEARD.search(key))
    when = next(
        (
            n
            for n in (
                "day",
                "date",
                "created_at",
                "timestamp",
                "submitted_at",
                "zeitstempel",
                "horodateur",
                "marca temporal",
            )
            if n in table.keys
        ),
        "",
    )
    records = list(table.records())
    days = DateColumn((record.get(when, "") for _, record, _ in records), zone, table.habits)
    rows = []
    for line, record, _raw in records:
        said = cells.clean(whole(record.get(column, "")))[:500]
        day = found.optional(line, lambda r=record: days.read(r.get(when, ""), "day"))  # type: ignore[misc]
        rows += [
            ReferralRow(line, answer, channel_of(answer), day.day if day else None)
            # Whoever said nothing was asked too.
            for answer in answers_in(said) or [""]
        ]
    return Harvest(
        REFERRALS,
        referrals=tuple(rows),
        rejected=tuple(found.rejected),
        remarks=("only the answers were read, not who gave them", *found.remarks),
        columns=table.header,
    )


def read_folder(folder: Path) -> Harvest:
    """A folder of screenshots: beside each picture a text file of the same name, or one file
    captions.txt with a line a picture, `file.png: what they said`."""
    captions: dict[str, str] = {}
    listed = folder / "captions.txt"
    if listed.is_file() and not listed.is_symlink():
        for line in listed.read_text(encoding="utf-8", errors="replace").splitlines():
            name, separator, text = line.partition(":")
            if separator:
                captions[name.strip().lower()] = text.strip()
    rows: list[QuoteRow] = []
    rejected: list[Rejected] = []
    pictures = sorted(p for p in folder.iterdir() if p.suffix.lower() in PICTURES)
    if not pictures:
        raise UnreadableError(f"{folder.name} holds no screenshots (PNG, JPEG or WebP).")
    for number, picture in enumerate(pictures, start=1):
        beside = picture.with_suffix(".txt")
        text = captions.get(picture.name.lower(), "")
        if not text and beside.is_file() and not beside.is_symlink():
            text = beside.read_text(encoding="utf-8", errors="replace").strip()
        try:
            media, content = _picture(picture)
            if not text:
                raise cells.BadCellError("has no line of text beside it")
        except cells.BadCellError as error:
            rejected.append(Rejected(number, str(error), (picture.name,)))
            continue
        rows.append(
            QuoteRow(row=number, text=cells.clean(text)[:20_000], picture=content, media_type=media)
        )
    return Harvest(
        SCREENSHOTS,
        quotes=tuple(rows),
        rejected=tuple(rejected),
    )


def _picture(file: Path) -> tuple[str, bytes]:
    if file.is_symlink():
        raise cells.BadCellError("leads elsewhere by a link")
    if file.stat().st_size > LARGEST_PICTURE:
        raise cells.BadCellError("is larger than 2 MB; make it smaller")
    try:
        return written_anew(file.read_bytes())
    except UnreadableError as error:
        raise cells.BadCellError("is not a picture that can be read") from error


REFERRALS = Source(
    key="referrals",
    title="answers to how people heard of you",
    holds=Holds.REFERRALS,
    mark="a `how did you hear` column",
    becomes="answers, counted by channel",
    reads=Reads.TABLE,
    recognises=recognises_referrals,
    read=read_referrals,
    general=1,
)

QUOTES = Source(
    key="voices",
    title="a table of what people said",
    holds=Holds.QUOTES,
    mark="a `quote` or `said` column",
    becomes="quotes, consent not asked unless the file says so",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
    general=1,
)

SCREENSHOTS = Source(
    key="screenshots",
    title="a folder of screenshots of what people said",
    holds=Holds.QUOTES,
    mark="pictures, each with a `.txt` beside it",
    becomes="quotes with their picture",
    reads=Reads.ASKED,
)
SOURCES = (REFERRALS, QUOTES, SCREENSHOTS)
