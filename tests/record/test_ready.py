"""A logbook of a later version is refused, and nothing in it is touched."""

import pytest
from django.db import connections

from almanac.record.infra import ready
from almanac.record.infra.ready import NewerLogbookError, make_ready
from almanac.record.infra.routing import PRIVATE, RECORD


@pytest.mark.parametrize("alias", [RECORD, PRIVATE])
def test_a_newer_logbook_is_refused(logbook, alias):
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('record', '9999_later', '2099-01-01')"
        )
    with pytest.raises(NewerLogbookError, match="made by a newer Almanac; nothing was changed"):
        make_ready()


def test_a_logbook_of_this_version_is_ready(logbook, monkeypatch):
    monkeypatch.setattr(ready, "call_command", lambda *_, **__: pytest.fail("moved tables"))
    make_ready()


def test_files_are_readable_by_their_owner_alone(logbook, settings, tmp_path):
    settings.ALMANAC_HOME = tmp_path
    for name in ("almanac.sqlite3", "private.sqlite3", "private.sqlite3-wal"):
        (tmp_path / name).touch(mode=0o644)
    make_ready()
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("*.sqlite3*")} == {0o600}
