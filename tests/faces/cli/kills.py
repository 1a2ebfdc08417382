"""Every verb killed at some moment, and what must hold of the logbook afterwards.

.venv/bin/python tests/faces/cli/kills.py 200      kill so many times, and say what broke
"""

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

ALMANAC = str(Path(sys.executable).with_name("almanac"))
VERBS = {
    "log": ("log", "Gave a talk at PyTexas, 80 people, 6h"),
    "undo": ("undo",),
    "guess": ("guess", "Autumn meetup", "10", "30", "20"),
    "forecast": ("forecast", "Autumn meetup", "--no-idea"),
    "outcome": ("outcome", "Spring meetup", "31"),
    "heard": ("heard", "I would not have known", "--by", "mail"),
    "metric": ("metric", "add", "Stars", "120"),
    "check-in": ("load", "check-in", "3,3,3"),
    "import": ("import", "{room}/many.csv"),
    "backup": ("backup",),
    "restore": ("restore", "{room}/good.zip", "--yes"),
    "export": ("export", "{room}/export"),
    "mirror": ("mirror", "{room}/mirror"),
    "publish": ("publish", "{room}/public"),
    "erase": ("erase", "Zelda Quimby", "--yes"),
}  # fmt: skip
IN_HOME = re.compile(
    r"(almanac|private)\.sqlite3(-wal|-shm)?|making-ready(-journal)?|secret|scratch|backups|certificates|"
    r"rejected|uploads|mirror|rewriting-due|link|sessions"
)
HEADER = "program,event_id,title,kind,starts_at,announced_at,status,format,seats,price,interested,signups,attended,attended_evidence,submissions\n"


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ALMANAC, *arguments], env=environment(home), capture_output=True, text=True, check=False
    )


def environment(home: Path) -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("PATH", "TZ", "HOME") if key in os.environ}
    return kept | {"ALMANAC_HOME": str(home)}


def prepare(room: Path) -> None:
    """A logbook with a little of everything in `room`/whole, and the files that verbs are given."""
    whole = room / "whole"
    for line in ("Spring meetup on 2026-03-05 at 18:00, 60 signed up", "Autumn meetup in 20 days at 18:00, 40 signed up",
                 "Coffee with Zelda Quimby yesterday, 1h"):  # fmt: skip
        run(whole, "log", line, "--program", "Meetups")
    run(whole, "heard", "Lovely", "--who", "Zelda Quimby")
    run(whole, "backup", str(room / "good.zip"))
    rows = (
        f"Meetups,{n},Evening {n},,2024-01-14T18:00:00Z,,past,online,,,,{n % 90},,,\n"
        for n in range(3000)
    )
    (room / "many.csv").write_text(HEADER + "".join(rows))


def kill(room: Path, verb: str, share: float, whole_time: float) -> list[str]:
    """Run a verb on a copy, kill it after a share of the time it takes, and say what does not hold."""
    home, place = room / "home", room / "place"
    for folder in (home, place):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(room / "whole", home)
    place.mkdir()
    for name in ("many.csv", "good.zip"):
        shutil.copy(room / name, place / name)
    arguments = [part.format(room=place) for part in VERBS[verb]]
    process = subprocess.Popen(
        [ALMANAC, *arguments], env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )  # fmt: skip
    time.sleep(share * whole_time)
    process.send_signal(signal.SIGKILL)
    process.wait()
    wrong = [f"{verb} at {share:.2f}: {problem}" for problem in broken(home)]
    again = run(home, *arguments)
    finished = "already" in again.stderr or "is not empty" in again.stderr
    if again.returncode and not finished and verb != "undo":
        wrong.append(f"{verb} at {share:.2f}, again: {again.stderr.strip()[:200]}")
    if verb == "publish" and run(home, "verify", str(place / "public")).returncode:
        wrong.append(f"publish at {share:.2f}: verify complains")
    left = [str(file) for file in place.rglob("*") if re.search(r"\.half$|^tmp", file.name)]
    return wrong + [f"{verb} at {share:.2f}: left {left}" for _ in left[:1]]


def broken(home: Path) -> list[str]:
    problems = []
    doctor = run(home, "doctor")
    if doctor.returncode:
        problems.append(f"doctor: {doctor.stdout.strip()[-300:]}")
    for name in ("almanac.sqlite3", "private.sqlite3"):
        with closing(sqlite3.connect(home / name)) as database:
            if database.execute("PRAGMA quick_check").fetchone() != ("ok",):
                problems.append(f"{name} is damaged")
            if database.execute("PRAGMA foreign_key_check").fetchall():
                problems.append(f"{name} has rows that lead nowhere")
    strange = [file.name for file in home.iterdir() if not IN_HOME.fullmatch(file.name)]
    if strange:
        problems.append(f"left in the home: {strange}")
    scratch = home / "scratch"
    if scratch.is_dir() and any(scratch.iterdir()):
        problems.append("scratch was not swept")
    open_ = [file.name for file in home.glob("*.sqlite3*") if file.stat().st_mode & 0o077]
    if open_:
        problems.append(f"others can read {open_}")
    return problems


def kill_often(room: Path, number: int, seed: int = 0) -> list[str]:
    """What broke of so many kills, over every verb in turn."""
    prepare(room)
    rng = random.Random(seed)
    took: dict[str, float] = {}
    wrong = []
    for turn in range(number):
        verb = list(VERBS)[turn % len(VERBS)]
        if verb not in took:
            home = room / "timed"
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(room / "whole", home)
            begun = time.perf_counter()
            run(home, *(part.format(room=room) for part in VERBS[verb]))
            took[verb] = time.perf_counter() - begun
        wrong += kill(room, verb, 0.35 + 0.65 * rng.random(), took[verb])
    return wrong


if __name__ == "__main__":
    often = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        found = kill_often(Path(folder), often)
    print("\n".join(found) or f"{often} kills over {len(VERBS)} verbs: nothing broke")
    sys.exit(bool(found))
