"""What kind of activity a line is about, and where it stands: asked, planned, done."""

from __future__ import annotations

import re
from functools import cache

from almanac.core.vocabulary import Kind, Status

PREFIXES = {
    "idea": Status.IDEA, "todo": Status.PLANNED, "to do": Status.PLANNED, "plan": Status.PLANNED,
    "planned": Status.PLANNED, "asked": Status.ASKED, "requested": Status.ASKED,
    "doing": Status.DOING, "in progress": Status.DOING, "wip": Status.DOING, "done": Status.DONE,
    "declined": Status.DECLINED, "cancelled": Status.DROPPED, "canceled": Status.DROPPED,
}  # fmt: skip
PREFIX = re.compile(
    rf"^(?P<word>{'|'.join(sorted(PREFIXES, key=len, reverse=True))})(?:\s*:|\s+[-–—]+)\s*(?=\S)|^\[(?P<box>[ x])\]\s*(?=\S)"
)
_OPENING = re.compile(
    r"(?:(?:i|we|just|finally|also|today|then|yesterday|the|a|an|my|our|was|have|had|got to|i've|we've|"
    r"quick|great|fun|first|internal|\d{1,2}(?:st|nd|rd|th))\b\s*|[\x00\s,:;–—-])*+"
)
_AID = r"(?:prep(?:p(?:ed|ing)|are[ds]?|aring|aration|work)?\b|slides?\b|slide ?deck|deck\b|rehears\w+|dry[- ]run|practi[sc]\w+|debrief|retro(?:spective)?\b|post-?mortem|follow[- ]?ups?\b|logistics|planning\b|outline\b|recap\b)"
_FIRST = (
    (Kind.TASK, rf"{_AID}(?! (?:talk|workshop|meetup) at)"),
    (Kind.CFP, r"(?:submi(?:t|tted|tting)|sent|send|appl(?:y|ied)|wrote|write|draft\w*)\s+(?:in\s+)?(?:\w+\s+){0,4}?(?:cfps?\b|call for|proposals?\b|abstracts?\b|talk(?:s| proposal)?\b(?= to| proposals?))|cfps?\b|call for (?:proposals|papers|speakers)"),
    (Kind.MEETING, r"(?:meetings?|qbr|met|meet(?:ing)? with|lunch with|dinner with|breakfast with|coffee|1:1|1-1|1on1|one[- ]on[- ]one|stand-?up|sync\b|catch(?:-| )?up|call with|called\b(?! off)|interview(?:ed)? (?!on\b|for .*podcast)|chat(?:ted)? with|onboard(?:ed|ing)|spoke with|spoke to (?=[^,]*\babout\b)(?![^,]*\bat\b)|office visit|intro call)"),
    (Kind.TASK, r"(?:set up|setup|sent (?!.*newsletter)|found|looked|look into|travel\w*|flew|flight|drove|train to|book(?:ed|ing)?\b(?! club)|buy|bought|shopping|order(?:ed)?|announced?|asked|invited?|answer(?:ed)?|repl(?:y|ied)|triag\w+|read\b|fix(?:ed)?|made|make|hand(?:ed)?|review(?:ed)?|merged?|refactor\w*|updat\w+|clean\w*|migrat\w+|deploy\w*|emailed|posted? (?:flyers|on the)|research\w*|design(?:ed)?|fill(?:ed)? (?:in|out)|renew\w*|pay\b|paid|chase\w*|remind\w*|register(?:ed)? for|print\w*|ship(?:ped)? (?:swag|stickers)|confirm\w*|check\w*|invoice\w*|expense\w*|upload\w*|grew|increased|doubled|spent|worked|working|wrote (?:down|to|docs|internal|the docs|documentation|the internal)|write (?:down|to|docs|internal|documentation|the docs\b(?! [a-z]* ?(?:\x00|prague|portland|australia|conference)))|writing (?:down|docs|internal|the docs|documentation|the internal))\b"),
    (Kind.CONFERENCE, r"(?:staffed|exhibited|booth|stand at|table at|(?:went to|attend(?:ed|ing)|visited|at) (?:the )?(?:\S+ ){0,4}?(?:conference|\w*(?:con|conf|fest|summit|days?)\b|fosdem|expo))"),
    (Kind.ENGAGEMENT, r"(?:talked (?:to|with)|mentor(?:ed|ing)?|volunteer(?:ed|ing)?|helped (?:out )?(?:at|organi[sz]e)|judg(?:ed|ing)|attended|went to|joined (?:the|a))\b"),
    (Kind.TALK, r"(?:spoke|speak(?:ing)?\b|present(?:ed|ing|ation)?\b|keynot\w+|pane(?:l|led|lled|lling|list)\b|lightning talk|moderat(?:ed|ing)|gave (?:a|the|my|an?other)? ?(?:\w+ ){0,4}?(?:talk|keynote|presentation|demo|lecture)\b|gave [\"“'‘]|guest lecture|lectured?)"),
    (Kind.STREAM, r"(?:live-?stream\w*|live stream\w*|stream(?:ed|ing)?\b|twitter space|went live)"),
    (Kind.VIDEO, r"(?:film(?:ed|ing)|shot|(?:record|edit|publish|produc|cut|upload|releas|shipp)(?:ed|ing)?\s+(?:\w+\s+){0,4}?(?:videos?|screencasts?|shorts|reels?|tutorial video)\b)"),
    (Kind.PODCAST, r"(?:(?:record|edit|publish|releas|guest(?:ed)?)\w*\s+(?:\S+\s+){0,5}?(?:podcast|episode)\b|podcast|(?:edited|published|recorded|released)[ +&a-z]* ep(?:isode)?\.? ?\d+|ep(?:isode)?\.? ?\d+|(?:be )?a guest on|guest on)"),
    (Kind.POST, r"(?:publish\w*|blogg(?:ed|ing)|newsletter|wrote|writing|write|draft(?:ed|ing)? (?=.*(?:post|article|blog|newsletter|tutorial|thread|essay|guide))|posted)"),
    (Kind.VIDEO, r"edit(?:ed|ing)\b"),
)  # fmt: skip
_compiled = cache(re.compile)
"""Compiled when first needed: most lines are settled by the first few."""
_NOUNS = re.compile(
    r"\b(?:"
    r"(?P<task>(?:talk|workshop|hackathon|meetup|event|conference|stream|podcast|webinar|keynote)s? (?:prep\w*|slides?|rehearsal|planning|retro\w*|debrief|logistics|follow-?ups?|recap)|prep|rehearsal|slides|travel|flight|retros?|retrospective)"
    r"|(?P<talk>(?:conference|meetup|tech|lunch|community|lightning) talks?|talks?|keynotes?|fireside chat|panel(?:ist|led)?|presentations?|lightning|spoke|speaking|lecture|guest lecture)"
    r"|(?P<hackathon>hack+[ae]?th?[oae]n+s?|(?:game|code) jams?|hack ?(?:day|night|week|weekend)s?|(?:mini |climate |civic |student )?hack(?!er|ing|ed|s?\b (?:around|on|the|a)|athon)\w*)"
    r"|(?P<workshop>wor?ks?h?ops?|boot ?camp|training|hands-on(?! day)|hands-on day|live class|masterclass|code ?lab|tutorial session|course)"
    r"|(?P<cfp>cfps?|call for (?:proposals|papers|speakers))"
    r"|(?P<podcast>podcasts?|on the show)"
    r"|(?P<stream>(?:live[- ]?)?streams?|live-?stream(?:ed)?|(?:twitter|x|linkedin) spaces?|spaces?(?! apps)|twitch|ama|webinars?|live (?:coding|hacking)|linkedin live|youtube live)"
    r"|(?P<video>videos?|yt\b|screencasts?|youtube shorts?)"
    r"|(?P<meeting>meetings?|1:1s?|one[- ]on[- ]ones?|stand-?ups?|coffee chat|syncs?|catch-?up|kick-?off|calls?\b(?! for)|qbr|off-?site|check-?in call)"
    r"|(?P<event>meet[- ]?ups?(?!\.\w)|metups?|evenings?|events?|conversations?|gatherings?|small groups?|office hours?|community calls?|book clubs?|brown[- ]bags?|party|happy hour|socials?|sprints?|hosted|conference day|study group|co-?working|demo (?:day|night)|show (?:and|&) tell|round ?tables?|open house|dinner|picnic|unconference|town hall|launch party|breakfast|user group|(?:movie|games?|quiz|trivia|pub|social|film|bowling|board game|talks) night|bug bash)"
    r"|(?P<conference>conference|booth|expo|trade show|summit)"
    r"|(?P<post>blog ?posts?|posts?|articles?|newsletters?|threads?|tutorials?|blogs?|essays?|guides?|docs page|part \w+ of|case study|write-?up|release notes|changelog post)"
    r"|(?P<engagement>mentor(?:ed|ing)|volunteer(?:ed|ing))"
    r")\b"
)  # fmt: skip
_AFTER_COLON = re.compile(r"[:–—]\s+(?:my\s+|a\s+|the\s+)?")
_NAMED_CONFERENCE = re.compile(
    r"\b[A-Z]\w*(?:Con|CON|Conf|Fest|Summit|Days)\b|\bFOSDEM\b|\bWeb ?Summit\b|re:Invent"
)

