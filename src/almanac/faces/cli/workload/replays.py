"""`almanac load --backtest`: logs of work, replayed."""

from __future__ import annotations

from pathlib import Path

from almanac.actions.errors import CannotError
from almanac.answers.workload import work_logs
from almanac.faces.cli import out
from almanac.faces.cli.open import one_document
from almanac.record.rules import OWNER


def replay_work_log(path: Path, forecasts: Path | None, *, as_json: bool) -> int:

    document = one_document(path)
    found = work_logs.replay_work(OWNER, document)
    _tell_aside(found.set_aside)
    if forecasts is not None:
        if forecasts.exists() and path.exists() and forecasts.samefile(path):
            raise CannotError(f"{forecasts} is the log itself; name another file.")
        with out.writable(forecasts).open("w", newline="", encoding="utf-8") as file:
            work_logs.write_work(found, file)
    plain = work_logs.plain_work(found)
    if as_json:
        out.data(plain)
        return 0
    result = found.result
    out.say(f"{len(result.made):,} forecasts of finished work; off by, in the file's unit (CRPS):")
    out.rows(
        ["", "off by"],
        [
            ["Almanac", f"{result.crps:.3f}"],
            ["the last 60", f"{result.crps_trailing:.3f}"],
            ["the plan times what was finished of plans", f"{result.crps_plan_x_ratio:.3f}"],
            ["the plan as it is", f"{result.crps_plan:.3f}"],
        ],
        right=frozenset({1}),
    )
    cover = result.coverage
    out.say(
        f"The 50, 80 and 95 % ranges held {cover.fifty:.1%}, {cover.eighty:.1%} and "
        f"{cover.ninety_five:.1%} of what came."
    )
    return 0


def replay_estimates(path: Path, *, as_json: bool) -> int:

    document = one_document(path)
    found = work_logs.replay_tasks(OWNER, document)
    _tell_aside(found.set_aside)
    if as_json:
        out.data(work_logs.plain_tasks(found))
        return 0
    result = found.result
    out.say(
        f"{result.n:,} tasks; off by {result.crps:.3f} h (CRPS), against {result.crps_point:.3f} for "
        f"the estimates as they are and {result.crps_global:.3f} for one ratio for all. The 80 % range "
        f"held {result.coverage.eighty:.1%}."
    )
    return 0


def _tell_aside(reasons: tuple[str, ...]) -> None:
    for reason in reasons[:5]:
        out.complain(f"Set aside: {reason}.")
    if len(reasons) > 5:
        out.complain(f"Set aside: {len(reasons) - 5} more rows.")
