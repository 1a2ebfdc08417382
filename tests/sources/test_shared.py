"""Real files beside the checkout, and hostile versions of them: read, or refused in a sentence."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from almanac.actions.imports.carrying_out import carry_out
from almanac.answers.imports.reading_files import plan, read
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document
from almanac.sources.base.reading import documents_at
from almanac.sources.base.rows import UnreadableError
from almanac.sources.recognise import UnmappedError, harvest
from conftest import shared

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
HOSTILE = {
    "as it is": lambda data: data,
    "cut off": lambda data: data[: len(data) * 2 // 3],
    "with a mark": lambda data: b"\xef\xbb\xbf" + data,
    "in UTF-16": lambda data: data.decode("utf-8", "replace").encode("utf-16"),
    "with other line ends": lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "with noughts": lambda data: data.replace(b",", b",\x00", 3),
    "garbled": lambda data: data.replace(b"2", b"\xff", 9),
}


@pytest.mark.parametrize(
    "folder", ["zoom", "devto", "trello", "youtube", "twitter", "github", "discourse"]
)
@pytest.mark.parametrize("version", HOSTILE)
def test_fixtures_are_read_or_refused_in_a_sentence(folder, version):
    for path in sorted(shared(f"fixtures/{folder}").rglob("*")):
        if path.is_file() and path.stat().st_size < 200_000:
            _try(Document(path.name, HOSTILE[version](path.read_bytes())))


@pytest.mark.parametrize("part", range(4))
def test_calendars_are_read_or_refused_in_a_sentence(part):
    files = sorted(shared("fixtures/ics").rglob("*.ics"))
    for path in files[part::4]:
        for version in ("as it is", "cut off"):
            _try(Document(path.name, HOSTILE[version](path.read_bytes())))


def _try(document):
    try:
        harvest(document, BERLIN, NOW, lambda _table: None)
    except UnmappedError as asked:
        assert asked.table.header
    except UnreadableError as refused:
        assert "\n" not in str(refused)
        assert document.name in str(refused)


def test_the_archive_comes_in_whole_and_again_unchanged(logbook):
    (document,) = documents_at(shared("data/rladies-events.csv"))

    first = carry_out(OWNER, plan(OWNER, document.name, read(OWNER, document)))
    (pace,) = documents_at(shared("data/rladies-signup-pace.csv"))
    came = carry_out(OWNER, plan(OWNER, pace.name, read(OWNER, pace)))
    again = carry_out(OWNER, plan(OWNER, document.name, read(OWNER, document)))

    assert (first.created["events"], first.created["programs"], first.rejected) == (4682, 222, {})
    assert (came.created["pace"], came.rejected) == (643, {})
    assert (
        again.created["events"],
        again.changed["events"],
        again.unchanged,
    ) == (0, 0, {"events": 4682})