PAST = re.compile(
    r"^(?:[\W\d]|\x00)*(?:(?:i|we|just|finally|also|then)\s+)*(?:gave|gives|spoke|ran|held|hosted|led|did|delivered|taught|presented|published|wrote|"
    r"blogged|posted|attended|went|met|talked|streamed|live-?streamed|recorded|filmed|shot|edited|"
    r"organi[sz]ed|answered|replied|fixed|merged|reviewed|spent|worked|sent|submitted|booked|bought|"
    r"prepared|prepped|mentored|onboarded|trained|helped|sponsored|moderated|panell?ed|keynoted|judged|"
    r"staffed|visited|flew|drove|travell?ed|launched|shipped|released|finished|completed|had|set up|"
    r"updated|announced|interviewed|demoed|volunteered|joined|co-?hosted|co-?organi[sz]ed|emceed|read|"
    r"made|built|started|rehearsed|drafted|closed|handed|found|looked|fixed|ordered|cleaned|migrated|deployed|"
    r"ran|kicked off|chatted|guested|coached|lectured|showed|invited|emailed|researched|designed|translated|was)\b"
)
_CAME = re.compile(
    r"\b(?:came|showed(?: up)?|turned up|attended|joined|in the room|was packed|no ?one|nobody|happened|went well|drew)\b"
)
_FUTURE = re.compile(
    r"\b(?:will|i'll|we'll|going to|expecting|expected|hoping for|so far|accepted at|upcoming|"
    r"is on|scheduled for|\d+ (?:people )?going|tomorrow|tmrw|next|confirmed for|speaking at|signed up so far)\b"
)
_ASKED = re.compile(
    r"(?:^|\b(?:i|we|was|were|been|got|being|am|me|,)\s+)(?:just\s+)?(?:asked|invited)\s+(?:me\s+|us\s+)?(?:to|if|for a|whether)\b"
    r"|\b(?:asked|invited|wants?|would like) (?:me|us) to\b|^(?:an? )?(?:invitation|invite|request) (?:to|from|for)\b|\brequest to (?:speak|give|run|do)\b"
    r"|(?<!\bi )(?<!\bwe )(?<!^)\basked (?:whether|if|for an?|to)\b"
)
_TODO = re.compile(
    r"^(?:(?:i|we)\s+)?(?:need(?:s)? to|have to|must|should|todo|to-?do|remember to|don'?t forget|remind me to|gotta|got to|"
    r"want to|plan(?:ning)? to|going to|gonna|will|i'll|we'll|i need to|make sure)\b|\b(?:todo|to-do)\b|\b(?:need to|have to|must|should)\s+\w+"
)
_IDEA = re.compile(
    r"^(?:(?:an?|new|crazy|possible|post|talk|video|blog|workshop|event|stream)\s+)*(?:idea\b|maybe\b(?!\s+\d)|what if\b|perhaps\b(?!\s+\d)|could we\b|we could\b|someday\b|"
    r"i might\b|might\b|should we\b|shall we\b|thinking (?:of|about)\b|would be (?:cool|nice|great|fun)\b|consider(?:ing)?\b|how about\b|why not\b)|\bsomeday\b|\?\s*maybe$|\bmaybe (?:a|an|we|do|run|try|host)\b"
)
_DROPPED = re.compile(
    r"\b(?:cancell?ed|called off|scrapped|(?:had|have) to cancel|cancelling)\b|^(?:we |i )?dropped (?!by|in|off|out|a (?:new|video|post))"
)
_DECLINED = re.compile(r"^(?:i |we )?(?:politely )?(?:declined|turned down|said no to|passed on)\b")
_DOING = re.compile(
    r"^(?:i'?m |we'?re |am |still |currently |now )*(?:working on|in progress|wip\b|drafting|writing|building|preparing|prepping|editing|"
    r"organi[sz]ing|planning|researching|reviewing|halfway|continuing|designing|setting up|refactoring|migrating|translating|learning|fixing|debugging|putting together|started (?:on|working|writing|drafting))\b"
)
_UNDERWAY = re.compile(r"(?:[-–—:,(]\s*)(?:in progress|wip)\b|\bis in progress\b")
ABOUT_IT = re.compile(
    r"^.{0,60}?\b(?:asked|invited|wants?|would like|inviting)\s+(?:me\s+|us\s+)?(?:to|if i could|if we could|for)\s+(?:do\s+|give\s+|run\s+|hold\s+)?"
    r"|^(?:(?:i|we)\s+)?(?:need to|have to|must|should|todo:?|remember to|want to|will|i'll|we'll|going to|maybe|idea:?|what if we|had to cancel|called off|cancell?ed|cancelling|postponed|declined|turned down|said no to)\s+"
)
"""Words about an activity that say nothing of its kind."""
ERRAND = re.compile(
    r"^(?:(?:i|we|just|finally)\s+)*(?:submitted|booked|sent|bought|announced|reviewed|fixed|wrote|applied|prepared|prepped|invited|emailed|ordered|registered|paid|confirmed)\b"
)


