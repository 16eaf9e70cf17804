"""The page about editors and git: its commands run, its hook is the one that there is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from conftest import PROJECT

from acctcli.core.model.kinds import KIND_NAMES
from acctcli.store.config.editor_schemas import comment
from acctcli.store.files.layout import is_file_of

if TYPE_CHECKING:
    from conftest import CommandLine

PAGE = (PROJECT / "docs" / "editors.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)
(HOOK,) = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def test_the_commands_run(book: Path, acct: CommandLine) -> None:
    lines = [line for kind, text in BLOCKS if not kind for line in text.splitlines()]
    assert len(lines) == 4
    for line in lines:
        words, _, _ = line.partition(" > ")
        result = acct(*words.split()[1:])
        assert result.code == 0, line
        if words.split()[2:3] == ["deals"]:
            assert json.loads(result.out)["title"] == "Deals"


def test_the_comments_are_those_that_are_written() -> None:
    assert f"{comment('deals.yaml', 'deals')}\n- id" in PAGE
    path = comment("deals/2026.yaml", "deals").strip().partition("=")[2]
    assert f"in `deals/2026.yaml` it reads `{path}`" in PAGE


def test_the_hook_is_the_one_that_there_is() -> None:
    (config,) = (text for kind, text in BLOCKS if "hooks:" in text and kind == "yaml")
    loaded: Any = yaml.safe_load(config)
    assert loaded["repos"][0]["hooks"] == [{"id": HOOK["id"]}]


def test_the_hook_runs_a_program_of_ours_on_no_file_by_name() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert HOOK["language"] == "python"
    assert HOOK["entry"].split()[0] in project["scripts"]
    assert HOOK["pass_filenames"] is False
    assert set(HOOK) == {
        "id", "name", "description", "entry", "language", "pass_filenames", "files",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "acctcli.yaml",
        "rates.yaml",
        "attachments/contract.pdf",
        *(
            f"{kind}{end}"
            for kind in KIND_NAMES
            for end in (".yaml", ".yml", "/a.yaml", "/b/c.yml")
        ),
    ],
)
def test_the_hook_is_about_every_file_of_a_book(name: str) -> None:
    for path in (name, f"customers/{name}"):
        assert re.search(HOOK["files"], path)
    kinds = [kind for kind in KIND_NAMES if is_file_of(kind, name)]
    others = {"acctcli.yaml", "rates.yaml", "attachments/contract.pdf"}
    assert len(kinds) == (name not in others)


@pytest.mark.parametrize(
    "name", ["README.md", "history.jsonl", "myorgs.yaml", "deals.yaml.orig", "docs/other.yaml"]
)
def test_the_hook_is_about_no_other_file(name: str) -> None:
    assert not re.search(HOOK["files"], name)


def test_a_bad_book_is_not_committed(book: Path, acct: CommandLine) -> None:
    def git(*words: str) -> subprocess.CompletedProcess[str]:
        name = ["-c", "user.name=Anna", "-c", "user.email=anna@example.com"]
        return subprocess.run(
            ["git", *name, *words],
            cwd=book,
            env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert git("init", "-q").returncode == 0
    (script,) = (text for kind, text in BLOCKS if kind == "sh")
    assert HOOK["entry"] in script
    hook = book / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(script, "utf-8")
    hook.chmod(0o755)
    assert acct("org", "add", "Acme", "-q").code == 0
    git("add", "-A")
    done = git("commit", "-q", "-m", "Begin")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert ".acctcli" not in git("ls-files").stdout
    with (book / "orgs.yaml").open("a", encoding="utf-8") as file:
        file.write("- id: beta\n")
    git("add", "-A")
    done = git("commit", "-q", "-m", "Beta")
    assert done.returncode == 1
    assert "orgs.yaml:6:1: error [missing-field]: " in done.stdout + done.stderr
