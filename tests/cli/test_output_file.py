"""What --output writes: whole or not at all, in the format of the name, and no file of a book."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from helpers.files import files_of

from acctcli.cli.app.output_file import ENDINGS, OutFile
from acctcli.core.model.errors import StorageError

if TYPE_CHECKING:
    from helpers.cli import CommandLine

PROGRAM = str(Path(sys.executable).parent / "acctcli")


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_name_of_a_file_says_its_format(ending: str, small: Path, acct: CommandLine) -> None:
    name = f"../list{ending.upper()}"
    assert acct("account", "list", "-o", name) == (0, "", "")
    printed = acct("account", "list", "--format", ENDINGS[ending])
    assert (small / name).read_text("utf-8") == printed.out
    assert printed.out


def test_the_format_that_is_named_beats_the_name(small: Path, acct: CommandLine) -> None:
    assert acct("account", "list", "--format", "json", "--output", "../list.csv").code == 0
    assert json.loads((small / "../list.csv").read_text("utf-8"))
    assert acct("--output", "../plain", "--format", "ids", "account", "list").code == 0
    assert (small / "../plain").read_text("utf-8") == "acme\nbianchi\n"


@pytest.mark.parametrize(
    ("name", "near"), [("../a.cvs", '".csv"'), ("../a", "end it"), ("../.csv", "")]
)
def test_a_name_without_a_known_ending_is_refused(
    name: str, near: str, small: Path, acct: CommandLine
) -> None:
    result = acct("account", "list", "-o", name)
    assert (result.code, result.out) == (2, "")
    assert "error [unknown-ending]: --output: " in result.err
    assert near in result.err
    assert not (small / name).exists()


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_standard_output_is_no_file(name: str, small: Path, acct: CommandLine) -> None:
    assert acct("account", "list", "-o", name) == acct("account", "list")
    assert acct("account", "list", "-o", name, "--format", "ids").out == "acme\nbianchi\n"


def test_a_file_is_replaced_and_keeps_its_mode(small: Path, acct: CommandLine) -> None:
    path = small.parent / "list.ids"
    assert acct("account", "list", "-o", str(path)).code == 0
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask
    path.write_text("old" * 1000)
    path.chmod(0o640)
    assert acct("account", "list", "-o", str(path)).code == 0
    assert path.read_text() == "acme\nbianchi\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_symlink_is_followed(small: Path, acct: CommandLine) -> None:
    target, link = small.parent / "target.ids", small.parent / "link.ids"
    target.write_text("old")
    link.symlink_to(target)
    assert acct("account", "list", "-o", str(link)).code == 0
    assert link.is_symlink()
    assert target.read_text() == "acme\nbianchi\n"
    target.unlink()
    assert acct("account", "list", "-o", str(link)).code == 0
    assert target.read_text() == "acme\nbianchi\n"


@pytest.mark.parametrize(
    "words", [("account", "show", "nobody"), ("account", "list", "--fields", "nmae")]
)
def test_a_command_that_fails_leaves_what_was_there(
    words: tuple[str, ...], small: Path, acct: CommandLine
) -> None:
    path = small.parent / "list.csv"
    assert acct(*words, "-o", str(path)).code in {3, 5}
    assert not path.exists()
    path.write_text("old")
    assert acct(*words, "-o", str(path)).code in {3, 5}
    assert path.read_text() == "old"
    assert sorted(each.name for each in small.parent.iterdir()) == ["home", "list.csv", "work"]


def test_findings_are_written_as_well(small: Path, acct: CommandLine) -> None:
    with (small / "orgs.yaml").open("a") as file:
        file.write("- id: odd\n  name: Odd\n  parent: nobody\n")
    result = acct("check", "-o", "../found.yaml", "-q")
    assert (result.code, result.out) == (1, "")
    assert [each["id"] for each in yaml.safe_load((small / "../found.yaml").read_text())] == [
        "dangling-link"
    ]
    assert acct("agenda", "--until", "2026-03-10", "--fail-if-empty", "-o", "../a.json") == (
        1,
        "",
        "",
    )
    assert (small / "../a.json").read_text() == "[]\n"


def test_a_command_that_changes_the_book_writes_what_it_changed(
    small: Path, acct: CommandLine
) -> None:
    result = acct("deal", "won", "d3", "-o", "won.yaml", "-q")
    assert (result.code, result.out, result.err) == (0, "", "")
    assert yaml.safe_load((small / "won.yaml").read_text())[0]["status"] == "won"
    assert acct("deal", "reopen", "d3", "-o", "reopened.txt", "-q").code == 0
    assert (small / "reopened.txt").read_text() == ""


@pytest.mark.parametrize(
    "name",
    [
        *("acctcli.yaml", "deals.yaml", "notes.yml", "Orgs.YAML", "rates.yaml", "deals/2026.yaml"),
        *(
            "history.jsonl",
            "attachments/list.csv",
            ".acctcli/list.csv",
            ".gitignore",
            "../{folder}/orgs.yaml",
        ),
        "holidays.yaml",
    ],
)
def test_no_file_of_a_book_is_written_over(name: str, small: Path, acct: CommandLine) -> None:
    with (small / "acctcli.yaml").open("a") as file:
        file.write("holidays: [holidays.yaml]\n")
    (small / "holidays.yaml").write_text("- 2026-12-24\n")
    for folder in ("deals", "attachments"):
        (small / folder).mkdir(exist_ok=True)
    before = files_of(small)
    name = name.format(folder=small.name)  # out of the book and in again
    result = acct("account", "list", "--format", "csv", "-o", name)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f'error [book-file]: --output: "{name}" is a file of the book')
    assert files_of(small) == before


def test_no_file_of_another_book_and_none_behind_a_symlink(small: Path, acct: CommandLine) -> None:
    other = small.parent / "other"
    assert acct("init", str(other), "-q").code == 0
    result = acct("account", "list", "--format", "json", "-o", str(other / "deals.yaml"))
    assert result.code == 2
    elsewhere = small.parent / "elsewhere.yaml"
    (small / "orgs.yaml").rename(elsewhere)
    (small / "orgs.yaml").symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    assert acct("account", "list", "-o", str(elsewhere)).code == 2
    assert elsewhere.read_bytes() == before
    (small.parent / "link.csv").symlink_to(small / "deals.yaml")
    assert acct("account", "list", "-o", "../link.csv").code == 2


def test_files_beside_those_of_the_book_may_be_written(small: Path, acct: CommandLine) -> None:
    for name in ("accounts.yaml", "report.csv", "deals.csv", "org.yaml"):
        assert acct("account", "list", "-o", name).code == 0, name
    assert acct("check").code == 0


@pytest.mark.parametrize(
    ("name", "why"),
    [("../no/list.csv", "no such file or directory"), ("../home", "it is a folder")],
)
def test_what_cannot_be_written_is_told_before_anything_is_done(
    name: str, why: str, small: Path, acct: CommandLine
) -> None:
    before = files_of(small)
    result = acct("deal", "won", "d3", "--format", "csv", "-o", name)
    assert (result.code, result.out) == (7, "")
    assert result.err.startswith(f'error [cannot-write]: cannot write "{name}": {why}')
    assert files_of(small) == before


def test_a_file_that_may_not_be_written_stays(
    small: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = small.parent / "list.csv"
    path.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    result = acct("account", "list", "-o", str(path))
    assert (result.code, path.read_text()) == (7, "old")
    assert "permission denied" in result.err


def test_devices_and_pipes_are_written_to_as_they_are(small: Path, acct: CommandLine) -> None:
    assert acct("account", "list", "-o", "/dev/null") == (0, "", "")
    full = acct("account", "list", "-o", "/dev/full")
    assert (full.code, full.out) == (7, "")
    assert 'cannot write "/dev/full": no space left on device' in full.err
    pipe = small.parent / "pipe.json"
    os.mkfifo(pipe)
    child = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    assert acct("account", "list", "-o", str(pipe)).code == 0
    assert [row["id"] for row in json.loads(child.communicate()[0])] == ["acme", "bianchi"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_pipe_whose_reader_has_gone_ends_quietly(small: Path) -> None:
    records = "".join(f"- id: x{n:060}\n  name: {'Name ' * 30}{n}\n" for n in range(1_500))
    (small / "orgs.yaml").write_text(records, "utf-8")
    done = subprocess.run(
        ["bash", "-c", f"{PROGRAM} org list --format json -o >(head -c 10 >/dev/null); echo $?"],
        capture_output=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"0\n", b"")


def test_a_full_disk_leaves_what_was_there(small: Path, tmp_path: Path) -> None:
    records = "".join(f"- id: x{n}\n  name: {'Name ' * 30}{n}\n" for n in range(500))
    (small / "orgs.yaml").write_text(records, "utf-8")
    path = tmp_path / "list.json"
    path.write_text("old")
    done = subprocess.run(
        ["sh", "-c", f"ulimit -f 16; exec {PROGRAM} --no-index org list -o {path}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, path.read_text()) == (7, "", "old")
    assert done.stderr.startswith(f'error [cannot-write]: cannot write "{path}": file too large')
    assert not list(tmp_path.glob(".acctcli*"))


def test_what_has_become_a_file_of_a_book_is_not_written_over(tmp_path: Path) -> None:
    from acctcli.core.model.errors import UsageError

    file = OutFile(tmp_path, "acctcli.yaml")
    file.write([b"x"])
    (tmp_path / "acctcli.yaml").write_text("format: 1\n")
    with pytest.raises(UsageError):
        file.finish()
    file.give_up()
    file.give_up()
    assert [each.name for each in tmp_path.iterdir()] == ["acctcli.yaml"]


def test_a_file_that_cannot_be_put_into_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = OutFile(tmp_path, "a.csv")
    file.write([b"x"])
    (tmp_path / "a.csv").mkdir()
    (tmp_path / "a.csv" / "b").touch()
    with pytest.raises(StorageError, match="directory"):
        file.finish()
    file.give_up()
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_a_file_has_no_colours_but_when_they_are_asked_for(small: Path, acct: CommandLine) -> None:
    path = small.parent / "list.txt"
    assert acct("account", "list", "-o", str(path), FORCE_COLOR="1").code == 0
    assert "\x1b" not in path.read_text("utf-8")
    assert acct("account", "list", "-o", str(path), "--color", "always").code == 0
    assert "\x1b" in path.read_text("utf-8")
    assert "\x1b" in acct("account", "list", FORCE_COLOR="1").out


def test_a_book_that_cannot_be_read_is_told_as_ever(small: Path, acct: CommandLine) -> None:
    (small / "acctcli.yaml").write_text("format: [")
    (small.parent / "list.csv").write_text("old")
    result = acct("account", "list", "-o", "../list.csv")
    assert result.code == 4
    assert (small.parent / "list.csv").read_text() == "old"