def kind_of(line: str) -> str:
    """The kind of activity a title speaks of; a task where none does."""
    return kind_and_said(line.lower(), line)[0]


def kind_and_said(lower: str, line: str) -> tuple[str, bool]:
    """The kind, and whether the words say one."""
    # The one conference whose name is a sentence.
    lower = lower.replace("write the docs", "conference") if "Write the Docs" in line else lower
    prefix = PREFIX.match(lower)
    if prefix:
        lower, line = lower[prefix.end() :], line[prefix.end() :]
    noun = _head(lower)
    opening = _OPENING.match(lower)
    start = opening.end() if opening else 0
    for kind, pattern in _FIRST:
        if _compiled(pattern).match(lower, start):
            return _settled(kind, noun, lower), True
    if noun:
        if noun.lastgroup == "event" and (told := _AFTER_COLON.search(lower)):
            noun = _NOUNS.match(lower, told.end()) or noun
        found = str(noun.lastgroup)
        return (Kind.CONFERENCE if "booth" in lower and found != "talk" else found), True
    if _NAMED_CONFERENCE.search(line):
        return Kind.CONFERENCE, True
    return Kind.TASK, False


def _head(lower: str) -> re.Match[str] | None:
    """The first noun that names a kind; of several in a row the last: a guide workshop is one."""
    noun = _NOUNS.search(lower)
    while noun and (following := _NOUNS.match(lower, noun.end() + 1)):
        if lower[noun.end()] != " " or following.lastgroup == "conference":
            break
        noun = following
    return noun


