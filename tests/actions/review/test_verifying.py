"""What publishing writes to its ledger and log, and what verifying says of each kind of damage."""

import json
from datetime import timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.review.publishing import publish, verify_folder
from almanac.record.infra import clock
from almanac.record.infra.ledger import digest
from almanac.record.models import Activity, Change, Publication
from almanac.record.rules import OWNER


def new(title, days=-10):
    return NewActivity(
        title=title, kind="talk", status="done", program="Nights",
        starts_at=NOW + timedelta(days=days), zone="Europe/Berlin", fields={"visibility": "public"},
    )  # fmt: skip


@pytest.fixture
def out(logbook, tmp_path):
    write_down(OWNER, [new("A night"), new("A talk", -40)])
    publish(OWNER, tmp_path / "out")
    return tmp_path / "out"


def hide(title):
    change_activity(OWNER, Activity.objects.get(title=title), visibility="private")


def ledger(out):
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


def of_entries(out):
    return [(line["action"], line["revision"]) for line in ledger(out) if "key" in line]


def test_a_publication_is_told_in_the_log_and_in_the_ledger(out):
    line = Change.objects.order_by("-pk").first()
    row = Publication.objects.get()
    assert (line.verb, line.undo) == ("publish", None)
    assert line.summary.startswith("Published in out: ")
    assert line.summary.endswith(" new, 0 changed, 0 removed")
    assert (row.folder, row.published_at) == (str(out), NOW)
    told = ledger(out)
    assert told[-1]["action"] == "edition"
    assert told[-1]["sha256"] == digest((out / "manifest.json").read_bytes())
    assert {action for action, _ in of_entries(out)} == {"published"}
    assert {revision for _, revision in of_entries(out)} == {1}
    manifest = json.loads((out / "manifest.json").read_text())["files"]
    assert manifest == {name: digest((out / name).read_bytes()) for name in sorted(manifest)}
    assert not list(out.rglob(".*"))
    assert (out / "index.html").stat().st_mode & 0o777 == 0o644


def test_a_second_time_changes_nothing_and_leaves_no_line(out):
    lines, told = Change.objects.count(), (out / "log.jsonl").read_bytes()
    with clock.at(NOW + timedelta(hours=1)):
        done = publish(OWNER, out)
    assert (done.written, done.removed, done.changed_nothing) == (0, 0, True)
    assert (Change.objects.count(), (out / "log.jsonl").read_bytes()) == (lines, told)


def test_what_is_changed_taken_back_and_published_again_has_its_revisions(out):
    talk = Activity.objects.get(title="A talk")
    key = f"activity-{talk.pk}"

    def revisions():
        return [
            (line["action"], line["revision"]) for line in ledger(out) if line.get("key") == key
        ]

    change_activity(OWNER, talk, title="Our talk")
    assert publish(OWNER, out).changed_nothing is False
    hide("Our talk")
    done = publish(OWNER, out)
    assert done.removed >= 1
    assert not (out / "log" / "2026-02.html").exists()
    assert Publication.objects.get().entries[key] == {
        "revision": 3, "digest": "", "salt": "", "redacted": True,
    }  # fmt: skip
    talk.refresh_from_db()
    change_activity(OWNER, talk, visibility="public")
    publish(OWNER, out)
    assert revisions() == [("published", 1), ("changed", 2), ("redacted", 3), ("published", 4)]
    assert verify_folder(OWNER, out).problems == ()


def test_a_folder_left_empty_goes_with_its_last_page_and_others_stay(out):
    (out / "log" / "mine.txt").write_text("mine")
    hide("A night")
    hide("A talk")
    publish(OWNER, out)
    assert (out / "log" / "mine.txt").read_text() == "mine"
    assert [each.name for each in (out / "log").iterdir()] == ["mine.txt"]
    assert not (out / "programs").exists() or any((out / "programs").iterdir())


def test_where_nothing_is_wrong_everything_is_counted(out):
    found = verify_folder(OWNER, out)
    assert found.problems == ()
    assert found.entries == len(json.loads((out / "entries.json").read_text()))
    assert (found.lines, found.head) == (len(ledger(out)), Publication.objects.get().head)


def test_each_damage_is_told_by_name(out):
    (out / "index.html").unlink()
    (out / "style.css").write_text("x")
    assert set(verify_folder(OWNER, out).problems) == {
        "index.html is missing.", "style.css has been changed.",
    }  # fmt: skip


def test_entries_that_are_gone_or_were_never_published_are_told(out):
    file = out / "entries.json"
    held = json.loads(file.read_text())
    key = f"activity-{Activity.objects.get(title='A talk').pk}"
    changed = held | {key: held[key] | {"salt": "0" * 32}}
    gone = {name: entry for name, entry in held.items() if name != key}
    for entries, said in (
        (changed, f"{key} is not what was published."),
        (gone, f"{key} was published, and is gone without a word."),
        (held | {"activity-999": held[key]}, "activity-999 was never published by the ledger."),
    ):
        file.write_text(json.dumps(entries))
        assert verify_folder(OWNER, out).problems == ("entries.json has been changed.", said)
    assert verify_folder(OWNER, out).entries == len(held) + 1


def test_an_entry_that_was_taken_back_and_is_still_there_is_told(out):
    file = out / "entries.json"
    key = f"activity-{Activity.objects.get(title='A talk').pk}"
    before = json.loads(file.read_text())
    hide("A talk")
    publish(OWNER, out)
    file.write_text(json.dumps(json.loads(file.read_text()) | {key: before[key]}))
    assert f"{key} was taken back, and is still there." in verify_folder(OWNER, out).problems


@pytest.mark.parametrize("text", ["{", "[]"])
def test_entries_that_cannot_be_read_are_told(out, text):
    (out / "entries.json").write_text(text)
    found = verify_folder(OWNER, out)
    assert "entries.json cannot be read." in found.problems
    assert found.entries == 0


def test_a_manifest_that_is_gone_is_told(out):
    (out / "manifest.json").unlink()
    assert verify_folder(OWNER, out).problems == (
        "manifest.json is not the one the ledger speaks of.",
    )


def test_a_line_of_the_ledger_that_was_changed_is_told_by_its_number(out):
    file = out / "log.jsonl"
    lines = file.read_text().splitlines()
    lines[1] = (
        lines[1].replace('"revision": 1', '"revision": 2').replace('"revision":1', '"revision":2')
    )
    file.write_text("\n".join(lines) + "\n")
    found = verify_folder(OWNER, out)
    assert len(found.problems) == 1
    assert "does not follow from the one before it" in found.problems[0]
    assert (found.entries, found.lines) == (0, len(lines))
    with pytest.raises(CannotError, match="has been changed by somebody"):
        publish(OWNER, out)


def test_places_that_cannot_be_published_into(out, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotError, match="is a file; name a folder"):
        publish(OWNER, tmp_path / "file")
    with pytest.raises(CannotError, match="holds no public log"):
        verify_folder(OWNER, tmp_path)
