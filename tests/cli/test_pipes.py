"""Ids from standard input, and many records changed at once, where a transcript cannot show it."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.files import PROJECT, files_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acctcli.cli.app.session import Session
from acctcli.cli.input import record_args
from acctcli.cli.main import run
from acctcli.cli.output.messages import CountedMessage, collapse_repeated
from acctcli.store.book import Book

if TYPE_CHECKING:
    from helpers.cli import CommandLine, Result

_PLAYBOOKS = """\
playbooks:
  onboarding:
    on: won
    steps: [{subject: Welcome, type: call, after: 3d}, {subject: Ask, type: call, after: 9d}]
  hello: {on: new_account, steps: [{subject: Hello, type: email, after: 1d}]}
"""


@pytest.fixture
def shops(book: Path) -> Path:
    """A book of thirty organizations with an open deal and an activity each."""
    numbers = range(30)
    (book / "orgs.yaml").write_text("".join(f"- id: o{n}\n  name: Shop {n}\n" for n in numbers))
    (book / "deals.yaml").write_text(
        "".join(
            f"- id: d{n}\n  title: Order {n}\n  org: o{n}\n  value: {n}.00\n  currency: EUR\n"
            f"  status: open\n"
            for n in numbers
        )
    )
    (book / "activities.yaml").write_text(
        "".join(
            f"- id: a{n}\n  subject: Call {n}\n  type: call\n  org: o{n}\n"
            f"  due_date: 2026-03-{n % 28 + 1:02}\n"
            for n in numbers
        )
    )
    return book


def lines(kind: str, count: int = 30) -> str:
    return "".join(f"{kind}{number}\n" for number in range(count))


def commits(acct: CommandLine) -> int:
    found = acct("log", "--format", "json").json
    assert isinstance(found, list)
    return len(found)


# what stands on standard input


@pytest.mark.parametrize(
    "text",
    [
        "acme\nbianchi\n",
        "\ufeffacme\r\n\r\n  bianchi\t\r\n",
        "acme\nbianchi\nacme",
        "\n\nacme\nbianchi",
    ],
)
def test_ids_are_read_however_the_lines_are_written(
    small: Path, acct: CommandLine, text: str
) -> None:
    result = acct("note", "add", "Hello", "--org", "-", "--format", "json", stdin=text)
    assert result.code == 0, result.err
    assert isinstance(result.json, list)
    assert [each["org"] for each in result.json] == ["acme", "bianchi"]


@pytest.mark.parametrize("text", ["", "\n", " \r\n\t\n", "\ufeff"])
def test_nothing_on_standard_input_is_nothing_to_do(
    small: Path, acct: CommandLine, text: str
) -> None:
    before = files_of(small)
    for words in (
        ("deal", "won", "-"),
        ("deal", "edit", "-", "--set", "stage=x"),
        ("deal", "remove", "-"),
        ("activity", "add", "Call", "--org", "-"),
        ("activity", "done", "-"),
        ("account", "move", "-", "later"),
        ("account", "show", "-"),
        ("deal", "list", "--org", "-"),
        ("file", "add", "acctcli.yaml", "--org", "-"),
    ):
        result = acct(*words, "--format", "json", stdin=text)
        assert (result.code, result.out) == (0, "[]\n"), words
        assert result.err.count("\n") == 1
        assert "nothing to do: there are no ids on standard input" in result.err
    assert files_of(small) == before


def test_a_line_without_end_is_refused(
    small: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = acct("deal", "won", "-", stdin="d1\n" + "x" * (record_args.LIMIT + 1))
    assert result.code == 5
    assert result.err.startswith("stdin:2: error [too-long]: this line is longer than 1 MiB")
    monkeypatch.setattr(record_args, "_LARGEST", 100)
    result = acct("deal", "won", "-", stdin=lines("d"))
    assert result.code == 5
    assert "standard input is longer than 256 MiB" in result.err


def test_an_id_of_a_record_that_cannot_be_read_says_so(small: Path, acct: CommandLine) -> None:
    with (small / "deals.yaml").open("a") as file:
        file.write("- id: d9\n  title: Bad\n  value: much\n")
    result = acct("deal", "won", "-", stdin="d9\n")
    assert result.code == 4
    assert "deals.yaml" in result.err


def test_standard_input_is_read_once_though_a_run_starts_over(
    small: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index turns out not to hold after the ids were read."""
    from acctcli.store.index.database import DamagedError

    read = Session.read
    tries: list[int] = []

    def damaged(session: Session) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise DamagedError
        return read(session)

    monkeypatch.setattr(Session, "read", damaged)
    result = acct("deal", "show", "-", "--format", "ids", stdin="d1\nd2\n")
    assert (result.code, result.out, len(tries)) == (0, "d1\nd2\n", 2)