def _settled(kind: Kind, noun: re.Match[str] | None, lower: str) -> str:
    """What the first words say, unless what was made says more: a published video is a video."""
    named = noun.lastgroup if noun else None
    if kind is Kind.POST and named in {"video", "podcast"}:
        return str(named)
    if (
        kind is Kind.POST
        and re.match(r"(?:.*?\b)?(?:wrote|writ\w+|draft\w*)\b", lower)
        and named in {"task", "talk", "workshop"}
    ):
        return Kind.TASK
    if kind is Kind.VIDEO and "podcast" in lower:
        return Kind.PODCAST
    return str(kind)


def status_said(lower: str) -> str | None:
    """The status the words say, whatever the day; None where only the day can tell."""
    if _DECLINED.search(lower):
        return Status.DECLINED
    if _DROPPED.search(lower) and not re.search(r"\d\s+cancell?ed", lower):
        return Status.DROPPED
    asked = ("ask" in lower or "invit" in lower or "me to" in lower or "request" in lower) and (
        _ASKED.search(lower)
    )
    if asked:
        return Status.ASKED
    if PAST.match(lower):
        return Status.DONE
    if _IDEA.search(lower):
        return Status.IDEA
    if _DOING.match(lower) or _UNDERWAY.search(lower):
        return Status.DOING
    if _TODO.search(lower):
        return Status.PLANNED
    return None


def lean_of(lower: str) -> int:
    """-1 where a line tells of what is over, 1 of what is ahead, 0 where it does not say."""
    if PAST.match(lower) or _CAME.search(lower):
        return -1
    if _FUTURE.search(lower) or _TODO.search(lower) or _IDEA.search(lower):
        return 1
    return 0
