"""`almanac experiment protocol` and what follows it: power, lock, tally, deviate."""

from __future__ import annotations

from almanac.actions.errors import CannotError
from almanac.actions.experiments import experiments, protocols, trials
from almanac.actions.experiments.protocols import ProtocolDraft, write_protocol
from almanac.answers.experiments.power import power_of
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_ahead_if_any
from almanac.faces.cli.experiments.names import the_experiment, told
from almanac.faces.cli.metrics.metrics import the_metric
from almanac.faces.cli.open import open_logbook
from almanac.record.rules import OWNER


def protocol(
    name: str,
    *,
    change: str,
    starts: str,
    if_up: str,
    if_unclear: str,
    if_down: str,
    way: str = "weeks",
    metric: str = "",
    against: list[str] | None = None,
    counted: str = "",
    planned: int | None = None,
    audience: str = "",
    weeks_before: int = 26,
    weeks_after: int = 8,
    smallest: float = 20,
    as_json: JsonFlag = False,
) -> int:
    """Write down how you will look at it, before it starts.

    By weeks: `--metric "Sign-ups" --against "Visits"`. By events, of which chance changes one in two:
    `--way events --counted attended --planned 8`. Two versions: `--way versions --counted rate --planned
    2000`.

    Parameters
    ----------
    name
        The experiment, by words or number.
    change
        What changes.
    starts
        The day the change begins.
    if_up
        What you will do if it rose.
    if_unclear
        What you will do if it stays unclear.
    if_down
        What you will do if it fell.
    way
        What it is compared with: weeks, events or versions.
    metric
        By weeks: the one metric that should change.
    against
        By weeks: a metric the change cannot touch; may be said several times.
    counted
        Otherwise: signups, attended, took_part, submissions, showed_up or joined_in; of versions rate or
        results.
    planned
        How many pairs of events, or to how many both versions will be shown.
    audience
        For whom.
    weeks_before
        Weeks to compare with.
    weeks_after
        Weeks to look at.
    smallest
        The smallest change that would matter, in percent.
    as_json
        Print JSON.
    """
    open_logbook()

    found, day = the_experiment(name), day_ahead_if_any(starts)
    if day is None:
        raise CannotError("Say when it --starts.")
    plan = ProtocolDraft(
        change, day, smallest / 100, if_up, if_unclear, if_down, way,
        the_metric(metric) if metric else None,
        tuple(the_metric(each) for each in against or ()), weeks_before, weeks_after, counted,
        planned, audience,
    )  # fmt: skip
    write_protocol(OWNER, found, plan)
    said = "Saved. See what it could show, then lock it before it starts."
    return told(said, found, as_json=as_json)


def power(name: str, *, as_json: JsonFlag = False) -> int:
    """What the design could show, simulated on your own numbers.

    Parameters
    ----------
    name
        The experiment, by words or number.
    as_json
        Print JSON.
    """
    open_logbook()

    found = the_experiment(name)
    protocol = getattr(found, "protocol", None)
    if protocol is None:
        raise CannotError("It has no protocol yet. Write one first.")
    shown = power_of(OWNER, protocol)
    if as_json:
        out.data({"chance": shown.chance, "detectable": shown.detectable,
                  "says": list(shown.sentences)})  # fmt: skip
    else:
        for sentence in shown.sentences:
            out.say(sentence)
    return 0


def lock(name: str, *, as_json: JsonFlag = False) -> int:
    """Freeze the protocol with a hash, before it starts.

    Parameters
    ----------
    name
        The experiment, by words or number.
    as_json
        Print JSON.
    """
    open_logbook()

    found = the_experiment(name)
    locked = protocols.lock(OWNER, found)
    return told(f"Locked; hash {locked.sha256[:12]}.", found, as_json=as_json)


def tally(name: str, version: str, count: int, shown: int, *, as_json: JsonFlag = False) -> int:
    """Add what one of two versions brought, such as `tally subject changed 12 400`.

    Parameters
    ----------
    name
        The experiment, by words or number.
    version
        usual or changed.
    count
        So many more results.
    shown
        Shown to so many more.
    as_json
        Print JSON.
    """
    open_logbook()

    if version not in ("usual", "changed"):
        raise CannotError("The version is usual or changed.")
    found = the_experiment(name)
    trials.tally(OWNER, found, changed=version == "changed", count=count, shown=shown)
    return told(f"Counted: {count} of {shown}.", found, as_json=as_json)


def deviate(name: str, words: str, *, as_json: JsonFlag = False) -> int:
    """Note what goes otherwise than written down; it stands beside the result.

    Parameters
    ----------
    name
        The experiment, by words or number.
    words
        What goes otherwise.
    as_json
        Print JSON.
    """
    open_logbook()

    found = the_experiment(name)
    experiments.deviate(OWNER, found, words)
    return told("Saved with the result.", found, as_json=as_json)
