"""One change on one series from a file: every estimator that applies, side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from almanac.answers import words
from almanac.answers.errors import CannotAnswerError
from almanac.answers.experiments import before_after
from almanac.core.effects import Design, bsts, log_ratio, panel
from almanac.core.effects.few import compare_few
from almanac.core.effects.refuters import (
    InTime,
    Trend,
    Without,
    before_trend,
    in_time,
    without_each,
)
from almanac.record import rules
from almanac.sources.base.reading import table_from_text, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.effects import Effect
    from almanac.record.rules import Actor
    from almanac.sources.base.documents import Document
    from almanac.sources.base.reading import Table

PRIORS = {"product": bsts.PRODUCT, "causalimpact": bsts.CAUSALIMPACT}
_DATED = re.compile(r"\d{4}-(\d\d|W\d\d)")
MOST_ROWS, MOST_COMPARISONS = 3000, 200
MISSING = frozenset({"", "na", "nan", "null", "none", "-"})
TITLES = {
    "log_ratio": "ratio before and after",
    "bsts": "what would have come (Bayesian)",
    "did": "difference in differences",
    "synthetic_control": "synthetic control",
    "sdid": "synthetic difference in differences",
}


SPOILT_BY_TREND = frozenset({"log_ratio", "bsts", "did"})


@dataclass(frozen=True, slots=True)
class Analysis:
    """effects: the one to read first stands first. times: of the rows, as the file names them."""

    outcome: str
    comparisons: tuple[str, ...]
    times: tuple[str, ...]
    design: Design
    effects: tuple[Effect, ...]
    placebo: InTime | None
    dropped: tuple[Without, ...]
    trend: Trend | None

    @property
    def first(self) -> Effect:
        return self.effects[0]


def analyse(
    actor: Actor,
    document: Document,
    outcome: str,
    since: str,
    comparisons: Sequence[str] = (),
    prior: str = "product",
) -> Analysis:
    """since: the first period after, a value of the first column or else a 1-based data row."""
    rules.require(rules.may_read_record, actor)
    if prior not in PRIORS:
        raise CannotAnswerError(f"--prior is one of {', '.join(PRIORS)}.")
    table = _table(document)
    y = _column(table, outcome, document.name)
    others = [_column(table, name, document.name) for name in comparisons]
    if len(set(comparisons)) < len(comparisons) or outcome in comparisons:
        raise CannotAnswerError("A series cannot be its own comparison, nor one comparison twice.")
    times = tuple(next(iter(record.values()), "") for _, record, _ in table.records())
    if list(times) != sorted(times) and all(_DATED.match(time) for time in times):
        raise CannotAnswerError(
            f"The rows of {document.name} are not in order of time; sort them first."
        )
    start = _start(times, since)
    design = Design.of(y, others, start)
    if not len(design.after):
        raise CannotAnswerError(f"There is no known value of {outcome} from {since} on.")
    return of_design(design, outcome, tuple(comparisons), times, prior)


def of_design(
    design: Design,
    outcome: str,
    comparisons: tuple[str, ...],
    times: tuple[str, ...],
    prior: str,
    planned: int | None = None,
) -> Analysis:
    """planned: how many periods it was to run, where it was looked at before: ranges then pay."""
    chosen = PRIORS[prior]
    ratio = log_ratio.estimate(design, planned)
    bayes = bsts.estimate(design, chosen, planned=planned)
    effects = [ratio, bayes] if ratio.refusal is None else [bayes, ratio]
    effects += [panel.did(design), panel.synthetic_control(design), panel.sdid(design)]
    if len(comparisons) > bsts.MOST_CHOSEN:
        # With so many comparisons those made for them are read first.
        effects = [*effects[3:], *effects[:3]]
    first = effects[0]
    estimate = {
        "log_ratio": log_ratio.estimate,
        "bsts": lambda d: bsts.estimate(d, chosen, draws=500),
    }.get(first.name)
    placebo = in_time(design, estimate, first) if estimate else None
    dropped = tuple(without_each(design, estimate)) if estimate and len(comparisons) <= 12 else ()
    trend = before_trend(design)
    return Analysis(outcome, comparisons, times, design, tuple(effects), placebo, dropped, trend)


def _table(document: Document) -> Table:
    text, remark = text_of(document)
    table = table_from_text(document.name, text, remark)
    if table is None:
        raise CannotAnswerError(f"{document.name} is not a table with a header.")
    if sum(1 for _ in table.records()) > MOST_ROWS:
        raise CannotAnswerError(f"{document.name} has more than {MOST_ROWS:,} rows; shorten it.")
    return table


def _column(table: Table, name: str, file: str) -> list[float | None]:
    key = name.strip().lower()
    if list(table.keys).count(key) > 1:
        raise CannotAnswerError(f"{file} has the column {name} twice.")
    if key not in table.keys:
        raise CannotAnswerError(
            f"{file} has no column {name}; it has {', '.join(table.keys[:12])}."
        )
    found: list[float | None] = []
    for line, record, _ in table.records():
        text = record.get(key, "").strip()
        if text.lower() in MISSING:
            found.append(None)
            continue
        try:
            value = float(text)
        except ValueError:
            raise CannotAnswerError(
                f"Row {line} of {file} says “{text[:20]}” for {name}, which is not a number."
            ) from None
        if not np.isfinite(value) or abs(value) > 1e15:
            raise CannotAnswerError(f"Row {line} of {file} says {text[:20]} for {name}.")
        found.append(value)
    return found


def _start(times: tuple[str, ...], since: str) -> int:
    wanted = since.strip()
    if wanted in times:
        return times.index(wanted)
    if wanted.isdecimal() and 2 <= int(wanted) <= len(times):
        return int(wanted) - 1
    raise CannotAnswerError(
        f"--from {wanted[:30]} is neither a value of the first column nor a row from 2 to {len(times)}."
    )


def plain(found: Analysis) -> dict[str, Any]:
    """What the command prints as JSON (design, contracts)."""
    return {
        "estimators": [
            {
                "name": each.name, "effect": each.effect, "low": each.low, "high": each.high,
                "cumulative": each.cumulative, "chance": each.chance,
                "placebo_rank": _rank(found, each), "placebos": _placebos(found, each),
                "refusal": str(each.refusal) if each.refusal else None,
            }
            for each in found.effects
        ],
        "says": headline(found),
    }  # fmt: skip


def _rank(found: Analysis, each: Effect) -> int | None:
    if each is found.first and found.placebo is not None:
        return found.placebo.rank
    return each.placebo_rank


def _placebos(found: Analysis, each: Effect) -> int | None:
    if each is found.first and found.placebo is not None:
        return found.placebo.cuts + 1
    return each.placebos


def sentence(each: Effect, trend: Trend | None = None) -> str:
    """An effect in words: what it is, or why there is none. trend: before the change, which stands in the
    sentence of an estimator that it spoils."""
    title = TITLES[each.name]
    if each.effect is None:
        return f"{title}: {each.refusal.words if each.refusal else 'no result.'}"
    if each.low is None or each.high is None:
        why = each.refusal.words if each.refusal else ""
        return f"{title}: {each.effect:+.4g} a period, without a range. {why}"
    clear = "" if each.is_clear else "; no change is also possible"
    said = f"{title}: {each.effect:+.4g} a period, {each.low:.4g} to {each.high:.4g} (95 %){clear}"
    if trend is not None and trend.is_clear and each.name in SPOILT_BY_TREND:
        _, slope, _ = _of_trend(trend, beside=False)
        said += f"; it was already changing before ({slope}), which may explain some or all of this"
    return said


def headline(found: Analysis) -> str:
    """The one line to read: the first estimator's, with what spoils it; of a series too short for any,
    the values before and after side by side."""
    if found.first.effect is None:
        y = found.design.y
        few = compare_few(y[found.design.before].tolist(), y[found.design.after].tolist())
        if few is not None:
            return before_after.sentence(few, "", "periods")
    return f"{sentence(found.first, found.trend).removesuffix('.')}."


def checks(found: Analysis) -> list[tuple[str, str, str]]:
    """Refuters as rows: what was tried, what came, what it means."""
    rows = []
    if found.placebo is not None:
        cuts, clear = found.placebo.cuts, found.placebo.clear
        share = "as seldom as chance allows" if clear <= max(1, 0.1 * cuts) else "too often"
        rows.append(
            (
                "placebo: the change moved to every earlier date",
                f"{clear} of {words.counted(cuts, 'cut', 'cuts')} look clear",
                f"{share}; the real one ranks {found.placebo.rank} of {cuts + 1}",
            )
        )
    if found.trend is not None:
        rows.append(_of_trend(found.trend, bool(found.comparisons)))
    for each in found.dropped:
        name = found.comparisons[each.comparison]
        value = each.effect.effect
        said = "no estimate" if value is None else f"{value:+.4g} a period"
        same = value is not None and (value > 0) == ((found.first.effect or 0) > 0)
        rows.append((f"without {name}", said, "the same direction" if same else "it turns"))
    return rows


def _of_trend(trend: Trend, beside: bool) -> tuple[str, str, str]:
    asked = (
        "trend before the change, against the comparisons" if beside else "trend before the change"
    )
    ends = (trend.slope, trend.low, trend.high)
    if trend.is_log:
        said = "{:+.1%} a period, {:+.1%} to {:+.1%}".format(*(np.expm1(end) for end in ends))
    else:
        said = "{:+.3g} a period, {:+.3g} to {:+.3g}".format(*ends)
    means = "there was one; it may explain part of the change" if trend.is_clear else "none found"
    return asked, said, means
