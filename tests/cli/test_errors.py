"""How errors reach the user: in one form, in colour where that is wanted, on any streams."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from acctcli.cli.app.diagnostics import has_colour, show_problems
from acctcli.core.model.errors import Problem

if TYPE_CHECKING:
    from helpers.cli import CommandLine

PROGRAM = str(Path(sys.executable).parent / "acctcli")
RED = "\x1b[31m"


@pytest.mark.parametrize(
    ("words", "message", "path"),
    [
        ("--bogus", "no such option", "acctcli"),
        ("--color purple", '--color: there is no "purple"', "acctcli"),
        (
            "accont list",
            '"acctcli accont" is no command; did you mean "acctcli account"?',
            "acctcli",
        ),
        ("zzz", '"acctcli zzz" is no command', "acctcli"),
        (
            "account lsit",
            '"acctcli account lsit" is no command; did you mean "acctcli account list"?',
            "acctcli account",
        ),
        ("account list --bogus", "no such option", "acctcli account list"),
        ("account list x y", '"acctcli account list" takes no "x y"', "acctcli account list"),
        ("acc list", '"acctcli acc" is no command; did you mean "acctcli account"?', "acctcli"),
        (
            "re",
            '"acctcli re" is no command; did you mean "acctcli report" or "acctcli redo"?',
            "acctcli",
        ),
        (
            "board",
            '"acctcli board" is no command; did you mean "acctcli account board"?',
            "acctcli",
        ),
        (
            "coverage",
            '"acctcli coverage" is no command; did you mean "acctcli report coverage"?',
            "acctcli",
        ),
        (
            "deal sh",
            '"acctcli deal sh" is no command; did you mean "acctcli deal show"?',
            "acctcli deal",
        ),
        ("account list --format xml", '--format: there is no "xml"', "acctcli account list"),
        ("account show", "NAME is missing", "acctcli account show"),
        ("account list --today", "--today needs a value", "acctcli"),
    ],
)
def test_a_usage_error_is_told_like_all_others(
    acct: CommandLine, words: str, message: str, path: str
) -> None:
    result = acct(*words.split())
    assert (result.code, result.out) == (2, "")
    said, hint = result.err.splitlines()
    assert said.startswith(f"error [usage]: {message}")
    assert not said.endswith(".")
    is_choice = "there is no" in said
    assert hint.startswith("  hint: say " if is_choice else f'  hint: see "{path} --help"')
    assert hint.endswith('"--"') == ("no such option" in said)


@pytest.mark.parametrize("words", [(), ("account",)])
def test_no_command_at_all_is_answered_with_the_help(
    acct: CommandLine, words: tuple[str, ...]
) -> None:
    result = acct(*words)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"Usage: {' '.join(('acctcli', *words))} ")


def test_a_usage_error_is_coloured_as_asked(acct: CommandLine) -> None:
    words = ("account", "list", "--bogus")
    plain = acct(*words)
    assert plain.err.startswith("error [usage]: ")
    assert acct("--color", "never", *words) == plain
    coloured = acct("--color", "always", *words, NO_COLOR="1")
    assert coloured.code == 2
    assert coloured.err.startswith(f"{RED}error\x1b[0m [usage]: ")


def test_an_error_is_coloured_as_asked(book: Path, acct: CommandLine) -> None:
    words = ("account", "show", "nobody")
    plain = acct(*words)
    assert plain.code == 3
    assert plain.err.startswith("error [")
    assert acct(*words, "--color", "never") == plain
    for coloured in (acct("--color", "always", *words), acct(*words, "--color", "always")):
        assert coloured.code == 3
        assert coloured.err.startswith(f"{RED}error\x1b[0m [")
        assert coloured.err.replace("\x1b[2m", "").replace("\x1b[0m", "").replace(RED, "") == (
            plain.err
        )


@pytest.mark.parametrize(
    ("color", "environ", "on_terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": ""}, True, True),  # which counts when it is not empty
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"TERM": "xterm"}, True, True),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
        ("never", {}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ("auto", {"FORCE_COLOR": "0"}, False, False),
        ("auto", {"FORCE_COLOR": ""}, True, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colour_is_wanted(
    color: str, environ: dict[str, str], *, on_terminal: bool, expected: bool
) -> None:
    assert has_colour(color, environ, on_terminal=on_terminal) is expected


def test_many_problems_are_told_by_the_first_ones_and_a_count() -> None:
    def told(count: int) -> list[str]:
        err = io.StringIO()
        show_problems([Problem(id="odd", message=f"number {n}") for n in range(count)], err)
        return err.getvalue().splitlines()

    assert told(0) == []
    assert told(1) == ["error [odd]: number 0"]
    assert told(50)[-1] == "error [odd]: number 49"
    assert told(53)[49:] == ["error [odd]: number 49", "... and 3 more"]


# A shell can close what a program writes to: python then has None for a stream.


def with_closed(streams: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {streams}', PROGRAM, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("account", "list"), 0),
        (("account", "list", "--format", "json"), 0),
        (("account", "board"), 0),
        (("account", "show", "acme"), 0),
        (("check",), 0),
        (("account", "show", "nobody"), 3),
        (("account", "lsit"), 2),
        ((), 2),
        (("--help",), 0),
        (("--version",), 0),
    ],
)
def test_closed_streams_change_nothing_of_how_a_command_ends(
    small: Path, words: tuple[str, ...], code: int
) -> None:
    said = with_closed("", small, *words).stderr
    for streams in (">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
        done = with_closed(streams, small, *words)
        assert (done.returncode, done.stderr) == (code, "" if "2>&-" in streams else said), streams


def test_a_change_is_made_with_closed_streams_too(small: Path) -> None:
    done = with_closed(">&-", small, "org", "add", "Delta")
    assert (done.returncode, done.stderr) == (0, 'added organization "Delta" (delta)\n')
    assert with_closed("<&- >&- 2>&-", small, "org", "add", "Echo").returncode == 0
    text = (small / "orgs.yaml").read_text("utf-8")
    assert "- id: delta\n" in text
    assert "- id: echo\n" in text


# With --format json, what is told is JSON too.

ERROR = {
    *("id", "level", "message", "hint", "file", "line", "column"),
    *("kind", "record", "field", "exit_code"),
}


def objects(text: str) -> list[dict[str, object]]:
    assert text.isascii()
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("words", "name", "code"),
    [
        ("account list --bogus --format json", "usage", 2),
        ("--format=ndjson account lsit", "usage", 2),
        ("--format json", "usage", 2),
        ("account --format json", "usage", 2),
        ("account list --format table --format json --color purple", "usage", 2),
        ("account show nobody --format json", "not-found", 3),
        ("--format ndjson account list --book /nowhere", "no-book", 3),
        ("account list --today x --format json", "bad-date", 5),
    ],
)
def test_an_error_is_an_object_when_json_was_asked_for(
    small: Path, acct: CommandLine, words: str, name: str, code: int
) -> None:
    result = acct(*words.split())
    assert (result.code, result.out) == (code, "")
    (told,) = objects(result.err)
    assert told.keys() == ERROR
    assert (told["id"], told["level"], told["exit_code"]) == (name, "error", code)


def test_it_is_text_when_another_format_is_asked_for_in_the_end(
    small: Path, acct: CommandLine
) -> None:
    result = acct("--format", "json", "account", "show", "nobody", "--format", "table")
    assert result.err.startswith("error [not-found]: ")
    result = acct("note", "add", "--org", "acme", "--", "--format", "json")
    assert result.err.startswith("error [usage]: ")


def test_an_error_of_the_book_has_its_place_and_its_record(small: Path, acct: CommandLine) -> None:
    deals = small / "deals.yaml"
    deals.write_text(deals.read_text("utf-8").replace("2026-01-15", "2026-13-15"), "utf-8")
    result = acct("account", "list", "--format", "json")
    assert result.code == 4
    (told,) = objects(result.err)
    assert told == {
        "id": "bad-date",
        "level": "error",
        "message": 'won_time: "2026-13-15" is not a day of the calendar',
        "hint": "write a date, such as 2026-03-31, or a time, such as 2026-03-31T09:30:00+02:00",
        "file": "deals.yaml",
        "line": 7,
        "column": 13,
        "kind": "deals",
        "record": "d1",
        "field": "won_time",
        "exit_code": 4,
    }
    result = acct("account", "list", "--format", "json", "--skip-invalid")
    assert result.code == 0
    (told,) = objects(result.err)
    assert told["exit_code"] is None  # the command went on


def test_a_message_is_an_object_too(book: Path, acct: CommandLine) -> None:
    result = acct("org", "add", "Café \x1b", "--format", "json")
    assert objects(result.err) == [
        {"level": "note", "message": 'added organization "Café \x1b" (cafe)'}
    ]
    assert acct("org", "add", "Beta", "--format", "json", "--quiet").err == ""


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_what_comes_from_outside_is_an_object_too(
    small: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("acctcli.cli.app.session.Session.read", fail)
    result = acct("account", "list", "--format", "json")
    (told,) = objects(result.err)
    name = "io" if isinstance(error, OSError) else "interrupted"
    assert (told["id"], told["exit_code"]) == (name, result.code)
    assert result.code == (7 if name == "io" else 130)
    assert told.keys() == ERROR
    plain = acct("account", "list")
    assert plain.code == result.code
    assert plain.err.startswith("error [io]: " if name == "io" else "interrupted; ")


def test_a_line_of_another_book_is_not_shown(
    small: Path, acct: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deals = small / "deals.yaml"
    deals.write_text(deals.read_text("utf-8").replace("status: won", "status: wno"), "utf-8")
    assert "  6 |   status: wno\n" in acct("account", "list").err
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    assert "  6 |   status: wno\n" in acct("account", "list", "--book", str(small)).err
    (other / "deals.yaml").write_text("1\n2\n3\n4\n5\n6 is another one\n", "utf-8")
    assert " | " not in acct("account", "list", "--book", str(small)).err


@pytest.mark.parametrize(
    ("words", "code"),
    [(("accont",), 2), (("account", "show", "nobody"), 3), (("deal", "add"), 2)],
)
@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.usefixtures("book")
def test_where_standard_error_takes_nothing_the_exit_code_tells(
    words: tuple[str, ...], code: int, *, buffered: bool
) -> None:
    environ = {**os.environ, "PYTHONUNBUFFERED": "" if buffered else "1"}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([PROGRAM, *words], env=environ, stderr=full, check=False)
    assert done.returncode == code
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([PROGRAM, *words], env=environ, stderr=writing, check=False)
    os.close(writing)
    assert done.returncode == code


def test_a_word_that_many_commands_have_is_answered_with_none(acct: CommandLine) -> None:
    for words in ("list", "zz"):
        assert acct(words).err.splitlines()[0] == f'error [usage]: "acctcli {words}" is no command'


def test_nothing_stands_behind_a_topic(acct: CommandLine) -> None:
    result = acct("help", "exit-codes", "errors")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        'error [usage]: "exit-codes" is a topic, and nothing stands behind one\n'
        '  hint: see "acctcli help exit-codes"\n'
    )
