"""Files of every kind, damaged at random: read, or refused in one sentence that names the file.

.venv/bin/python tests/sources/fuzz.py 10000      try so many, and say what broke
"""

import random
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import samples
from almanac.sources.base.documents import Document
from almanac.sources.base.rows import UnreadableError
from almanac.sources.calendars import busy
from almanac.sources.recognise import UnmappedError, harvest

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Europe/Berlin:20260301T180000\r\n"
    "DTEND;TZID=Europe/Berlin:20260301T200000\r\nRRULE:FREQ=WEEKLY;COUNT=5\r\nEXDATE:20260308T170000Z\r\n"
    "SUMMARY:Evening\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
BOARD = (
    '{"name": "Work", "lists": [{"id": "l1", "name": "Ideas"}], "cards": [{"id": "65a0f1c0aaaaaaaaaaaaaaaa", '
    '"name": "Write", "idList": "l1", "due": "2024-02-10T22:30:00.000Z", "labels": [{"name": "docs"}]}]}'
)
PIECES = (
    b"", b"\x00", b"\xff\xfe", b",", b";", b"\t", b"\n", b"\r", b'"', b'""', b"-1", b"9" * 40, b"1e999",
    b"0001-01-01", b"9999-12-31T23:59:59Z", b"2026-03-29T02:30:00", b"INTERVAL=0", b"\xf0\x9f\x99\x82",
    b"=1+1", b"[" * 50, b"{", b"BEGIN:VEVENT\r\n", b"TZID=" + b"x" * 300, "٣".encode(), "Ｉ".encode(),
)  # fmt: skip


def documents() -> list[Document]:
    made = {
        "events.csv": samples.EVENTS, "bevy.csv": samples.bevy(), "luma.csv": samples.luma(),
        "calendar.ics": CALENDAR, "board.json": BOARD,
    }  # fmt: skip
    return [Document(name, text.encode()) for name, text in made.items()]


def damaged(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randrange(1, 6)):
        place = rng.randrange(len(data) + 1)
        length = rng.choice((0, 1, 3, 20, 200))
        match rng.randrange(4):
            case 0:
                data = data[:place] + rng.choice(PIECES) + data[place + length :]
            case 1:
                data = data[:place]
            case 2:
                data = data[:place] + rng.randbytes(min(length, 20)) + data[place + length :]
            case _:
                data = data[:place] + data[place : place + length] * 3 + data[place + length :]
    return data


def problem(document: Document) -> str:
    """What is wrong with how a document was read; empty where nothing is."""
    for name, read in (
        ("harvest", lambda: harvest(document, BERLIN, NOW, lambda _table: None)),
        ("busy", lambda: busy.read(document, BERLIN, NOW, NOW.replace(year=2027))),
    ):
        if name == "busy" and not document.name.endswith(".ics"):
            continue
        try:
            read()
        except UnmappedError:
            continue
        except UnreadableError as refused:
            if "\n" in str(refused) or document.name not in str(refused):
                return f"{name}: said {str(refused)!r} of {document.name}"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            return f"{name}: {type(error).__name__} {error} for {document.data!r}"
    return ""


def tried(number: int, seed: int) -> list[str]:
    rng, kinds = random.Random(seed), documents()
    found = []
    for _ in range(number):
        kind = rng.choice(kinds)
        said = problem(Document(kind.name, damaged(kind.data, rng)))
        found += [said] if said else []
    return found


if __name__ == "__main__":
    often = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    wrong = tried(often, seed=1)
    print(
        "\n".join(wrong[:20]) or f"{often:,} damaged files: each was read, or refused in a sentence"
    )
    sys.exit(bool(wrong))
