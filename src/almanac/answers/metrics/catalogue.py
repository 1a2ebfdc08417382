"""The catalogue: thirty metrics that others have defined, and those a logbook feeds by itself.

Each says what it is, how it is computed, where it comes from, and how it misleads. Nothing here is
a score of a person; what is composite or about single people stays off unless somebody asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.record import rules
from almanac.record.models import Direction, JourneyStage, Measure, Metric, Sort

if TYPE_CHECKING:
    from almanac.record.rules import Actor

ORBIT21, ORBIT22 = "Orbit model, 2021", "Orbit model, 2022"
CHAOSS = "CHAOSS"
UP, DOWN, NEITHER = Direction.UP, Direction.DOWN, Direction.NEITHER
FLOW, STOCK, RATE = Measure.FLOW, Measure.STOCK, Measure.RATE
ACTIVITY, OUTPUT, OUTCOME = Sort.ACTIVITY, Sort.OUTPUT, Sort.OUTCOME


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """One definition. feed: what of the record it is counted from, empty where it is measured by
    hand or import; needs: `interactions` where only a community's own data can feed it; delicate:
    composite, or about single people."""

    key: str
    name: str
    unit: str = ""
    direction: Direction = UP
    measure: Measure = FLOW
    whole: bool = True
    sort: Sort = OUTCOME
    stage: JourneyStage = JourneyStage.NONE
    definition: str
    formula: str
    source: str
    traps: str
    feed: str = ""
    needs: str = ""
    delicate: bool = False


def _community(**more: object) -> CatalogueEntry:
    return CatalogueEntry(needs="interactions", **more)  # type: ignore[arg-type]


OWN = (
    CatalogueEntry(
        key="events-held", name="Events held", unit="events", sort=ACTIVITY, stage=JourneyStage.AWARENESS,
        definition="Events, workshops, hackathons and streams that took place.",
        formula="count of finished events, by day", source="this logbook", feed="events_held",
        traps="It says how much you did, not whether it helped anyone.",
    ),
    CatalogueEntry(
        key="sign-ups", name="Sign-ups", unit="people", sort=OUTPUT, stage=JourneyStage.AWARENESS,
        definition="People who signed up for events.", formula="sum of sign-ups, by day held",
        source="this logbook", feed="signups",
        traps="A sign-up is an intention: of hundreds, a handful may come.",
    ),
    CatalogueEntry(
        key="talks-given", name="Talks given", unit="talks", sort=ACTIVITY, stage=JourneyStage.AWARENESS,
        definition="Talks that were given.", formula="count of done talks, by day",
        source="this logbook", feed="talks", traps="Counts every room alike.",
    ),
    CatalogueEntry(
        key="posts-published", name="Posts published", unit="posts", sort=ACTIVITY,
        stage=JourneyStage.AWARENESS, definition="Posts, articles and videos that came out.",
        formula="count of done posts, by day", source="this logbook", feed="posts",
        traps="More posts don’t mean more readers; compare series.",
    ),
    CatalogueEntry(
        key="projects-handed-in", name="Submissions", unit="projects", sort=OUTCOME,
        stage=JourneyStage.ACTIVATION, definition="Projects, not people, handed in at events.",
        formula="sum of submissions, by day held", source="this logbook", feed="submissions",
        traps="One person can hand in several, a team only one.",
    ),
    CatalogueEntry(
        key="kind-words", name="Quotes saved", unit="quotes", sort=OUTCOME, stage=JourneyStage.REFERRAL,
        definition="What people said about the work.",
        formula="count of quotes, by day", source="this logbook", feed="voices",
        traps="It also counts how good you are at saving them.",
    ),
    CatalogueEntry(
        key="heard-about-us", name="Heard about us", unit="answers", sort=OUTCOME,
        stage=JourneyStage.REFERRAL, definition="Answers to “how did you hear about us?”.",
        formula="count of answers, by day and channel; channels are not summed into causes",
        source="this logbook", feed="referrals",
        traps="People remember the last place, not the first; read shares, not totals.",
    ),
    CatalogueEntry(
        key="hours", name="Hours of work", unit="hours", direction=NEITHER, whole=False,
        sort=ACTIVITY, definition="Hours spent on finished activities, where they were logged.",
        formula="sum of hours spent, by day", source="this logbook", feed="hours",
        traps="Only logged hours count; a week without them looks like rest.",
    ),
    CatalogueEntry(
        key="money-spent", name="Money spent", direction=DOWN, whole=False, sort=ACTIVITY,
        definition="Costs of finished activities, in your own currency.",
        formula="sum of costs in the preferred currency, by day", source="this logbook",
        feed="costs", traps="Costs in other currencies are left out, not converted.",
    ),
)  # fmt: skip

THIRTY = (
    _community(
        key="love", name="Love", measure=STOCK, whole=False, stage=JourneyStage.RETENTION, delicate=True,
        definition="How involved one member is, as weighted activity that fades.",
        formula="sum over months of activity weights × 0.9^(months ago)", source=ORBIT21,
        traps="A score of a person, with weights nobody has validated.",
    ),
    _community(
        key="presence", name="Presence", unit="days", measure=STOCK, stage=JourneyStage.RETENTION,
        delicate=True, definition="Days on which a member was active.",
        formula="active days in the last 30, 90 or 365, against their own baseline", source="Orbit",
        traps="About single people; quiet readers look absent.",
    ),
    _community(
        key="orbit-levels", name="Orbit levels", unit="people", measure=STOCK,
        stage=JourneyStage.RETENTION, delicate=True,
        definition="Members by level, and how many moved up, stayed or moved down.",
        formula="members per level; share up, held and down by month", source=ORBIT22,
        traps="Levels rest on chosen weights; see which version defined them.",
    ),
    _community(
        key="reach", name="Reach", measure=STOCK, whole=False, stage=JourneyStage.AWARENESS, delicate=True,
        definition="A member's sphere of influence inside the community.",
        formula="sum of connection strengths, each × 0.9^(idle months)", source=ORBIT22,
        traps="For explaining movement, never a goal.",
    ),
    _community(
        key="network-density", name="Network density", measure=RATE, whole=False,
        stage=JourneyStage.RETENTION, definition="How many of the possible connections there are.",
        formula="connections / (n(n-1)/2)", source=ORBIT22,
        traps="Falls as a community grows, though nothing got worse.",
    ),
    _community(
        key="gravity", name="Gravity", measure=RATE, whole=False, stage=JourneyStage.RETENTION,
        delicate=True, definition="How fast the involvement of members changes.",
        formula="change of sum(weight² × members) / members, the team left out",
        source=f"{ORBIT22} (in 2021 it meant love × reach)",
        traps="Two incompatible definitions carry the name; which n divides is undefined.",
    ),
    _community(
        key="recurring-connections", name="Recurring connections", unit="pairs",
        stage=JourneyStage.RETENTION, definition="Pairs of members who interacted in a period.",
        formula="pairs with an interaction in the period", source=ORBIT22,
        traps="Grows with noise in busy channels.",
    ),
    _community(
        key="time-to-first-response", name="Time to first response", unit="hours", direction=DOWN,
        measure=RATE, whole=False, stage=JourneyStage.ACTIVATION,
        definition="How long a question waits for a human's first answer.",
        formula="median of first human response - creation, bots left out", source=CHAOSS,
        traps="A few slow answers raise the average; use the median.",
    ),
    _community(
        key="issue-response-time", name="Issue response time", unit="hours", direction=DOWN,
        measure=RATE, whole=False, stage=JourneyStage.ACTIVATION,
        definition="First response by somebody other than the author.",
        formula="median of first response by another - creation", source=CHAOSS,
        traps="An empty “thanks” counts as much as help.",
    ),
    _community(
        key="time-to-close", name="Time to close", unit="hours", direction=DOWN, measure=RATE,
        whole=False, stage=JourneyStage.PRODUCT, definition="How long issues stay open.",
        formula="median of close - open", source=CHAOSS,
        traps="Open ones are left out; closing many at once makes it look good.",
    ),
    _community(
        key="change-request-closure", name="Change request closure ratio", measure=RATE,
        whole=False, stage=JourneyStage.PRODUCT, definition="Whether change requests are kept up with.",
        formula="closed in the period / open during the period", source=CHAOSS,
        traps="Others divide the other way round, so say which one you use.",
    ),
    _community(
        key="change-request-acceptance", name="Change request acceptance ratio", measure=RATE,
        whole=False, stage=JourneyStage.PRODUCT, definition="How many change requests are taken.",
        formula="merged / closed without merge", source=CHAOSS,
        traps="A high ratio may only mean that outsiders stopped trying.",
    ),
    _community(
        key="change-request-duration", name="Change request duration", unit="hours",
        direction=DOWN, measure=RATE, whole=False, stage=JourneyStage.PRODUCT,
        definition="How long accepted change requests took.",
        formula="median of merge - open, accepted only", source=CHAOSS,
        traps="Those refused or forgotten are not in it.",
    ),
    _community(
        key="new-contributors", name="New contributors", unit="people", stage=JourneyStage.ACTIVATION,
        definition="People who contributed for the first time.",
        formula="people with their first contribution of a chosen type in the period",
        source=CHAOSS, traps="Depends on which contributions count; leave bots out.",
    ),
    _community(
        key="occasional-contributors", name="Occasional contributors", unit="people",
        direction=NEITHER, measure=STOCK, stage=JourneyStage.RETENTION,
        definition="People who contribute now and then.",
        formula="contributors with at most m contributions and gaps of at least g", source=CHAOSS,
        traps="The two parameters decide it; name them.",
    ),
    _community(
        key="inactive-contributors", name="Inactive contributors", unit="people", direction=DOWN,
        measure=STOCK, stage=JourneyStage.RETENTION,
        definition="People who were active and have not been for a while.",
        formula="contributors without a contribution in the set window", source=CHAOSS,
        traps="People take breaks, and should.",
    ),
    _community(
        key="conversion-rate", name="Contributor conversion rate", measure=RATE, whole=False,
        stage=JourneyStage.RETENTION, definition="New contributors who stay.",
        formula="of one cohort: sustained / new", source=CHAOSS,
        traps="A young cohort has not had its time yet.",
    ),
    _community(
        key="contributor-absence", name="Contributor absence factor", unit="people",
        measure=STOCK, stage=JourneyStage.PRODUCT,
        definition="How few people do half of the work (once called bus factor).",
        formula="smallest k of contributors with at least 50 % of contributions", source=CHAOSS,
        traps="Others take 51 or 80 %; results do not compare.",
    ),
    _community(
        key="elephant-factor", name="Elephant factor", unit="organisations", measure=STOCK,
        stage=JourneyStage.PRODUCT, definition="How few organisations do half of the work.",
        formula="smallest number of organisations with 50 % of commits", source=CHAOSS,
        traps="Affiliations are often guessed.",
    ),
    _community(
        key="burstiness", name="Burstiness", direction=NEITHER, measure=RATE, whole=False,
        stage=JourneyStage.RETENTION, definition="Activity that departs from the usual.",
        formula="deviation from the norm in a time box", source=CHAOSS,
        traps="Many metrics move this much by chance.",
    ),
    CatalogueEntry(
        key="attendees", name="People who came", unit="people", sort=OUTPUT, stage=JourneyStage.AWARENESS,
        definition="People at events where somebody counted (Meeting Attendee Count).",
        formula="sum of attended where it was counted, by day held; talks apart", source=CHAOSS,
        feed="attended",
        traps="Events where nobody counted are missing, not empty; one person may come often.",
    ),
    CatalogueEntry(
        key="talk-audiences", name="Talk audiences", unit="people", sort=OUTPUT,
        stage=JourneyStage.AWARENESS, definition="People in the audience of your talks.",
        formula="sum of attended of talks where it was counted, by day held",
        source="this logbook", feed="audience",
        traps="A large conference fills a room whoever speaks; most audiences are never counted.",
    ),
    CatalogueEntry(
        key="downloads", name="Downloads", unit="downloads", sort=OUTCOME, stage=JourneyStage.ACQUISITION,
        definition="Downloads of a package in a period; the same for releases.",
        formula="count in the period", source=CHAOSS,
        traps="Mirrors and build machines download most of it.",
    ),
    CatalogueEntry(
        key="net-recommendability", name="Net recommendability", unit="points", measure=RATE,
        whole=False, stage=JourneyStage.REFERRAL,
        definition="Whether people would recommend it.",
        formula="% promoters - % detractors (one CHAOSS page has it the wrong way round)",
        source=f"{CHAOSS}, NPS", traps="Needs hundreds of answers before it means anything.",
    ),
    CatalogueEntry(
        key="labor-investment", name="Labor investment", unit="hours", direction=NEITHER,
        whole=False, sort=ACTIVITY,
        definition="What the work costs in time; times an hourly rate it is money.",
        formula="sum over kinds of activities of hours (× hourly rate)", source=CHAOSS,
        feed="hours", traps="Only noted hours; a rate of your own makes it money.",
    ),
    _community(
        key="outside-work-hours", name="Contributions outside work hours", direction=DOWN,
        measure=RATE, whole=False, stage=JourneyStage.RETENTION,
        definition="How much is done early, late and on weekends.",
        formula="share before 08:00, from 18:00 or on weekends, local time", source="LFX CDP",
        traps="A project's share, never a person's; time zones are guesses.",
    ),
    CatalogueEntry(
        key="interest-to-signup", name="From interest to sign-up", measure=RATE, whole=False,
        stage=JourneyStage.ACQUISITION, definition="Of those who said they were interested, who signed up.",
        formula="sign-ups / interested, of events with both", source="AAARRRP",
        feed="signup_rate", traps="What counts as interested differs by tool.",
    ),
    CatalogueEntry(
        key="first-success", name="Time to first success", unit="minutes", direction=DOWN,
        measure=RATE, whole=False, stage=JourneyStage.ACTIVATION,
        definition="How long until the first thing works (time to hello world).",
        formula="median of first successful call - sign-up", source="practitioners",
        traps="Those who never got there are not in it.",
    ),
    CatalogueEntry(
        key="qualified-leads", name="DevRel qualified leads", unit="hand-overs", sort=OUTCOME,
        stage=JourneyStage.REVENUE, definition="Connections passed to the right team, written down as "
        "activities tagged #lead.", formula="count of done activities tagged #lead",
        source="Thengvall 2019", feed="tagged:lead",
        traps="Deliberately not a sales metric; note the receiving team.",
    ),
    CatalogueEntry(
        key="show-rate", name="Show rate", measure=RATE, whole=False, sort=OUTCOME,
        stage=JourneyStage.ACTIVATION, definition="Of those who signed up, who came.",
        formula="attended / sign-ups, of events where somebody counted",
        source="events practice", feed="show_rate",
        traps="Undefined, not zero, where nobody counted.",
    ),
    CatalogueEntry(
        key="cost-per-attendee", name="Cost per person who came", direction=DOWN, measure=RATE,
        whole=False, sort=OUTCOME, stage=JourneyStage.AWARENESS,
        definition="What an event cost for each person who came.",
        formula="costs / attended, of events with both", source="WordCamp practice",
        feed="cost_per_attendee", traps="A cheap empty room looks bad, an expensive full one good.",
    ),
)  # fmt: skip

ENTRIES = {entry.key: entry for entry in (*OWN, *THIRTY)}


@dataclass(frozen=True, slots=True)
class Listed:
    """A definition, and the metric that was made of it, if it is switched on."""

    entry: CatalogueEntry
    metric: Metric | None

    @property
    def state(self) -> str:
        if self.metric is not None:
            return "on"
        if self.entry.needs:
            return "needs interactions"
        return "ready" if self.entry.feed else "by hand or import"


def catalogue(actor: Actor, *, delicate: bool = False) -> list[tuple[str, bool, list[Listed]]]:
    """Every definition by group; composite and per-person ones only when asked for.

    The flag says that nothing of the group can be switched on yet, so that it is folded.
    """
    rules.require(rules.may_read_record, actor)
    metrics = {metric.entry: metric for metric in Metric.objects.exclude(entry="")}
    shown = [
        Listed(entry, metrics.get(entry.key))
        for entry in (*OWN, *THIRTY)
        if delicate or not entry.delicate or entry.key in metrics
    ]
    ready = [each for each in shown if each.metric is not None or not each.entry.needs]
    own = {entry.key for entry in OWN}
    return [
        ("From your logbook", False, [each for each in ready if each.entry.key in own]),
        ("Defined by others", False, [each for each in ready if each.entry.key not in own]),
        (
            "Needs data from your community’s tools, which Almanac can’t read yet",
            True,
            [each for each in shown if each not in ready],
        ),
    ]
