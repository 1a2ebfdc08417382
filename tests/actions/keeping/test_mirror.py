"""Mirror."""

import json
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.keeping import mirror as room
from almanac.actions.keeping.mirror import kept_backup, mirror, open_mirror
from almanac.actions.playbooks.playbooks import read_folder, write_playbook
from almanac.record.infra import clock
from almanac.record.models import Program
from almanac.record.queries import preferences
from almanac.record.rules import OWNER


@pytest.fixture
def odd_titles(logbook):
    return write_down(
        OWNER,
        [
            NewActivity(
                title=title, kind="talk", status="done", program="Talks", day=day,
                fields={"visibility": "public"},
            )
            for title, day in (("{{ secrets }} and {% raw %}", date(2026, 3, 2)), ("Bell", date(2026, 1, 5)))
        ],
    )  # fmt: skip


def test_a_mirror_inside_a_checkout_is_committed(odd_titles, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "almanac.actions.keeping.mirror.back_up_record",
        lambda _actor, file: file.write_bytes(b"z") and 2,
    )
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    done = mirror(OWNER, str(tmp_path / "below" / "mirror"))
    assert done.committed
    log = subprocess.run(
        ["git", "log", "--name-only", "--format="],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "below/mirror/READ-ME-FIRST.md" in log


def test_a_mirror_holds_the_playbooks(odd_titles, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "almanac.actions.keeping.mirror.back_up_record",
        lambda _actor, file: file.write_bytes(b"z") and 2,
    )
    write_playbook(OWNER, Program.objects.get(name="Talks"), "- T: speak\n")
    mirror(OWNER, str(tmp_path / "mirror"))
    assert "- T: speak" in (tmp_path / "mirror" / "playbooks" / "talks.md").read_text()


def test_a_mirror_in_a_repository_is_cloned_once_and_brought_up_to_date(
    odd_titles, tmp_path, settings, monkeypatch
):
    monkeypatch.setattr(
        "almanac.actions.keeping.mirror.back_up_record",
        lambda _actor, file: file.write_bytes(b"z") and 2,
    )

    def git(*words):
        return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout

    place, other = tmp_path / "far.git", tmp_path / "colleague"
    git("init", "-q", "--bare", "-b", "main", str(place))
    assert mirror(OWNER, str(place)).pushed
    clone = Path(settings.ALMANAC_HOME) / "mirror"
    (clone / ".git" / "kept").touch()
    git("clone", "-q", str(place), str(other))
    (other / "NOTES.md").write_text("From a colleague.\n")
    git("-C", str(other), "add", "NOTES.md")
    who = ["-c", "user.name=A", "-c", "user.email=a@a.example"]
    git("-C", str(other), *who, "commit", "-qm", "Notes")
    git("-C", str(other), "push", "-q")

    write_playbook(OWNER, Program.objects.get(name="Talks"), "- T: speak\n")
    assert mirror(OWNER, str(place)).pushed
    assert (clone / ".git" / "kept").exists()
    files = git("-C", str(place), "ls-tree", "-r", "--name-only", "HEAD").split()
    assert {"NOTES.md", "playbooks/talks.md"} <= set(files)

    elsewhere = tmp_path / "elsewhere.git"
    git("init", "-q", "--bare", "-b", "main", str(elsewhere))
    assert mirror(OWNER, str(elsewhere)).pushed
    assert not (clone / ".git" / "kept").exists()
    assert "NOTES.md" not in git("-C", str(elsewhere), "ls-tree", "-r", "--name-only", "HEAD")


@pytest.fixture
def quick(monkeypatch):
    """The record's backup as one byte, so that no file of the test's database is asked for."""
    monkeypatch.setattr(
        room, "back_up_record", lambda _actor, file: file.write_bytes(b"z") and 2001
    )


def test_a_mirror_in_a_plain_folder_says_what_it_holds(odd_titles, tmp_path, quick):
    place = str(tmp_path / "mirror")
    done = mirror(OWNER, place)
    assert (done.place, done.folder, done.activities) == (place, tmp_path / "mirror", 2001)
    assert (done.committed, done.pushed) == (False, False)
    assert preferences.value("mirror") == place
    readme = (done.folder / "READ-ME-FIRST.md").read_text()
    assert readme.startswith("# If you need this, start here\n")
    assert "2,001 activities" in readme
    assert "almanac restore almanac-record.zip" in readme
    assert (done.folder / "public" / "index.html").is_file()
    assert (done.folder / "almanac-record.zip").read_bytes() == b"z"
    assert mirror(OWNER, place).folder == done.folder


def test_a_checkout_is_committed_only_where_something_is_new(odd_titles, tmp_path, quick):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    place = str(tmp_path / "mirror")
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "mine.txt").write_text("mine")
    assert mirror(OWNER, place).committed
    done = mirror(OWNER, place)
    assert (done.committed, done.pushed) == (False, False)
    log = subprocess.run(
        ["git", "log", "--format=%an %ae %s", "--name-only"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert log.startswith("Almanac almanac@localhost Mirror of 2026-03-18\n")
    assert "mine.txt" not in log


def test_places_a_mirror_cannot_be(odd_titles, tmp_path, settings, quick):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotError, match="is a file"):
        mirror(OWNER, str(tmp_path / "file"))
    home = Path(settings.ALMANAC_HOME)
    for place in (home, home / "below"):
        with pytest.raises(CannotError, match="inside the logbook’s own folder"):
            mirror(OWNER, str(place))
    assert preferences.value("mirror") == ""


@pytest.mark.parametrize("name", ["READ-ME-FIRST.md", "almanac-record.zip"])
def test_files_of_others_are_left_alone(odd_titles, tmp_path, quick, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(CannotError, match="was not written by Almanac"):
        mirror(OWNER, str(tmp_path))
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["READ-ME-FIRST.md", "almanac-record.zip", "public"])
def test_links_out_of_a_mirror_are_refused(odd_titles, tmp_path, quick, name):
    folder = tmp_path / "mirror"
    mirror(OWNER, str(folder))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "file").write_text("# If you need this, start here")
    target = tmp_path / ("elsewhere" if name == "public" else "file")
    (folder / name).rename(tmp_path / "moved")
    (folder / name).symlink_to(target)
    with pytest.raises(CannotError, match="was not written by Almanac"):
        mirror(OWNER, str(folder))
    assert (tmp_path / "file").read_text() == "# If you need this, start here"