def test_on_a_terminal_it_says_that_it_waits(
    small: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(record_args, "_BOM", b"")
    out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO(b"d1\n")))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    assert run(["deal", "show", "-", "--format", "ids"]) == 0
    err.seek(0)
    assert err.read() == "reading ids from standard input, one a line; end it with Ctrl-D\n"


@pytest.mark.parametrize(
    "words",
    [
        "deal won - -",
        "activity add Call --org - --deal -",
        "note add - --org -",
        "deal list --org - --person -",
        "account plan - --playbook x --deal -",
        "file add acctcli.yaml --org - --person -",
    ],
)
def test_a_second_dash_is_refused_before_anything_is_read(
    small: Path, acct: CommandLine, words: str
) -> None:
    result = acct(*words.split(), stdin="acme\n")
    assert result.code == 2
    assert "two-dashes" in result.err


# one or many


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(st.lists(st.integers(0, 29), min_size=1, max_size=6, unique=True), st.data())
def test_ids_piped_at_once_do_what_the_commands_do_one_by_one(
    shops: Path, acct: CommandLine, numbers: list[int], data: st.DataObject
) -> None:
    (shops / "acctcli.yaml").write_text(f"currency: EUR\n{_PLAYBOOKS}", "utf-8")
    kind, words = data.draw(
        st.sampled_from(
            [
                ("d", "deal won"),
                ("d", "deal won --on 2026-03-01 --no-playbook"),
                ("d", "deal lost --reason price"),
                ("d", "deal edit --set stage=offer --set owner=Anna"),
                ("d", "deal edit --set status=won --unset value"),
                ("d", "deal remove"),
                ("a", "activity done --next email +1w"),
                ("a", "activity edit --set done=yes --set owner=Eva"),
                ("a", "activity remove"),
                ("o", "org remove --cascade"),
                ("o", "org edit --set phone=+39"),
                ("o", "org add Branch --parent"),
                ("o", "person add Eva --email e@example.com --org"),
                ("o", "activity add Visit --type meeting --due +3bd --org"),
                ("d", "note add Hello --deal"),
            ]
        )
    )
    ids = [f"{kind}{number}" for number in numbers]
    before = files_of(shops)
    at_once = acct(*words.split(), "-", stdin="\n".join(ids))
    assert at_once.code == 0, at_once.err
    together = _without_made_ids(shops, acct)
    assert commits(acct) == 1
    assert acct("undo").code == 0
    after = files_of(shops)
    assert _data(after) == _data(before)
    for key in ids:
        one = acct(*words.split(), key)
        assert one.code == 0, one.err
    assert _without_made_ids(shops, acct) == together
    assert acct("undo", str(len(ids))).code == 0
    assert _data(files_of(shops)) == _data(before)
    (shops / "history.jsonl").unlink()


def _data(files: dict[str, bytes]) -> dict[str, bytes]:
    return {
        name: content
        for name, content in files.items()
        if name.endswith(".yaml") and content.strip()
    }


def _without_made_ids(book: Path, acct: CommandLine) -> list[str]:
    """All records, without ids that are made at random, in an order that does not know them."""
    found = []
    for noun in ("org", "person", "deal", "activity", "note"):
        out = acct(noun, "list", "--format", "ndjson").out
        found += [re.sub(r'"[adn][0-9a-z]{8}"', '"ID"', line) for line in out.splitlines()]
    return sorted(found)


