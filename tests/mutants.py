"""Change the code at random places, and see whether the tests that run there notice: `make mutants`.

    .venv/bin/python tests/mutants.py [--number 60] [--seed 1] [--only core/effects]

First the tests run once, to learn which of them run which line. Then each mutant is one change
(a comparison, an operator, a number, a condition, a statement) on a line some test runs, tried
against up to 60 of those tests. A changed default of a documented tuning constant counts too.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from coverage import CoverageData

ROOT = Path(__file__).parents[1]
PLACES = ("core", "actions")
MOST_TESTS = 60
COMPARE = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "=="}
OPERATE = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*"}
SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
SIGNS |= {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def learn(data: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "tests", "--ignore=tests/browser"]
    command += [f"--cov=almanac.{place}" for place in PLACES]
    command += ["--cov-context=test", "--cov-report=", "-p", "no:cacheprovider"]
    environment = os.environ | {"COVERAGE_FILE": str(data)}
    subprocess.run(command, cwd=ROOT, env=environment, check=False)


def mutations(text: str):
    """(line, first, last, replacement, what) of every change this knows how to make."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))

    def at(line, column):
        return starts[line - 1] + column

    raw = text.encode()

    def between(left, right, kind, new):
        first, last = at(left.end_lineno, left.end_col_offset), at(right.lineno, right.col_offset)
        place = raw.find(SIGNS[kind].encode(), first, last)
        if place >= 0:
            yield left.end_lineno, place, place + len(SIGNS[kind]), new, f"{SIGNS[kind]} → {new}"

    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARE:
            kind = type(node.ops[0])
            yield from between(node.left, node.comparators[0], kind, COMPARE[kind])
        elif isinstance(node, ast.BinOp) and type(node.op) in OPERATE:
            if not isinstance(node.left, ast.Constant) or not isinstance(node.left.value, str):
                yield from between(node.left, node.right, type(node.op), OPERATE[type(node.op)])
        elif isinstance(node, ast.Constant) and type(node.value) in {int, float}:
            first = at(node.lineno, node.col_offset)
            last = at(node.end_lineno, node.end_col_offset)
            yield node.lineno, first, last, repr(node.value + 1), f"{node.value} → {node.value + 1}"
        elif isinstance(node, ast.If | ast.IfExp):
            first = at(node.test.lineno, node.test.col_offset)
            last = at(node.test.end_lineno, node.test.end_col_offset)
            condition = raw[first:last].decode()
            yield node.test.lineno, first, last, f"(not ({condition}))", "condition negated"
        elif isinstance(node, ast.AugAssign | ast.Expr) and not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            first = at(node.lineno, node.col_offset)
            last = at(node.end_lineno, node.end_col_offset)
            yield node.lineno, first, last, "pass", "statement dropped"


def candidates(data: CoverageData, only: str):
    for file in sorted(data.measured_files()):
        path = Path(file)
        if only and only not in file:
            continue
        contexts = data.contexts_by_lineno(file)
        text = path.read_text()
        for line, first, last, new, what in mutations(text):
            tests = sorted({name.split("|")[0] for name in contexts.get(line, ()) if name})
            if tests:
                yield path, line, first, last, new, what, tests


def survives(tree: Path, mutant) -> bool:
    path, _, first, last, new, _, tests = mutant
    copy = tree / path.relative_to(ROOT)
    raw = path.read_bytes()
    copy.write_bytes(raw[:first] + new.encode() + raw[last:])
    chosen = random.Random(first).sample(tests, min(MOST_TESTS, len(tests)))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", *chosen]
    environment = os.environ | {"PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, timeout=300, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    else:
        return done.returncode == 0
    finally:
        copy.write_bytes(raw)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--data", type=Path, default=ROOT / ".coverage.mutants")
    options = parser.parse_args()
    if not options.data.exists():
        learn(options.data)
    data = CoverageData(str(options.data))
    data.read()
    everything = list(candidates(data, options.only))
    chosen = random.Random(options.seed).sample(everything, options.number)
    alive = []
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "almanac"
        ignored = shutil.ignore_patterns(
            ".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache"
        )
        shutil.copytree(ROOT, tree, ignore=ignored)
        for mutant in chosen:
            path, line, *_, what, tests = mutant
            lives = survives(tree, mutant)
            alive += [mutant] if lives else []
            word = "SURVIVED" if lives else "killed"
            print(
                f"{word:9} {path.relative_to(ROOT)}:{line} {what} ({len(tests)} tests)", flush=True
            )
    killed = len(chosen) - len(alive)
    print(f"{killed} of {len(chosen)} mutants killed ({killed / len(chosen):.0%})")


if __name__ == "__main__":
    main()