def test_where_the_backup_of_a_mirror_lies(logbook, tmp_path, settings):
    home = Path(settings.ALMANAC_HOME)
    assert kept_backup(OWNER, str(tmp_path)) == tmp_path / "almanac-record.zip"
    for place in ("git@host.example:a.git", "https://host.example/a.git", "ssh://host/a"):
        assert kept_backup(OWNER, place) == home / "mirror" / "almanac-record.zip"


def record(tmp_path, script):
    """A mirror's backup with this record in it."""
    database = tmp_path / "almanac.sqlite3"
    with closing(sqlite3.connect(database)) as opened:
        opened.executescript("CREATE TABLE record_activity (id INTEGER);" + script)
    held = database.read_bytes()
    with zipfile.ZipFile(tmp_path / "almanac-record.zip", "w") as archive:
        files = {"almanac.sqlite3": sha256(held).hexdigest()}
        archive.writestr("almanac-backup.json", json.dumps({"at": NOW.isoformat(), "files": files}))
        archive.writestr("almanac.sqlite3", held)


PROGRAMS = """
    INSERT INTO record_activity VALUES (1), (2), (3);
    CREATE TABLE record_program (id INTEGER, name TEXT, closed BOOLEAN);
    INSERT INTO record_program VALUES (1, 'Talks', 0), (2, 'Meetups', 0), (3, 'Old', 1);
"""


def test_a_mirror_is_opened_as_if_this_machine_were_gone(logbook, tmp_path):
    record(
        tmp_path,
        PROGRAMS + "CREATE TABLE record_playbookversion (program_id INTEGER);"
        "INSERT INTO record_playbookversion VALUES (1);",
    )
    with clock.at(NOW + timedelta(days=1)):
        write_down(OWNER, [NewActivity("Later")])
    found = open_mirror(OWNER, str(tmp_path))
    assert (found.activities, found.written, found.lacking) == (3, ("Talks",), ("Meetups",))
    assert (found.made_at, found.newer) == (NOW, 1)