def test_several_wins_run_playbooks_once_each(shops: Path, acct: CommandLine) -> None:
    (shops / "acctcli.yaml").write_text(f"currency: EUR\n{_PLAYBOOKS}", "utf-8")
    result = acct("deal", "won", "-", stdin=lines("d"))
    assert result.code == 0
    assert result.err.splitlines() == [
        "30 deals are won now",
        "30 organizations are now accounts",
        "planned 90 activities by playbooks",
    ]
    assert acct("deal", "reopen", "-", "-q", stdin=lines("d")).code == 0
    result = acct("deal", "won", "-", stdin=lines("d"))
    assert "nothing to plan: 60 runs of playbooks are planned already" in result.err
    assert acct("undo", "3").code == 0


def test_runs_are_looked_for_in_the_book_once_for_all_deals(
    shops: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from acctcli.store.index.index_view import IndexedView

    (shops / "acctcli.yaml").write_text(f"currency: EUR\n{_PLAYBOOKS}", "utf-8")
    asked: list[int] = []
    linking = IndexedView.may_link_to

    def counted(view: IndexedView, ids: set[str]) -> object:
        asked.append(len(ids))
        return linking(view, ids)

    monkeypatch.setattr(IndexedView, "may_link_to", counted)
    assert acct("deal", "won", "-", stdin=lines("d")).code == 0
    assert asked == [30]
    asked.clear()
    assert acct("note", "add", "Hello", "--deal", "-", stdin=lines("d")).code == 0
    assert asked == []
    assert acct("deal", "remove", "-", "--cascade", stdin=lines("d")).code == 0
    assert len(asked) <= 4  # rounds of what links to what links to them, and a check


def test_a_file_is_copied_once_for_several(small: Path, acct: CommandLine) -> None:
    (small / "terms.txt").write_text("terms")
    result = acct("file", "add", "terms.txt", "--org", "-", stdin="acme\nbianchi\n")
    assert result.code == 0
    assert [path.name for path in (small / "attachments").iterdir()] == ["terms.txt"]
    assert acct("file", "verify", "--all").code == 0
    assert acct("undo").code == 0
    assert not (small / "attachments" / "terms.txt").exists()
    assert acct("file", "add", "terms.txt", "--org", "-").code == 0
    assert not (small / "attachments" / "terms.txt").exists()


def test_what_is_said_of_many_is_counted_by_sort() -> None:
    few = [CountedMessage(f"a{n}", "{} as") for n in range(12)]
    many = [CountedMessage(f"b{n}", "{} bs") for n in range(13)]
    assert collapse_repeated([*few, "once", *many, "once"]) == [*few, "once", "13 bs", "once"]
    assert collapse_repeated(["{}"] * 20) == ["{}"] * 20


# many at once


def answered(
    acct: CommandLine, monkeypatch: pytest.MonkeyPatch, answer: str, *words: str
) -> Result:
    with monkeypatch.context() as patch:
        patch.setattr(Session, "can_ask", lambda _: True)
        return acct(*words, stdin=answer)


@pytest.mark.parametrize("answer", ["y\n", "n\n", "\n"])
def test_on_a_terminal_it_asks(
    shops: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    before = files_of(shops)
    words = ("deal", "edit", "--where", "value>27", "--set", "stage=offer")
    result = answered(acct, monkeypatch, answer, *words)
    assert result.code == 0
    assert "change 2 deals? [y/N]: " in result.err
    if answer == "y\n":
        assert result.err.endswith(
            'changed deal "Order 28" (d28): stage\nchanged deal "Order 29" (d29): stage\n'
        )
        assert commits(acct) == 1
    else:
        assert result.err.endswith("nothing was changed\n")
        assert files_of(shops) == before


def test_on_a_terminal_removing_asks(
    shops: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("org", "remove", "--where", "name=Shop 3", "--cascade")
    result = answered(acct, monkeypatch, "n\n", *words)
    assert "remove 1 organization, and remove or unlink 2 more? [y/N]: " in result.err
    assert result.err.endswith("nothing was changed\n")
    result = answered(acct, monkeypatch, "y\n", *words)
    assert 'removed organization "Shop 3" (o3)' in result.err
    assert acct("undo").code == 0
    assert acct("org", "show", "o3").code == 0


@pytest.mark.parametrize(
    ("words", "meanwhile"),
    [
        ("deal edit --where value>27 --set stage=offer", "deal edit d28 --set stage=late"),
        ("deal edit --where value>27 --set stage=offer", "deal edit d1 --set value=100"),
        ("deal edit --where value>27 --set stage=offer", "deal edit d28 --set stage=offer"),
        ("activity remove --where type=call", "activity edit a3 --set type=email"),
        ("org remove --where name=shop --cascade", "note add Hello --org o3"),
        ("org remove --where name~3 --cascade", "note add Hello --org o3"),
    ],
)
def test_what_is_not_what_was_shown_is_not_done(
    shops: Path,
    acct: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    meanwhile: str,
) -> None:
    """Others write while the question waits for its answer."""
    if "name=shop" in words:
        words = words.replace("name=shop", "name~13")
        meanwhile = meanwhile.replace("o3", "o13")
    left: dict[str, bytes] = {}

    def confirm(*_: object, **__: object) -> bool:
        assert acct(*meanwhile.split()).code == 0
        left.update(files_of(shops))
        return True

    monkeypatch.setattr("click.confirm", confirm)
    result = answered(acct, monkeypatch, "", *words.split())
    assert result.code == 6, result.err
    assert "others changed the book meanwhile" in result.err
    assert files_of(shops) == left


def test_what_others_write_elsewhere_does_not_matter(
    shops: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def confirm(*_: object, **__: object) -> bool:
        return acct("deal", "edit", "d1", "--set", "stage=late").code == 0

    monkeypatch.setattr("click.confirm", confirm)
    words = ("deal", "edit", "--where", "value>27", "--set", "stage=offer")
    assert answered(acct, monkeypatch, "", *words).code == 0
    assert commits(acct) == 2


def test_hostile_text_is_shown_as_escapes_before_it_is_asked(
    shops: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "Evil\x1b[2J\u202etxt"
    assert acct("deal", "edit", "d1", "--set", f"title={name}").code == 0
    words = ("deal", "edit", "--where", "title~evil", "--set", f"stage={name}")
    result = answered(acct, monkeypatch, "n\n", *words)
    assert "Evil\\x1b[2J\\u202etxt" in result.err
    assert "\x1b" not in result.err
    assert "\u202e" not in result.err


def test_nothing_is_lost_of_what_is_written_by_hand(shops: Path, acct: CommandLine) -> None:
    """Those that are like that already keep every byte, however they are written."""
    deals = shops / "deals.yaml"
    deals.write_text(
        "# ours\n- id: d1\n  title: One   # the first\n  value: 5\n  currency: EUR\n"
        "- {id: d2, title: Two, value: 7, currency: EUR}\n"
        "- id: d3\n  title: Three\n  value: 9\n"
    )
    before = deals.read_bytes()
    result = acct(
        "deal", "edit", "--where", "title", "--set", "value=5.00", "--limit", "1", "--yes"
    )
    assert result.err == 'nothing to change: deal "One" (d1) is like that already\n'
    assert deals.read_bytes() == before
    assert acct("deal", "edit", "--where", "title", "--unset", "stage", "--yes").code == 0
    assert acct("deal", "edit", "--where", "title", "--unset", "status", "--yes").code == 0
    assert deals.read_bytes() == before
    assert acct("deal", "edit", "--where", "title", "--set", "value=8", "--yes").code == 0
    assert b"# the first" in deals.read_bytes()
    assert acct("undo").code == 0
    assert deals.read_bytes() == before


def test_own_fields_are_shown_and_set(shops: Path, acct: CommandLine) -> None:
    with (shops / "acctcli.yaml").open("a") as file:
        file.write("fields: {deals: {floor: whole number, seen: date}}\n")
    words = ("deal", "edit", "--where", "value<2", "--set", "floor=3", "--set", "seen=+1d")
    found = acct(*words, "--dry-run", "--format", "json").json
    assert isinstance(found, list)
    assert [(each["id"], each["field"], each["after"]) for each in found] == [
        ("d0", "floor", 3),
        ("d0", "seen", "2026-03-11"),
        ("d1", "floor", 3),
        ("d1", "seen", "2026-03-11"),
    ]
    assert acct(*words, "--yes").code == 0
    again = acct(*words, "--dry-run", "--format", "ids")
    assert (again.out, "2 deals are like that already" in again.err) == ("", True)
    assert acct(*words[:4], "--unset", "floor", "--dry-run", "--format", "ids").out == "d0\nd1\n"


def test_many_deals_that_are_won_by_an_edit_run_their_playbooks(
    shops: Path, acct: CommandLine
) -> None:
    (shops / "acctcli.yaml").write_text(f"currency: EUR\n{_PLAYBOOKS}", "utf-8")
    words = ("deal", "edit", "--where", "value<20", "--set", "status=won")
    dry = acct(*words, "--dry-run", "-q")
    assert dry.code == 0
    assert "60 things would follow, such as activities of playbooks" in acct(*words).err
    assert acct(*words, "--yes").err.splitlines() == [
        "changed 20 deals",
        "20 organizations are now accounts",
        "planned 60 activities by playbooks",
    ]


def test_series_go_on_in_a_bulk_edit(shops: Path, acct: CommandLine) -> None:
    assert acct("activity", "edit", "-", "--set", "repeat=every month", stdin=lines("a")).code == 0
    words = ("activity", "edit", "--where", "due_date<2026-03-16", "--set", "done=yes", "--yes")
    result = acct(*words)
    assert result.err.splitlines() == [
        "changed 17 activities",
        "planned the next ones of 17 activities",
    ]


# in a process of its own


def _on_terminal(book: Path, words: list[str], answer: bytes) -> tuple[int, str, str]:
    """Run acctcli with a terminal for its input and messages; its code, data and messages."""
    ours, theirs = os.openpty()
    environ = {**os.environ, "XDG_CACHE_HOME": str(book.parent / "cache")}
    program = [str(Path(sys.executable).parent / "acctcli"), *words]
    with subprocess.Popen(
        program, cwd=book, env=environ, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE
    ) as process:
        os.close(theirs)
        os.write(ours, answer)
        assert process.stdout is not None
        out = process.stdout.read().decode()
        process.wait(60)
    told = b""
    try:
        while piece := os.read(ours, 1 << 16):
            told += piece
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    return process.returncode, out, told.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(("answer", "changed"), [(b"y\n", 2), (b"n\n", 0), (b"\n", 0)])
def test_a_terminal_is_asked_and_answers(shops: Path, answer: bytes, changed: int) -> None:
    words = ["deal", "edit", "--where", "value>27", "--set", "stage=offer", "--format", "ids"]
    code, out, told = _on_terminal(shops, words, answer)
    assert code == 0, told
    assert len(out.split()) == changed
    assert "d28  Order 28  stage          offer" in told
    assert "change 2 deals? [y/N]: " in told
    assert ("nothing was changed" in told) == (not changed)
    assert Path(shops / "deals.yaml").read_text().count("stage: offer") == changed


def test_ids_are_typed_on_a_terminal_to_its_end(shops: Path) -> None:
    code, out, told = _on_terminal(shops, ["deal", "won", "-", "--format", "ids"], b"d1\nd2\n\x04")
    assert (code, out.split()) == (0, ["d1", "d2"])
    assert "end it with Ctrl-D" in told


def test_messages_stay_json_where_nobody_can_be_asked(shops: Path, acct: CommandLine) -> None:
    words = ("deal", "edit", "--where", "value>27", "--set", "stage=x", "--format", "json")
    result = acct(*words)
    assert (result.code, result.out) == (2, "")
    assert [json.loads(line)["id"] for line in result.err.splitlines()] == ["not-confirmed"]


def test_a_pipe_with_a_question_at_its_end_asks_for_yes(shops: Path) -> None:
    program = shlex.quote(str(Path(sys.executable).parent / "acctcli"))
    line = (
        f"{program} deal list --format ids | {program} deal edit - --where 'value>27' --set stage=x"
    )
    done = subprocess.run(
        ["bash", "-c", line], cwd=shops, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "not-confirmed" in done.stderr


def test_a_pipe_that_ends_early_leaves_what_was_done(shops: Path) -> None:
    program = shlex.quote(str(Path(sys.executable).parent / "acctcli"))
    line = (
        f"{program} deal list --format ids | {program} deal won - --format json | head -c 1;"
        ' codes="${PIPESTATUS[*]}"; echo; echo "$codes"'
    )
    done = subprocess.run(
        ["bash", "-c", line], cwd=shops, capture_output=True, text=True, check=False
    )
    assert done.stdout.split()[-3:] == ["0", "0", "0"]
    assert Book(shops).read().won_count("o3") == 1


# the manual


def test_the_commands_of_the_page_run(folder: Path, acct: CommandLine) -> None:
    page = (PROJECT / "docs" / "pipes.md").read_text("utf-8")
    blocks = re.findall(r"^```\n(.*?)```", page, re.DOTALL | re.MULTILINE)
    commands = [block for block in blocks if "acctcli" in block]
    assert len(commands) >= 5
    script = "set -e -o pipefail\nacctcli init --currency EUR --timezone Europe/Rome\n"
    environ = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(folder),
        "ACCTCLI_ACTOR": "anna@example.com",
        "ACCTCLI_TODAY": "2026-03-10",
    }
    done = subprocess.run(
        ["bash", "-c", script + "".join(commands)],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown = [block for block in blocks if "acctcli" not in block]
    for block in shown:
        assert [line for line in block.splitlines() if line not in done.stderr] == []


def test_the_page_names_what_takes_a_dash(acct: CommandLine, small: Path) -> None:
    """Each command that says NAME... in its usage reads ids from standard input."""
    page = (PROJECT / "docs" / "pipes.md").read_text("utf-8")
    table = re.findall(r"^\| `([a-z]+)` \| (.*?) \|$", page, re.MULTILINE)
    told = {(noun, verb) for noun, verbs in table for verb in re.findall(r"`(\w+)`", verbs)}
    assert ("deal", "won") in told
    for noun, verb in told:
        words = [noun, verb, "-"]
        words += {"move": ["later" if noun == "account" else "+1d"]}.get(verb, [])
        words += {"edit": ["--set", "owner=x"], "plan": ["--playbook", "none"]}.get(verb, [])
        result = acct(*words)
        assert "there are no ids on standard input" in result.err, words


# saved views


def test_a_view_chooses_records_too(shops: Path, acct: CommandLine) -> None:
    with (shops / "acctcli.yaml").open("a") as file:
        file.write(
            "views:\n"
            "  large: {command: deal list, where: value>20, sort: -value, limit: 2,"
            " fields: title}\n"
            "  sums: {command: deal list, group_by: status}\n"
            "  others: {command: org list, where: name}\n"
        )
    words = ("deal", "edit", "--set", "stage=offer", "--yes", "--format", "json", "--view")
    result = acct(*words, "large")
    assert isinstance(result.json, list)
    assert [each["id"] for each in result.json] == ["d29", "d28"]
    assert "value" in result.json[0]
    assert [acct(*words, name).code for name in ("sums", "others", "nobody")] == [2, 2, 3]
    assert acct("deal", "remove", "--view", "large", "--yes").code == 0
    assert acct("deal", "show", "d29").code == 3
