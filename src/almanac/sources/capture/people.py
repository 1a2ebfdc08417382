"""How many: signed up, came, hoped for, seats, submissions; and whom a line reached otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from almanac.core.vocabulary import GATHERINGS, REACH, Kind
from almanac.sources.capture.quantities import Quantity, quantities

if TYPE_CHECKING:
    from almanac.sources.capture.facts import LineReading

SIGNED_UP = (
    r"sign(?:ed|ing)?[ -]?ups?|registered|registrations?|registrants?|rsvp(?:['’]?s|['’]?d|[ -]?ed)?|rsvps?|"
    r"enrolled|enrollments?|tickets?(?:\s+sold)?|going|confirmed|said yes|on the (?:guest )?list"
)
CAME = (
    r"came|showed(?:[ -]up)?|shown up|show(?:ed)? their faces|attended|attending|joined|turned[ -]up|made it|were there|was there|"
    r"dropped (?:by|in)|tuned in|stopped by|watched(?: live| along)?|watching|listened(?: in| live)?|participated|"
    r"in (?:the )?(?:room|hall|audience|attendance|crowd|pub|tent|auditorium|class|call|chat|stream|theat(?:re|er)|venue|bar|office)|"
    r"in person|on[ -]?site|online|on the (?:call|stream)|on zoom|present|checked[ -]in|stayed|walked in|actually came"
)
CROWD = (
    r"people|ppl|persons?|peeps|folks?|humans|souls|heads|pax|att?end(?:ee|e|ie|ant)s?|guests?|participants?|viewers?|"
    r"listeners?|spectators?|watchers|concurrents?|audience members?"
)
ROLES = (
    r"developers?|devs?|engineers?|students?|learners?|hackers?|makers?|coders?|programmers?|designers?|women|"
    r"visitors?|founders?|kids|teachers?|researchers?|newcomers?|beginners?|"
    r"colleagues|teammates|employees|fans|friends|community members?|maintainers?|practitioners?|professionals?|"
    r"data scientists|scientists|admins|ops people|enthusiasts?|builders?|volunteers?|partners?|customers?|contributors?|interns?|trainees?|mentees?|hobbyists?"
)
_ADJECTIVES = (
    r"(?:(?:of us|of them|of the|unique|live|more|new|total|other|curious|great|lovely|different|active|"
    r"concurrent|peak|local|young|amazing|happy|eager|very|nice|real|actual|female|junior|senior|"
    r"remote|virtual|in-person|first-time|paying|keen|brave|engaged|student|aspiring|python|js|java|rust|web|frontend|backend)\s+){0,3}"
)
_AFTER = re.compile(
    rf"(?P<ish>-?ish\b|\s+or so\b)?\s*(?:(?P<signups>{SIGNED_UP})\b(?!\s+(?:page|form|link|flow))"
    r"|(?P<no_shows>no[ -]shows?\b|dropped out|cancel|didn['’]?t)"
    r"|(?P<aside>on (?:the )?wait|wait-?listed|invited|declined)"
    rf"|{_ADJECTIVES}(?P<crowd>(?:{CROWD})\b|(?P<role>(?:{ROLES})\b))"
    r"(?:\s+(?:live|online|total|who|that|have|had|were|are|was|actually|already|then|has|all|just|even|"
    r"so far|from \w+ countries|in total)\b){0,4}"
    rf"(?:\s+(?:(?P<verb_signups>{SIGNED_UP})|(?P<verb_no>didn|no-?show|dropped out|cancel|invited|(?:on the )?wait)|(?P<verb_hoped>expected|anticipated)|"
    rf"(?P<verb_interested>interested)|(?P<verb_reached>reached)|(?P<verb_seats>max(?:imum)?\b|limit\b)|(?P<verb_part>took part|spoke up)|(?P<verb_came>{CAME}))\b)?"
    r"|(?P<interested>interested|interest(?:ed)? clicks|maybes?\b|wanted to come|on the interest list)"
    rf"|(?:[a-z'’-]+\s+){{1,3}}?(?:(?P<any_signups>signed up|registered|rsvp['’]?d|going|enrolled)|(?P<any_came>came|showed(?: up)?|turned up|attended|joined|checked in|tuned in|participated|made it))\b"
    r"|(?P<took_part>took part|participating|spoke up|handed in nothing)"
    rf"|(?P<attended>{CAME})\b"
    r"|(?P<hoped>expected|anticipated|hoped for)\b"
    r"|(?P<seats>seats?|places|spots|slots|chairs|capacity|max\b|seater)"
    r"|(?:\w+\s+)?(?P<submissions>submissions?|projects?|entries|demos|prototypes|submitted)\b"
    r"|(?P<views>(?:page |unique |video )?views?|pageviews|plays)\b"
    r"|(?P<readers>readers?|reads)\b"
    r"|(?P<subscribers>(?:new |email |newsletter )?subscribers?|subs)\b)"
    r"(?P<tail>\s+(?:so far|already|in total|total|altogether|live|online|peak|up|in the end|at (?:the )?peak|"
    r"in (?:the )?(?:room|first (?:week|day|month|24 hours)|audience|attendance)|in person|each))*"
)
_HOPED = re.compile(
    r"\b(?:expect(?:ing|ed|s)?|hop(?:e|ing)(?: for)?|aim(?:ing)?(?: for| at)?|anticipat\w+|hopefully|"
    r"should be|counting on|planning for|hoping to get|target(?:ing)?|goal(?: is| of)?)(?:\s+(?:of|to (?:get|see|have|draw)|about|around|for))?\s*:?\s*$"
)
_SEATS = re.compile(
    r"(?:\b(?:the )?(?:venue|room|hall|space|place|it) (?=(?:holds|fits|seats|is capped)))?\b(?:seats(?: for)?|capacity(?: of| is)?|holds(?: up to)?|max(?:imum|\.)?(?: of)?|capped at|cap(?: of| is)?|"
    r"limited to|limit(?: of| is)?|(?:room|space|place) for|fits|seating(?: for)?|spots for|seat limit)\s*[:=]?\s*$"
)
_CAME_BEFORE = re.compile(
    r"(?:\b(?:packed|full house|full room|(?:was )?full|sold out|(?:an? )?(?:audience|crowd|room|turnout|attendance|headcount)(?: of| was|:)?|"
    r"in front of|before|counted|there were|we were|had|drew(?: in)?|attracted|attended by|attendees|attendance|attended|came|showed(?: up)?|joined(?: by)?|"
    r"got|brought(?: in)?|turnout|head ?count|participants|viewers|peak(?:ed at| of)?)\s*[(:=]?|\bto)\s*$"
)
_SCENE = re.compile(r"packed|(?:was )?full.*|sold out|(?:an? )?room(?: (?:of|was))?")
"""Words that say more than the number: they stay in the title."""

_SIGNED_BEFORE = re.compile(
    r"\b(?:rsvps?|sign-?ups?|signed up|registrations?|registered|registrants)(?:\s*(?:are|at|is|was|so far)?\s*[:=]?|\s+(?:for|to)\b[^,;:\d]{0,40}:)\s*$"
)
_INTERESTED_BEFORE = re.compile(r"\binterested\s*[:=]\s*$")
_SUBMITTED_BEFORE = re.compile(r"\b(?:submissions|projects|entries)\s*[:=]\s*$")
_CONTACT = re.compile(
    r"\b(?:talk(?:ed|ing) (?:to|with)|to talk to|spoke(?:n)? with|chat(?:ted|ting)? (?:to|with)|met(?: up)?(?: with)?|connected with|"
    r"mentor(?:ed|ing)?|onboard(?:ed|ing)?|train(?:ed|ing)|coach(?:ed|ing)?|help(?:ed|ing)?|interviewed|contacted|"
    r"reach(?:ed|ing)?(?: out to)?|introduced|welcomed|taught|demoed (?:to|for)|demo(?:s)? (?:to|for)|supported|"
    r"advised|collected|scanned|conversations? with|chats? with|calls? with|1:1s? with|coffee with|lunch with|dinner with)"
    r"(?:\s+(?:to|with|out|up|some|all|over|the|another|our|in person|personally|directly|about))*\s*$"
)
_APART = re.compile(
    r"(?:\b(?:from|by|invited?|emailed|messaged|surveyed|asked|of the|for the next|wrote to|answered|team of|"
    r"need|needs|looking for|recruit(?:ed|ing)|sent to|followed by|thanked|paid|hired|judged|interviewing|reviewed|with replies from)\s+|#\s*)$"
)
_OF = re.compile(
    r"(?<![\w./#])(?P<came>\d{1,6})\s*(?:of|out of|/)\s*(?:the\s+|our\s+)?(?P<signed>\d{1,6})(?:\s+(?:people|ppl|folks|guests))?"
    rf"(?:\s+(?:who\s+|that\s+)?(?:had\s+)?(?:{SIGNED_UP}))?\s+(?:actually\s+|only\s+)?(?:{CAME})\b"
)
_OUT_OF = re.compile(
    rf"(?<![\w./#])(?P<came>\d{{1,6}})\s+(?:people\s+|ppl\s+|folks\s+)?(?:{CAME})\s+(?:out\s+)?of\s+(?:the\s+|our\s+)?(?P<signed>\d{{1,6}})"
    rf"(?:\s+(?:people|ppl|folks|guests))?(?:\s+(?:who\s+|that\s+)?(?:had\s+)?(?:{SIGNED_UP}))?(?!\w)"
)
_PAIR = re.compile(r"\d\s*/|\bof\b")
_NOBODY = re.compile(
    r"\b(?:(?:absolutely |literally )?(?:no ?-?one|nobody|none(?: of them)?|not (?:a|one)(?: single)? (?:soul|person)|zero people|0 people|no people|no guests)"
    r"(?:\s+(?:at all|actually|else|really|has|have|had|even|ever|yet))*\s+"
    rf"(?:(?P<signups>{SIGNED_UP})|(?P<attended>{CAME}|show(?:s|ed)?(?: up)?|came))\b"
    r"|\b(?:no|zero)\s+(?:(?P<no_signups>sign-?ups?|registrations|rsvps?)|(?P<no_attended>attendees|participants|audience|viewers|listeners|turnout)"
    r"|(?P<no_submissions>submissions|entries))\b"
    r"|\b(?:no ?-?one|nobody)\s+(?P<none_submissions>submitted|handed in)(?: anything| a project)?)(?:\s+(?:yet|so far|at all))?"
)
_ORDINARY = re.compile(r"[ ]*[a-z]")
_NUMBERS_A_WORD = re.compile(
    r"(?<!\bto)(?<!\bof)(?<!\bwith)(?<!\band)(?<!\bhad)(?<!\bgot)(?<!\bwas)(?<!\bwere)(?<!\bfor)(?<!\babout)[a-z0-9.]\s?$"
)
"""“Talk 3”, “Node 20”: the number is part of a name."""
_IDENTIFIES = re.compile(
    r"(?:#|\bno\.?|\bnr\.?|\bn°|\bepisode|\bep\.?|\bpart|\bissue|\bvol(?:ume)?\.?|\bseason|\bweek|\bday|\bchapter|\bversion|\bv|\bnumber|\broom|"
    r"\bhall|\bcohort|\bclass|\btrack|\bstep|\bphase|\bedition|\bmodule|\blesson|\bsession|\bround|\blevel|\bpr|\bstage|\btop|\bticket|\bhttp|\bcode)\s*$"
)
_ENDS = re.compile(
    r"\s*(?:$|[,;.()!?\]–—:|+&\x00]|-\s|(?:at|in|on|from|this|last|total|live|for|and|during|online|with|or so)\b)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_AT_IT = re.compile(r"attend|particip|audience")
"""People by the word for those who came: “rated by 52 attendees”."""
_IN_PERSON = re.compile(r"room|person|site|venue")
_REMOTE = re.compile(r"online|remote|zoom|stream|virtual|live")
_WITH = re.compile(r"\b(?:with|w/|and|feat\.?|featuring)\s*$")
FEW = 6
LABEL = 14
"""No word that numbers a thing, such as “episode”, is longer."""


def find_people(reading: LineReading, kind: str, *, known_kind: bool, ahead: bool) -> None:
    """Counts and reach. known_kind: the words say the kind; ahead: it has not happened yet."""
    if "no" in reading.open or "zero" in reading.open:
        _find_none(reading)
    if _PAIR.search(reading.open):
        _find_pairs(reading)
    for quantity in quantities(reading.open):
        if reading.full:
            return
        before = reading.before(quantity.start)
        if _IDENTIFIES.search(before, max(0, len(before) - LABEL)):
            continue
        after = _AFTER.match(reading.open, quantity.end)
        name = _meaning(reading, quantity, after, before, kind, known_kind=known_kind)
        start, end = quantity.start, quantity.end
        if name and after and after.group(0).strip() and name != "bare":
            end = after.end()
        if name == "bare" and _YEAR.fullmatch(reading.open[start:end]):
            continue
        if name == "bare":
            about_something = quantity.worded or _ORDINARY.match(reading.open, quantity.end)
            if not about_something and not _NUMBERS_A_WORD.search(before):
                reading.name(start, end)
            continue
        if name is None:
            continue
        if ahead and name == "attended":
            # Nobody can be counted before the fact; a number of people ahead is a hope.
            name = "hoped"
        led = _lead(before)
        _say(
            reading,
            name,
            int(quantity.value),
            start - led,
            end,
            approximate=quantity.approximate or _is_loose(after),
        )


def _find_none(reading: LineReading) -> None:
    for match in _NOBODY.finditer(reading.open):
        group = next(group for group, said in match.groupdict().items() if said)
        name = group.removeprefix("no_").removeprefix("none_")
        _say(reading, name, 0, match.start(), match.end(), approximate=False)


def _find_pairs(reading: LineReading) -> None:
    """“14 of 31 showed up”, “77 came out of 140 who signed up”."""
    for match in (*_OF.finditer(reading.open), *_OUT_OF.finditer(reading.open)):
        between = match.end("came")
        _say(reading, "attended", int(match["came"]), match.start(), between, approximate=False)
        reading.take("signups", int(match["signed"]), between, match.end())


def _is_loose(after: re.Match[str] | None) -> bool:
    """35ish, 45 or so."""
    return bool(after and after["ish"])


def _lead(before: str) -> int:
    """How many characters before the number belong to it, as in “expecting 25”."""
    for pattern in (
        _HOPED,
        _SEATS,
        _SIGNED_BEFORE,
        _CAME_BEFORE,
        _INTERESTED_BEFORE,
        _SUBMITTED_BEFORE,
    ):
        found = pattern.search(before)
        if found:
            return 0 if _SCENE.fullmatch(found[0].strip(" (:=")) else len(before) - found.start()
    return 0


def _say(
    reading: LineReading, name: str, value: int, start: int, end: int, *, approximate: bool
) -> None:
    known = next((fact for fact in reading.facts if fact.field == name), None)
    if known is None:
        inside = name in REACH
        reading.take(name, value, start, end, approximate=approximate, inside=inside)
        return
    said, new = reading.lower[known.start : known.end], reading.lower[start:end]
    halves = [bool(_IN_PERSON.search(said)), bool(_IN_PERSON.search(new))]
    other = [bool(_REMOTE.search(said)), bool(_REMOTE.search(new))]
    if name == "attended" and halves[0] != halves[1] and other[0] != other[1]:
        # Some in the room and some online: both came.
        reading.take(name, value, start, end, approximate=approximate)
        return
    reading.name(start, end)


def _meaning(
    reading: LineReading, quantity: Quantity, after: re.Match[str] | None, before: str, kind: str,
    *, known_kind: bool,
) -> str | None:  # fmt: skip
    """The field a number belongs to; None where it is about something else, "bare" unknown."""
    if not quantity.whole:
        return "bare" if after is None else None
    if after is None or not after.group(0).strip() or after.lastgroup == "ish":
        return _bare(reading, quantity, before)
    groups = {name for name, said in after.groupdict().items() if said}
    if groups & {"no_shows", "aside", "verb_no"}:
        return None
    if groups & {"signups", "verb_signups", "any_signups"}:
        return "signups" if not _HOPED.search(before) else None
    if _SEATS.search(before) or groups & {"seats", "verb_seats"}:
        return "seats"
    if _HOPED.search(before) or groups & {"hoped", "verb_hoped"}:
        return "hoped"
    if groups & {"interested", "verb_interested"}:
        return "interested"
    if groups & {"took_part", "verb_part"}:
        return "took_part"
    if "submissions" in groups:
        submitted = "submitted" in after.group(0) or reading.lower.startswith(
            " submitted", after.end()
        )
        return (
            "submissions"
            if kind == Kind.HACKATHON
            or "hack" in reading.lower
            or submitted
            or "submission" in after.group(0)
            else None
        )
    for name in ("views", "readers", "subscribers"):
        if name in groups:
            return name
    return _crowd(groups, after, before, kind, known_kind=known_kind, few=quantity.value < FEW)


def _crowd(
    groups: set[str], after: re.Match[str], before: str, kind: str, *, known_kind: bool, few: bool
) -> str | None:
    """People who came, people who were talked to, or neither."""
    if _CONTACT.search(before):
        return "contacts"
    if groups & {"attended", "verb_came", "any_came"}:
        live = after.group("attended") or after.group("verb_came")
        if kind in {Kind.POST, Kind.VIDEO} and live in {"watched", "online"}:
            return None
        return "attended"
    if "crowd" not in groups:
        return None
    if _APART.search(before) and not _AT_IT.match(after["crowd"]):
        return None
    if "verb_reached" in groups:
        return "contacts"
    if kind in {Kind.POST, Kind.VIDEO}:
        return "views" if "viewer" in after.group("crowd") else None
    if _CAME_BEFORE.search(before):
        return "attended"
    if kind == Kind.PODCAST:
        return None
    if kind in {Kind.CONFERENCE, Kind.ENGAGEMENT, Kind.MEETING}:
        booth = "visitor" in after.group("crowd") or kind != Kind.CONFERENCE
        return "contacts" if booth else None
    if _WITH.search(before) and few and kind in GATHERINGS:
        # “With 3 founders” names those on the stage.
        return None
    if "role" in groups:
        return "attended" if kind in GATHERINGS else None
    return "attended" if kind in GATHERINGS or not known_kind else None


def _bare(reading: LineReading, quantity: Quantity, before: str) -> str | None:
    """A number with no noun after it: what stands before it may say what it is."""
    if quantity.worded:
        return None
    for pattern, name in (
        (_HOPED, "hoped"), (_SEATS, "seats"), (_SIGNED_BEFORE, "signups"),
        (_INTERESTED_BEFORE, "interested"), (_SUBMITTED_BEFORE, "submissions"),
    ):  # fmt: skip
        if pattern.search(before) and _ENDS.match(reading.open, quantity.end):
            return name
    if _CAME_BEFORE.search(before) and _ENDS.match(reading.open, quantity.end):
        return "attended"
    return "bare"
