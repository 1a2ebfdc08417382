"""The house stands as its papers say: architecture, docs, locks, words."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from almanac.sources.recognise import sources

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "almanac"


def tracked():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = listed.stdout.split("\n") if listed.returncode == 0 else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_architecture_names_every_room_and_no_other():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    named = set(re.findall(r"^\| \d \| `([a-z/]+)` \|", text, re.MULTILINE))
    rooms = {folder.name for folder in SOURCE.iterdir() if (folder / "__init__.py").exists()}
    faces = {
        f"faces/{f.name}" for f in (SOURCE / "faces").iterdir() if (f / "__init__.py").exists()
    }

    assert (rooms - {"faces"}) | faces == named
    assert len(text.splitlines()) < 70


def test_architecture_names_only_modules_that_exist():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    for dotted in re.findall(
        r"`((?:core|record|sources|charts|answers|actions|project)\.[a-z_.]+)`", text
    ):
        parts = dotted.split(".")
        place = SOURCE / Path(*parts)
        assert place.with_suffix(".py").exists() or place.is_dir(), dotted


def test_generated_pages_are_true():
    code = (
        "import sys; sys.path.insert(0, 'docs'); import generate;"
        "wrong = [f.name for f, text in generate.pages().items() if f.read_text() != text];"
        "sys.exit(f'run make docs: {wrong}' if wrong else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md"])
def test_examples_in_the_docs_run(page, tmp_path):
    """Each `$ almanac ...` line runs, and says what stands below it."""
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    assert blocks
    for command, said in re.findall(r"^\$ (.+)\n((?:(?!\$).+\n)*)", "".join(blocks), re.MULTILINE):
        program = Path(sys.executable).with_name("almanac")
        done = subprocess.run(
            command.replace("almanac", str(program), 1),
            shell=True,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env={"ALMANAC_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "TZ": "Europe/Berlin"},
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        for line in said.strip().splitlines():
            assert line in done.stdout, command


def test_links_between_pages_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if not link.startswith("http"):
                assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_format_and_environment_variable_is_in_the_docs():
    docs = (
        "".join(page.read_text() for page in (ROOT / "docs").rglob("*.md"))
        + (ROOT / "README.md").read_text()
    )

    for name in ("ALMANAC_HOME", "DATABASE_URL"):
        assert name in docs
    for source in sources():
        assert source.name[1:] in docs, source.key
        assert source.becomes in docs, source.key


def test_locks_carry_hashes_and_name_no_host():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        pinned = re.findall(r"^[a-z0-9].*==.*", text, re.MULTILINE)
        assert len(pinned) > 20
        assert all(line.rstrip().endswith("\\") for line in pinned)
        assert "--hash=sha256:" in text
        assert "://" not in text


def test_nothing_names_an_index_a_machine_or_a_workplace():
    forbidden = re.compile(
        r"--(extra-)?index-url|pypi\.org|files\.pythonhosted|registry\.npmjs|/wo" r"rk/|/ro" r"ot/"
    )
    for file in tracked():
        if file.suffix in {".png", ".svg"} or file.name == "test_house.py":
            continue
        assert not forbidden.search(file.read_text(encoding="utf-8", errors="ignore")), file


def test_no_file_of_ours_has_grown_too_large():
    large = {
        str(file.relative_to(SOURCE)): number
        for file in SOURCE.rglob("*.py")
        if "migrations" not in file.parts and (number := len(file.read_text().splitlines())) > 400
    }

    assert large == {}


def test_the_example_names_no_real_people_or_addresses():
    text = (SOURCE / "actions" / "example" / "year.toml").read_text()

    assert set(re.findall(r"https?://([^/\s\"]+)", text)) == {"blog.example.org"}
    assert not re.search(r"@\w+\.\w+", text)
