"""Opening the logbook: Django, the folder, both files; before anything else a command does."""

from __future__ import annotations

import django


def open_logbook() -> None:
    """Make what is missing, so that any command may be the first."""
    django.setup()
    from django.db import DatabaseError

    from almanac.actions.errors import CannotError
    from almanac.record.ready import make_ready

    try:
        make_ready()
    except DatabaseError as error:
        raise CannotError(
            f"The logbook cannot be opened: {error}. Put a backup in its place: almanac restore FILE"
        ) from error
    settle_zone()


def settle_zone() -> None:
    """Take the machine's time zone for the logbook's, once."""
    from almanac.record.queries import preferences

    if preferences.is_set("zone"):
        return
    from almanac.actions.preferences import settle
    from almanac.record.rules import OWNER

    settle(OWNER, machine_zone())


def machine_zone() -> str:
    """The machine's time zone by its IANA name; UTC where it does not say."""
    from tzlocal import get_localzone_name

    from almanac.record.zones import is_zone

    try:
        name = get_localzone_name() or "UTC"
    except (LookupError, OSError, ValueError):
        return "UTC"
    return name if is_zone(name) else "UTC"
