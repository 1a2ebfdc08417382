"""The tables of the record, a file for each subject."""

from almanac.record.models.activities import (
    Activity,
    Attachment,
    Link,
    SignupObservation,
    Tag,
    Turnout,
    WorthIt,
)
from almanac.record.models.board import Answer, Decision, Move, Part, PartKind, Proposal, Request
from almanac.record.models.changes import Change, PrivateChange
from almanac.record.models.community.feedback import Feedback, FeedbackState, Receiver
from almanac.record.models.community.peers import Peer, PeerEntry
from almanac.record.models.community.people import Encounter, Guest, Person, SamePerson, SeenGuest
from almanac.record.models.community.quotes import Consent, Quote, QuotePicture, Referral, Scope
from almanac.record.models.community.reach import HandedLink, LinkCount
from almanac.record.models.content import Post, PostCount, Series
from almanac.record.models.experiments import (
    Counted,
    Deviation,
    Experiment,
    Finding,
    Look,
    Protocol,
    Trial,
    Verdict,
    Way,
)
from almanac.record.models.forecasts import Forecast
from almanac.record.models.guesses import EnergyTap, Guess
from almanac.record.models.imports import ColumnMapping, HandledFile
from almanac.record.models.metrics import (
    Direction,
    JourneyStage,
    Measure,
    Measurement,
    Metric,
    MetricVersion,
    Sort,
    Target,
)
from almanac.record.models.playbooks import (
    CheckedLink,
    Departure,
    Helped,
    Lesson,
    LessonState,
    PlaybookVersion,
    Retro,
    Run,
)
from almanac.record.models.preferences import Preference, SkippedQuestion
from almanac.record.models.programs import Program, Visibility
from almanac.record.models.recurring import Repeating
from almanac.record.models.reviews import Publication, ReviewEntry
from almanac.record.models.workload import (
    Break,
    Busy,
    BusyKind,
    CalendarFeed,
    CheckIn,
    Choice,
    PrivateSetting,
    ShownPlate,
)

__all__ = [
    "Activity",
    "Answer",
    "Attachment",
    "Break",
    "Busy",
    "BusyKind",
    "CalendarFeed",
    "Change",
    "CheckIn",
    "CheckedLink",
    "Choice",
    "ColumnMapping",
    "Consent",
    "Counted",
    "Decision",
    "Departure",
    "Deviation",
    "Direction",
    "Encounter",
    "EnergyTap",
    "Experiment",
    "Feedback",
    "FeedbackState",
    "Finding",
    "Forecast",
    "Guess",
    "Guest",
    "HandedLink",
    "HandledFile",
    "Helped",
    "JourneyStage",
    "Lesson",
    "LessonState",
    "Link",
    "LinkCount",
    "Look",
    "Measure",
    "Measurement",
    "Metric",
    "MetricVersion",
    "Move",
    "Part",
    "PartKind",
    "Peer",
    "PeerEntry",
    "Person",
    "PlaybookVersion",
    "Post",
    "PostCount",
    "Preference",
    "PrivateChange",
    "PrivateSetting",
    "Program",
    "Proposal",
    "Protocol",
    "Publication",
    "Quote",
    "QuotePicture",
    "Receiver",
    "Referral",
    "Repeating",
    "Request",
    "Retro",
    "ReviewEntry",
    "Run",
    "SamePerson",
    "Scope",
    "SeenGuest",
    "Series",
    "ShownPlate",
    "SignupObservation",
    "SkippedQuestion",
    "Sort",
    "Tag",
    "Target",
    "Trial",
    "Turnout",
    "Verdict",
    "Visibility",
    "Way",
    "WorthIt",
]
