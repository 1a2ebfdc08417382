"""Mirror."""

import subprocess
from datetime import date

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
