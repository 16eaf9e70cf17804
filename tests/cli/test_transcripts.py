"""Runs the transcripts under transcripts/: what a user types and what they see, word for word.

The form, made to be read as a page of a manual:

    ## a remark
    $ acctcli org add Acme
    ! added organization "Acme" (acme)
    $ acctcli account show nobody
    ! error [not-found]: ...
    [3]

Lines after a command are what it prints: on stderr with `! ` in front, on stdout as they are; the
exit code stands in brackets when it is not 0. A command runs in a shell, so pipes work. Ids that
the book made up are written <deal-01>, <deal-02>, <todo-01>... in the order in which they were
made, and those of commits <commit-0001>...; these are as long as the ids are, so that tables stay
straight.

The first line may say which book to begin with: `## book: sample-data` (a copy of it)
or `## book: none`; otherwise it is an empty one. `UPDATE_TRANSCRIPTS=1` writes what is printed into
the files, to be read before it is kept.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.files import PROJECT

TRANSCRIPTS = sorted((PROJECT / "tests" / "transcripts").glob("*.txt"))
_MADE_ID = re.compile(r"^- +id: ([adfnop][0-9abcdefghjkmnpqrstvwxyz]{8})$", re.MULTILINE)
_COMMIT_ID = re.compile(r'^\{"commit":"(c[0-9abcdefghjkmnpqrstvwxyz]{12})"', re.MULTILINE)
_WORDS = {
    "a": "todo", "d": "deal", "f": "file", "n": "note", "o": "orga", "p": "pers",
}  # fmt: skip


class _Ids:
    """The ids the book made up, by their names in the transcript."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def learn(self, folder: Path) -> None:
        for path in sorted(folder.rglob("*.yaml")):
            for made in _MADE_ID.findall(path.read_text("utf-8")):
                if made not in self.names:
                    letter = made[0]
                    word = _WORDS[letter]
                    number = sum(name.startswith(f"<{word}") for name in self.names.values()) + 1
                    self.names[made] = f"<{word}-{number:02}>"

        history = folder / "history.jsonl"
        for made in _COMMIT_ID.findall(history.read_text("utf-8")) if history.exists() else ():
            if made not in self.names:
                number = sum(name.startswith("<commit") for name in self.names.values()) + 1
                self.names[made] = f"<commit-{number:04}>"

    def hide(self, text: str) -> str:
        for made, name in self.names.items():
            text = text.replace(made, name)
        return text

    def fill(self, command: str) -> str:
        for made, name in self.names.items():
            command = command.replace(name, made)
        return command


def _environment(home: Path) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TZ": "Europe/Rome",
        "ACCTCLI_ACTOR": "anna@example.com",
        "ACCTCLI_NOW": "2026-03-10T09:00:00+01:00",
        "ACCTCLI_TODAY": "2026-03-10",
    }


def _run(command: str, folder: Path, environ: dict[str, str], ids: _Ids) -> list[str]:
    done = subprocess.run(
        ["bash", "-c", ids.fill(command)],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    ids.learn(folder)
    lines = [
        *done.stdout.splitlines(),
        *(f"! {line}".rstrip() for line in done.stderr.splitlines()),
    ]
    if done.returncode:
        lines.append(f"[{done.returncode}]")
    return [ids.hide(line).replace(str(folder), "<book>") for line in lines]


def _play(text: str, folder: Path, home: Path) -> str:
    """The transcript as it is today: its commands and remarks, with what they print now."""
    environ, ids = _environment(home), _Ids()
    played: list[str] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            played += [line, *_run(line[2:], folder, environ, ids)]
        elif line.startswith("## "):
            after_output = played and not played[-1].startswith("## ")
            played += ["", line] if after_output else [line]
    return "\n".join(played) + "\n"


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript(path: Path, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    folder, home = tmp_path / "book", tmp_path / "home"
    home.mkdir()
    start = text.partition("\n")[0]
    if start == "## book: sample-data":
        shutil.copytree(PROJECT / "sample-data", folder)
    else:
        folder.mkdir()
        if start != "## book: none":
            setup = "acctcli init --currency EUR --timezone Europe/Rome --quiet"
            assert _run(setup, folder, _environment(home), _Ids()) == []
    played = _play(text, folder, home)
    if os.environ.get("UPDATE_TRANSCRIPTS"):
        path.write_text(played, "utf-8")
    assert played == text


def test_there_are_transcripts() -> None:
    assert TRANSCRIPTS
