"""Names nothing uses: vulture's findings, less what Django, templates and cyclopts use by name.

.venv/bin/python tests/dead_code.py
"""

import re
import sys
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "almanac"
FRAMEWORK = re.compile(
    r"^(clean_\w+|urlpatterns|handler\d+|application|Meta|texts|verbose_name\w*|default_auto_field|"
    r"ordering|constraints|indexes|fields|labels|widgets|field_classes|FM_BOUNDARY|[A-Z]\w*Config|"
    r"[A-Z]\w*Middleware|PrivateRouter|db_for_\w+|allow_\w+|process_exception|validate_unique|"
    r"latest_post_date|handle_starttag|adding|model|db_table|_value_|decided_on|replaced_at|outcome_at|consent_at)$"
)
"""What Django asks for by name, and columns that are written for exports to hold."""
UNCHECKED = ("migrations", "settings.py", "models", "vocabulary.py")


def main() -> int:
    templates = " ".join(file.read_text() for file in SOURCE.rglob("*.html"))
    used = set(re.findall(r"\w+", templates))
    commands = (SOURCE / "faces" / "cli" / "app.py").read_text()
    used |= set(re.findall(r":(\w+)\"", commands))
    for file in [ROOT / "docs" / "generate.py", *(SOURCE / "project").glob("*.py")]:
        used |= set(re.findall(r"\w+", file.read_text()))
    vulture = Vulture()
    vulture.scavenge([str(SOURCE)])
    dead = [
        item
        for item in vulture.get_unused_code(min_confidence=60)
        if item.name not in used
        and not FRAMEWORK.match(item.name)
        and not any(part in UNCHECKED for part in Path(item.filename).parts)
        and not _is_command(item)
        and not _is_field(item)
    ]
    for item in dead:
        print(f"{Path(item.filename).relative_to(ROOT)}:{item.first_lineno}: {item.message}")
    return 1 if dead else 0


def _is_command(item) -> bool:
    """A function of a command group is registered by its decorator."""
    lines = Path(item.filename).read_text().splitlines()
    before = lines[item.first_lineno - 1 : item.first_lineno]
    return "cli" in Path(item.filename).parts and any("@" in line for line in before)


def _is_field(item) -> bool:
    """A field of a record that its class fills by keyword or `asdict` gives out whole."""
    return item.typ == "variable" and Path(item.filename).read_text().count(item.name) > 1


if __name__ == "__main__":
    sys.exit(main())
