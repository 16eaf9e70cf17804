"""The pages on completion and on other programs: commands run, tables have two sides."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from conftest import PROJECT

DOCS = PROJECT / "docs"


def test_the_scripts_are_put_where_the_page_says(tmp_path: Path) -> None:
    page = (DOCS / "completion.md").read_text("utf-8")
    blocks = re.findall(r"^```\n(.*?)```", page, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 3
    for block in blocks:
        subprocess.run(
            ["bash", "-e", "-c", block],
            env={
                "HOME": str(tmp_path),
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            },
            check=True,
        )
    made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    assert made == {
        Path(".local/share/bash-completion/completions/acctcli"),
        Path(".zfunc/_acctcli"),
        Path(".config/fish/completions/acctcli.fish"),
    }
    assert all((tmp_path / path).stat().st_size > 500 for path in made)


def test_the_table_of_what_is_completed_names_options_there_are() -> None:
    from acctcli.cli.app.command_tree import tree

    page = (DOCS / "completion.md").read_text("utf-8")
    found = tree()
    known = {*found.globals, *found.lists}
    known |= {name for each in found.branches.values() for o in each.options for name in o.names}
    told = set(re.findall(r"`(--[a-z-]+)`", page))
    assert told - known == set()
    assert len(told) > 8


def test_every_point_of_the_comparison_has_two_sides() -> None:
    rows = [
        re.split(r"(?<!\\)\|", line)[1:-1]
        for line in (DOCS / "compare.md").read_text("utf-8").splitlines()
        if line.startswith("|")
    ]
    assert len(rows) > 80
    assert all(len(row) == 2 and all(cell.strip() for cell in row) for row in rows)


def test_the_comparison_names_options_and_pages_there_are() -> None:
    from acctcli.cli.app.command_tree import tree

    page = (DOCS / "compare.md").read_text("utf-8")
    ours = " ".join(
        re.split(r"(?<!\\)\|", line)[2] for line in page.splitlines() if line.startswith("| ")
    )
    found = tree()
    known = {*found.globals, *found.lists}
    known |= {name for each in found.branches.values() for o in each.options for name in o.names}
    assert set(re.findall(r"`(--[a-z-]+)", ours)) - known == set()
    assert set(re.findall(r"`acctcli ([a-z]+)", ours)) - found.branches.keys() == set()
    assert all((DOCS / name).exists() for name in re.findall(r"\]\(([a-z-]+\.md)\)", page))
