"""Where `almanac demo` lives, chosen before the settings read where the logbook is."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

OWN = "ALMANAC_OWN_HOME"
"""Set while an example is looked around in a temporary folder: where one's own logbook lives."""


def move_in() -> None:
    """Use `ALMANAC_HOME` where it is set and empty, else a temporary folder, and never a server."""
    named = os.environ.get("ALMANAC_HOME", "")
    home = Path(named).expanduser().resolve() if named else None
    if home is None or (home.exists() and any(home.iterdir())):
        home = Path(tempfile.mkdtemp(prefix="almanac-demo-"))
        # “Start yours” opens the practitioner's own logbook, which is elsewhere.
        os.environ[OWN] = named
    os.environ["ALMANAC_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)


def is_temporary() -> bool:
    return OWN in os.environ
