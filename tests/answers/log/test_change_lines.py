"""The sentences of the change log: whole, quoted, in one place."""

import ast
import re
import string
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from almanac.answers.log import change_lines
from almanac.answers.log.change_lines import ChangeLine
from almanac.record.models import Activity, Metric, Post, Program, Turnout
from almanac.record.queries import preferences, private

ACTIONS = Path(change_lines.__file__).parents[2] / "actions"
TITLED = {"title", "program", "metric", "file", "part", "lesson", "name"}


def test_every_verb_takes_its_sentence_from_here():
    used = set()
    for file in ACTIONS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "ChangeLine":
                used.add(node.attr)
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Attribute) and target.attr == "summary"
                for target in node.targets
            ):
                assert not isinstance(node.value, ast.JoinedStr | ast.Constant), (
                    f"{file.name}:{node.lineno} writes a sentence of its own"
                )
    assert used == set(ChangeLine.__members__)


@pytest.mark.parametrize("sentence", ChangeLine)
def test_a_title_is_quoted_wherever_it_stands(sentence):
    for before, name, _, _ in string.Formatter().parse(sentence.value):
        if name in TITLED:
            assert before.endswith("“"), sentence.value
    assert re.match(r"[A-Z“{]", sentence.value)
    assert not sentence.value.endswith(".")


@pytest.mark.parametrize(
    ("part", "said"),
    [(date(2026, 12, 31), "31 Dec 2026"), (1260, "1,260"), (0, "0"), (12.0, "12"), (0.25, "0.25"),
     (Decimal("1200.00"), "1,200"), (True, "on"), (None, "not known"), ("", "not known"), ("dev.to", "dev.to")],
)  # fmt: skip
def test_parts_are_written_as_people_write_them(part, said):
    assert change_lines.said(part) == said


def test_settings_name_what_they_set():
    assert change_lines.settings({"limits": {"doing": 3}}) == "Limit for In progress: 3"
    assert change_lines.settings({"limits": {}}) == "Limit: none"
    assert change_lines.settings({"currency": "EUR", "asks_worth": False}) == (
        "Currency: EUR; Ask whether an event was worth it: off"
    )
    assert change_lines.settings({"own_names": ["Ada", "Ada L."]}) == "Your names: Ada and Ada L."


def test_counts_and_fields_are_named_as_on_pages():
    counts = {"signups": 1, "attended": None, "attended_evidence": "registered_only"}
    assert change_lines.counts(counts) == (
        "signed up 1, attended not known, attendance registered only"
    )
    assert change_lines.fields(["starts_at", "day", "zone", "hours_planned"]) == (
        "time, day and planned hours"
    )


def test_no_field_shows_its_raw_name():
    """A name with an underscore reads as a word once it is replaced, or has a word of its own."""
    names = {
        field.name
        for model in (Activity, Turnout, Metric, Post, Program)
        for field in model._meta.fields
    }
    for name in names | set(preferences.DEFAULTS) | set(private.DEFAULTS):
        assert "_" not in change_lines.fields([name]) or name in change_lines.UNSAID
