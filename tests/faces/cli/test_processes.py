"""The program as it is run: in processes and folders of its own, killed and crowded."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

import samples


def interruptible():
    """A process started in the background ignores Ctrl-C; these must not, wherever tests run."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


ALMANAC = str(Path(sys.executable).with_name("almanac"))


def environment(home, **more):
    kept = {key: os.environ[key] for key in ("PATH", "TZ", "HOME") if key in os.environ}
    return kept | {"ALMANAC_HOME": str(home), "PYTHONWARNINGS": "error"} | more


def almanac(home, *arguments, code=0, text=None, **more):
    done = subprocess.run(
        [ALMANAC, *arguments],
        env=environment(home, **more),
        capture_output=True,
        text=True,
        input=text,
        check=False,
    )
    assert code == done.returncode, done.stdout + done.stderr
    return done.stdout if code == 0 else done.stderr


def test_any_command_may_be_the_first(tmp_path):
    assert "Logged" in almanac(tmp_path / "new", "log", "Gave a talk")
    assert "The logbook is in" in almanac(tmp_path / "new", "doctor")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / "secret").stat().st_mode & 0o777 == 0o600


def test_lines_come_from_standard_input(tmp_path):
    almanac(tmp_path, "log", text="Gave a talk\nWrote docs, 2h\n")

    assert "2 activities" in almanac(tmp_path, "doctor")


def test_backup_and_restore(tmp_path):
    almanac(tmp_path / "a", "log", "Gave a talk")
    almanac(tmp_path / "a", "log", "Meetup in 5 days at 18:00")
    almanac(tmp_path / "a", "guess", "Meetup", "5", "20")
    made = json.loads(almanac(tmp_path / "a", "backup", "--json"))
    almanac(tmp_path / "b", "log", "Something else")

    almanac(tmp_path / "b", "restore", made["file"])

    assert "2 activities" in almanac(tmp_path / "b", "doctor")
    found = json.loads(almanac(tmp_path / "b", "forecast", "Meetup", "--json"))
    assert found["guess"]["low"] == 5
    (aside,) = (tmp_path / "b" / "backups").glob("replaced-*")
    assert {"almanac.sqlite3", "private.sqlite3"} <= {file.name for file in aside.iterdir()}


def test_a_tampered_backup_changes_nothing(tmp_path):
    almanac(tmp_path / "a", "log", "Gave a talk")
    made = Path(json.loads(almanac(tmp_path / "a", "backup", "--json"))["file"])
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"Gave a talk", b"Gave a walk"))

    said = almanac(tmp_path / "a", "restore", str(bad), code=1)

    assert "changed or damaged" in said
    assert "1 activities" in almanac(tmp_path / "a", "doctor")
    bad.write_bytes(made.read_bytes()[:500])
    assert "not a whole" in almanac(tmp_path / "a", "restore", str(bad), code=1)


def test_an_erased_person_is_gone_from_the_bytes(tmp_path):
    guests = tmp_path / "guests.csv"
    guests.write_text(samples.luma().replace("carol", "zebedee"))
    almanac(tmp_path / "a", "import", str(guests), "--keep-names")
    assert b"zebedee@example.org" in b"".join(
        file.read_bytes() for file in (tmp_path / "a").glob("almanac.sqlite3*")
    )

    almanac(tmp_path / "a", "erase", "zebedee@example.org")

    left = [f for f in (tmp_path / "a").rglob("*") if f.is_file() and b"zebedee" in f.read_bytes()]
    assert left == []


