"""The sentences of the change log: each whole, with named parts, in one place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from almanac.answers import words
from almanac.core.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FIELDS = {
    "starts_at": "time", "ends_at": "end", "hours_spent": "hours", "hours_planned": "planned hours",
    "announced_at": "announcement date", "due": "due date", "signups": "signed up", "hoped": "hoped for",
    "waitlisted": "on the waiting list", "no_shows": "no-shows", "attended_evidence": "attendance",
    "cares": "importance", "feed": "source", "weekly_hours": "hours a week", "logged": "what is logged",
    "day_starts": "start of the day", "day_ends": "end of the day", "work_days": "working days",
    "checks_in": "weekly check-in", "nudges": "suggestions", "limits": "limit", "zone": "time zone",
    "asks_worth": "ask whether an event was worth it", "lapse_days": "days until “not measured”",
    "date_order": "order of dates", "week_start": "first day of the week", "hours_a_day": "hours a day", "public_title": "title of the public log",
    "public_address": "address of the public log", "shares_track_record": "share forecast accuracy",
    "mirror": "off-site copy", "own_names": "your names", "one_to_one_hours": "hours a week for 1:1s", "one_to_one_reply": "reply when 1:1s are full",
    "public_files": "files in the public log",
    "example": "example year", "welcomed": "welcome",
}  # fmt: skip
UNSAID = {"zone", "period", "origins"}


class ChangeLine(Enum):
    """Every sentence a verb leaves. A title stands in quotes, so that it is never read as grammar."""

    LOGGED = "Logged “{title}”"
    LOGGED_MORE = "Logged “{title}” and {more} more"
    REPEATED = "Planned {number} of “{title}”"
    CHANGED_REPEATING = "Changed {fields} of {number} of “{title}”"
    RULE = "Changed when “{title}” repeats"
    ENDED = "Cancelled {number} of “{title}”"
    SKIPPED = "Skipped {first} to {last}: {number} cancelled"
    CHANGED = "Changed {fields} of “{title}”"
    MOVED = "Moved “{title}” from {before} to {after}"
    MOVED_MORE = "Moved {number} to {after}"
    COUNTS = "Counts of “{title}”: {counts}"
    ENERGY = "Marked the energy of activity {number}"
    GUESSED = "Guessed for activity {number}"
    FORECAST = "Made a forecast for “{title}”"
    FILED = "Moved {activities} to “{program}”"
    POST = "Changed the series or addresses of “{title}”"
    VIEWS = "“{title}” had {count} {what} on {platform} on {day}"
    QUOTE = "Saved a private quote"
    EXAMPLE_GUESTS = "Read the guest list of “{title}”"
    PERSON = "Added a person"
    PERSON_CHANGED = "Changed what is known of a person"
    PERSON_DELETED = "Deleted a person’s page"
    TALKED = "Noted who was talked to at “{title}”"
    SAME_PERSON = "Joined two identities as one person"
    TWO_PEOPLE = "Kept two people apart"
    QUOTE_MARKED = "Changed what a quote says of reach"
    LINK = "Handed out a link"
    LINK_CHANGED = "Changed a link that was handed out"
    LINK_DELETED = "Deleted a link that was handed out"
    LINK_COUNTED = "Counted a link that was handed out"
    CHANNEL = "Corrected the channel of an answer to {channel}"
    FEEDBACK = "Saved feedback"
    FEEDBACK_CHANGED = "Changed feedback"
    FEEDBACK_DELETED = "Deleted feedback"
    PEER = "Followed a peer"
    PEER_CHANGED = "Changed a peer"
    PEER_REMOVED = "Stopped following a peer"
    PEERS_READ = "Read {entries} of peers"
    PEERS_MARKED = "Marked {entries} of peers as read"
    FILE_PUBLIC = "Added “{title}” to the public log"
    FILE_PRIVATE = "Removed “{title}” from the public log"
    HACKATHON = "Changed the plan of the hackathon “{title}”"
    HACKATHON_USES = "Counted the use of the product after “{title}”"
    SIGNUP_ANSWERS = "Read the answers at sign-up of “{title}”"
    SIGNUP_ANSWERS_DELETED = "Deleted the answers at sign-up of “{title}”"
    PROJECTS = "Read the projects of “{title}”: {number} new"
    PROJECTS_MARKED = "Said which projects of “{title}” use the product"
    PROJECT_DELETED = "Deleted a project"
    JUDGED = "Read the ballots of “{title}”"
    JUDGING_DELETED = "Deleted the ballots of a hackathon"
    CONSENT = "Changed the consent of a quote to {consent}"
    QUOTE_DELETED = "Deleted a quote"
    METRIC_ON = "Switched on “{metric}”"
    METRIC_NEW = "Created the metric “{metric}”"
    METRIC_CHANGED = "Changed {fields} of the metric “{metric}”"
    METRIC_VERSION = "Changed the definition of “{metric}” from {day} (version {number})"
    MEASURED = "“{metric}” was {value} on {day}"
    TARGET = "Set a target for “{metric}”: {value} by {day}"
    TARGET_CHANGED = "Changed the target of “{metric}”"
    TARGET_SPLIT = "Split the target of “{metric}” by {step}"
    PUBLICATION = "Noted what was published in {folder}"
    PUBLISHED = "Published in {folder}: {new} new, {changed} changed, {removed} removed"
    REVIEW = "Edited the review of {period}"
    REVIEW_PUBLIC = "Added the review of {period} to the public log"
    REVIEW_PRIVATE = "Removed the review of {period} from the public log"
    PREFERENCES = "{settings}"
    BEGUN = "Started a logbook in {zone}"
    QUESTION = "Turned off a question"
    PROGRAM = "Created the program “{program}”"
    PROGRAM_CHANGED = "Changed {fields} of the program “{program}”"
    PROGRAM_CLOSED = "Closed the program “{program}”"
    PROGRAM_REOPENED = "Reopened the program “{program}”"
    EXAMPLE_CLEARED = "Cleared the example and started your own logbook"
    EXPERIMENT = "Started the experiment “{title}”"
    EXPERIMENT_CHANGED = "Change to the plan of “{title}”: {change}"
    EXPERIMENT_LOOKED = "Looked at “{title}” before its end"
    EXPERIMENT_FOUND = "Result of “{title}”: {verdict}"
    EXPERIMENT_COUNTED = "“{title}”: {count} of {shown} in the {version} version"
    PROTOCOL = "Wrote the protocol of “{title}”"
    PROTOCOL_LOCKED = "Locked the protocol of “{title}”"
    IMPORTED = "Imported {source}, “{file}”: {rows}"
    COLUMNS = "Remembered the columns of “{file}”"
    LEFT = "{person} left on {day}"
    RETURNED = "{person} is back"
    LINK_BROKEN = "{address} can’t be reached"
    LINK_WORKS = "{address} can be reached again"
    PLAYBOOK = "Saved version {number} of the playbook of “{program}”"
    STEPS = "Added the playbook’s steps to “{title}”"
    RETROSPECTIVE = "Saved the retrospective of “{title}”"
    LESSON = "Proposed for the playbook: “{lesson}”"
    LESSON_DECIDED = "The lesson “{lesson}” is {state}"
    LESSON_HELPED = "The lesson “{lesson}”: {helped}"
    PLAYBOOKS = "Imported {playbooks}"
    ASKED = "Received the request “{title}”"
    ANSWERED = "Answered the request “{title}”: {answer}"
    COMMITTED = "Changed the commitment “{title}”"
    ODDS = "Accepted a request, with the chance seen"
    PART = "Added “{part}” to “{title}”"
    PART_DONE = "Finished “{part}”"
    PART_CHANGED = "Changed “{part}”"
    PROPOSAL = "The proposal “{title}” was {decision}"
    SETTINGS = "Changed {fields}"
    SUGGESTION = "Turned off a suggestion"
    BREAK = "Added time off from {first} to {last}"
    BREAK_CANCELLED = "Removed time off from {first} to {last}"
    CHECKED_IN = "Saved a check-in"
    CHECKINS_DELETED = "Deleted all check-ins"
    CALENDAR = "Added the calendar “{name}”"
    CALENDAR_REMOVED = "Removed the calendar “{name}”"
    CALENDAR_READ = "Read {blocks} from the calendar “{name}”"
    FEED = "Made a new address of the calendar feed"
    FEED_CLOSED = "Closed the calendar feed"
    FILE_LOGGED = "Logged “{title}” from the inbox"
    FILE_LOGGED_MANY = "Logged all of “{file}”: {number}"
    FILE_QUOTED = "Saved a quote from the inbox"
    FILE_FOLLOWED = "Follow up “{title}” by {day}"
    FILE_DELETED = "Deleted “{file}” from the inbox"
    ATTACHED = "Attached “{file}” to “{title}”"
    DETACHED = "Deleted the attachment “{file}” of “{title}”"
    INBOX = "Changed the inbox folder"
    MAIL_SET = "Changed the mail server"
    MAILED = "Mailed {what}"
    SHARED = "Shared the workload"
    UNSHARED = "Stopped sharing the workload"
    ERASED = "Erased a person"
    EXPORTED = "Exported to {folder}"
    RESTORED = "Imported an export of {rows}"
    UNDONE = "Undid: {what}"

    def __call__(self, **parts: Any) -> str:
        """The sentence with its parts: days and numbers as people write them."""
        return self.value.format(**{name: said(part) for name, part in parts.items()})


def said(part: Any) -> str:
    """A value as people write it: 31 Dec 2026; 1,260; on and off."""
    if isinstance(part, bool):
        return "on" if part else "off"
    if part is None or part == "":
        return "not known"
    if isinstance(part, date):
        return words.moment_said(part)
    if isinstance(part, int):
        return words.number(part)
    if isinstance(part, float | Decimal):
        return f"{part:,.10g}" if isinstance(part, float) else f"{part.normalize():,f}"
    return str(part)


def fields(names: Iterable[str]) -> str:
    """Names of fields as pages call them, joined: “time and planned hours”."""
    shown = dict.fromkeys(_field(name) for name in names if name not in UNSAID)
    return words.joined(list(shown))


def _field(name: str) -> str:
    return FIELDS.get(name, name.removesuffix("_id").replace("_", " "))


def counts(values: Mapping[str, Any]) -> str:
    """“signed up 4, seats not known, attendance counted”, of counts by their field."""
    return ", ".join(
        f"{_field(name)} {said(value).replace('_', ' ')}" for name, value in values.items()
    )


def settings(values: Mapping[str, Any]) -> str:
    """“Limit for In progress: 3” and “Currency: USD”, of settings by their key."""
    return "; ".join(_setting(key, value) for key, value in values.items())


def _setting(key: str, value: Any) -> str:
    if isinstance(value, dict):
        columns = {status.value: str(status.label) for status in Status}
        limits = [
            f"{_field(key).capitalize()} for {columns.get(str(name), str(name)).capitalize()}: {said(most)}"
            for name, most in value.items()
        ]
        return "; ".join(limits) or f"{_field(key).capitalize()}: none"
    if isinstance(value, list):
        value = words.joined([str(item) for item in value]) or "none"
    return f"{_field(key).capitalize()}: {said(value)}"
