"""Every question and every verb asks the rules first: a stranger gets nothing, whatever the door."""

import inspect
import pkgutil
from importlib import import_module

import pytest

import almanac.actions
import almanac.answers
from almanac.record import rules
from almanac.record.rules import STRANGER, ForbiddenError

WITHOUT_ACTOR = {
    "parts of a verb: they take its line, which only a verb that has asked the rules can give": """
    actions.activities: change_links change_tags create_activity move_steps move_to note_move set_tags_and_links
    actions.content: series_for write_content
    actions.experiments.scheduling: scheduled
    actions.experiments.trials: deal deal_coming
    actions.imports.cards: write_cards
    actions.metrics: new_metric note
    actions.playbooks.playbooks: lay_steps new_version
    actions.workload.repeating: begin_repeating make_until
    actions.programs: new_program program_for
    actions.community.people: meet new_person talked_from
    actions.community.quotes: quote_from write_quote
    actions.community.reach: write_link_counts
    actions.preferences: list_in
    actions.workload.board: new_part
""",
    "plain values in, plain values or a refusal out": """
    actions.activities: safe_url web_address
    actions.keeping.parquet: as_json write_parquet
    actions.playbooks.playbooks: refuse_links
    actions.capture: corrected new_activity
    actions.example.example_year: read_year
    actions.experiments.protocols: still_open
    actions.experiments.trials: coin
    actions.imports.carrying_out: count
    actions.keeping.exporting: exports_known is_export
    actions.keeping.mirror: is_in_checkout
    actions.metrics: read_value
""",
    "opened by a token of its own, which is the permission": """
    answers.workload.time_off: shared_workload
    actions.workload.calendar_feed: feed_of
""",
    "parts of a question: they are handed rows, or called by questions that have asked the rules": """
    answers.community.feedback: state_called state_said
    answers.community.links: link_names links_by_name open_counts tagged
    answers.community.people: identities_of identity_key presence_of token_of
    answers.community.quotes: corrected_channels
    answers.community.traces: mention_of texts_in words_for
    answers.experiments.analysis: checks headline of_design plain sentence
    answers.experiments.before_after: sentence
    answers.experiments.experiments: parts_of result_said
    answers.experiments.protocols: around clashing comparisons counts_of design_of deviations_by_itself ends first_week holds_at_every_look is_over named overlapping pairs_of past_readings reading sealed_body value_of versions_of weekly
    answers.experiments.results: of_stage
    answers.guesses.accuracy: feedback headline
    answers.hackathons.judging: account judged place_said said sheets_text
    answers.hackathons.worth: money_of per_event uses_of usual_hours
    answers.imports.cards: card_key plan_cards
    answers.imports.event_rows: new_programs_of planned_event
    answers.imports.guest_lists: plan_guests title_of_file
    answers.imports.import_plan: rows_said
    answers.log.inbox: inbox_folder
    answers.imports.other_rows: plan_link_counts plan_measurements plan_posts plan_quotes plan_referrals
    answers.imports.reading_files: remembered_mapping
    answers.log.change_lines: counts fields said settings
    answers.log.recurring: rule_said
    answers.log.captured: counts_said day_words other_facts understood
    answers.log.plain: plain_activity plain_day reach_of
    answers.metrics.advice: goal_called
    answers.metrics.content: at_age_words
    answers.metrics.from_record: feed
    answers.metrics.metric_pages: card_of
    answers.metrics.metric_values: labels_of next_start open_parts start_of values_of
    answers.metrics.targets: falls left_out progress quantity sentence_of total
    answers.playbooks.freshness: access_in gone links_in stale
    answers.playbooks.playbooks: written
    answers.playbooks.stand_ins: bus_factor everybody
    answers.review.candidate_sentences: candidates guessing
    answers.review.composition: entry_period kept_entries
    answers.review.evidence: hit_rate
    answers.review.periods: period week_of
    answers.review.publication: compare published states
    answers.review.sentences: effort_sentence kinds_sentence named people_sentence plain program_sentence
    answers.guesses.calibration: expected is_far
    answers.turnout.based_on: basis
    answers.turnout.backtest: plain run tested write_forecasts
    answers.turnout.event_history: events_version moment_of past_before past_event plan_of program_key slot_of whole_record years_of
    answers.turnout.expectation: body_of changes_since counts_of is_outdated outcomes_of raw_of thawed upcoming_of
    answers.imports.landing: landing
    answers.words: change counted expectation joined moment_said number percent_chance share span period_of times worth_said
    answers.workload.board: own_days proposal_sentence stays takes
    answers.workload.can_i: hours_in
    answers.workload.overview: days_until hours_between hours_of load_from plate_of promised weeks_back
    answers.workload.past_work: capacity_of past
    answers.workload.time_off: support with_nudges
    answers.workload.week: week_plan
    answers.workload.wording: capacity_said day_said headline overbooked sentences
    answers.workload.work_logs: plain_tasks plain_work write_work
""",
}
"""Public functions of the two floors that take no actor, by why they need none."""


def listed():
    for reason, text in WITHOUT_ACTOR.items():
        for line in text.strip().splitlines():
            module, _, names = line.strip().partition(": ")
            for name in names.split():
                yield f"{module}.{name}", reason


def public_functions():
    for package in (almanac.actions, almanac.answers):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = import_module(info.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == info.name and not name.startswith("_"):
                    yield f"{info.name.removeprefix('almanac.')}.{name}", function


def takes_actor(function):
    return list(inspect.signature(function).parameters)[:1] == ["actor"]


EVERY = dict(public_functions())
FUNCTIONS = {name: function for name, function in EVERY.items() if takes_actor(function)}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_stranger_is_refused(name, logbook):
    function = FUNCTIONS[name]
    required = [
        parameter
        for parameter in list(inspect.signature(function).parameters.values())[1:]
        if parameter.default is inspect.Parameter.empty
        and parameter.kind not in {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}
    ]
    positional = [None for p in required if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    named = {p.name: None for p in required if p.kind is inspect.Parameter.KEYWORD_ONLY}

    with pytest.raises(ForbiddenError, match="open the logbook with its own link"):
        function(STRANGER, *positional, **named)


def test_every_public_function_takes_the_actor_or_is_listed_with_a_reason():
    assert set(EVERY) - set(FUNCTIONS) == {name for name, _ in listed()}
    assert len(FUNCTIONS) > 150


def test_parts_of_a_verb_take_its_line():
    for name, reason in listed():
        if reason.startswith("parts of a verb"):
            parameters = inspect.signature(EVERY[name]).parameters
            assert "line" in parameters or "fields" in parameters or "new" in name, name


def test_the_owner_may_do_everything():
    for name, predicate in inspect.getmembers(rules, inspect.isfunction):
        if name.startswith("may_"):
            assert predicate(rules.OWNER)
            assert not predicate(STRANGER)