def test_a_killed_import_leaves_nothing_half(tmp_path):
    rows = "".join(
        f"Meetups,{n},Evening {n},2024-01-14T18:00:00+01:00,,past,online,,,,{n % 90},,,\n"
        for n in range(20_000)
    )
    file = tmp_path / "many.csv"
    file.write_text(samples.EVENTS.splitlines()[0] + "\n" + rows)
    almanac(tmp_path / "a", "init")
    for wait in (0.9, 1.6, 2.4):
        process = subprocess.Popen(
            [ALMANAC, "import", str(file)],
            env=environment(tmp_path / "a"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        number = int(
            re.search(r"([\d,]+) activities", almanac(tmp_path / "a", "doctor"))[1].replace(",", "")
        )
        assert number in {0, 20_000}


def test_an_interrupted_import_says_what_was_finished(tmp_path):
    rows = "".join(
        f"Meetups,{n},Evening {n},2024-01-14T18:00:00+01:00,,past,online,,,,{n % 90},,,\n"
        for n in range(30_000)
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text(samples.EVENTS)
    (tmp_path / "in" / "b.csv").write_text(samples.EVENTS.splitlines()[0] + "\n" + rows)
    almanac(tmp_path / "a", "init")
    process = subprocess.Popen(
        [ALMANAC, "import", str(tmp_path / "in")],
        env=environment(tmp_path / "a"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    )
    assert "a.csv" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _out, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "Imported whole: a.csv" in said
    assert "Traceback" not in said
    assert "4 activities" in almanac(tmp_path / "a", "doctor")


@pytest.mark.parametrize("is_fresh", [True, False])
def test_writers_at_once_lose_nothing(tmp_path, is_fresh):
    if not is_fresh:
        almanac(tmp_path, "init")
    writers = [
        subprocess.Popen(
            [ALMANAC, "log", f"Writer {n} wrote"],
            env=environment(tmp_path),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for n in range(8)
    ]
    for writer in writers:
        assert writer.wait(timeout=60) == 0, writer.stderr.read()
        writer.stderr.close()

    assert "8 activities" in almanac(tmp_path, "doctor")


def test_the_demo_fills_an_empty_home_and_is_an_example(tmp_path):
    found = json.loads(almanac(tmp_path / "demo", "demo", "--no-serve", "--json"))

    assert found["example"]
    assert 130 < found["activities"] < 170
    assert str(tmp_path / "demo") == found["home"]
    elsewhere = json.loads(
        almanac(tmp_path / "demo", "demo", "--no-serve", "--json", TMPDIR=str(tmp_path))
    )
    assert str(tmp_path / "demo") != elsewhere["home"]


@pytest.mark.parametrize("when", ["2026-01-01", "2026-07-05", "2027-02-28", "2028-02-29"])
def test_the_demo_can_be_played_on_any_day(when, db_both):
    from datetime import UTC, datetime

    from almanac.actions.example import play
    from almanac.answers.today import today
    from almanac.record.infra import clock
    from almanac.record.rules import OWNER

    with clock.at(datetime.fromisoformat(f"{when}T13:00:00").replace(tzinfo=UTC)):
        assert play(OWNER, "America/New_York") in {165, 166}
        page = today(OWNER)

    assert page.is_example
    assert len(page.coming_up) >= 3
    assert 1 <= len(page.questions) <= 3
    assert page.coming_up[0].expected is not None
    assert any("fourth" in each.activity.title for each in page.coming_up)
    assert (page.day - page.lately[0].day).days <= 9


def test_the_demo_shows_real_events(tmp_path):
    (tmp_path / "events.csv").write_text(samples.EVENTS)

    found = json.loads(
        almanac(
            tmp_path / "d", "demo", "--from", str(tmp_path / "events.csv"), "--no-serve", "--json"
        )
    )

    assert (found["activities"], found["example"]) == (4, False)


def test_serve_prints_a_link_that_opens_once(tmp_path):
    process = subprocess.Popen(
        [ALMANAC, "serve", "--no-browser", "--port", "0"],
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    )
    try:
        link = re.search(r"http://\S+", process.stdout.readline())[0]
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with opener.open(link, timeout=20) as page:
            assert b"start your own?" in page.read()
        with pytest.raises(urllib.error.HTTPError) as closed:
            urllib.request.urlopen(link, timeout=20)
        assert closed.value.code == 403
        closed.value.close()
    finally:
        process.send_signal(signal.SIGINT)
        _out, said = process.communicate(timeout=20)
    assert "Traceback" not in said


def test_one_click_leads_from_the_example_to_ones_own(tmp_path):
    """The example is in a temporary folder; "Start yours" opens the logbook of this home."""
    almanac(tmp_path / "mine", "log", "My very own talk")
    process = subprocess.Popen(
        [ALMANAC, "demo", "--no-browser", "--port", "0"],
        env=environment(tmp_path / "mine", TMPDIR=str(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        preexec_fn=interruptible,
    )
    try:
        link = None
        while link is None:
            link = re.search(r"http://\S+", process.stdout.readline())
        base = re.match(r"http://[^/]+", link[0])[0]
        cookies = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
        with opener.open(link[0], timeout=20) as page:
            html = page.read().decode()
        assert "This is an example" in html
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]
        form = f"csrfmiddlewaretoken={token}".encode()
        with opener.open(f"{base}/start/own/", form, timeout=30) as page:
            own = re.search(r"http://127\.0\.0\.1:\d+/open/[\w-]+/", page.read().decode())[0]
        with opener.open(own, timeout=20) as page:
            html = page.read().decode()
        assert "My very own talk" in html
        assert "This is an example" not in html
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=20)


def test_serving_a_team_is_refused_until_it_is_safe(tmp_path):
    assert "accounts and HTTPS" in almanac(
        tmp_path, "serve", "--no-browser", code=1, ALMANAC_TEAM="1"
    )


def test_a_taken_port_is_said_so(tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = almanac(
            tmp_path, "serve", "--no-browser", "--port", str(taken.getsockname()[1]), code=1
        )
    assert "is taken" in said


def test_the_drill_opens_the_mirror_as_if_this_machine_were_gone(tmp_path):
    home, mirror = tmp_path / "a", tmp_path / "mirror"
    (tmp_path / "talks.md").write_text("- T-7 days: rehearse\n")
    almanac(home, "log", "Talk at PyCon", "--program", "Talks", "--on", "2026-05-05")
    almanac(home, "log", "Meetup 1", "--program", "Meetups", "--on", "2026-05-06")
    almanac(home, "playbook", "write", "Talks", str(tmp_path / "talks.md"))
    almanac(home, "mirror", str(mirror))
    almanac(home, "log", "Meetup 2", "--program", "Meetups", "--on", "2026-05-07")
    said = almanac(home, "drill", "machine")
    assert "2 activities" in said
    assert "find how to run Talks" in said
    assert "lack how to run Meetups" in said
    assert "since then would be lost: almanac mirror" in said
    kept = mirror / "almanac-record.zip"
    kept.write_bytes(kept.read_bytes()[:-200])
    assert str(kept) in almanac(home, "drill", "machine", code=1)
