"""The manual says what the program does: its commands run, its examples print what it shows."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from helpers.docs import lines_of, page_of, rows_of_table, shown_on
from helpers.files import PROJECT

from acctcli.cli.app.exit_codes import Exit
from acctcli.cli.app.global_options import FORMATS
from acctcli.cli.app.output_file import ENDINGS
from acctcli.core.checks.registry import CHECKS
from acctcli.core.model.choices import CHANGE_KINDS, DIGEST_SECTIONS
from acctcli.core.model.kinds import KIND_NAMES, KINDS, FieldType
from acctcli.core.model.records import Settings
from acctcli.core.model.settings import INPUTS
from acctcli.core.query.columns import COMPUTED
from acctcli.core.query.group_values import GROUPINGS
from acctcli.core.reports.account_page import PAGE_SECTIONS
from acctcli.core.settings.reader import read_settings
from acctcli.render.list_columns import MACHINE_COLUMNS
from acctcli.store.config.editor_schemas import comment
from acctcli.store.files.layout import is_file_of

if TYPE_CHECKING:
    from helpers.cli import CommandLine


DOCS = PROJECT / "docs"
DAY = ("--today", "2026-03-10")
# Pages whose commands run in the sample book as they stand.
PAGES = ("changes", "contact", "digest", "filters", "renewals", "repeat", "views")
COMMANDS = {
    "changes": ["changes"],
    "contact": ["report coverage", "account list"],
    "digest": ["digest"],
    "renewals": ["report renewals", "deal renew"],
    "repeat": ["report repeat"],
}


@pytest.fixture
def sample(folder: Path) -> Path:
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    return folder


# every page


@pytest.mark.parametrize("name", [*PAGES, "check", "output", "page"])
def test_what_a_page_shows_is_printed(sample: Path, acct: CommandLine, name: str) -> None:
    assert (sample / "acctcli.yaml").exists()
    blocks = shown_on(name)
    counted = {"check": 1, "output": 3, "page": 5}
    assert len(blocks) == counted.get(name, len(blocks)) > 0
    ending = (1, "2 warnings\n") if name == "check" else (0, "")
    for command, shown in blocks:
        result = acct(*shlex.split(command)[1:], *DAY)
        assert (result.code, result.out) == (ending[0], shown), command
        assert result.err == ending[1] or name == "page"  # it shows a change that is told there


def test_pages_have_commands_of_one_line() -> None:
    assert sum(bool(lines_of(name)) for name in PAGES) > len(PAGES) // 2


@pytest.mark.parametrize("name", PAGES)
def test_commands_of_one_line_run(sample: Path, acct: CommandLine, name: str) -> None:
    assert (sample / "acctcli.yaml").exists()
    for line in lines_of(name):
        first, _, piped = line.partition("|")
        if "-" in shlex.split(first):  # it wants ids from a pipe
            continue
        result = acct(*shlex.split(first)[1:], *DAY)
        assert result.code == 0, result.err
        assert result.out or not piped, line


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_names_every_option_of_its_commands(acct: CommandLine, name: str) -> None:
    told = set(re.findall(r"--[a-z-]+", page_of(name)))
    for command in COMMANDS[name]:
        help_text = acct(*command.split(), "--help").out.partition("\nOptions of ")[0]
        options = set(re.findall(r"^ +(--[a-z-]+)", help_text, re.MULTILINE))
        assert options
        assert options <= told


# rules, formats, import, history


def test_the_table_of_fields_is_the_codes() -> None:
    told = {
        name: re.findall(r"`(\w+)`", fields)
        for name, fields in rows_of_table("rules", "Fields").items()
    }
    everywhere = told["all of them"]
    for kind in KINDS.values():
        fields = [field.name for field in kind.fields]
        assert told[f"`{kind.name}`"] + everywhere == fields


def test_the_table_of_exit_codes_is_the_codes() -> None:
    told = {int(code) for code in rows_of_table("rules", "Exit codes")}
    assert told == {int(code) for code in Exit if code is not Exit.INTERRUPTED}


def test_the_table_of_settings_names_them_all() -> None:
    text = page_of("formats")
    settings = {*Settings.__struct_fields__, "buckets"} - {"soon", "later"}
    assert settings <= set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))


def test_the_example_of_an_import_runs_as_told(book: Path, acct: CommandLine) -> None:
    page = page_of("import").partition("## An example")[2]
    table, import_map, commands = re.findall(r"^```\w*\n(.*?)```", page, re.DOTALL | re.MULTILINE)[
        :3
    ]
    (book / "customers.csv").write_text(table, "utf-8")
    (book / "deals-map.yaml").write_text(import_map, "utf-8")
    results = [acct(*line.split()[1:]) for line in commands.splitlines()]
    assert [result.code for result in results] == [0, 0]
    assert "3 created" in results[1].out
    assert "2 organizations made by links" in results[1].out
    assert "Acme is now an account\n" in results[1].err


def test_the_examples_of_the_history_run_as_told(book: Path, acct: CommandLine) -> None:
    page = page_of("history")
    blocks = re.findall(r"^```\n(.*?)```", page, re.DOTALL | re.MULTILINE)
    commands = [line for block in blocks for line in block.splitlines() if line[:7] == "acctcli"]
    assert len(commands) == 10
    results = {line: acct(*shlex.split(line)[1:]) for line in commands}
    assert [result.code for result in results.values()] == [0] * len(results)
    (shown,) = (block for block in blocks if not block.startswith("acctcli"))
    told = results['acctcli log "Two ovens"'].out.splitlines()[:2]
    assert [_without_ids(line) for line in told] == [_without_ids(x) for x in shown.splitlines()]
    everything = {path.name: path.read_bytes() for path in book.glob("*.yaml")}
    assert acct("undo", "3").code == 0
    assert sorted(path.name for path in book.glob("*.yaml")) == ["acctcli.yaml"]
    assert acct("redo").code == 0
    assert {path.name: path.read_bytes() for path in book.glob("*.yaml")} == everything


def _without_ids(text: str) -> str:
    return re.sub(r"\b[cd][0-9a-z]{8,12}\b", "ID", text)


def test_the_table_of_log_names_its_options(book: Path, acct: CommandLine) -> None:
    told = {option.split()[0].strip("`") for option in rows_of_table("history", "What happened")}
    help_text = acct("log", "--help").out.partition("\nOptions of ")[0]
    assert told - {"--limit"} == set(re.findall(r"^ +(--\w+)", help_text, re.MULTILINE))


# renewals, changes, digest


def test_what_a_renewal_says_is_what_the_page_says(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    said = acct("deal", "renew", "Leaf scales with printer").err
    planned = re.compile(r"(planned .*) \(\w+\) for")  # its id is a new one each time
    assert planned.sub(r"\1 for", said) in planned.sub(r"\1 for", page_of("renewals"))


@pytest.mark.parametrize("name", ["digest", "changes"])
def test_a_page_names_every_field(name: str) -> None:
    text = page_of(name)
    for path in (*MACHINE_COLUMNS[name], *(DIGEST_SECTIONS if name == "digest" else CHANGE_KINDS)):
        assert f"`{path}`" in text, path


# check


def test_the_tables_of_checks_are_the_codes() -> None:
    rows = re.findall(r"^\| `(.*?)` \| (.*?) \| (.*?) \| (.*?) \|$", page_of("check"), re.MULTILINE)
    assert rows == [(each.name, each.level, each.about, each.fix) for each in CHECKS.values()]
    plain, _, named = page_of("check").partition("## Checks that are run when they are named")
    assert all(f"| `{name}` |" in (plain if each.plain else named) for name, each in CHECKS.items())
    care = named.partition("And for what is to be done")[2]
    assert [f"| `{name}` |" in care for name in CHECKS] == [each.care for each in CHECKS.values()]


def test_every_command_of_the_page_on_checks_runs(sample: Path, acct: CommandLine) -> None:
    before = {path.name: path.read_bytes() for path in sample.glob("*.yaml")}
    lines = re.findall(r"^(?:[0-9].{13})?(acctcli .*)", page_of("check"), re.MULTILINE)
    assert len(lines) == 14
    for line in lines:
        words = [word for word in shlex.split(line)[1:] if word not in {"--book", "~/book"}]
        result = acct(*words, *DAY)
        assert result.code in {0, 1}, line
        cares = any(CHECKS[word].care for word in words if word in CHECKS)
        assert cares or (result.code, result.out) == (0, ""), line
    assert {path.name: path.read_bytes() for path in sample.glob("*.yaml")} == before


def test_what_is_found_and_mended_reads_as_on_the_page(book: Path, acct: CommandLine) -> None:
    (book / "activities.yaml").write_text("\n" * 18 + "- id: a\n  subject: s\n", "utf-8")
    (book / "deals.yaml").write_text("- id: d1\n  title: Scales\n  value: 5\n", "utf-8")
    found = acct("check", "undone-without-due")
    assert f"```\n{found.out}{found.err}```" in page_of("check")
    assert acct("check", "--fix").err.splitlines()[0] in page_of("check")


def test_the_page_on_checks_names_every_option(acct: CommandLine) -> None:
    help_text = acct("check", "--help").out.partition("Options of every")[0]
    options = set(re.findall(r"^ +(--[a-z-]+)", help_text, re.MULTILINE))
    assert {"--only", "--where"} <= options <= set(re.findall(r"--[a-z-]+", page_of("check")))


# completion and the comparison


def test_the_scripts_are_put_where_the_page_says(tmp_path: Path) -> None:
    page = page_of("completion")
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

    page = page_of("completion")
    found = tree()
    known = {*found.globals, *found.lists}
    known |= {name for each in found.branches.values() for o in each.options for name in o.names}
    told = set(re.findall(r"`(--[a-z-]+)`", page))
    assert told - known == set()
    assert len(told) > 8


def test_every_point_of_the_comparison_has_two_sides() -> None:
    rows = [
        re.split(r"(?<!\\)\|", line)[1:-1]
        for line in page_of("compare").splitlines()
        if line.startswith("|")
    ]
    assert len(rows) > 80
    assert all(len(row) == 2 and all(cell.strip() for cell in row) for row in rows)


def test_the_comparison_names_options_and_pages_there_are() -> None:
    from acctcli.cli.app.command_tree import tree

    page = page_of("compare")
    ours = " ".join(
        re.split(r"(?<!\\)\|", line)[2] for line in page.splitlines() if line.startswith("| ")
    )
    found = tree()
    known = {*found.globals, *found.lists}
    known |= {name for each in found.branches.values() for o in each.options for name in o.names}
    assert set(re.findall(r"`(--[a-z-]+)", ours)) - known == set()
    assert set(re.findall(r"`acctcli ([a-z]+)", ours)) - found.branches.keys() == set()
    assert all((DOCS / name).exists() for name in re.findall(r"\]\(([a-z-]+\.md)\)", page))


# editors and git


EDITOR_BLOCKS = re.findall(r"^```(\w*)\n(.*?)```", page_of("editors"), re.DOTALL | re.MULTILINE)
(HOOK,) = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def test_the_commands_for_editors_run(book: Path, acct: CommandLine) -> None:
    lines = [line for kind, text in EDITOR_BLOCKS if not kind for line in text.splitlines()]
    assert len(lines) == 4
    for line in lines:
        words, _, _ = line.partition(" > ")
        result = acct(*words.split()[1:])
        assert result.code == 0, line
        if words.split()[2:3] == ["deals"]:
            assert json.loads(result.out)["title"] == "Deals"


def test_the_comments_are_those_that_are_written() -> None:
    assert f"{comment('deals.yaml', 'deals')}\n- id" in page_of("editors")
    path = comment("deals/2026.yaml", "deals").strip().partition("=")[2]
    assert f"in `deals/2026.yaml` it reads `{path}`" in page_of("editors")


def test_the_hook_is_the_one_that_there_is() -> None:
    (config,) = (text for kind, text in EDITOR_BLOCKS if "hooks:" in text and kind == "yaml")
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
    (script,) = (text for kind, text in EDITOR_BLOCKS if kind == "sh")
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


# health and the board


HEALTH = page_of("health")
BOARD = page_of("board")


def blocks_of(page: str, kind: str = "") -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return [text for word, text in found if word == kind]


def commands_of(text: str) -> list[list[str]]:
    return [shlex.split(line)[1:] for line in text.splitlines() if line.startswith("acctcli ")]


def test_the_example_of_health_runs_as_told(book: Path, acct: CommandLine) -> None:
    example, shown, *rest = blocks_of(HEALTH)
    results = [acct(*words) for words in commands_of(example)]
    assert [result.code for result in results] == [0] * 4
    assert shown in results[-1].out
    several = commands_of(rest[0])
    assert len(several) == 4
    assert [acct(*words).code for words in several] == [0] * 4


def test_the_settings_of_health_are_the_codes() -> None:
    usual, one = (
        read_settings(yaml.load(text, yaml.BaseLoader))  # noqa: S506 - it makes texts alone
        for text in blocks_of(HEALTH, "yaml")
    )
    assert usual == (Settings(), [])
    assert one[0].health.weights == {"contact": 1}
    assert one[1] == []


def test_the_tables_name_all_inputs_and_groupings() -> None:
    assert re.findall(r"^\| `(\w+)` \|", HEALTH, re.MULTILINE) == list(INPUTS)
    assert re.findall(r"^\| `(\w+)` \|", BOARD, re.MULTILINE) == list(GROUPINGS)


@pytest.mark.parametrize("words", [each for text in blocks_of(BOARD) for each in commands_of(text)])
def test_the_boards_of_the_manual_run(
    folder: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    shutil.copytree(PROJECT / "sample-data", folder / "sample")
    monkeypatch.chdir(folder / "sample")
    result = acct(*words, "--today", "2026-03-10")
    assert (result.code, result.err) == (0, "")
    assert result.out


# filters and views


def test_the_terms_of_the_tables_can_be_asked(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    asked = 0
    for row in re.findall(r"^\|.*", page_of("filters"), re.MULTILINE):
        for term in re.findall(r"`'?([a-z_]+[=<>~!][^`]*?)'?`", row):
            kinds = ("account", "deal", "activity")
            codes = [acct(kind, "list", "--where", term).code for kind in kinds]
            # Whoever is named in an example may not be there.
            assert 0 in codes or (3 in codes and term.startswith("org=")), term
            asked += 1
    assert asked > 20


def test_the_page_names_every_type_option_and_computed_field(acct: CommandLine) -> None:
    page = page_of("filters")
    help_text = acct("account", "list", "--help").out
    part = help_text.partition("Options of lists")[2].partition("Options of every")[0]
    for option in re.findall(r"^ +(--[a-z-]+)", part, re.MULTILINE):
        assert option in page
    for names in COMPUTED.values():
        for name in names:
            assert f"`{name}`" in page
    left_out = {
        FieldType.INTEGER,
        FieldType.DELAY,
        FieldType.REPEAT,
        FieldType.AMOUNT,
        FieldType.TIME,
    }
    for each in FieldType:
        assert each in left_out or each.value in page, each


def test_the_views_are_those_of_the_sample_book() -> None:
    block = page_of("views").partition("```yaml\n")[2].partition("```")[0]
    assert block in (PROJECT / "sample-data" / "acctcli.yaml").read_text("utf-8")


# output


def test_the_commands_of_the_page_on_output_write_files(folder: Path, acct: CommandLine) -> None:
    shutil.copytree(PROJECT / "sample-data", folder / "sample")
    commands = re.findall(r"^acctcli (.* -o (\S+))$", page_of("output"), re.MULTILINE)
    assert len(commands) == 3
    for command, name in commands:
        assert acct("--book", "sample", *shlex.split(command)) == (0, "", "")
        assert (folder / name).read_text("utf-8")


def test_the_command_of_the_schema_runs(folder: Path, acct: CommandLine) -> None:
    (command,) = re.findall(r"^acctcli (schema .*) > ", page_of("output"), re.MULTILINE)
    result = acct(*shlex.split(command))
    assert (result.code, result.err) == (0, "")
    schema = result.json
    assert isinstance(schema, dict)
    assert schema["title"] == "acctcli account list --format json"


def output_table(first: str) -> dict[str, str]:
    """The rows of the output_table whose head begins so."""
    text = page_of("output").partition(f"| {first} |")[2].partition("\n\n")[0]
    return dict(re.findall(r"^\| (`.*?) \| (.*?) \|$", text, re.MULTILINE))


def test_the_table_of_formats_is_the_codes() -> None:
    assert {name.strip("`") for name in output_table("format")} == set(FORMATS)


def test_the_table_of_endings_is_the_codes() -> None:
    told = {
        ending: form.strip("`")
        for endings, form in output_table("ending").items()
        for ending in re.findall(r"`(\.\w+)`", endings)
    }
    assert told == ENDINGS


# the page of an account


def test_the_commands_for_notes_run(book: Path, acct: CommandLine) -> None:
    assert acct("org", "add", "Acme").code == 0
    text = page_of("page").partition("## Notes")[2].partition("## Files")[0]
    commands = re.findall(r"^acctcli (note add .*)$", text, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        words = shlex.split(command.partition(" <")[0])
        assert acct(*words, stdin="Minutes\n", EDITOR="true").code == 0


def test_the_table_of_sections_is_the_codes() -> None:
    table = page_of("page").partition("| section |")[2].partition("\n\n")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == PAGE_SECTIONS


def test_the_options_and_keys_of_the_timeline_are_all_told(acct: CommandLine) -> None:
    text = page_of("page").partition("## The timeline")[2].partition("## Notes")[0]
    told = re.findall(r"^\| `(--\w+)", text, re.MULTILINE)
    own = acct("account", "timeline", "--help").out.partition("\nOptions of ")[0]
    assert set(told) - {"--limit"} == set(re.findall(r"^ +(--\w+)", own, re.MULTILINE))
    assert set(MACHINE_COLUMNS["timeline"]) <= set(re.findall(r"`(\w+)`", text))
