"""A few events before something was tried and a few since, in one honest line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.core.effects.few import compare_few
from almanac.core.vocabulary import EVENTS, Status
from almanac.record import rules
from almanac.record.models import Activity
from almanac.record.queries import preferences
from almanac.record.queries.attendance import counted

if TYPE_CHECKING:
    from almanac.core.effects.few import FewBeforeAfter
    from almanac.record.models import Experiment
    from almanac.record.rules import Actor


def of_experiment(actor: Actor, experiment: Experiment) -> str:
    """What its program's events brought before and since: who came, or sign-ups where nobody counted.
    Nothing without a program or with fewer than three events on either side."""
    rules.require(rules.may_read_record, actor)
    if experiment.program is None:
        return ""
    begun = preferences.day_of(experiment.created_at)
    rows = Activity.objects.filter(
        program=experiment.program, status=Status.DONE, kind__in=EVENTS, day__isnull=False
    ).order_by("day", "id")
    noted = rows.filter(turnout__signups__isnull=False)
    for name, what, known in (("attended", "came", counted(rows)), ("signups", "signed up", noted)):
        values = known.values_list("day", f"turnout__{name}")
        before = [count for day, count in values if day < begun]
        after = [count for day, count in values if day >= begun]
        compared = compare_few(before, after)
        if compared is not None:
            return sentence(compared, what, "events")
    return ""


def sentence(found: FewBeforeAfter, what: str, of: str) -> str:
    """“Before: 33 came (26 to 40, 6 events). After: 46 (38 to 52, 6 events). All values after are above the median before; other things differ too, such as the months.”"""
    one, two = found.before, found.after
    verb = f" {what}" if what else ""
    return (
        f"Before: {_rounded(one.mean)}{verb} ({_rounded(one.low)} to {_rounded(one.high)}, {one.number} {of}). "
        f"After: {_rounded(two.mean)} ({_rounded(two.low)} to {_rounded(two.high)}, {two.number} {of}). "
        f"{_counted(found)}; other things differ too, such as the months. Ranges hold 8 times in 10."
    )


def _counted(found: FewBeforeAfter) -> str:
    if found.above == found.after.number:
        return "All values after are above the median before"
    if found.below == found.after.number:
        return "All values after are below the median before"
    return f"{found.above} of {found.after.number} values after are above the median before"


def _rounded(value: float) -> str:
    return words.number(round(value)) if abs(value) >= 10 else f"{value:.1f}".removesuffix(".0")
