"""The commands of `almanac`, each loaded only when it is called, so that capture starts fast."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches

import django
from cyclopts import App, CycloptsError, Parameter

from almanac import __version__
from almanac.faces.cli import example_home, out

DONE, COULD_NOT, MISUSED, STOPPED = 0, 1, 2, 130

COMMANDS = {
    "log": ("activities:log", "Log what you did, or will do."),
    "list": ("activities:listed", "List activities; all of them, or those you name."),
    "heard": ("activities:heard", "Save what somebody said about your work."),
    "undo": ("activities:undo", "Take back the latest thing you did."),
    "import": ("imports.files:bring_in", "Import events, guest lists, calendars and other files."),
    "guess": ("turnout:guess", "Guess how many will come, before you see the forecast."),
    "forecast": ("turnout:forecast", "How many people to expect at a planned event, and why."),
    "outcome": ("turnout:outcome", "Say how many came, and see how right you were."),
    "track-record": ("accuracy:track_record", "How accurate forecasts and guesses have been."),
    "backtest": (
        "accuracy:backtest",
        "Replay past events to check forecasts.",
    ),
    "program": ("programs:program", "Recurring lines of work: add, edit, close, list."),
    "repeat": ("workload.repeating:repeat", "What repeats: list, change, cancel, skip holidays."),
    "metric": ("metrics.metrics:metric", "Track a number, and see what it can show."),
    "target": ("metrics.targets:target", "What a number should become by when; ahead or behind?"),
    "people": ("community.people:people", "Who is the same person, and who came back."),
    "quotes": ("community.quotes:quotes", "Quotes, and how people heard about you."),
    "reach": ("community.reach:reach", "How many came because of your work, and links."),
    "feedback": ("community.feedback:feedback", "What people need, and what became of it."),
    "peers": ("community.peers:peers", "Whom you follow; take over and share playbooks."),
    "hackathon": ("hackathons.hackathons:hackathon", "Is a hackathon worth it, and was it?"),
    "judge": (
        "hackathons.judge:judge",
        "Rank projects by scores, comparisons or votes.",
    ),
    "board": ("workload.board:board", "What is not done yet: answer, move, limit, write out."),
    "can-i": ("workload.can_i:can_i", "Does one more commitment fit? Ask before you say yes."),
    "load": ("workload.workload:load", "Hours committed against hours available."),
    "handover": ("playbooks.handover:handover", "Make a book for whoever runs a program next."),
    "drill": (
        "playbooks.handover:drill",
        "If you were away: what is due, and who could take over?",
    ),
    "playbook": ("playbooks.playbooks:playbook", "How a program is run; lay its steps out, learn."),
    "retro": (
        "playbooks.playbooks:retro",
        "Retrospective: what went well, what didn’t, and why.",
    ),
    "experiment": (
        "experiments.experiments:experiment",
        "What did a change do, and how sure is that?",
    ),
    "review": ("review:review", "Write up a year, a quarter, a month or any time."),
    "publish": ("review:publish", "Write the public log into a folder; nothing is sent."),
    "verify": ("review:verify", "Find any silent change of a public log."),
    "mirror": ("review:mirror", "Keep a copy where others can reach it."),
    "serve": ("serve:serve", "Open the logbook in the browser."),
    "demo": ("serve:demo", "Look around an example year, or your own events."),
    "init": ("maintenance:init", "Start a logbook, or change its time zone and currency."),
    "backup": ("maintenance:backup", "Back up everything that is yours, and verify it."),
    "restore": ("maintenance:restore", "Put a backup in the place of this logbook."),
    "export": ("maintenance:export", "Write every table as CSV and Parquet."),
    "erase": ("maintenance:erase", "Erase a person everywhere, for good."),
    "completion": ("completion:completion", "Complete commands in your shell."),
    "doctor": ("maintenance:doctor", "Is everything in order?"),
}


def commands(called: str = "") -> App:
    """The application. The command called loads its own full help; the others their summary."""
    app = App(
        name="almanac",
        version=__version__,
        help="The logbook of a developer-relations practitioner that also looks ahead.",
        help_format="markdown",
        result_action="return_value",
        suppress_keyboard_interrupt=False,
        default_parameter=Parameter(show_default=False),
    )
    for place_in_list, (name, (place, summary)) in enumerate(COMMANDS.items()):
        app.command(
            f"almanac.faces.cli.{place}",
            name=name,
            sort_key=place_in_list,
            **({} if name == called else {"help": summary}),
        )
    return app


def run(arguments: list[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 could not be done, 2 misused."""
    sys.exit(main(arguments))


def main(arguments: list[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almanac.project.settings")
    given = sys.argv[1:] if arguments is None else arguments
    called = given[0] if given else ""
    if called and not called.startswith("-") and called not in COMMANDS:
        near = get_close_matches(called, COMMANDS, 1)
        meant = f" Did you mean “{near[0]}”?" if near else ""
        out.complain(f"There is no command “{called}”.{meant} See: almanac --help")
        return MISUSED
    try:
        if called == "demo" and not {"--help", "-h"} & set(given):
            example_home.move_in()
        if called in COMMANDS:
            # Commands import what they use at their top, models included.
            django.setup()
        app = commands(called)
        code = app(given, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        out.complain(f"{_one_line(error)} See: almanac {called} --help".replace("  ", " "))
        return MISUSED
    except KeyboardInterrupt:
        out.complain("Stopped; what was finished stays, the rest was not begun.")
        return STOPPED
    except BrokenPipeError:
        # The reader went away, as `head` does; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if not out.is_ours(error):
            raise
        out.complain(str(error))
        return COULD_NOT
    return code if isinstance(code, int) else DONE


def _one_line(error: CycloptsError) -> str:
    return " ".join(str(error).split())
