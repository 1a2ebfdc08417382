"""Mirror."""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.keeping.mirror import mirror
from almanac.actions.playbooks.playbooks import write_playbook
from almanac.record.models import Program
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
