"""`almanac completion`: the words of the commands, for the shell to complete."""

from __future__ import annotations

from typing import Literal

from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.app import commands


def completion(
    shell: Literal["bash", "zsh", "fish", "powershell"], *, as_json: JsonFlag = False
) -> int:
    """Print a script that completes commands and options in your shell.

    For bash: almanac completion bash > ~/.local/share/bash-completion/completions/almanac

    Parameters
    ----------
    shell
        bash, zsh, fish or powershell.
    as_json
        Print JSON.
    """
    script = commands().generate_completion(shell=shell)
    if as_json:
        out.data({"shell": shell, "script": script})
    else:
        out.say(script)
    return 0
