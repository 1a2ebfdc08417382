"""The record in PostgreSQL, on a server of the test's own."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import samples

BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:] or [None]
ALMANAC = str(Path(sys.executable).with_name("almanac"))
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(BIN[0] is None, reason="needs PostgreSQL: apt-get install postgresql"),
]


def as_postgres(*command):
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    return (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        if (os.geteuid() == 0)
        else list(command)
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = Path("/tmp") / f"almanac-pg-{os.getpid()}"
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    data = str(folder / "data")
    subprocess.run(
        check=True,
        args=as_postgres(f"{BIN[0]}/initdb", "-D", data, "-A", "trust", "-U", "almanac"),
        cwd=folder,
        **quiet,
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    subprocess.run(
        check=True,
        args=as_postgres(
            f"{BIN[0]}/pg_ctl", "-D", data, "-o", options, "-w", "-l", str(folder / "log"), "start"
        ),
        cwd=folder,
        **quiet,
    )
    yield f"postgres://almanac@127.0.0.1:{port}/postgres"
    subprocess.run(
        check=True,
        args=as_postgres(f"{BIN[0]}/pg_ctl", "-D", data, "-m", "immediate", "stop"),
        cwd=folder,
        **quiet,
    )
    shutil.rmtree(folder, ignore_errors=True)


def test_the_whole_way_on_postgresql(server, tmp_path):
    def almanac(*arguments, code=0):
        done = subprocess.run(
            [ALMANAC, *arguments],
            env={
                "ALMANAC_HOME": str(tmp_path / "home"),
                "DATABASE_URL": server,
                "PATH": os.environ["PATH"],
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert code == done.returncode, done.stdout + done.stderr
        return done.stdout if code == 0 else done.stderr

    (tmp_path / "events.csv").write_text(samples.EVENTS)
    (tmp_path / "pace.csv").write_text(samples.PACE)
    (tmp_path / "guests.csv").write_text(samples.luma(came=("alice",)))
    almanac("log", "Gave a talk yesterday, 80 people #api", "--program", "talks")
    first = json.loads(
        almanac("import", str(tmp_path / "events.csv"), str(tmp_path / "pace.csv"), "--json")
    )
    again = json.loads(
        almanac("import", str(tmp_path / "events.csv"), str(tmp_path / "pace.csv"), "--json")
    )
    almanac("import", str(tmp_path / "guests.csv"), "--keep-names")
    almanac("log", "Meetup in 9 days at 18:00, 20 signed up", "--program", "Meetups")
    forecast = json.loads(almanac("forecast", "Meetup", "--guess", "5", "25", "11", "80", "--json"))
    almanac("erase", "alice@example.org")
    almanac("export", str(tmp_path / "out"))
    assert "can’t be undone" in almanac("undo", code=1)
    almanac("log", "Answered questions, 1h")
    almanac("undo")

    assert (first["created"]["events"], first["created"]["pace"]) == (4, 2)
    assert sum(again["created"].values()) + sum(again["changed"].values()) == 0
    assert forecast["guess"]["low"] == 5
    assert (tmp_path / "home" / "private.sqlite3").exists()
    assert not (tmp_path / "home" / "almanac.sqlite3").exists()
    assert "alice@" not in (tmp_path / "out" / "guest.csv").read_text()
    assert "pg_dump" in almanac("backup", code=1)
    assert "opens and is sound" in almanac("doctor")
    read_in = subprocess.run(
        [ALMANAC, "import", str(tmp_path / "out"), "--json"],
        env={"ALMANAC_HOME": str(tmp_path / "fresh"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert read_in.returncode == 0, read_in.stderr
