"""The page of cron recipes: each of its lines runs as cron and systemd would run it.

The programs that send, fetch and wait are scripts of this test, which note what they are given.
"""

from __future__ import annotations

import configparser
import email
import re
import shlex
import shutil
import subprocess
import sys
from email import policy
from pathlib import Path
from typing import NamedTuple

import pytest
from helpers.files import PROJECT
from helpers.rate_tables import TABLE, zipped

PAGE = (PROJECT / "docs" / "cron.md").read_text("utf-8")
_HOME = "/home/anna"
_FIELDS = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("day of the week", 0, 7),
)
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_KEEP = 'n=$(ls "$HOME/mails" | wc -l); cat > "$HOME/mails/$n"; echo "$@" > "$HOME/sent.$n"'
_SCRIPTS = {
    "sendmail": _KEEP,
    "mail": _KEEP,
    "ifne": 't=$(mktemp); cat > $t; [ ! -s $t ] || "$@" < $t; rm $t',
    "chronic": 'out=$("$@" 2>&1); code=$?; [ $code -eq 0 ] || echo "$out"; exit $code',
    "curl": 'echo "$@" >> "$HOME/fetched"; [ ! -e "$HOME/table.zip" ] || cp "$HOME/table.zip"'
    ' "$HOME/rates.zip"',
    "sleep": 'echo "$@" >> "$HOME/slept"',
}


class Line(NamedTuple):
    """A line of a crontab."""

    fields: tuple[str, ...]
    command: str
    stdin: str


class Ran(NamedTuple):
    """What came of a command: what cron would mail, and what other programs got."""

    code: int
    out: str
    err: str
    mails: list[str]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def parse(line: str) -> Line:
    """A line as cron reads it: five fields, then a command that a bare % ends."""
    *fields, command = line.split(None, 5)
    assert len(fields) == 5, line
    for field, (name, low, high) in zip(fields, _FIELDS, strict=True):
        for part in field.split(","):
            found = re.fullmatch(r"(?:\*|([0-9]+)(?:-([0-9]+))?)(?:/([1-9][0-9]*))?", part)
            assert found, f"{name}: {field}"
            numbers = [int(each) for each in found.groups()[:2] if each]
            assert all(low <= each <= high for each in numbers), f"{name}: {field}"
            assert numbers == sorted(numbers)
    parts = [each.replace("\0", "%") for each in command.replace("\\%", "\0").split("%")]
    return Line(tuple(fields), parts[0], "\n".join(parts[1:]))


def lines() -> list[str]:
    given = [line for block in blocks("crontab") for line in block.splitlines()]
    return [line for line in given if not _ASSIGNMENT.fullmatch(line)]


