"""The pages beside the manual: what they show is printed, what they name is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from helpers.files import PROJECT

from acctcli import __version__
from acctcli.cli.app.global_options import global_options, list_options

README = (PROJECT / "README.md").read_text("utf-8")
CONTRIBUTING = (PROJECT / "CONTRIBUTING.md").read_text("utf-8")
MAKEFILE = (PROJECT / "Makefile").read_text("utf-8")
PROGRAM = Path(sys.executable).parent / "acctcli"
DOCS = sorted((PROJECT / "docs").glob("*.md"))
_SITES = (
    r"https://(github\.com/acctcli/acctcli/(blob|tree)|raw\.githubusercontent\.com/acctcli/acctcli)"
)


def block_after(marker: str, page: str) -> str:
    found = re.search(rf"<!-- {marker} -->\n```\n(.*?)```", page, re.DOTALL)
    assert found
    return found[1]


def demo() -> list[str]:
    """The commands of make demo."""
    found = re.findall(r"^\t@\$\(DEMO\) (.*)$", MAKEFILE, re.MULTILINE)
    assert len(found) == 3
    return found


def demo_output(words: str, *more: str) -> str:
    """A command of make demo, and what it prints."""
    day = re.search(r"ACCTCLI_TODAY=(\S+)", MAKEFILE)
    assert day
    book = ["--book", PROJECT / "sample-data", "--today", day[1]]
    done = subprocess.run(
        [PROGRAM, *book, *words.split(), *more], capture_output=True, encoding="utf-8", check=True
    )
    return f"$ acctcli {words}\n{done.stdout}"


def test_make_demo_prints_what_the_readme_shows(folder: Path) -> None:
    accounts, _, page = demo()
    printed = f"{demo_output(accounts)}\n{demo_output(page)}"
    assert block_after("demo", README) == printed


def test_the_picture_is_the_board_of_make_demo(folder: Path) -> None:
    _, board, _ = demo()
    drawn = subprocess.run(
        [sys.executable, PROJECT / "benchmarks" / "scripts" / "terminal_svg.py"],
        input=demo_output(board, "--color", "always"),
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    picture = (PROJECT / "docs" / "img" / "board.svg").read_text("utf-8")
    assert picture == drawn, "draw it anew: make picture"
    lines: dict[str, list[str]] = {}
    for run in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text"):
        lines.setdefault(run.attrib["y"], []).append(run.text or "")
    shown = [" ".join(runs).split() for runs in lines.values()]
    assert shown == [line.split() for line in demo_output(board).splitlines() if line]


def test_make_test_runs_what_contributing_shows() -> None:
    pytest_line = next(line for line in MAKEFILE.splitlines() if line.startswith("PYTEST := "))
    recipe = MAKEFILE.replace("$(PYTEST)", pytest_line.removeprefix("PYTEST := "))
    recipe = recipe.replace("$(WORKERS)", "auto").replace("$(BIN)", ".venv/bin")
    told = block_after("test", CONTRIBUTING).splitlines()
    commands = [line for line in told if line.startswith(".venv/bin/")]
    assert len(commands) == 7
    assert [line for line in commands if f"\t{line.removesuffix('(...)')}" not in recipe] == []
    contracts = (PROJECT / "pyproject.toml").read_text("utf-8").count("[[tool.importlinter.contr")
    assert f"Contracts: {contracts} kept, 0 broken." in told
    assert len([line for line in told if re.match(r"=+ (\d+|MEASURE) passed", line)]) == 1


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "\n```\nmake test\n```\n" in README
    script = (PROJECT / ".ci" / "run").read_text("utf-8")
    assert script.splitlines()[-1].startswith("exec make test ")


def test_the_tour_of_the_readme_runs(folder: Path) -> None:
    tour = README.partition("## Five minutes")[2].partition("\n## A book\n")[0]
    blocks = re.findall(r"^```(?:yaml)?\n(.*?)```", tour, re.DOTALL | re.MULTILINE)
    table = next(block for block in blocks if block.startswith("Opportunity,"))
    import_map = next(block for block in blocks if block.startswith("kind: deals"))
    commands = [b for b in blocks if b.startswith(("acctcli", "mkdir"))]
    assert len(commands) >= 8
    shown = [block[2:].split("\n", 1) for block in blocks if block.startswith("$ ")]
    script = ["set -e"]
    for block in blocks:
        if block.startswith("$ "):
            script += ["printf '\\0'", block[2:].partition("\n")[0], "printf '\\0'"]
        if block not in commands:
            continue
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
    assert shown
    assert done.stdout.split("\0")[1::2] == [printed for _, printed in shown]
    assert "Acme Bakery is now an account" in done.stderr
    assert "Blue Door Books is now an account" in done.stderr


def links_of(page: Path) -> list[str]:
    """Where the links of a page lead, those in a list at its end included."""
    pattern = r"\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$"
    return ["".join(found) for found in re.findall(pattern, page.read_text("utf-8"), re.MULTILINE)]


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", [*sorted(PROJECT.glob("*.md")), *DOCS], ids=lambda p: p.stem)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for link in links_of(page):
        ours = re.sub(f"^{_SITES}/main/", "/", link)
        if ours.startswith(("http:", "https:")):
            continue
        path, _, anchor = ours.partition("#")
        target = PROJECT / path[1:] if path.startswith("/") else page.parent / path
        target = target if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target), link


def test_links_of_the_readme_lead_from_anywhere() -> None:
    assert [link for link in links_of(PROJECT / "README.md") if not link.startswith("https:")] == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_the_files_that_a_page_names_are_there(name: str) -> None:
    page = (PROJECT / name).read_text("utf-8")
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|json|md|txt))`", page)
    missing = [
        path
        for path in named
        if "NAME" not in path
        and not any((root / path).exists() for root in (PROJECT, PROJECT / "acctcli"))
    ]
    assert named
    assert missing == []


def test_the_manual_lists_every_page() -> None:
    listed = set(links_of(PROJECT / "docs" / "README.md"))
    assert {page.name for page in DOCS} - {"README.md"} <= listed


def test_the_changelog_has_this_version() -> None:
    headings = re.findall(r"^## (.*)$", (PROJECT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert re.fullmatch(rf"{re.escape(__version__)}, \d{{4}}-\d\d-\d\d", headings[1])


def test_every_command_of_the_readme_is_there(folder: Path) -> None:
    table = README.partition("## Commands")[2].partition("## More")[0]
    for line in re.findall(r"^acctcli (.*)$", table, re.MULTILINE):
        noun, *verbs = line.split()
        for words in [[noun, verb] for verb in verbs] or [[noun]]:
            done = subprocess.run(
                [PROGRAM, *words, "--help"], capture_output=True, text=True, check=True
            )
            assert done.stdout.startswith(f"Usage: acctcli {' '.join(words)}")


def test_the_sample_book_is_without_findings(folder: Path) -> None:
    shutil.copytree(PROJECT / "sample-data", folder / "sample")
    done = subprocess.run(
        [PROGRAM, "--book", folder / "sample", "check"],
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
