"""Many commands in one commit: a batch does what its commands do one by one, or nothing."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import shutil
from itertools import count
from typing import TYPE_CHECKING, Any

import click
import pytest
from helpers.faults.dying import history_of
from helpers.files import PROJECT, files_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acctcli.cli.app.console import Globals, Streams
from acctcli.cli.app.session import Session
from acctcli.cli.commands.apply import COLUMNS, ApplyOptions, run_apply
from acctcli.cli.commands.apply_commands import NOT_IN_BATCH, TABLE
from acctcli.cli.main import cli
from acctcli.core.model.kinds import KIND_NAMES
from acctcli.store.commit.snapshot import read_all
from acctcli.store.views.whole_book import WholeView

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

Op = tuple[str, dict[str, Any]]

PLAYBOOKS = """
tiers: {A: 30d}
fields:
  orgs: {partner: {link: orgs}, segment: {one_of: [A, B]}}
  deals: {first_call: {link: activities}}
playbooks:
  onboarding:
    on: won
    steps:
      - {type: call, subject: Welcome, after: 2d}
      - {type: meeting, subject: Review, wait: 5d}
  hello:
    on: new_account
    steps: [{type: email, subject: Say hello, after: 1d}]
"""


def line(command: str, args: dict[str, Any] | None = None, name: str | None = None) -> str:
    """A line of a batch."""
    made: dict[str, Any] = {"command": command.split(), "args": args or {}}
    return json.dumps(made if name is None else {**made, "as": name})


def batch(*lines: str) -> str:
    return "".join(f"{each}\n" for each in lines)


# The same commands as lines of JSON and as command lines.


_LABELS = {
    "org": "name",
    "person": "name",
    "deal": "title",
    "activity": "subject",
    "note": "content",
}
_ARGUMENTS = {"due_date": "", "bucket": ""}  # which come bare


def words(op: Op) -> list[str]:
    """The command line that does what a line of a batch does."""
    command, args = op
    noun, verb = command.split()
    args = dict(args)
    found = [noun, verb]
    label = args.pop(_LABELS[noun], None) if verb == "add" else None
    found += [label] if label is not None else []
    if verb != "add":
        ids = args.pop("id")
        found += [ids] if isinstance(ids, str) else ids
    if verb == "move":
        found.append(args.pop("due_date", None) or args.pop("bucket"))
    for key, value in args.items():
        if key == "set":
            for name, each in value.items():
                found += ["--unset", name] if each is None else ["--set", f"{name}={each}"]
        elif key in {"no_playbook", "cascade", "yes", "no_next"}:
            found.append(f"--{key.replace('_', '-')}")
        elif key == "next":
            found += ["--next", *value]
        else:
            option = {"due_date": "due", "due_time": "time"}.get(key, key).replace("_", "-")
            found += [f"--{option}", str(value)]
    return found


ORGS = st.sampled_from(["acme", "bianchi", "cole", "dora", "emil"])
PEOPLE = st.sampled_from(["eva", "kim", "lee"])
DEALS = st.sampled_from(["d1", "d2", "d3", "d4", "d5"])
ACTIVITIES = st.sampled_from(["a1", "a2", "a3", "a4"])
NOTES = st.sampled_from(["n1", "n2"])
DAYS = st.sampled_from(["2026-03-01", "today", "+3d", "friday"])


def _given(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def _op(
    command: str, needs: dict[str, st.SearchStrategy[Any]], **may: st.SearchStrategy[Any]
) -> st.SearchStrategy[Op]:
    return st.tuples(st.just(command), st.fixed_dictionaries(needs, optional=may))


def _text(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


def _set(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    found = st.fixed_dictionaries({}, optional={k: st.none() | v for k, v in fields.items()})
    return found.filter(bool)


OPS: st.SearchStrategy[Op] = st.one_of(
    _op("org add", {"name": _text("New one"), "id": ORGS}, parent=ORGS, tier=_text("A")),
    _op("org add", {"name": _text("By its name")}, parent=ORGS),
    _op("person add", {"name": _text("Kim B", "Lee B"), "id": PEOPLE}, org=ORGS),
    _op(
        "deal add",
        {"title": _text("ERP"), "id": DEALS},
        org=ORGS,
        person=PEOPLE,
        value=_text("12.50", "7"),
        status=_text("won"),
        term=_text("12m"),
    ),
    _op(
        "activity add",
        {"subject": _text("Call"), "id": ACTIVITIES},
        org=ORGS,
        deal=DEALS,
        person=PEOPLE,
        due_date=DAYS,
        repeat=_text("every week"),
    ),
    _op("note add", {"content": _text("Hello"), "id": NOTES}, org=ORGS, person=PEOPLE),
    _op(
        "org edit",
        {"id": ORGS, "set": _set(parent=ORGS, owner=_text("Anna"), partner=ORGS, phone=_text("1"))},
    ),
    _op("account edit", {"id": ORGS, "set": _set(segment=_text("A", "B"))}),
    _op("person edit", {"id": PEOPLE, "set": _set(org=ORGS, job_title=_text("CEO"))}),
    _op(
        "deal edit",
        {"id": DEALS, "set": _set(status=_text("won", "open"), org=ORGS, first_call=ACTIVITIES)},
    ),
    _op(
        "activity edit",
        {"id": ACTIVITIES, "set": _set(done=_text("true"), person=PEOPLE, due_date=DAYS, org=ORGS)},
    ),
    _op("deal won", {"id": DEALS}, on=DAYS, no_playbook=st.just(value=True)),
    _op("deal lost", {"id": st.lists(DEALS, min_size=1, max_size=2, unique=True)}),
    _op("deal reopen", {"id": DEALS}),
    _op("deal renew", {"id": DEALS}, term=_text("1y")),
    _op("activity done", {"id": ACTIVITIES}, note=_text("well"), on=DAYS),
    _op("activity done", {"id": ACTIVITIES, "next": st.just(["call", "+2w"])}),
    _op("activity reopen", {"id": ACTIVITIES}),
    _op("activity move", {"id": ACTIVITIES, "due_date": DAYS}),
    _op("account move", {"id": ORGS, "bucket": _text("today", "later")}),
    _op("account plan", {"id": ORGS, "playbook": _text("onboarding")}, on=_text("2026-03-09")),
    _op("org remove", {"id": ORGS}, cascade=st.just(value=True)),
    _op("person remove", {"id": PEOPLE}, cascade=st.just(value=True)),
    _op("deal remove", {"id": DEALS}, cascade=st.just(value=True)),
    _op("activity remove", {"id": st.lists(ACTIVITIES, min_size=1, max_size=2, unique=True)}),
)


@pytest.fixture
def numbered(monkeypatch: pytest.MonkeyPatch) -> list[count[int]]:
    """Ids that are made in turn, so that two runs make the same."""
    numbers = [count()]
    monkeypatch.setattr(
        "acctcli.store.changes.change_set.random_id",
        lambda letter, _: f"{letter}made{next(numbers[0])}",
    )
    return numbers


@pytest.fixture
def planned(small: Path) -> Path:
    """The small book with playbooks and own fields."""
    with (small / "acctcli.yaml").open("a", encoding="utf-8") as file:
        file.write(PLAYBOOKS)
    return small


def records(folder: Path) -> dict[str, dict[str, object]]:
    """Every record of a book by kind and id."""
    data = WholeView(read_all(folder)).data
    return {kind: dict(data.of(kind)) for kind in KIND_NAMES}


@pytest.mark.parametrize("index", [[], ["--no-index"]], ids=["index", "no index"])
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ops=st.lists(OPS, min_size=2, max_size=9), data=st.data())
def test_a_batch_does_what_its_commands_do_one_by_one(  # noqa: PLR0917 - fixtures
    planned: Path,
    acct: CommandLine,
    tmp_path: Path,
    numbered: list[count[int]],
    index: list[str],
    ops: list[Op],
    data: st.DataObject,
) -> None:
    def run(name: str, *words: str, stdin: str = "") -> Any:  # noqa: ANN401 - a named tuple
        return acct(*words, "--book", str(tmp_path / name), *index, stdin=stdin)

    for name in ("first", "single", "once"):
        shutil.rmtree(tmp_path / name, ignore_errors=True)
        shutil.copytree(planned, tmp_path / name)
    good = [op for op in ops if run("first", *words(op)).code == 0]
    numbered[0] = count()
    said = [run("single", *words(op)) for op in good]
    if any(each.code for each in said):
        return  # what was refused before had handed out an id
    numbered[0] = count()
    answer = run("once", "apply", "-", stdin=batch(*(line(*op) for op in good)))
    assert answer.code == 0, answer.err
    assert records(tmp_path / "once") == records(tmp_path / "single")
    told = "".join(each.err for each in said).splitlines()
    if len(told) <= 40:
        assert answer.err.splitlines() == told
    assert len(answer.out.splitlines()) == len(good)

    before = files_of(tmp_path / "once")
    at = data.draw(st.integers(0, len(good)))
    bad = line("deal won", {"id": "nobody"})
    lines = [line(*op) for op in good]
    refused = run("once", "apply", "-", stdin=batch(*lines[:at], bad, *lines[at:]))
    assert refused.code == 5
    assert refused.out == ""
    after = files_of(tmp_path / "once")
    assert after == before


# the form of the answers


def test_answers_are_in_the_format_that_was_asked_for(small: Path, acct: CommandLine) -> None:
    lines = batch(
        line("org add", {"name": "Dora"}, "dora"),
        line("note add", {"content": "Hi", "org": "$dora", "id": "n1"}),
        line("activity done", {"id": ["a1", "a2"]}),
        line("note remove", {"id": "n1"}),
    )
    head = "line,command,as,id,made,changed,removed\n"
    rows = [
        "1,org; add,dora,dora,dora,,",
        "2,note; add,,n1,n1,,",
        "3,activity; done,,,,a1,",
        "4,note; remove,,n1,,,n1",
    ]
    told = acct("apply", "-", "--dry-run", "--format", "csv", stdin=lines)
    assert told.out == head + "".join(f"{row}\n" for row in rows)
    tabs = acct("apply", "-", "--dry-run", "--format", "tsv", stdin=lines)
    assert tabs.out == told.out.replace(",", "\t")
    assert acct("apply", "-", "--dry-run", "--format", "ids", stdin=lines).out == "dora\nn1\n"
    each = acct("apply", "-", "--dry-run", "--format", "ndjson", stdin=lines)
    assert acct("apply", "-", "--dry-run", stdin=lines).out == each.out
    rows_of_json = acct("apply", "-", "--dry-run", "--format", "json", stdin=lines).json
    assert rows_of_json == [json.loads(row) for row in each.out.splitlines()]
    assert [*json.loads(each.out.splitlines()[0])] == [
        "line", "command", "as", "id", "made", "changed", "removed"
    ]  # fmt: skip


def test_of_many_messages_the_sum_is_told(small: Path, acct: CommandLine) -> None:
    lines = [line("org add", {"name": f"Firm {n}"}, f"o{n}") for n in range(30)]
    lines += [line("deal add", {"title": "X", "org": f"$o{n}", "status": "won"}) for n in range(30)]
    lines += [line("activity done", {"id": "a1"}), line("activity remove", {"id": "a2"})]
    result = acct("apply", "-", stdin=batch(*lines))
    assert result.err == (
        "62 commands: 60 records added, 1 changed, 1 removed\n30 organizations are now accounts\n"
    )
    assert len(result.out.splitlines()) == 62
    assert acct("apply", "-", "-q", stdin=batch(*lines[:30])).err == ""
    assert acct("undo", "-q").code == acct("undo", "-q").code == 0
    assert len(acct("log").out.splitlines()) > 4


# reading


def test_line_ends_marks_and_blank_lines_do_not_matter(book: Path, acct: CommandLine) -> None:
    text = f"\ufeff{line('org add', {'name': 'Acme'})}\r\n\r\n  \n{line('org add', {'name': 'B'})}"
    (book / "batch").write_bytes(text.encode())
    result = acct("apply", "batch", "-q")
    assert [json.loads(each)["line"] for each in result.out.splitlines()] == [1, 4]


def test_a_line_that_is_too_long_is_told_and_those_after_it_are_counted(
    book: Path, acct: CommandLine
) -> None:
    text = f'{"x" * (3 << 20)}\n{{"command": 1}}\n'
    result = acct("apply", "-", stdin=text)
    assert result.code == 5
    assert [each.split(": ")[0] for each in result.err.splitlines() if "error" in each] == [
        "stdin:1", "stdin:2"
    ]  # fmt: skip


def test_a_folder_is_no_batch_and_a_book_is_needed(folder: Path, acct: CommandLine) -> None:
    assert acct("apply", "-").code == 3
    acct("init", "-q")
    assert acct("apply", ".").code == 5
    assert acct("apply").code == 2


class _Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_reading_from_a_terminal_is_told(book: Path) -> None:
    def run_on(file: str) -> str:
        err = io.StringIO()
        streams = Streams(
            out=io.BytesIO(),
            err=err,
            stdin=_Terminal(io.BytesIO(line("org add", {"name": "Acme"}).encode())),
            environ=os.environ,
            cwd=book,
            clock=lambda: dt.datetime.now(dt.UTC),
            columns=None,
        )
        run_apply(ApplyOptions(file, dry_run=True), Session(Globals(), streams, ("apply",)))
        return err.getvalue()

    told = "reading commands from the terminal, one a line; end with Ctrl-D\n"
    assert run_on("-").startswith(told)
    assert told not in run_on(os.devnull)


def test_faults_of_form_and_of_arguments_are_told_together(book: Path, acct: CommandLine) -> None:
    text = batch("{", line("org add", {"nam": "x"}), line("deal won", {"id": "$lost"}), "[]")
    result = acct("apply", "-", stdin=text)
    assert result.code == 5
    places = [each.split(": ")[0] for each in result.err.splitlines() if "error [" in each]
    # That a name is not known may come of a line that cannot be read.
    assert places == ["stdin:1:2", "stdin:2", "stdin:2", "stdin:4"]
    assert not (book / "orgs.yaml").exists()


# running


def test_errors_of_the_book_keep_their_code_and_get_the_line(
    small: Path, acct: CommandLine
) -> None:
    (small / "notes.yaml").write_text("- id: n1\n  content: [x]\n", "utf-8")
    result = acct("apply", "-", stdin=line("note remove", {"id": "n1"}))
    assert result.code == 4
    assert "stdin:1: error [bad-type]: notes.yaml:2:12: content:" in result.err
    assert acct("apply", "-", "-q", stdin=line("org add", {"name": "Dora"})).code == 0


def test_messages_speak_of_arguments_where_they_spoke_of_options(
    small: Path, acct: CommandLine
) -> None:
    def told(command: str, **args: object) -> str:
        result = acct("apply", "-", stdin=line(command, args))
        assert result.code == 5
        return result.err

    assert "stdin:1: error [bad-date]: due: " in told("activity add", subject="x", due="someday")
    assert "stdin:1: error [bad-date]: on: " in told("deal won", id="d3", on="someday")
    assert "expected_close_date: " in told("deal edit", id="d3", set={"expected_close_date": "x"})
    assert "stdin:1: error [bad-date]: renewal_date: " in told(
        "deal edit", id="d3", set={"renewal_date": "x"}
    )
    both = told("activity done", id="a1", next=["call", "+1d"], no_next=True)
    assert 'stdin:1: error [next-and-no-next]: next and "no_next" exclude each other' in both
    alone = told("activity done", id="a1", subject="x")
    assert ': subject names the next activity, and "next" was not given' in alone
    assert '"cascade" removes or unlinks them' in told("org remove", id="acme")
    assert '"--x y"' in told("deal won", id="--x y")


def test_a_record_that_went_is_told_by_its_name(small: Path, acct: CommandLine) -> None:
    lines = batch(
        line("org add", {"name": "Dora"}, "dora"),
        line("org remove", {"id": "$dora"}),
        line("person add", {"name": "Ann", "org": "$dora"}),
    )
    result = acct("apply", "-", stdin=lines)
    assert result.code == 5
    assert (
        'stdin:3: error [name-of-removed]: the record "$dora" is removed by stdin:2' in result.err
    )


def test_a_record_that_came_back_has_its_name_again(small: Path, acct: CommandLine) -> None:
    lines = batch(
        line("org add", {"name": "Dora"}, "dora"),
        line("org remove", {"id": "$dora"}),
        line("org add", {"name": "Dora again", "id": "dora"}),
        line("note remove", {"id": "n1"}),
        line("note add", {"content": "New", "id": "n1", "org": "$dora"}),
    )
    (small / "notes.yaml").write_text("- id: n1\n  content: Old\n  owner: Eva\n  x: y\n", "utf-8")
    result = acct("apply", "-", stdin=lines)
    assert result.code == 0, result.err
    assert "x: y" not in (small / "notes.yaml").read_text("utf-8")
    row = json.loads(acct("note", "list", "--format", "ndjson").out)
    assert (row["content"], row["owner"], row["org"]) == ("New", None, "dora")
    assert acct("undo").code == 0
    assert (small / "notes.yaml").read_text("utf-8").endswith("owner: Eva\n  x: y\n")


def test_files_are_copied_or_linked(small: Path, acct: CommandLine) -> None:
    (small / "offer.pdf").write_text("an offer", "utf-8")
    lines = batch(
        line("file add", {"path": "offer.pdf", "org": "acme", "id": "f1"}),
        line("file add", {"path": "offer.pdf", "name": "again.pdf", "deal": "d1", "label": None}),
        line("file add", {"path": "https://example.com/x", "link": True, "org": "acme"}, "web"),
        line("file edit", {"id": "$web", "set": {"name": "The site"}}),
    )
    result = acct("apply", "-", stdin=lines)
    assert result.code == 5
    assert 'takes no "label"' in result.err
    result = acct("apply", "-", stdin=lines.replace(', "label": null', ""))
    assert result.code == 0, result.err
    assert sorted(each.name for each in (small / "attachments").iterdir()) == [
        "again.pdf", "offer.pdf"
    ]  # fmt: skip
    assert acct("file", "verify").code == 0
    assert "The site" in acct("file", "list").out
    acct("undo", "-q")
    assert acct("file", "list").out == ""
    gone = batch(
        line("file add", {"path": "offer.pdf", "org": "acme"}, "f"),
        line("file remove", {"id": "$f"}),
    )
    assert acct("apply", "-", "-q", stdin=gone).code == 0
    assert not (small / "attachments").exists()


def test_unplanning_an_account_wants_a_yes(small: Path, acct: CommandLine) -> None:
    args: dict[str, Any] = {"id": "acme", "bucket": "none"}
    assert acct("apply", "-", stdin=line("account move", args)).code == 5
    assert acct("apply", "-", stdin=line("account move", {**args, "yes": True})).code == 0
    assert "due_date" not in (small / "activities.yaml").read_text("utf-8").split("a2")[0]


def test_one_commit_has_the_command_and_one_undo_takes_all_back(
    small: Path, acct: CommandLine
) -> None:
    before = {k: v for k, v in files_of(small).items() if k.endswith(".yaml")}
    lines = batch(
        line("org add", {"name": "Dora"}, "dora"),
        line("deal won", {"id": "d3"}),
        line("activity remove", {"id": "a2"}),
        line("org edit", {"id": "acme", "set": {"labels": ["a", "b"]}}),
    )
    (small / "batch.jsonl").write_text(lines, "utf-8")
    assert acct("apply", "batch.jsonl", "-q").code == 0
    assert len(history_of(small)) == 1
    assert history_of(small)[0].closing.command == ["apply", "batch.jsonl", "-q"]
    assert history_of(small)[0].closing.actor == "anna@example.com"
    assert acct("undo", "-q").code == 0
    assert {k: v for k, v in files_of(small).items() if k.endswith(".yaml")} == before


# the table


def test_every_command_that_changes_the_book_is_applied_or_left_out() -> None:
    known = set(TABLE) | set(NOT_IN_BATCH) | READ_ONLY
    assert set(_commands()) == known
    assert not set(TABLE) & set(NOT_IN_BATCH)
    assert not READ_ONLY & (set(TABLE) | set(NOT_IN_BATCH))


# Commands that change nothing in a book.
READ_ONLY = {
    *(
        (noun, verb)
        for noun in ("org", "person", "deal", "activity", "note", "file")
        for verb in ("list", "show")
    ),
    *(("account", verb) for verb in ("list", "board", "show", "timeline", "why")),
    *(("org", verb) for verb in ("timeline", "why")),
    *(("report", verb) for verb in ("coverage", "repeat", "renewals", "health")),
    *(("file", verb) for verb in ("open", "verify")),
    *((name,) for name in ("agenda", "find", "log", "digest", "changes", "views")),
    *((name,) for name in ("completion", "help")),
    ("rates", "list"),
}


def _commands(
    group: click.Group | None = None, path: tuple[str, ...] = ()
) -> dict[tuple[str, ...], click.Command]:
    group = group or cli
    found: dict[tuple[str, ...], click.Command] = {}
    with click.Context(group) as ctx:
        for name in group.list_commands(ctx):
            command = group.get_command(ctx, name)
            if isinstance(command, click.Group):
                found |= _commands(command, (*path, name))
            elif command is not None:
                found[*path, name] = command
    return found


# Arguments of command lines that have another name as JSON: what a command is about, by the name
# of its field, `set` of an edit, and what makes no sense in a batch.
RENAMED = {
    "label": None, "names": "id", "sets": "set", "record_id": "id", "following": "next",
    "unset": "unset", "everything": None, "playbook": "playbook",
}  # fmt: skip


@pytest.mark.parametrize("command", TABLE, ids=" ".join)
def test_a_command_takes_all_that_its_command_line_takes(command: tuple[str, ...]) -> None:
    shape = TABLE[command].shape
    taken = {name for each in shape.arguments for name in (each.name, *each.aliases)}
    for param in _commands()[command].params:
        name = RENAMED.get(param.name or "", param.name)
        if name == "name" and command[1] in {"edit", "move", "plan"}:
            name = "id"
        if name is None or param.name == "dry_run":
            continue
        if param.name == "yes" and command[1] in {"edit", "remove"}:
            continue  # who is named is not asked about
        assert name in taken
        if isinstance(param, click.Option):
            option = param.opts[0].removeprefix("--").replace("-", "_")
            assert option in taken, option


def test_the_page_has_the_table() -> None:
    page = (PROJECT / "docs" / "apply.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `(\w+ \w+)` \| (.*) \|$", page, re.MULTILINE))
    for command, applied in TABLE.items():
        own = [each for each in applied.shape.arguments if each.takes != "field" or each.required]
        names = (" or ".join(f"`{name}`" for name in (each.name, *each.aliases)) for each in own)
        assert told.pop(" ".join(command)) == ", ".join(names)
    assert not told
    also = {
        (each.name, other)
        for applied in TABLE.values()
        for each in applied.shape.arguments
        for other in each.aliases
        if each.takes == "field" and not each.required
    }
    assert also == set(re.findall(r"`(\w+)` is\s+`(\w+)`", page))
    for left_out in NOT_IN_BATCH:
        if left_out[0] != "init":
            assert f"`{' '.join(left_out)}`" in page


def test_the_page_names_every_key_of_an_answer() -> None:
    page = (PROJECT / "docs" / "apply.md").read_text("utf-8").partition("## Answers")[2]
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(COLUMNS)


def test_what_the_page_shows_is_so(book: Path, acct: CommandLine) -> None:
    page = (PROJECT / "docs" / "apply.md").read_text("utf-8")
    lines, edit = re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (book / "batch.jsonl").write_text(lines, "utf-8")
    shown = page.partition("$ acctcli apply batch.jsonl\n")[2].partition("```")[0]
    rehearsed = acct("apply", "batch.jsonl", "--dry-run")
    assert rehearsed.code == 0
    done = acct("apply", "batch.jsonl")
    made = re.compile(r'"[da][0-9a-z]{8}"')
    assert made.sub('"made"', done.out) == made.sub('"made"', shown)
    assert acct("apply", "batch.jsonl", "--format", "ids").out.startswith("olmo-legno-2\n")
    acct("org", "add", "Acme", "--owner", "Eva", "--set", "phone=1", "-q")
    assert acct("apply", "-", stdin=edit).code == 0
    wrong = acct("apply", "-", stdin="\n\n" + line("deal won", {"id": "d1"}))
    error = re.findall(r"^batch.jsonl:3: error .*", page, re.MULTILINE)[0]
    assert wrong.err.splitlines()[0] == error.replace("batch.jsonl", "stdin")