def head() -> dict[str, str]:
    """The environment that the crontab says."""
    given = [line for block in blocks("crontab") for line in block.splitlines()]
    found = [match for line in given if (match := _ASSIGNMENT.fullmatch(line))]
    return {match[1]: match[2] for match in found}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of who has the crontab: a book in git, and the programs that a line may call."""
    home = tmp_path / "anna"
    for folder in ("bin", "mails", "public"):
        (home / folder).mkdir(parents=True)
    shutil.copytree(PROJECT / "sample-data", home / "book")
    for name, script in _SCRIPTS.items():
        (home / "bin" / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (home / "bin" / name).chmod(0o755)
    (home / "table.zip").write_bytes(zipped(rates=TABLE.encode()))
    return home


def environment(home: Path) -> dict[str, str]:
    """What cron gives: what the head of the crontab says and no more, but for the day."""
    told = {name: value.replace(_HOME, str(home)) for name, value in head().items()}
    path = f"{home}/bin:{Path(sys.executable).parent}:/usr/bin:/bin"
    return {**told, "PATH": path, "ACCTCLI_NOW": "2026-03-10T09:00:00+01:00"}


def run(command: str, home: Path, stdin: str = "", **more: str) -> Ran:
    environ = {**environment(home), **more}
    done = subprocess.run(
        [environ["SHELL"], "-c", command.replace(_HOME, str(home))],
        cwd=home, env=environ, input=stdin, capture_output=True, text=True, check=False,
    )  # fmt: skip
    mails = [path.read_text("utf-8") for path in sorted((home / "mails").iterdir())]
    return Ran(done.returncode, done.stdout, done.stderr, mails)


def only(start: str) -> str:
    """The one command of the page that has this text."""
    (found,) = [parse(line).command for line in lines() if start in line]
    return found


# Some words of each line, and its exit code and some of what cron would mail; "" is no mail.
RUNS = {
    "0 8 * * 1": (0, "Huilerie Sidi Marjane"),
    "30 7 * * 1-5": (0, "3 overdue, 2 due today"),
    "35 7 * * 1-5": (0, ""),
    "36 7 * * 1-5": (0, ""),
    "0 13 * * 1-5": (0, ""),
    "*/30 * * * *": (0, ""),
    "0 18 * * 1-5": (0, "nothing to compare with yet"),
    "0 16 * * 5": (0, "nothing to compare with yet"),
    "50 23 * * *": (0, "nothing to compare with yet"),
    "0 6 * * *": (0, ""),
    "5 6 * * 1-5": (0, ""),
    "10 6 * * *": (0, ""),
    "*/15 * * * *": (0, ""),
    "0 1 * * *": (0, ""),
    "0 1 1 * *": (0, ""),
    "20 17 * * 1-5": (0, ""),
    "30 8 * * 1": (0, ""),
    "40 17 * * 1-5": (0, ""),
    "45 7 * * 1-5": (0, "Zakłady Żurawiec"),
}


def test_every_line_is_here() -> None:
    assert [" ".join(parse(line).fields) for line in lines()] == list(RUNS)
    assert len({*lines()}) == len(lines())


@pytest.mark.parametrize("line", lines())
def test_a_line_runs_as_cron_runs_it(home: Path, line: str) -> None:
    fields, command, stdin = parse(line)
    assert stdin == ""
    remote(home)
    shutil.copy(home / "table.zip", home / "rates.zip")
    code, words = RUNS[" ".join(fields)]
    ran = run(command, home)
    assert (ran.code, ran.err if not words else "") == (code, "")
    if words:
        assert words in ran.out + ran.err
    else:
        assert ran.out == ""


def remote(home: Path) -> Path:
    """Put the book into git, with a repository to push to."""
    bare = home / "bare.git"
    for words in (
        ["init", "-q", "-b", "main", "--bare", str(bare)],
        ["-C", "book", "init", "-q", "-b", "main"],
        ["config", "--global", "user.email", "anna@example.com"],
        ["config", "--global", "user.name", "Anna"],
        ["-C", "book", "remote", "add", "origin", str(bare)],
        ["-C", "book", "add", "-A"],
        ["-C", "book", "commit", "-qm", "The book"],
        ["-C", "book", "push", "-qu", "origin", "main"],
    ):
        subprocess.run(["git", *words], cwd=home, env=environment(home), check=True)
    return bare


# what comes of them


def test_nothing_is_mailed_when_there_is_nothing(home: Path) -> None:
    (home / "book" / "activities.yaml").write_text("", "utf-8")
    for folder in ("orgs.yaml", "people.yaml", "notes.yaml", "files.yaml"):
        (home / "book" / folder).write_text("", "utf-8")
    shutil.rmtree(home / "book" / "deals")
    shutil.rmtree(home / "book" / "attachments")
    for words in ("account list --where", "--skip-empty --limit", "--owner Anna", "in Ines Marco",
                  "Still to do", "acctcli check\n", "late-tiers", "--late"):  # fmt: skip
        (line,) = [each for each in lines() if words in f"{each}\n" and "ids" not in each]
        ran = run(parse(line).command, home)
        assert ran == (0, "", "", []), line


def test_each_owner_gets_their_own(home: Path) -> None:
    run(only("--owner Anna"), home)
    ran = run(only("in Ines Marco"), home)
    messages = [email.message_from_string(each, policy=policy.default) for each in ran.mails]
    assert [str(each["to"]) for each in messages] == [
        "anna@example.com",
        "Ines@example.com",
        "Marco@example.com",
    ]
    assert [str(each["subject"]).partition(":")[0] for each in messages] == [
        f"Digest of 2026-03-10 for {name}" for name in ("Anna", "Ines", "Marco")
    ]
    assert {str(each["from"]) for each in messages} == {"anna@example.com"}
    assert (home / "sent.0").read_text("utf-8") == "-t\n"


def test_mail_gets_the_subject_and_the_text(home: Path) -> None:
    ran = run(only("Still to do"), home)
    assert ran.mails[0].startswith("Digest of 2026-03-10\n3 overdue, 2 due today.\n")
    assert (home / "sent.0").read_text("utf-8") == "-s Still to do anna@example.com\n"


def test_changes_are_told_once(home: Path) -> None:
    for words in ("--since-last daily", "--since-last weekly", "--since-last log"):
        (command, *_) = [parse(line).command for line in lines() if words in line]
        assert "first run" in run(command, home).err
        ahead = {"ACCTCLI_NOW": "2026-03-11T18:00:00+01:00"}
        deals = home / "book" / "deals" / "2026.yaml"
        text = deals.read_text("utf-8")
        deals.write_text(text.replace("status: won", "status: open", 1), "utf-8")
        told = run(command, home, **ahead)
        rows = home / "changes.ndjson"
        found = rows.read_text("utf-8") if "ndjson" in command else told.out
        assert "Käserei Tobelhof AG" in found
        assert ("Moved" in found) == ("daily" in words)
        assert run(command, home, **ahead)[:3] == (0, "", "")
        deals.write_text(text, "utf-8")


def test_check_tells_what_is_wrong_and_how_it_ended(home: Path) -> None:
    with (home / "book" / "deals" / "2026.yaml").open("a", encoding="utf-8") as deals:
        deals.write("\n- id: stray\n  title: Stray\n  org: nowhere\n")
    (plain,) = [parse(line).command for line in lines() if line.endswith("  acctcli check")]
    ran = run(plain, home)
    assert ran.code == 1
    assert "dangling-link" in ran.out + ran.err
    assert run(only("ping.example.com"), home)[:3] == (0, "", "")
    assert (home / "fetched").read_text("utf-8").endswith("/book/1\n")


def test_tier_a_without_a_next_step_is_told(home: Path) -> None:
    command = only("late-tiers")
    orgs = home / "book" / "orgs.yaml"
    text = orgs.read_text("utf-8")
    assert "tier: B" in text
    orgs.write_text(text.replace("tier: B", "tier: A"), "utf-8")
    ran = run(command, home)
    assert ran.code == 1
    assert "next-step" in ran.out + ran.err or "nothing-planned" in ran.out + ran.err


def test_the_book_is_pushed_when_something_changed(home: Path) -> None:
    bare = remote(home)
    command = only("git add -A")

    def pushed() -> list[str]:
        done = subprocess.run(
            ["git", "log", "--format=%s", "main"],
            cwd=bare, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.splitlines()

    assert run(command, home)[:3] == (0, "", "")
    assert pushed() == ["The book"]
    assert run('acctcli note add "Called" --org northwind --quiet', home).code == 0
    assert run(command, home)[:3] == (0, "", "")
    (newest, first) = pushed()
    assert re.fullmatch(r"As of \d{4}-\d\d-\d\d", newest)
    assert first == "The book"


def test_files_are_there_in_the_form_of_their_endings(home: Path) -> None:
    for words in ("digest.html", "accounts.csv", "status=won"):
        assert run(only(words), home)[:3] == (0, "", "")
    assert (home / "public" / "digest.html").read_text("utf-8").lower().startswith("<!doctype")
    assert (home / "accounts.csv").read_text("utf-8").startswith("id,name,owner,")
    (won,) = home.glob("won-*.csv")
    assert re.fullmatch(r"won-\d{4}-\d\d\.csv", won.name)
    assert won.read_text("utf-8").count("\n") > 10


def test_rates_are_fetched_and_a_failure_is_told(home: Path) -> None:
    command = only("chronic")
    before = (home / "book" / "rates.yaml").read_text("utf-8")
    assert run(command, home)[:3] == (0, "", "")
    assert "1.0815" not in before
    assert "1.0815" in (home / "book" / "rates.yaml").read_text("utf-8")
    (home / "table.zip").write_text("no table", "utf-8")
    ran = run(command, home)
    assert ran.code == 5
    assert "error" in ran.out


def test_a_locked_book_is_tried_again(home: Path) -> None:
    command = only("|| { [ $? -eq 6 ]")
    shutil.copy(home / "table.zip", home / "rates.zip")
    program = home / "bin" / "acctcli"
    real = Path(sys.executable).parent / "acctcli"
    program.write_text(
        f'#!/bin/sh\n[ -e "$HOME/slept" ] || exit ${{CODE:-6}}\nexec {real} "$@"\n', "utf-8"
    )
    program.chmod(0o755)
    assert run(command, home, CODE="4").code != 0
    assert not (home / "slept").exists()
    assert run(command, home)[:3] == (0, "", "")
    assert (home / "slept").read_text("utf-8") == "300\n"
    assert "1.0815" in (home / "book" / "rates.yaml").read_text("utf-8")


def test_a_call_is_planned_with_each_in_one_change(home: Path) -> None:
    assert run(only("Check in"), home)[:3] == (0, "", "")
    bare = run("acctcli account list --where bucket=none --format ids", home)
    assert bare[:3] == (0, "", "")
    assert run("acctcli undo --quiet", home).code == 0
    bare = run("acctcli account list --where bucket=none --format ids", home)
    assert bare.out.split() == ["sidi-marjane", "tobelhof"]


def test_what_the_head_says_is_told(home: Path) -> None:
    told = head()
    for name in ("HOME", "PATH", "LC_ALL", "ACCTCLI_BOOK", "ACCTCLI_ACTOR"):
        assert name in told
        assert f"| `{name}` |" in PAGE
    ran = run("acctcli log --format json; acctcli changes --names", home, HOME="/nonexistent")
    assert ran.code == 0
    bare = subprocess.run(
        ["env", "-i", f"{Path(sys.executable).parent}/acctcli", "--book", str(home / "book"),
         "account", "list", "--today", "2026-03-10"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert (bare.returncode, bare.stderr) == (0, b"")
    assert "Zakłady Żurawiec" in bare.stdout.decode()


# systemd


def units() -> dict[str, configparser.ConfigParser]:
    found = {}
    for block in blocks("ini"):
        name, _, text = block.partition("\n")
        parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        parser.optionxform = str  # type: ignore[assignment,method-assign]  # names of units have capitals
        parser.read_string(text)
        found[name.removeprefix("# ")] = parser
    return found


def test_the_service_runs_what_it_says(home: Path) -> None:
    service = units()["acctcli-changes.service"]["Service"]
    name, _, value = service["Environment"].partition("=")
    program, *words = shlex.split(service["ExecStart"])
    assert program == "/bin/sh"
    environ = {**environment(home), name: value.replace("%h", str(home))}
    for now, count in (("2026-03-10T18:00:00+01:00", 0), ("2026-03-12T18:00:00+01:00", 1)):
        done = subprocess.run(
            [program, *words], cwd=home, env={**environ, "ACCTCLI_NOW": now}, check=False,
            capture_output=True,
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (0, b"")
        assert len([*(home / "mails").iterdir()]) == count
    assert (home / "sent.0").read_text("utf-8") == "-s What changed anna@example.com\n"


def test_the_timer_is_one() -> None:
    timer = units()["acctcli-changes.timer"]["Timer"]
    assert timer["Persistent"] == "true"
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here to read the calendar")
    done = subprocess.run(
        ["systemd-analyze", "calendar", timer["OnCalendar"]], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
