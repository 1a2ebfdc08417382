"""Exporting."""

import pytest

import samples
from almanac.actions.activities import NewActivity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.keeping import exporting
from almanac.answers.imports.reading_files import plan, read
from almanac.record.models import Activity, Change, Program, Turnout
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document


def bring_in(text, name="file.csv", **options):
    found = read(OWNER, Document(name, text.encode()))
    return carry_out(OWNER, plan(OWNER, name, found, **options))


HEADER = samples.EVENTS.splitlines()[0] + "\n"


def test_times_in_the_hour_the_clock_jumps_are_the_same_twice(logbook):
    text = "title,starts_at\nA,2025-10-26T02:30:00\n"
    bring_in(text)

    assert bring_in(text).unchanged == {"events": 1}


def test_a_time_that_the_clocks_leave_out_is_said(logbook):
    done = plan(
        OWNER, "f.csv", read(OWNER, Document("f.csv", b"title,starts_at\nB,2026-03-29T02:30:00\n"))
    )
    assert [row.reason for row in done.rejected] == [
        "starts_at: 02:30 does not exist on 29 March 2026 in Europe/Berlin, because the clocks go "
        "forward; choose another time"
    ]


def test_a_large_log_and_odd_texts_survive_an_export(logbook, tmp_path):
    rows = "".join(
        f"M,{n},Evening {n},2024-01-14T18:00:00Z,,past,,,,,{n % 90},,,\n" for n in range(14_000)
    )
    bring_in(HEADER + rows)
    write_down(
        OWNER, [NewActivity("\\N"), NewActivity("=1+1 meetup", kind="event", counts={"signups": 1})]
    )
    exporting.export(OWNER, tmp_path / "out")
    events = (tmp_path / "out" / "events.csv").read_text()
    again = bring_in(events)

    import duckdb

    titles = duckdb.sql(f"SELECT title FROM '{tmp_path}/out/activity.parquet'").fetchall()
    assert ("\\N",) in titles
    assert (again.created["events"], again.changed["events"]) == (0, 0)
    assert sum(exporting.read_in(OWNER, tmp_path / "out")["created"].values()) == 0


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("link", "https://a.example", "javascript:alert(1)"),
        ("activity", ",event,", ",foo,"),
        ("turnout", ",,counted,", ",,bogus,"),
        ("activity", ",1,event", ",999,event"),
    ],
)
def test_a_tampered_export_is_refused(plan_event, tmp_path, table, old, new):
    plan_event(
        "T",
        days=-3,
        status="done",
        links=("https://a.example",),
        counts={"signups": 3, "attended": 2},
        evidence="counted",
    )
    exporting.export(OWNER, tmp_path / "out")
    file = tmp_path / "out" / f"{table}.csv"
    text = file.read_text()
    file.write_text(text.replace(old, new) if old in text else text.replace("counted", "bogus"))
    Turnout.objects.all().delete()
    Activity.objects.all().delete()
    Change.objects.all().delete()
    Program.objects.all().delete()

    with pytest.raises(CannotError):
        exporting.read_in(OWNER, tmp_path / "out")


def test_what_a_killed_export_left_is_gone_over_again(logbook, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / ".almanac-export-begun").touch()
    (folder / "activity.csv").write_text("half a")
    made = exporting.export(OWNER, folder)

    assert exporting.is_export(folder)
    assert (folder / "activity.csv").read_text() != "half a"
    assert not (folder / ".almanac-export-begun").exists()
    assert made.rows
    with pytest.raises(CannotError, match="not empty"):
        exporting.export(OWNER, folder)
