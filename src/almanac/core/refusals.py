"""Why a number is not given, as named values a face can word and a test can compare."""

from enum import StrEnum


class Refusal(StrEnum):
    """A reason not to print a number. The value is stable; `words` is what a person reads."""

    NO_CLASS = "no_class"
    TOO_FEW_PAIRS = "too_few_pairs"
    NO_INTEREST_RECORD = "no_interest_record"
    NO_SIGNUPS = "no_signups"
    NO_SIGNUPS_NOTED = "no_signups_noted"
    NOT_MEASURED = "not_measured"
    NOT_ASKED_YET = "not_asked_yet"
    NOT_AN_EVENT = "not_an_event"
    NO_GUESS = "no_guess"
    NO_FORECAST = "no_forecast"
    TOO_FEW_SCORED = "too_few_scored"
    TOO_FEW_VALUES = "too_few_values"
    MISSING_PERIODS = "missing_periods"
    NEVER_VARIED = "never_varied"
    DRIFTS = "drifts"
    NO_DENOMINATOR = "no_denominator"
    NEEDS_INTERACTIONS = "needs_interactions"
    NEEDS_IMPORT = "needs_import"
    TOO_FEW_POSTS = "too_few_posts"
    TOO_FEW_BEFORE = "too_few_before"
    NO_COMPARISON = "no_comparison"
    TOO_FEW_COMPARISONS = "too_few_comparisons"
    BELOW_ZERO = "below_zero"
    TOO_FEW_TRIALS = "too_few_trials"
    RETIRED_WAY = "retired_way"
    TOO_FEW_EVENTS = "too_few_events"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Refusal.NO_CLASS: "Can’t say yet: no past event of this program has this count, and no typical events fit.",
    Refusal.TOO_FEW_PAIRS: "Can’t say yet: needs three past events with both counts.",
    Refusal.NO_INTEREST_RECORD: (
        "Can’t say yet: needs three past events where you noted both interest and sign-ups."
    ),
    Refusal.NO_SIGNUPS: "People usually come to this without signing up.",
    Refusal.NO_SIGNUPS_NOTED: "People come to this program without signing up, according to your log.",
    Refusal.NOT_MEASURED: "Not measured: nobody counted. That is not the same as nobody came.",
    Refusal.NOT_ASKED_YET: "Attendance has not been entered yet.",
    Refusal.NOT_AN_EVENT: "This kind of activity has no sign-ups or attendance.",
    Refusal.NO_GUESS: "You have not guessed.",
    Refusal.NO_FORECAST: "No forecast was made before it happened, so there is nothing to score.",
    Refusal.TOO_FEW_VALUES: "Can’t say yet: needs six periods with values.",
    Refusal.MISSING_PERIODS: (
        "Some periods since the start have no value, so they can’t be added up. Enter them, or set "
        "the target on the value at the end."
    ),
    Refusal.NEVER_VARIED: "It has never changed, so its usual range is unknown.",
    Refusal.DRIFTS: "It moves so much from week to week that a change after a few weeks means nothing.",
    Refusal.NO_DENOMINATOR: "There is nothing to divide by yet, so there is no rate.",
    Refusal.NEEDS_INTERACTIONS: "Needs interactions of a community, and this logbook has none yet.",
    Refusal.NEEDS_IMPORT: "Nothing in the logbook feeds it. Import its values, or enter one.",
    Refusal.TOO_FEW_POSTS: "Can’t say yet: needs five posts with views at different ages.",
    Refusal.TOO_FEW_SCORED: "Too few to judge yet: needs ten results.",
    Refusal.TOO_FEW_BEFORE: "Can’t say yet: needs eight periods before the change, and one after it.",
    Refusal.NO_COMPARISON: "There is nothing to compare it with.",
    Refusal.TOO_FEW_COMPARISONS: "Can’t say how far off it could be by chance: needs six comparisons.",
    Refusal.BELOW_ZERO: "Some amounts are below zero, so there is no ratio.",
    Refusal.TOO_FEW_TRIALS: (
        "Can’t say yet: needs twelve pairs of events, or ten results of the two versions together."
    ),
    Refusal.RETIRED_WAY: (
        "This experiment compared programs with programs, which is no longer analysed. Its text and "
        "its result stay."
    ),
    Refusal.TOO_FEW_EVENTS: "Can’t say yet: needs three events before and three after with both counts.",
}
