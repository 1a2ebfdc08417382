import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connections
from tests.conftest import NOW

from almanac.record.infra import clock, links, sessions
from almanac.record.infra.ready import newest_migration
from almanac.record.infra.routing import PRIVATE_MODELS, PrivateRouter
from almanac.record.infra.zones import is_zone, name_of_offset, zone_of
from almanac.record.models import Activity, Guess, Program

DATABASES = Path(__file__).parent / "databases"


def test_private_models_are_in_the_private_file_and_point_nowhere(db_both):
    names = {model._meta.model_name for model in apps.get_app_config("record").get_models()}
    assert names >= PRIVATE_MODELS
    for model in apps.get_app_config("record").get_models():
        private = model._meta.model_name in PRIVATE_MODELS
        tables = connections["private" if private else "default"].introspection.table_names()
        other = connections["default" if private else "private"].introspection.table_names()
        assert model._meta.db_table in tables
        assert model._meta.db_table not in other
        if private:
            pointed = {
                f.related_model._meta.model_name for f in model._meta.fields if f.is_relation
            }
            assert pointed <= PRIVATE_MODELS


def test_relations_across_the_files_are_refused(db_both):
    now = datetime(2026, 1, 1, tzinfo=UTC)

    assert not PrivateRouter().allow_relation(Guess(made_at=now), Program())
    assert PrivateRouter().allow_relation(Activity(), Program())


def test_day_and_time_cannot_disagree():
    activity = Activity()

    activity.set_start(datetime(2026, 3, 18, 23, 30, tzinfo=UTC), None, "Europe/Berlin")

    assert date(2026, 3, 19) == activity.day


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("Europe/Berlin", True),
        ("UTC", True),
        ("+05:30", True),
        ("+99:00", False),
        ("Mars/X", False),
        ("../etc/passwd", False),
        ("", False),
    ],
)
def test_zones(name, valid):
    assert valid == is_zone(name)
    assert zone_of(name) is not None


def test_offsets_have_names():
    india = datetime.fromisoformat("2026-01-01T00:00:00+05:30")

    assert (name_of_offset(india), name_of_offset(datetime.now(UTC))) == ("+05:30", "UTC")


def test_a_link_opens_once_and_a_wrong_one_never(logbook):
    token = links.new_link()

    assert not links.spend("wrong")
    assert links.spend(token)
    assert not links.spend(token)


def test_a_new_link_replaces_the_old_one(logbook):
    old, new = links.new_link(), links.new_link()

    assert not links.spend(old)
    assert links.spend(new)


def test_a_cookie_of_another_logbook_opens_nothing(logbook, settings, tmp_path):
    mine = sessions.begin()
    assert sessions.of_cookie(mine)
    settings.ALMANAC_HOME = tmp_path

    assert not sessions.of_cookie(mine)
    assert not sessions.of_cookie("rubbish")
    assert not sessions.of_cookie(None)


def test_a_session_ends_when_it_is_ended_idle_or_old(logbook, settings, tmp_path):
    settings.ALMANAC_HOME = tmp_path
    used, idle, ended = (sessions.begin(name) for name in ("used", "idle", "ended"))
    key = sessions.of_cookie(ended).key
    assert sessions.end(key)
    assert not sessions.end(key)
    assert not sessions.end("../secret")
    assert sessions.of_cookie(ended) is None
    for day in range(6, 30, 6):
        with clock.at(NOW + timedelta(days=day)):
            assert sessions.of_cookie(used)
    with clock.at(NOW + timedelta(days=8)):
        assert [each.browser for each in sessions.running()] == ["used"]
        assert sessions.of_cookie(idle) is None
    with clock.at(NOW + timedelta(days=31)):
        assert sessions.of_cookie(used) is None
        assert sessions.running() == []
    assert list((tmp_path / "sessions").iterdir()) == []


def test_models_and_migrations_agree(db_both):
    from django.core.management import call_command

    call_command("makemigrations", "record", check=True, dry_run=True, verbosity=0)


def test_every_schema_change_keeps_a_small_database():
    kept = {file.name.split(".")[0] for file in DATABASES.glob("*.record.sql")}
    migrations = {
        file.stem
        for file in Path(sys.modules["almanac.record.infra.ready"].MIGRATIONS).glob("[0-9]*.py")
    }

    assert migrations == kept


@pytest.mark.parametrize(
    "name", sorted(f.name.split(".")[0] for f in DATABASES.glob("*.record.sql"))
)
def test_older_databases_come_forward(name, tmp_path):
    """A logbook written by each earlier schema opens in this version with all that was in it."""
    for part, file in (("record", "almanac"), ("private", "private")):
        database = sqlite3.connect(tmp_path / f"{file}.sqlite3")
        database.executescript((DATABASES / f"{name}.{part}.sql").read_text())
        database.close()
    code = (
        "from almanac.faces.cli.app import main; import sys;"
        "codes = [main(['doctor']), main(['log', 'One more talk'])];"
        "from almanac.record.models import Activity, Forecast, Guess;"
        "assert Activity.objects.count() == 6, Activity.objects.count();"
        "assert Forecast.objects.count() == 1 and Guess.objects.count() == 1;"
        "from almanac.record.infra.seals import is_untouched;"
        "assert is_untouched(Forecast.objects.get());"
        "from django.db import connection;"
        'connection.cursor().execute("INSERT INTO django_migrations (app, name, applied) '
        "VALUES ('record', '9999_later', '2099-01-01')\");"
        "before = Activity.objects.count();"
        "assert [main([verb, 'One more']) for verb in ('log', 'heard')] == [1, 1];"
        "assert Activity.objects.count() == before;"
        "sys.exit(max(codes))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={"ALMANAC_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    rows = sqlite3.connect(tmp_path / "almanac.sqlite3").execute(
        "SELECT 1 FROM django_migrations WHERE name = ?", [newest_migration()]
    )
    assert rows.fetchone()
