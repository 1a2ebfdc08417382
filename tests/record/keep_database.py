"""Write the small databases that tests bring forward: run once for each new migration.

.venv/bin/python tests/record/keep_database.py
"""

import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parent / "databases"
EVENTS = "title,event_id,starts_at,status,signups,attended,attended_evidence\n" + "".join(
    f"Evening {n},{n},2025-0{n}-10T18:00:00Z,past,{20 + n},{14 + n},counted\n" for n in (1, 2, 3)
)


def main() -> None:
    home = Path(tempfile.mkdtemp())
    os.environ["ALMANAC_HOME"] = str(home)
    from almanac.faces.cli.app import main as almanac

    (home / "events.csv").write_text(EVENTS)
    for command in (
        ["init", "--zone", "Europe/Berlin"],
        ["import", str(home / "events.csv")],
        ["log", "Gave the API talk, 80 people, 6h #api", "--on", "2025-05-05"],
        ["log", "Meetup", "--on", "2099-01-05"],
        ["forecast", "Meetup", "--guess", "10", "30", "18", "80"],
        ["heard", "I wouldn't have known about you otherwise", "--by", "DM"],
    ):
        code = almanac(command)
        if code:
            sys.exit(code)
    from almanac.record.infra.ready import newest_migration
    from almanac.record.infra.search_index import drop_statements

    HERE.mkdir(exist_ok=True)
    for part, file in (("record", "almanac"), ("private", "private")):
        with closing(sqlite3.connect(home / f"{file}.sqlite3")) as database:
            # The index of words is made from the rest.
            for statement in drop_statements():
                database.execute(statement)
            text = "\n".join(database.iterdump()) + "\n"
        (HERE / f"{newest_migration()}.{part}.sql").write_text(text)


if __name__ == "__main__":
    main()