def test_a_mirror_from_before_there_were_playbooks(logbook, tmp_path):
    record(tmp_path, PROGRAMS)
    found = open_mirror(OWNER, str(tmp_path))
    assert (found.written, found.lacking) == ((), ("Meetups", "Talks"))


def test_a_mirror_that_is_gone_is_said_to(logbook, tmp_path):
    with pytest.raises(CannotError, match="make the off-site copy again"):
        open_mirror(OWNER, str(tmp_path))


def test_what_git_says_is_passed_on(logbook, tmp_path, monkeypatch):
    with pytest.raises(CannotError, match="git status failed: fatal: "):
        room._git(tmp_path, "status")
    assert room._git(tmp_path, "status", may_fail=True) == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotError, match="git is not installed"):
        room._git(tmp_path, "status")


def test_git_is_waited_for_five_minutes(tmp_path, monkeypatch):
    asked = []

    def silent(command, **more):
        asked.append((command, more["timeout"]))
        raise subprocess.TimeoutExpired(command, more["timeout"])

    monkeypatch.setattr(room, "_harmless", lambda _: [])
    monkeypatch.setattr(subprocess, "run", silent)
    with pytest.raises(CannotError, match="not answered for five minutes"):
        room._git(tmp_path, "push")
    assert asked == [(["git", "push"], 300)]


PLANTED = "#!/bin/sh\ntouch {ran}\ncat\n"


@pytest.mark.parametrize("where", ["inside", "above"])
def test_nothing_planted_in_a_checkout_is_run(odd_titles, tmp_path, quick, where):
    """Hooks, the file monitor, filters, signing and an external diff, as whoever writes there can set."""
    place = tmp_path / "shared" / "mirror"
    place.mkdir(parents=True)
    root = place if where == "inside" else place.parent
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    ran = tmp_path / "ran"
    script = tmp_path / "planted"
    script.write_text(PLANTED.format(ran=ran))
    script.chmod(0o755)
    for hook in ("pre-commit", "post-commit", "post-index-change", "prepare-commit-msg"):
        (root / ".git" / "hooks" / hook).write_text(PLANTED.format(ran=ran))
        (root / ".git" / "hooks" / hook).chmod(0o755)
    (root / ".gitattributes").write_text("* filter=evil diff=evil\n")
    for key in ("core.fsmonitor", "filter.evil.clean", "filter.evil.process", "diff.external",
                "gpg.program", "core.editor", "core.pager"):  # fmt: skip
        subprocess.run(["git", "-C", str(root), "config", key, str(script)], check=True)
    for key in ("commit.gpgSign", "filter.evil.required"):
        subprocess.run(["git", "-C", str(root), "config", key, "true"], check=True)

    assert mirror(OWNER, str(place)).committed
    assert not ran.exists()


@pytest.mark.parametrize(
    "link", ["playbooks", "playbooks/.almanac-playbooks", "playbooks/talks.md"]
)
def test_links_among_playbooks_are_not_followed(odd_titles, tmp_path, quick, link):
    write_playbook(OWNER, Program.objects.get(name="Talks"), "- T: speak\n")
    place, victim = tmp_path / "mirror", tmp_path / "victim"
    mirror(OWNER, str(place))
    if link == "playbooks":
        victim.mkdir()
        (place / "playbooks").rename(tmp_path / "gone")
    else:
        victim.write_text("precious")
        (place / link).unlink()
    (place / link).symlink_to(victim)
    with pytest.raises(CannotError, match="is a link to somewhere else; nothing was changed"):
        mirror(OWNER, str(place))
    assert list(victim.iterdir()) == [] if victim.is_dir() else victim.read_text() == "precious"


def test_playbooks_are_not_read_through_links(logbook, tmp_path):
    (tmp_path / "private.md").write_text("# Mine\n\n- T: secret\n")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "x.md").symlink_to(tmp_path / "private.md")
    with pytest.raises(CannotError, match="is a link"):
        read_folder(OWNER, tmp_path / "foreign")
