"""“I said 40, the almanac 6 to 14, 9 came”: one event's guess, forecast and outcome as a picture
to share. Made only on request; it shows nothing else of the logbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.charts import dots
from almanac.core.vocabulary import Stage
from almanac.press import typesetting
from almanac.press.xml import escaped

if TYPE_CHECKING:
    from almanac.answers.turnout.expectation import FrozenForecast, Prospect, StageOutcome

WIDTH, HEIGHT = 1200, 630
PAPER, INK, SOFT, RULE, SEA, ACCENT = (
    "#fbf8f1", "#221d17", "#665d50", "#d8cebb", "#23565e", "#98301f",
)  # fmt: skip
SERIF = "'Libertinus Serif', Georgia, 'Palatino Linotype', serif"
LONGEST_LINE = 44
MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class ShareCard:
    """The picture, and what it says in a sentence."""

    sentence: str
    svg: str

    @property
    def png(self) -> bytes:
        return typesetting.png(self.svg, WIDTH, HEIGHT)


def share_card(prospect: Prospect) -> ShareCard | None:
    """None where nothing was forecast or guessed before, or nobody has counted since."""
    outcome = scored_outcome(prospect)
    if outcome is None:
        return None
    sentence = _sentence(prospect, outcome)
    lines = _wrapped(sentence)
    top = 250 - 38 * (len(lines) - 1)
    # A wide letter takes about half its height; the longest line must fit between the margins.
    size = min(62, round((WIDTH - 160) / (0.52 * max(map(len, lines)))))
    body = "".join(
        f'<text x="80" y="{top + 76 * place}" font-size="{size}" fill="{INK}">{escaped(line)}</text>'
        for place, line in enumerate(lines)
    )
    title = _shortened(prospect.activity.title, 44)
    when = f"{prospect.activity.day:%-d %B %Y}" if prospect.activity.day else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="{SERIF}">'
        f"<title>{escaped(sentence)}</title>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>'
        f'<text x="80" y="92" font-size="30" fill="{SOFT}">{escaped(title)}</text>'
        f'<text x="{WIDTH - 80}" y="92" font-size="26" fill="{SOFT}" text-anchor="end" '
        f'font-style="italic">{escaped(when)}</text>'
        f'<path d="M80 116H{WIDTH - 80}M80 121H{WIDTH - 80}" stroke="{RULE}" stroke-width="1.5"/>'
        f"{body}{_plot(prospect.latest, outcome)}"
        f'<text x="80" y="{HEIGHT - 34}" font-size="22" fill="{SOFT}">Almanac: forecast before, '
        f"counted after</text></svg>"
    )
    return ShareCard(sentence, svg)


def scored_outcome(prospect: Prospect) -> StageOutcome | None:
    """The stage people ask about, of what is over, said before and counted."""
    if not prospect.has_begun:
        return None
    scored = [o for o in prospect.outcomes if o.observed is not None and (o.forecast or o.guess)]
    return max(scored, key=lambda o: (o.stage is Stage.ATTENDED, o.guess is not None), default=None)


def _sentence(prospect: Prospect, outcome: StageOutcome) -> str:
    parts = []
    guess = prospect.guess
    if outcome.guess and guess and guess.best is not None:
        parts.append(f"I guessed {words.number(guess.best)}")
    elif guess and guess.no_idea:
        parts.append("I had no idea")
    if outcome.forecast:
        said = words.span(outcome.forecast.low, outcome.forecast.high)
        parts.append(f"the forecast was {said}")
    sentence = ", ".join(parts)
    verb = {"signups": "signed up", "attended": "came", "took_part": "took part"}.get(
        outcome.stage, "were submitted"
    )
    return f"{sentence[:1].upper()}{sentence[1:]}; {words.number(outcome.observed or 0)} {verb}."


def _plot(latest: FrozenForecast | None, outcome: StageOutcome) -> str:
    if latest is None or latest[outcome.stage].counts is None:
        return ""
    counts = latest[outcome.stage].counts
    assert counts is not None
    observed = outcome.observed or 0
    plot = dots.lay_out(
        counts.dots(), [dots.DotMark(observed, f"{observed:,}", "came")], width=1040, height=170
    )
    drawn = [
        f'<path d="M4 {plot.base}H{plot.width - 4}" stroke="{RULE}" stroke-width="1.5"/>',
        *(
            f'<circle cx="{dot.x}" cy="{dot.y}" r="{plot.radius}" fill="{SEA}"/>'
            for dot in plot.dots
        ),
        *(
            f'<text x="{x}" y="{plot.height - 1}" font-size="17" text-anchor="middle" '
            f'fill="{SOFT}">{escaped(text)}</text>'
            for x, text in plot.ticks
        ),
    ]
    for mark in plot.marks:
        drawn.append(
            f'<path d="M{mark.x} {mark.label_y + 8}V{plot.base}" stroke="{ACCENT}" '
            f'stroke-width="3"/><text x="{mark.x}" y="{mark.label_y + 2}" font-size="20" '
            f'text-anchor="{mark.anchor}" fill="{ACCENT}">{escaped(mark.label)}</text>'
        )
    return f'<g transform="translate(80 390)">{"".join(drawn)}</g>'


def _wrapped(sentence: str) -> list[str]:
    lines = [""]
    for word in sentence.split():
        if len(lines[-1]) + len(word) + 1 > LONGEST_LINE and len(lines) < MOST_LINES:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
