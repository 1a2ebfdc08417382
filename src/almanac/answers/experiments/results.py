"""What came out of an experiment: the answer in four lines, however it was compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from almanac.answers import words
from almanac.answers.experiments import protocols
from almanac.answers.experiments.analysis import Analysis, checks, of_design, plain, sentence
from almanac.core.effects import alternating, funnel, versions
from almanac.core.effects.exaggeration import shrunken, worth
from almanac.core.refusals import Refusal
from almanac.core.vocabulary import COUNTS
from almanac.record import rules
from almanac.record.models import Counted, Protocol, Way
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from almanac.core.effects.alternating import Lift
    from almanac.core.effects.funnel import StageEffect
    from almanac.record.models import Experiment
    from almanac.record.rules import Actor

USUAL_EFFECT = 0.2
"""How large effects of such changes usually are, on the log scale, before any of its kind is known."""
STAGES = {
    "interested": "interested", "signups": "signed up", "attended": "came",
    "took_part": "took part", "submissions": "handed in",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """lines: the answer in four; also: other ways to look at it; checks: what was tried, what came,
    what it means; ratio: log effect and its error, for pooling; analysis: of weeks; pairs: of events;
    stages: from interest to showing up, where there are events."""

    over: bool
    looks: int
    lines: tuple[str, ...]
    also: tuple[str, ...]
    checks: tuple[tuple[str, str, str], ...]
    ratio: tuple[float, float] | None
    kept: dict[str, Any]
    analysis: Analysis | None = None
    pairs: tuple[protocols.EventPair, ...] = ()
    stages: tuple[StageEffect, ...] = ()


def result(actor: Actor, experiment: Experiment) -> Result | None:
    """None without a protocol, or before there is anything after the start."""
    rules.require(rules.may_read_record, actor)
    protocol: Protocol | None = getattr(experiment, "protocol", None)
    if protocol is None or not _has_begun(protocol):
        return None
    ways = {Way.WEEKS: _weeks, Way.EVENTS: _events, Way.VERSIONS: _versions}
    return (
        ways.get(Way(protocol.way), _retired)(protocol)
        if protocol.way in Way.values
        else _retired(protocol)
    )


def _has_begun(protocol: Protocol) -> bool:
    today = preferences.today()
    if protocol.way == Way.WEEKS:
        return bool(len(protocols.design_of(protocol, today)[0].after))
    if protocol.way == Way.EVENTS:
        return any(pair.difference is not None for pair in protocols.pairs_of(protocol))
    return protocol.experiment.trials.exists()


def _made(
    protocol: Protocol, lines: list[str], ratio: tuple[float, float] | None, kept: dict[str, Any],
    also: tuple[str, ...] = (), tried: tuple[tuple[str, str, str], ...] = (), **more: Any,
) -> Result:  # fmt: skip
    return Result(
        protocols.is_over(protocol, preferences.today()), protocol.experiment.looks.count(),
        tuple(lines), (*also, *protocols.overlapping(protocol)), tried, ratio,
        kept | {"lines": lines}, **more,
    )  # fmt: skip


# What the lines have in common


def _of_change(log: float, low: float, high: float) -> str:
    return f"{_moved(log)}, {_moved(low)} to {_moved(high)} (95\N{NO-BREAK SPACE}%){_if_unclear(low, high)}"


def _if_unclear(low: float, high: float) -> str:
    return "" if low > 0 or high < 0 else "; no change is also possible"


def _moved(log: float) -> str:
    """A change as a share, without a sign where it rounds to none."""
    share = round(100 * min(float(np.expm1(log)), 99.0))
    return f"{share:+d}%" if share else "0%"


def _in_100(chance: float) -> str:
    times = round(100 * chance)
    return "fewer than 1" if times < 1 else "more than 99" if times > 99 else str(times)


def _mattering(protocol: Protocol, log: float, error: float, free: float | None) -> str:
    wanted = float(np.log1p(protocol.smallest))
    sign = 1.0 if wanted >= 0 else -1.0
    reach = sign * (log - wanted) / max(error, 1e-9)
    beyond = float(ndtr(reach) if free is None else stdtr(free, reach))
    return (
        f"The chance that it is at least the {words.change(protocol.smallest)} that matters: "
        f"{_in_100(beyond)} in 100."
    )


def _worth(protocol: Protocol, log: float, error: float) -> str:
    wanted = float(np.log1p(protocol.smallest))
    size = worth(max(abs(wanted), 1e-6), max(error, 1e-9))
    by = (
        f"overstates {size.exaggeration:.1f}-fold"
        if size.exaggeration >= 1.05
        else "hardly overstates"
    )
    return (
        f"A clear result of this design {by} if the change that matters is real; "
        f"drawn towards none it is {_moved(shrunken(log, error, USUAL_EFFECT))}."
    )


# Weeks


def _weeks(protocol: Protocol) -> Result:
    design, times = protocols.design_of(protocol, preferences.today())
    names = tuple(metric.name for metric in protocols.comparisons(protocol))
    outcome = protocol.metric.name if protocol.metric else ""
    early = protocol.experiment.looks.exists() or not protocols.is_over(
        protocol, preferences.today()
    )
    planned = protocol.weeks_after if early else None
    found = of_design(design, outcome, names, times, "product", planned)
    first = found.first
    ratio = (first.log, first.error) if first.log is not None and first.error else None
    pooled = ratio and (ratio[0], _widened(ratio[1], first.free))
    return _made(
        protocol, _lines(found, protocol, ratio), pooled, plain(found),
        tuple(sentence(each) for each in found.effects[1:]), tuple(checks(found)),
        analysis=found, stages=_stages_around(protocol),
    )  # fmt: skip


def _lines(found: Analysis, protocol: Protocol, ratio: tuple[float, float] | None) -> list[str]:
    first = found.first
    if first.effect is None or first.low is None or first.high is None:
        return [first.refusal.words if first.refusal else "No result possible."]
    if ratio is None:
        return [f"{sentence(first)}.", *_among_cuts(found)]
    log, error = ratio
    expected = float(found.design.y[found.design.after].mean()) - first.effect
    said = (
        f"{first.effect:+.1f} a week, {first.low:.1f} to {first.high:.1f} (95\N{NO-BREAK SPACE}%); "
    )
    said += f"{_moved(log)} of the {expected:.1f} expected without the change"
    said += f"{_if_unclear(first.low, first.high)}."
    if first.slow:
        said += " The metric drifts or its history is short, so the range is wider."
    return [said, _mattering(protocol, log, error, first.free), _worth(protocol, log, error),
            *_among_cuts(found)]  # fmt: skip


def _among_cuts(found: Analysis) -> list[str]:
    if found.placebo is None:
        return ["Too few weeks before it for placebo checks."]
    return [
        f"Moved to {words.counted(found.placebo.cuts, 'earlier cut', 'earlier cuts')}, it ranks "
        f"{found.placebo.rank} of {found.placebo.cuts + 1}; {found.placebo.clear} of those look "
        "clear though nothing was changed."
    ]


def _stages_around(protocol: Protocol) -> tuple[StageEffect, ...]:
    program = protocol.experiment.program
    if program is None:
        return ()
    before, after = protocols.around(protocol, [program.slug], preferences.today())
    return tuple(
        funnel.stages([protocols.counts_of(row) for row in before],
                      [protocols.counts_of(row) for row in after], COUNTS)
    )  # fmt: skip


# Events


def _events(protocol: Protocol) -> Result:
    pairs = protocols.pairs_of(protocol)
    whole = [pair for pair in pairs if pair.difference is not None]
    differences = [pair.difference for pair in whole if pair.difference is not None]
    found = alternating.of_pairs(differences)
    lines = _of_lift(protocol, found, words.counted(found.n, "pair", "pairs"))
    if found.refusal is None:
        large, ways = alternating.dealt_otherwise(differences)
        lines.append(
            f"With other random assignments, a difference this large would have come in {large:,} of "
            f"{ways:,} ways."
        )
    also = _left_out(pairs)
    usual = [protocols.counts_of(pair.usual) for pair in whole if pair.usual]
    changed = [protocols.counts_of(pair.changed) for pair in whole if pair.changed]
    stages = funnel.stages(usual, changed, COUNTS)
    return _made(
        protocol, lines, _ratio(found), _plain(found), also, pairs=tuple(pairs),
        stages=tuple(stages),
    )  # fmt: skip


def _left_out(pairs: list[protocols.EventPair]) -> tuple[str, ...]:
    broken = sum(pair.broken for pair in pairs)
    silent = sum(pair.silent for pair in pairs)
    said = []
    if broken:
        many = words.counted(broken, "pair", "pairs")
        said.append(
            f"{many} left out: an event was cancelled, moved before the start or belongs to another experiment."
        )
    if silent:
        many = words.counted(silent, "pair", "pairs")
        said.append(
            f"{many} finished but not included, because one of the two has no count or is not done."
        )
    return tuple(said)


def _of_lift(protocol: Protocol, found: Lift, of: str) -> list[str]:
    """The first three lines, or the refusal with what is seen so far."""
    if found.log is None or found.error is None:
        return [found.refusal.words if found.refusal else "No result possible."]
    what = Counted(protocol.counted).label if protocol.counted else "results"
    if found.low is None or found.high is None:
        why = found.refusal.words if found.refusal else ""
        return [f"{_moved(found.log)} so far in {what}, from {of}. {why}"]
    said = f"{_of_change(found.log, found.low, found.high)}: {what}, from {of}. "
    return [
        f"{said}The range stays valid at every look.",
        _mattering(protocol, found.log, found.error, found.free),
        _worth(protocol, found.log, found.error),
    ]


def _ratio(found: Lift) -> tuple[float, float] | None:
    """For pooling: nothing of what is refused."""
    if found.log is None or not found.error or found.refusal is not None:
        return None
    return found.log, _widened(found.error, found.free)


def _widened(error: float, free: float | None) -> float:
    """An error known from few, as wide as a normal one must be to say the same."""
    return error if free is None else float(error * stdtrit(free, 0.975) / ndtri(0.975))


def _plain(found: Lift) -> dict[str, Any]:
    return {
        "log": found.log, "low": found.low, "high": found.high, "error": found.error,
        "refusal": str(found.refusal) if found.refusal else None,
    }  # fmt: skip


# Versions


def _versions(protocol: Protocol) -> Result:
    usual, changed = protocols.versions_of(protocol)
    shown = usual.shown + changed.shown
    if protocol.counted == Counted.RATE:
        found = versions.rates(usual, changed, protocol.planned or round(shown))
    else:
        found = versions.counts(usual, changed)
    lines = _of_lift(protocol, found, words.counted(found.n, "result", "results"))
    lines.append(
        f"As usual {usual.count:,} of {usual.shown:,.0f}, changed {changed.count:,} of "
        f"{changed.shown:,.0f}."
    )
    also: tuple[str, ...] = ()
    if found.evidence is not None:
        odds = f"{min(found.evidence, 1e6):,.3g}"
        also = (f"Evidence for a difference: {odds} to 1; 20 to 1 or more is clear.",)
    return _made(protocol, lines, _ratio(found), _plain(found), also)


def _retired(protocol: Protocol) -> Result:
    return _made(protocol, [Refusal.RETIRED_WAY.words], None, {})


def of_stage(stage: StageEffect) -> tuple[str, str, str]:
    """A stage in words: what is counted, as usual and changed, and what that means."""
    name = STAGES.get(stage.name, stage.name)
    title = f"{name}, of those who {STAGES[stage.of]}" if stage.of else name
    title = title.replace("of those who interested", "of those interested")
    if stage.usual is None or stage.changed is None or stage.log is None:
        return title, "", stage.refusal.words if stage.refusal else ""
    form = "{:.0%}" if stage.of and max(stage.usual, stage.changed) <= 1 else "{:.1f}"
    values = f"{form.format(stage.usual)} → {form.format(stage.changed)}"
    return title, values, _of_change(stage.log, stage.low or 0.0, stage.high or 0.0)
