"""The rooms of the house: sizes, circles, names, addresses, and facts that have one home."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.urls import get_resolver

from almanac.core.errors import AlmanacError
from almanac.record.models.texts import Text

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "almanac"
MODULES = [file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts]


def name_of(file):
    dotted = ".".join(file.relative_to(SOURCE.parent).with_suffix("").parts)
    return dotted.removesuffix(".__init__")


def imports_of(file):
    """Every module of ours a file imports, wherever, for types as well."""
    known = {name_of(module) for module in MODULES}
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                if full in known:
                    yield full
                elif node.module in known:
                    yield node.module


@pytest.fixture(scope="module")
def graph():
    return {name_of(file): set(imports_of(file)) - {name_of(file)} for file in MODULES}


def circle_in(graph):
    done, path = set(), []

    def visit(name):
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return None
        path.append(name)
        for other in sorted(graph.get(name, ())):
            found = visit(other)
            if found:
                return found
        path.pop()
        done.add(name)
        return None

    return next((found for name in sorted(graph) if (found := visit(name))), None)


def test_no_circle_not_even_of_types(graph):
    # A package's own __init__ gathers its modules, and the models name each other for types only
    # through it; so packages are left out and their modules stand for themselves.
    packages = {name_of(file) for file in MODULES if file.name == "__init__.py"}
    modules = {name: others - packages for name, others in graph.items() if name not in packages}

    assert circle_in(modules) is None


@pytest.mark.parametrize("floor", ["core", "answers", "actions", "sources"])
def test_folders_of_a_floor_do_not_import_each_other_in_circles(floor, graph):
    rooms = defaultdict(set)
    for name, others in graph.items():
        parts = name.split(".")
        if len(parts) > 3 and parts[1] == floor:
            for other in others:
                theirs = other.split(".")
                if len(theirs) > 3 and theirs[1] == floor and theirs[2] != parts[2]:
                    rooms[parts[2]].add(theirs[2])

    assert circle_in(rooms) is None


@pytest.mark.parametrize("top", [SOURCE, ROOT / "tests"], ids=["src", "tests"])
def test_no_folder_level_holds_more_than_twenty_entries(top):
    folders = [top, *(path for path in top.rglob("*") if path.is_dir())]
    full = {
        str(folder.relative_to(top)): number
        for folder in folders
        if "__pycache__" not in folder.parts
        and (number := sum(entry.name != "__pycache__" for entry in folder.iterdir())) > 20
        and folder.name not in {"databases", "migrations"}
    }

    assert full == {}


def test_a_class_has_one_name_of_its_own():
    places = defaultdict(list)
    for file in MODULES:
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(file.relative_to(SOURCE)))

    assert {name: files for name, files in places.items() if len(files) > 1} == {}


def test_nothing_is_called_utils():
    stems = {file.stem for file in MODULES} | {file.parent.name for file in MODULES}

    assert not stems & {"utils", "util", "common", "helpers", "helper", "misc"}


def test_tests_mirror_the_house():
    for file in (ROOT / "tests").rglob("test_*.py"):
        folder = file.parent.relative_to(ROOT / "tests")
        assert folder == Path() or folder.name == "browser" or (SOURCE / folder).is_dir(), file
        assert not re.search(r"bugs?$|found|hunt", file.stem), file


# Errors, texts, fields, formats


def test_every_error_meant_for_people_has_one_base():
    for file in MODULES:
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
                if node.name.startswith("_") or node.name == "AlmanacError":
                    continue
                module = __import__(name_of(file), fromlist=[node.name])
                assert issubclass(getattr(module, node.name), AlmanacError), node.name


def is_text(field):
    kinds = (models.CharField, models.TextField, models.JSONField)
    return isinstance(field, kinds) and not field.choices


def test_every_text_is_classified_by_whether_it_may_name_a_person():
    for model in apps.get_app_config("record").get_models():
        texts = {field.name for field in model._meta.concrete_fields if is_text(field)}
        classified = getattr(model, "texts", {})
        assert texts == set(classified), model.__name__
        assert set(classified.values()) <= set(Text)


def test_no_day_is_taken_in_utc():
    """A moment of the record is kept in UTC; its day is that of the practitioner's own place."""
    in_utc = re.compile(r"(?:_at|\bnow\(\))\.date\(\)")
    allowed = {"captured.py"}  # A line that was read keeps its own zone.
    found = [
        (file.name, line.strip())
        for file in MODULES
        if file.name not in allowed
        for line in file.read_text().splitlines()
        if in_utc.search(line)
    ]
    assert found == []


# Faces


def test_addresses_are_made_by_name():
    for pattern in get_resolver("almanac.faces.web.urls").url_patterns:
        assert pattern.name, pattern
    for file in [*SOURCE.rglob("*.html")]:
        found = re.findall(r'(?:href|action|value|hx-\w+)="/[^"]*', file.read_text())
        assert not found, (file.name, found)
    address = re.compile(r'["\'](?:/[a-z-]+)+/[^"\'\n]*["\']')
    allowed = {"middleware.py", "urls.py", "settings.py", "fetching.py", "serve.py"}
    for file in MODULES:
        if file.name not in allowed and "sources" not in file.parts:
            lines = [line for line in file.read_text().splitlines() if address.search(line)]
            assert not [line for line in lines if "http" not in line], file


def test_faces_ask_questions_and_query_nothing():
    for file in (SOURCE / "faces").rglob("*.py"):
        assert not re.search(r"\.objects\b|_default_manager", file.read_text()), file


def test_commands_import_at_the_top_of_their_files():
    for file in (SOURCE / "faces" / "cli").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef):
                inner = [
                    inside.module or ""
                    for inside in ast.walk(node)
                    if isinstance(inside, ast.ImportFrom)
                ]
                assert not [name for name in inner if name.startswith("almanac")], file


def test_lines_of_templates_stay_readable():
    long = [
        f"{file.name}:{number}"
        for file in SOURCE.rglob("*.html")
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if len(line) > 120
    ]

    assert long == []
