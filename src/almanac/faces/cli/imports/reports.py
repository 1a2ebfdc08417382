"""What an import did, as its command prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.faces.cli import out

if TYPE_CHECKING:
    from almanac.actions.imports.carrying_out import Imported
    from almanac.answers.imports.import_plan import ImportPlan


def totals(done: list[tuple[ImportPlan, Imported]]) -> dict[str, Any]:
    totals: dict[str, Any] = {}
    for what in ("created", "changed", "unchanged", "rejected"):
        totals[what] = {}
        for _, result in done:
            for kind, number in getattr(result, what).items():
                totals[what][kind] = totals[what].get(kind, 0) + number
    totals["files"] = [
        {
            "name": planned.name,
            "source": planned.source.key,
            "remarks": list(planned.remarks),
            "rejected": [{"row": r.row, "reason": r.reason} for r in planned.rejected],
            "rejected_file": result.rejected_file,
        }
        for planned, result in done
    ]
    return totals


def numbers_of(turnout: dict[str, Any]) -> str:
    words = {"signups": "signed up", "attended": "came", "no_shows": "did not come"}
    parts = [
        f"{number:,} {words.get(name, name)}"
        for name, number in turnout.items()
        if isinstance(number, int)
    ]
    return f": {', '.join(parts)}" if parts else ""


def show_read_in(counts: dict[str, dict[str, int]], as_json: bool, dry_run: bool) -> None:
    if as_json:
        out.data(counts | {"changed": {}, "rejected": {}, "failed": []})
        return
    new, same = (sum(counts[what].values()) for what in ("created", "unchanged"))
    done = "Would read in" if dry_run else "Read in"
    out.say(f"{done} the export: {new:,} rows created, {same:,} unchanged.")
