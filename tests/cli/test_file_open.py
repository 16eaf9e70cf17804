"""What `file open` hands to another program, and what it refuses to."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.cli.commands.file_open import _link
from acctcli.core.model.errors import InvalidInputError

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

# Keeps what it is given in the file named last but one.
_KEEPER = (
    "import sys; open(sys.argv[1], 'a').write(sys.argv[2] + chr(10)); sys.exit(len(sys.argv) - 3)"
)


@pytest.fixture
def opener(folder: Path, tmp_path: Path) -> str:
    """A command that writes down what it is to open."""
    script = tmp_path / "keeper.py"
    script.write_text(_KEEPER)
    return f"'{sys.executable}' '{script}' '{tmp_path / 'opened'}'"


@pytest.fixture
def files(book: Path, acct: CommandLine) -> Path:
    """A book with a copy, links and a file that is nowhere."""
    assert acct("org", "add", "Acme").code == 0
    (book / "plan.txt").write_text("the plan")
    assert acct("file", "add", "plan.txt", "--org", "acme").code == 0
    (book / "plan.txt").unlink()
    with (book / "files.yaml").open("a") as file:
        file.write(
            "- {id: web, name: Web, url: 'https://example.com/a?b=c#d', org: acme}\n"
            "- {id: bad, name: Bad, url: 'javascript:alert(1)', org: acme}\n"
            "- {id: out, name: Out, path: ../secret, org: acme}\n"
            "- {id: none, name: None, org: acme}\n"
        )
    return book


def test_copies_and_links_are_handed_over(files: Path, acct: CommandLine, opener: str) -> None:
    for name in ("plan.txt", "Web"):
        result = acct("file", "open", name, ACCTCLI_OPENER=opener)
        assert (result.code, result.out) == (0, "")
        assert result.err.startswith(f'opened file "{name}"')
    opened = (files.parent / "opened").read_text().splitlines()
    assert opened == [str(files.resolve() / "attachments/plan.txt"), "https://example.com/a?b=c#d"]


@pytest.mark.parametrize(
    ("name", "code", "error"),
    [
        ("Bad", 5, "link-not-opened"),
        ("Out", 5, "outside-book"),
        ("None", 5, "nothing-to-open"),
        ("Nobody", 3, "not-found"),
    ],
)
def test_nothing_else_is(
    files: Path, acct: CommandLine, opener: str, *, name: str, code: int, error: str
) -> None:
    (files.parent / "secret").write_text("x")
    for more in ([], ["--print"]):
        result = acct("file", "open", name, *more, ACCTCLI_OPENER=opener)
        assert (result.code, result.out) == (code, "")
        assert f"error [{error}]" in result.err
    assert not (files.parent / "opened").exists()


def test_where_it_is_can_be_printed(files: Path, acct: CommandLine) -> None:
    where = str(files.resolve() / "attachments/plan.txt")
    assert acct("file", "open", "plan.txt", "--print").out == f"{where}\n"
    told = json.loads(acct("file", "open", "plan.txt", "--print", "--format", "json").out)
    assert list(told) == ["id", "name", "target"]
    assert told["target"] == where


def test_a_copy_that_is_gone_is_not_found(files: Path, acct: CommandLine) -> None:
    (files / "attachments/plan.txt").unlink()
    result = acct("file", "open", "plan.txt", "--print")
    assert (result.code, result.out) == (3, "")
    assert "error [missing-attachment]" in result.err


@pytest.mark.parametrize(
    ("given_opener", "code", "error"),
    [
        ("'", 2, "bad-opener"),
        (" ", 2, "bad-opener"),
        ("/nowhere/at/all", 7, "opener-failed"),
        ("false", 7, "opener-failed"),
    ],
)
def test_an_opener_that_does_not_work(
    files: Path, acct: CommandLine, given_opener: str, code: int, error: str
) -> None:
    result = acct("file", "open", "web", ACCTCLI_OPENER=given_opener)
    assert (result.code, result.out) == (code, "")
    assert f"error [{error}]" in result.err


@pytest.mark.parametrize(("platform", "program"), [("linux", "xdg-open"), ("darwin", "open")])
def test_the_usual_opener(
    files: Path,
    acct: CommandLine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    platform: str,
    program: str,
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", platform)
        result = acct("file", "open", "web")
        assert (result.code, f'no program "{program}"' in result.err) == (7, True)
        (tools / program).write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
        (tools / program).chmod(0o755)
        assert acct("file", "open", "web").code == 0
    assert (tmp_path / "opened").read_text() == "https://example.com/a?b=c#d\n"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "HTTPS://EXAMPLE.com/x's",
        "http://localhost:8000/ä?x=1",
        "ftp://ftp.example.com/a",
        "mailto:anna@example.com?subject=Hi",
    ],
)
def test_links_that_are_opened(url: str) -> None:
    assert _link(url, only_print=False) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "ssh://example.com",
        "smb://example.com/x",
        "x-terminal:rm",
        "file://example.com/etc/passwd",
        "file:///etc/\x1b[31m",
        "http:/etc/passwd",
        "https:",
        "https://example.com/ --flag",
        "https://example.com/\nfile:///etc/passwd",
        "https://example.com/\u202egpj",
        "https://[bad",
        "https://example.com/`id`",
        "--help",
        "../x",
        "/etc/passwd",
        "www.example.com",
        "",
    ],
)
@pytest.mark.parametrize("only_print", [True, False])
def test_links_that_are_not(url: str, *, only_print: bool) -> None:
    with pytest.raises(InvalidInputError) as caught:
        _link(url, only_print=only_print)
    assert caught.value.problems[0].id == "link-not-opened"


def test_a_linked_file_of_this_machine_is_printed_but_not_opened() -> None:
    assert _link("file:///srv/a%20b", only_print=True) == "/srv/a b"
    with pytest.raises(InvalidInputError, match="outside the book"):
        _link("file:///srv/a%20b", only_print=False)


@given(st.text() | st.text().map("https://".__add__) | st.text().map("javascript:".__add__))
def test_what_is_handed_over_is_one_plain_link(url: str) -> None:
    try:
        link = _link(url, only_print=False)
    except InvalidInputError:
        return
    assert link == url
    assert link.lower().startswith(("http://", "https://", "ftp://", "mailto:"))
    assert link.isprintable()
    assert " " not in link
