"""Files that are made to hurt: refused or read within the limits, whatever they unpack or repeat to."""

import io
import json
import subprocess
import sys
import zipfile

import pytest
from tests.sources.fuzz import tried

from conftest import shared

SECONDS, MEGABYTES = 10, 500
OWN_MEGABYTES = 200
"""What the reading process holds before it reads."""
READ = """
import json, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from almanac.sources.apart import Errand, read_apart
from almanac.sources.base.limits import UPLOAD
file = Path(sys.argv[1])
errand = Errand(((file.name, file),), UTC, datetime(2026, 3, 18, tzinfo=UTC))
outcomes = [(each.name, each.problem) for each in read_apart(errand, UPLOAD)]
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([outcomes, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


def calendar(rule, start="20260301T180000", more=""):
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{more}BEGIN:VEVENT\r\nUID:1\r\nDTSTART:{start}Z\r\nRRULE:{rule}\r\n"
        "SUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def packed(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


HOSTILE = {
    "interval0.ics": calendar("FREQ=DAILY;INTERVAL=0"),
    "secondly.ics": calendar("FREQ=SECONDLY"),
    "year-1.ics": calendar("FREQ=DAILY", "00010101T000000"),
    "never.ics": calendar("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"),
    "minutely-by-all.ics": calendar("FREQ=MINUTELY;BYSECOND=" + ",".join(map(str, range(60)))),
    "deep.json": b"[" * 200_000 + b"]" * 200_000,
    "wide.csv": b"title,starts_at," + b",".join(b"c%d" % n for n in range(5_000)) + b"\n",
    "long-cell.csv": b"title,starts_at\n" + b"x" * 3_000_000 + b",2026-01-01\n",
    "one-line.csv": b"x" * 20_000_000,
    "bomb.zip": packed("a.csv", b"title,starts_at\n" + b"a,2026-01-01\n" * 4_000_000),
    "nested.zip": packed("b.zip", packed("c.zip", packed("d.csv", b"title\nx\n"))),
    "quotes.csv": b'title,starts_at\n"' * 200_000,
    "not-a-workbook.xlsx": packed("xl/workbook.xml", b"<a>" * 500_000),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_hurt_stays_within_the_limits(name, tmp_path):
    (tmp_path / name).write_bytes(HOSTILE[name])
    within_limits(tmp_path / name)


@pytest.mark.parametrize("pattern", ["*.ics", "*.zip", "*.csv"])
def test_collected_files_stay_within_the_limits(pattern):
    for file in sorted(shared("cases/hostile").glob(pattern)):
        within_limits(file)


def within_limits(file):
    done = subprocess.run(
        [sys.executable, "-c", READ, str(file)], capture_output=True, text=True, check=True, timeout=120
    )  # fmt: skip
    outcomes, seconds, megabytes = json.loads(done.stdout)
    assert seconds < SECONDS + 4, (file.name, seconds)
    assert megabytes < MEGABYTES + OWN_MEGABYTES, (file.name, megabytes)
    for _, problem in outcomes:
        assert "Traceback" not in problem
        assert "\n" not in problem
    assert "Traceback" not in done.stderr


def test_damaged_files_are_read_or_refused_in_a_sentence():
    assert tried(400, seed=3) == []
