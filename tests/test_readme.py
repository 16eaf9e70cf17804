"""The README shows what the program prints, and the manual's commands run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

from acctcli.cli.app.global_options import global_options, list_options

README = (PROJECT / "README.md").read_text("utf-8")


def block_after(marker: str) -> str:
    found = re.search(rf"<!-- {marker} -->\n```\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def test_make_demo_prints_what_the_readme_shows(folder: Path) -> None:
    recipe = (PROJECT / "Makefile").read_text("utf-8")
    demo = re.findall(r"^\t@\$\(DEMO\) (.*)$", recipe, re.MULTILINE)
    day = re.search(r"ACCTCLI_TODAY=(\S+)", recipe)
    assert day
    assert len(demo) == 3
    program = [str(Path(sys.executable).parent / "acctcli"), "--book", str(PROJECT / "sample-data")]
    printed = [
        f"$ acctcli {words}\n"
        + subprocess.run(
            [*program, "--today", day[1], *words.split()],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for words in demo
    ]
    assert block_after("demo") == "\n".join(printed)


def test_make_test_runs_what_the_readme_shows() -> None:
    recipe = (PROJECT / "Makefile").read_text("utf-8").replace("$(BIN)", ".venv/bin")
    told = block_after("test").splitlines()
    commands = [line for line in told if line.startswith(".venv/bin/")]
    assert len(commands) == 8
    assert [line for line in commands if f"\t{line}\n" not in recipe] == []
    assert "Contracts: 3 kept, 0 broken." in told
    assert len([line for line in told if re.match(r"=+ \d+ passed", line)]) == 3


def test_the_tour_of_the_readme_runs(folder: Path) -> None:
    tour = README.partition("## Five minutes")[2].partition("\n## A book\n")[0]
    blocks = re.findall(r"^```(?:yaml)?\n(.*?)```", tour, re.DOTALL | re.MULTILINE)
    table = next(block for block in blocks if block.startswith("Opportunity,"))
    import_map = next(block for block in blocks if block.startswith("kind: deals"))
    commands = [b for b in blocks if b.startswith(("acctcli", "mkdir"))]
    assert len(commands) >= 8
    script = ["set -e"]
    for block in commands:
        script += (
            [block]
            if "import csv" not in block
            else [
                f"cat > deals.csv <<'END'\n{table}END",
                f"cat > map.yaml <<'END'\n{import_map}END",
                block,
            ]
        )
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=folder,
        env={
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(folder),
            "ACCTCLI_ACTOR": "anna@example.com",
            "ACCTCLI_TODAY": "2026-03-10",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Acme Bakery is now an account" in done.stderr
    assert "Blue Door Books is now an account" in done.stderr


@pytest.mark.parametrize("page", sorted((PROJECT / "docs").glob("*.md")), ids=lambda p: p.stem)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert not target or (page.parent / target).exists(), target


def test_every_command_of_the_readme_is_there(folder: Path) -> None:
    table = README.partition("## Commands")[2].partition("## More")[0]
    program = Path(sys.executable).parent / "acctcli"
    for line in re.findall(r"^acctcli (.*)$", table, re.MULTILINE):
        noun, *verbs = line.split()
        for words in [[noun, verb] for verb in verbs] or [[noun]]:
            done = subprocess.run(
                [program, *words, "--help"], capture_output=True, text=True, check=True
            )
            assert done.stdout.startswith(f"Usage: acctcli {' '.join(words)}")


def test_the_sample_book_is_without_findings(folder: Path) -> None:
    shutil.copytree(PROJECT / "sample-data", folder / "sample")
    done = subprocess.run(
        [Path(sys.executable).parent / "acctcli", "--book", folder / "sample", "check"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_the_readme_lists_every_command() -> None:
    listed = block_of("Commands")
    told = {words[1]: set(words[2:]) for line in listed.splitlines() if (words := line.split())}
    branches = json.loads((PROJECT / "acctcli" / "cli" / "app" / "tree.json").read_text("utf-8"))[
        "branches"
    ]
    assert told == {name: set(branches[name][1]) for name in branches[""][1]}


def test_the_readme_lists_every_option_that_many_commands_have() -> None:
    part = README.partition("## In scripts")[2].partition("## Commands")[0]
    told = set(re.findall(r"^\| `(?:-\w \w+`, `)?(--[a-z-]+)", part, re.MULTILINE))
    assert told == {
        max(option.opts, key=len)
        for option in (*list_options(), *global_options())
        if option.name != "help"
    }


def block_of(heading: str) -> str:
    found = re.search(rf"^## {heading}\n\n```\n(.*?)```", README, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]
