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
    Refusal.NO_CLASS: (
        "Nothing to rest on: no past event of this program says, and no published class of events fits."
    ),
    Refusal.TOO_FEW_PAIRS: (
        "Too few past events with both counts, and nothing published says: three of your own would be "
        "enough to begin."
    ),
    Refusal.NO_INTEREST_RECORD: (
        "How many of the interested sign up has hardly ever been published; three past events "
        "of yours with both counts would be enough to begin."
    ),
    Refusal.NO_SIGNUPS: "People usually come to this without signing up.",
    Refusal.NO_SIGNUPS_NOTED: "People come to this program without signing up, as far as your record says.",
    Refusal.NOT_MEASURED: "Not measured: nobody counted, which is not the same as nobody came.",
    Refusal.NOT_ASKED_YET: "Nobody has said yet whether attendance was counted.",
    Refusal.NOT_AN_EVENT: "People do not sign up for or come to this kind of activity.",
    Refusal.NO_GUESS: "You have not guessed, which is fine.",
    Refusal.NO_FORECAST: "No forecast was made before it happened, so there is nothing to score.",
    Refusal.TOO_FEW_VALUES: "Six periods with values would begin to say something.",
    Refusal.MISSING_PERIODS: (
        "Some periods since the start have no value, and a sum with gaps is not a sum; "
        "say them, or set the target on what stands at the end."
    ),
    Refusal.NEVER_VARIED: "It has never changed, so nothing says how far it moves by itself.",
    Refusal.DRIFTS: (
        "It wanders so much from week to week that a change after a few weeks means nothing by itself."
    ),
    Refusal.NO_DENOMINATOR: "There is nothing to divide by yet, so there is no rate.",
    Refusal.NEEDS_INTERACTIONS: "Needs interactions of a community, which this logbook has none of yet.",
    Refusal.NEEDS_IMPORT: "Nothing in the logbook feeds it; bring in its values, or say one.",
    Refusal.TOO_FEW_POSTS: "Too few posts with views at different ages: five would begin to say.",
    Refusal.TOO_FEW_SCORED: "Too few to tell yet: ten scored events would begin to say something.",
    Refusal.TOO_FEW_BEFORE: (
        "Too few known periods before the change, or none after it: eight before are the least."
    ),
    Refusal.NO_COMPARISON: "There is no comparison to set it against.",
    Refusal.TOO_FEW_COMPARISONS: (
        "Too few comparisons to say how far it could be off by chance: with six there would be enough."
    ),
    Refusal.BELOW_ZERO: "Some amounts are below zero, and such amounts have no ratio.",
    Refusal.TOO_FEW_TRIALS: (
        "Too few so far: six pairs of events, or ten results of two versions together, are the least."
    ),
    Refusal.RETIRED_WAY: (
        "This experiment compared programs with programs, which is no longer analysed; what you "
        "wrote down and found stays."
    ),
    Refusal.TOO_FEW_EVENTS: "Too few events with both counts: three before and three after are the least.",
}
