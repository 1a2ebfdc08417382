"""Private words are planted in every private text; nothing that leaves the logbook holds one."""

import pytest
from django.apps import apps
from tests.actions.keeping.test_traces import instance_of
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.keeping import mirror as mirror_room
from almanac.actions.keeping.exporting import export
from almanac.actions.keeping.mirror import mirror
from almanac.actions.playbooks.playbooks import write_folder
from almanac.actions.review.publishing import publish
from almanac.answers.review.composition import done_of, review
from almanac.answers.review.evidence import Audience
from almanac.press import review as press
from almanac.record.infra.routing import PRIVATE_MODELS
from almanac.record.rules import OWNER

CANARY = "Ana Example"
"""What `instance_of` plants."""


@pytest.fixture
def planted(logbook, monkeypatch):
    """A row of every private model, each text of it a canary, beside an ordinary public activity."""
    write_down(OWNER, [NewActivity("A public talk", kind="talk", status="done", day=NOW.date(),
                                   program="Talks", fields={"visibility": "public"})])  # fmt: skip
    made = {}
    for model in apps.get_app_config("record").get_models():
        if model._meta.model_name in PRIVATE_MODELS:
            instance_of(model, made, set())
    assert len(made) >= 10
    # The record's own backup is a copy of its file, which holds no private table.
    monkeypatch.setattr(
        mirror_room, "back_up_record", lambda _actor, file: file.write_bytes(b"z") and 1
    )


def test_no_private_word_is_in_any_file_that_is_written(planted, tmp_path):
    export(OWNER, tmp_path / "export")
    publish(OWNER, tmp_path / "public")
    mirror(OWNER, str(tmp_path / "mirror"))
    write_folder(OWNER, tmp_path / "playbooks")
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) > 60
    holding = [str(file) for file in files if CANARY.encode() in file.read_bytes()]
    assert holding == []


@pytest.mark.parametrize("audience", [each for each in Audience if each is not Audience.OWN])
def test_no_private_word_is_in_a_review_for_others(planted, audience):
    made = review(OWNER, str(NOW.year), audience=audience)
    for form in (press.html, press.md, press.pdf):
        document = form(made, done_of(OWNER, made))
        assert CANARY.encode() not in document.content
        assert not any(CANARY.encode() in held for held in document.pictures.values())
