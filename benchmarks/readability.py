"""How easy pages and docs are to read: Flesch reading ease by textstat, 60 and more is plain English.

    .venv/bin/python benchmarks/readability.py [FOLDER]

Pages are those of the example year. Each block of text counts as a sentence; labels of fewer than
four words, code, tables of commands and titles of activities are left out. Syllables come from the CMU dictionary
(nltk's `cmudict`, fetched once), or from hyphenation where it cannot be fetched, which is said.
FOLDER: another checkout, whose docs are measured too, to compare.
"""

from __future__ import annotations

import html
import importlib
import os
import re
import statistics
import sys
import tempfile
from pathlib import Path

import textstat

ROOT = Path(__file__).resolve().parents[1]
BLOCKS = re.compile(
    r"</(?:p|li|h\d|td|th|tr|dt|dd|summary|legend|label|button|figcaption|caption|div|section|form)>"
)
UNREAD = re.compile(r"<(script|style|svg|textarea|option|code|pre|nav|head)\b.*?</\1>", re.DOTALL)
SHORTEST = 4


def syllables() -> str:
    """Make textstat work without its dictionary where that cannot be had; say which is used."""
    try:
        textstat.flesch_reading_ease("One sentence to try it.")
    except LookupError:
        counting = importlib.import_module("textstat.backend.counts._count_syllables")
        counting.get_cmudict = lambda _: {}
        return "hyphenation"
    return "the CMU dictionary"


def ease(blocks: list[str]) -> float | None:
    """Flesch reading ease of blocks of text; None where there are no sentences."""
    said = [b for b in blocks if len(b.split()) >= SHORTEST and not b.endswith("…")]
    text = " ".join(block if block[-1] in ".?!" else f"{block}." for block in said)
    return textstat.flesch_reading_ease(text) if text else None


def blocks_of_page(page: str) -> list[str]:
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    text = BLOCKS.sub("\n", UNREAD.sub(" ", main[0] if main else page))
    lines = re.sub(r"<[^>]+>", " ", text).split("\n")
    return [" ".join(line.split()) for line in lines if line.split()]


def blocks_of_guide(text: str) -> list[str]:
    text = re.sub(r"```.*?```|^ {4}.*$|^\|.*$|<!--.*?-->", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"\]\([^)]*\)|[`*#\[\]>]", "", text)
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n|\n- ", text) if block.split()]


def pages() -> dict[str, float]:
    """Reading ease of every page of the example year, by address."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["ALMANAC_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "almanac.project.settings"
        from almanac.faces.cli.app import main

        main(["demo", "--no-serve"])
        from django.conf import settings
        from django.test import Client
        from django.urls import get_resolver

        from almanac.record.infra import sessions
        from almanac.record.models import Activity, Metric, Program

        settings.ALLOWED_HOSTS = ["*"]
        client = Client()
        client.cookies[sessions.cookie_name()] = sessions.begin()
        event = Activity.objects.filter(turnout__isnull=False).order_by("-day").first()
        values = {
            "<int:key>": str(event.pk if event else ""),
            "programs/<slug:slug>": f"programs/{Program.objects.order_by('pk')[0].slug}",
            "metrics/<slug:slug>": f"metrics/{Metric.objects.order_by('pk')[0].slug}",
        }
        titles = sorted(Activity.objects.values_list("title", flat=True), key=len, reverse=True)
        found = {}
        for pattern in get_resolver("almanac.faces.web.urls").url_patterns:
            route = str(pattern.pattern)
            for name, value in values.items():
                route = route.replace(name, value)
            if "<" in route or "card." in route:
                continue
            response = client.get(f"/{route}", HTTP_HOST="127.0.0.1")
            if response.status_code == 200 and "html" in response.get("Content-Type", ""):
                text = html.unescape(response.content.decode())
                for title in titles:
                    text = text.replace(title, "")
                score = ease(blocks_of_page(text))
                if score is not None:
                    found[f"/{route}"] = score
        return found


def guides(root: Path) -> dict[str, float]:
    files = [root / "README.md", *sorted((root / "docs").glob("*.md"))]
    files += sorted((root / "docs" / "how-to").glob("*.md"))
    scores = {file.name: ease(blocks_of_guide(file.read_text())) for file in files}
    return {name: score for name, score in scores.items() if score is not None}


def show(what: str, scores: dict[str, float]) -> None:
    lowest = sorted(scores.items(), key=lambda pair: pair[1])[:3]
    named = ", ".join(f"{name} {score:.0f}" for name, score in lowest)
    middle = statistics.median(scores.values())
    print(f"{what}: {len(scores)}, median {middle:.0f}, lowest {named}", flush=True)


if __name__ == "__main__":
    print(f"Flesch reading ease, syllables from {syllables()}")
    show("pages of the example year", pages())
    show("README and docs", guides(ROOT))
    for other in sys.argv[1:]:
        show(f"README and docs of {other}", guides(Path(other)))
