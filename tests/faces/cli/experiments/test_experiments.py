"""`almanac experiment analyse`: the contract, and files that cannot be analysed."""

import json

import numpy as np
import pytest
from tests.actions.experiments.test_protocols import attempt
from tests.conftest import DATA


@pytest.fixture
def weeks(tmp_path):
    random = np.random.default_rng(1)
    lines = ["week,signups,others,zeros"]
    for n in range(40):
        lift = 3 if n >= 30 else 1
        lines.append(f"2026-W{n + 1:02},{random.poisson(20 * lift)},{random.poisson(60)},0")
    lines[6] = lines[6].split(",")[0] + ",,61,0"
    file = tmp_path / "weeks.csv"
    file.write_text("\n".join(lines))
    return file


def test_every_estimator_is_said_with_what_it_rests_on(run, weeks):
    asked = ["experiment", "analyse", str(weeks), "--outcome", "signups", "--comparison", "others"]
    found = json.loads(run(*asked, "--from", "2026-W31", "--json"))
    names = [each["name"] for each in found["estimators"]]
    assert names == ["log_ratio", "bsts", "did", "synthetic_control", "sdid"]
    first = found["estimators"][0]
    assert first["low"] > 0
    assert first["effect"] == pytest.approx(40, abs=8)
    assert first["cumulative"] == pytest.approx(10 * first["effect"])
    assert first["placebo_rank"] == 1
    assert found["estimators"][3]["refusal"] == "no_comparison"
    assert json.loads(run(*asked, "--from", "31", "--json")) == found
    said = run(*asked, "--from", "31")
    assert "29 periods before, 10 after" in said
    assert "ranks 1 of" in run(*asked, "--from", "31", "--every")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--outcome", "nothing", "--from", "31"], "no column nothing"),
        (["--outcome", "signups", "--from", "2030"], "neither a value"),
        (["--outcome", "signups", "--from", "1"], "neither a value"),
        (["--outcome", "week", "--from", "31"], "not a number"),
        (["--outcome", "signups", "--from", "31", "--comparison", "signups"], "its own comparison"),
        (["--outcome", "signups", "--from", "31", "--prior", "mine"], "--prior is one of"),
    ],
)
def test_what_cannot_be_analysed_is_said(run, weeks, more, why):
    assert why in run("experiment", "analyse", str(weeks), *more, code=1)


def test_what_is_left_out_is_a_misuse(run, weeks):
    assert "--from" in run("experiment", "analyse", str(weeks), "--outcome", "signups", code=2)


def test_a_series_that_never_varied_is_refused_and_not_an_error(run, weeks):
    found = json.loads(
        run("experiment", "analyse", str(weeks), "--outcome", "zeros", "--from", "31", "--json")
    )
    assert {each["refusal"] for each in found["estimators"][:2]} == {"never_varied"}


def test_the_published_example_through_the_command(run):
    file = DATA / "effects" / "causalimpact-vignette.csv"
    asked = [
        "experiment",
        "analyse",
        str(file),
        "--outcome",
        "y",
        "--comparison",
        "x1",
        "--from",
        "71",
    ]
    found = json.loads(run(*asked, "--prior", "causalimpact", "--json"))
    bsts = next(each for each in found["estimators"] if each["name"] == "bsts")
    assert bsts["effect"] == pytest.approx(10.53, abs=0.05)
    assert bsts["low"] == pytest.approx(9.8, abs=0.1)


def test_proposition_99_through_the_command(run):
    file = DATA / "effects" / "california-prop99.csv"
    names = file.read_text().splitlines()[0].split(",")
    asked = [
        "experiment",
        "analyse",
        str(file),
        "--outcome",
        "California",
        "--from",
        "1989",
        "--json",
    ]
    for name in names:
        if name not in {"Year", "California"}:
            asked += ["--comparison", name]
    found = {each["name"]: each for each in json.loads(run(*asked))["estimators"]}
    assert found["did"]["effect"] == pytest.approx(-27.35, abs=0.02)
    assert found["sdid"]["effect"] == pytest.approx(-15.6, abs=0.05)
    assert found["synthetic_control"]["placebo_rank"] == 3


def test_a_vague_name_is_a_question_back(run):
    attempt("reminders by mail")
    attempt("reminders by phone")
    assert "say its number" in run(
        "experiment", "close", "reminders", "not", "x", "--why", "x", code=1
    )
