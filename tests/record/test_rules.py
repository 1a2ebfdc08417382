"""Every question and every verb asks the rules first: a stranger gets nothing, whatever the door."""

import inspect
import pkgutil
from importlib import import_module

import pytest

import almanac.actions
import almanac.answers
from almanac.record import rules
from almanac.record.rules import STRANGER, ForbiddenError


def public_functions():
    for package in (almanac.actions, almanac.answers):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = import_module(info.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == info.name and not name.startswith("_"):
                    parameters = list(inspect.signature(function).parameters)
                    if parameters[:1] == ["actor"]:
                        yield f"{info.name.removeprefix('almanac.')}.{name}", function


FUNCTIONS = dict(public_functions())


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


def test_the_list_above_is_the_whole_house():
    assert len(FUNCTIONS) > 45
    assert {"actions.erasing.erase", "answers.today.today", "actions.turnout.say_guess"} <= set(
        FUNCTIONS
    )


def test_the_owner_may_do_everything():
    for name, predicate in inspect.getmembers(rules, inspect.isfunction):
        if name.startswith("may_"):
            assert predicate(rules.OWNER)
            assert not predicate(STRANGER)
