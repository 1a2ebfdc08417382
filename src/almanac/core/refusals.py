"""Why a number is not given, as named values a face can word and a test can compare."""

from enum import StrEnum


class Refusal(StrEnum):
    """A reason not to print a number. The value is stable; `words` is what a person reads."""

    NO_CLASS = "no_class"
    TOO_FEW_PAIRS = "too_few_pairs"
    NO_INTEREST_RECORD = "no_interest_record"
    NO_SIGNUPS = "no_signups"
    NOT_MEASURED = "not_measured"
    NOT_ASKED_YET = "not_asked_yet"
    NOT_AN_EVENT = "not_an_event"
    NO_GUESS = "no_guess"
    NO_FORECAST = "no_forecast"
    TOO_FEW_SCORED = "too_few_scored"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Refusal.NO_CLASS: (
        "Nothing to rest on: no past event of this program says, and no published class of events fits."
    ),
    Refusal.TOO_FEW_PAIRS: (
        "Too few past events with both counts: three of your own would be enough to begin, "
        "because nothing published says how many of those who come also take part."
    ),
    Refusal.NO_INTEREST_RECORD: (
        "How many of the interested sign up has hardly ever been published; three past events "
        "of yours with both counts would be enough to begin."
    ),
    Refusal.NO_SIGNUPS: "This kind of activity has no sign-ups to forecast.",
    Refusal.NOT_MEASURED: "Not measured: nobody counted, which is not the same as nobody came.",
    Refusal.NOT_ASKED_YET: "Nobody has said yet whether attendance was counted.",
    Refusal.NOT_AN_EVENT: "People do not sign up for or come to this kind of activity.",
    Refusal.NO_GUESS: "You have not guessed, which is fine.",
    Refusal.NO_FORECAST: "No forecast was made before it happened, so there is nothing to score.",
    Refusal.TOO_FEW_SCORED: "Too few to tell yet: ten scored events would begin to say something.",
}
