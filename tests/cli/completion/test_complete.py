"""Completion: which words may stand where the cursor is."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.files import PROJECT, files_of
from hypothesis import given
from hypothesis import strategies as st

from acctcli.cli.app.command_tree import tree
from acctcli.cli.completion import complete as completing
from acctcli.cli.completion import generate_tree
from acctcli.cli.completion.book_words import BookWords
from acctcli.cli.completion.complete import Answer, Offer, complete
from acctcli.cli.completion.generate_tree import TARGET
from acctcli.cli.completion.shells import TypedLine, answer, read_line
from acctcli.core.model.kinds import KINDS
from acctcli.core.query import columns
from acctcli.store.index import completion_lookup as glancing
from acctcli.store.index.database import database_path

if TYPE_CHECKING:
    from helpers.cli import CommandLine

BREAKS = " \t\n\"'><=;|&(:"


@pytest.fixture
def sample(folder: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample book, with an index, as the current folder."""
    book = folder / "book"
    shutil.copytree(PROJECT / "sample-data", book)
    monkeypatch.chdir(book)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    assert acct("account", "list").code == 0
    return book


def offered(*words: str) -> list[str]:
    """What is offered for the last word."""
    lines = answer(["zsh", words[-1], *words[:-1]])
    return [line.partition("\t")[0] for line in lines[1:]]


def marks(*words: str) -> str:
    return answer(["zsh", words[-1], *words[:-1]])[0]


def described(*words: str) -> dict[str, str]:
    lines = answer(["zsh", words[-1], *words[:-1]])
    return {word: about for word, _, about in (line.partition("\t") for line in lines[1:])}


# the commands


def test_the_tree_is_the_commands() -> None:
    assert TARGET.read_text("utf-8") == generate_tree.text(), "write it anew: make tree"


def test_the_labels_are_those_of_the_kinds() -> None:
    assert {kind.name: kind.label for kind in KINDS.values()} == glancing.LABELS
    assert list(glancing.LABELS) == list(KINDS)


def test_commands_and_verbs(folder: Path) -> None:
    assert offered("") == list(tree().branches[""].verbs)
    assert offered("acc") == ["account"]
    assert offered("account", "b") == ["board"]
    assert offered("--quiet", "--book", "x", "deal", "re") == ["remove", "reopen", "renew"]
    assert described("acc") == {"account": "Organizations with a won deal."}
    assert offered("acount", "li") == []
    assert offered("account", "list", "x", "") == []


def test_options(folder: Path) -> None:
    own = offered("account", "list", "--")
    assert own[:4] == ["--owner", "--not-contacted", "--late", "--currency"]
    assert {"--where", "--sort", "--book", "--format", "--help"} <= set(own)
    assert offered("account", "list", "-") == own
    assert "--where" not in offered("account", "show", "--")
    assert offered("--whe") == ["--where"]
    assert offered("account", "list", "--late", "--la") == []
    assert offered("account", "list", "--where", "x", "--whe") == ["--where"]
    assert offered("org", "add", "--", "--lab") == []
    assert offered("account", "list", "--late=") == []
    assert offered("account", "list", "--lat=") == []
    assert described("--quie") == {"--quiet": "Print only data and errors."}


def test_choices(folder: Path) -> None:
    assert offered("--format", "js") == ["json"]
    assert offered("deal", "list", "--status=") == [
        "--status=open",
        "--status=won",
        "--status=lost",
    ]
    assert offered("account", "move", "x", "to") == ["today", "tomorrow"]
    assert offered("undo", "x", "y") == []
    assert offered("report", "health", "--word", "at") == ["at risk"]
    assert offered("account", "why", "x", "b") == ["bucket"]
    assert offered("account", "show", "x", "--section", "p") == ["planned", "people"]
    assert offered("activity", "add", "x", "--due", "to") == ["today", "tomorrow"]


def test_files_are_left_to_the_shell(folder: Path) -> None:
    assert marks("import", "csv", "x") == "path"
    assert marks("--output=x") == "path"
    assert marks("--book", "x") == "folder"
    assert marks("init", "") == "folder"
    assert answer(["bash", "acctcli account list > x", BREAKS, "9"]) == ["path"]


# the book


def test_records_by_id_and_by_name(sample: Path) -> None:
    assert described("account", "show", "nor") == {"northwind": "Northwind Traders"}
    assert described("account", "show", "Nor") == {"Northwind Traders": "northwind"}
    assert described("deal", "show", "serv") == {
        "Service contract 2026": "d842yqznd",
        "Service contract 2026, Cremona and branches": "ddnvxy9k7",
    }
    assert offered("person", "show", "REN") == ["Renée Whitcombe"]
    assert offered("person", "show", "renée w") == ["Renée Whitcombe"]
    assert offered("person", "add", "Ren") == []
    assert offered("log", "northw") == ["northwind"]
    assert offered("org", "remove", "northwind", "pett") == ["pettigrew"]
    assert offered("deal", "add", "x", "--org", "nor") == ["northwind"]
    assert offered("account", "timeline", "northwind", "nor") == []
    assert offered("account", "move", "northwind", "to") == ["tobelhof", "today", "tomorrow"]
    assert offered("account", "move", "to") == ["tobelhof"]
    assert offered("account", "show", "northwind", "pett") == ["pettigrew"]


def test_only_records_that_the_verb_is_for(sample: Path) -> None:
    organizations, accounts = offered("org", "show", ""), offered("account", "show", "")
    assert set(accounts) < set(organizations)
    won, unwon = offered("deal", "renew", ""), offered("deal", "won", "")
    assert set(won) | set(unwon) == set(offered("deal", "show", ""))
    assert not set(won) & set(unwon)
    assert set(offered("deal", "reopen", "")) > set(won)
    assert set(offered("deal", "lost", "")) >= set(won)
    done, undone = offered("activity", "reopen", ""), offered("activity", "done", "")
    assert set(done) | set(undone) == set(offered("activity", "show", ""))
    assert not set(done) & set(undone)
    assert offered("activity", "done", "x", "--next", "me") == ["meeting"]
    assert offered("activity", "done", "x", "--next", "call", "tod") == ["today"]


def test_records_of_one_name_are_told_apart_by_their_ids(sample: Path, acct: CommandLine) -> None:
    assert acct("note", "add", "Gate B", "--org", "northwind", "--id", "n2").code == 0
    assert acct("note", "add", "gate b", "--org", "northwind", "--id", "n3").code == 0
    assert acct("note", "add", "Gate C\nleft", "--org", "northwind", "--id", "n4").code == 0
    assert described("note", "show", "gate") == {
        "n2": "Gate B",
        "n3": "gate b",
        "n4": "Gate C left",
    }
    assert acct("note", "add", "--org", "northwind", "--id", "n5", "--", "-5 degrees").code == 0
    assert offered("note", "show", "--", "-5") == ["n5"]


def test_fields_of_lists(sample: Path) -> None:
    assert offered("account", "list", "--where", "won_") == ["won_value", "won_count"]
    assert marks("account", "list", "--where", "won_") == "goes-on"
    assert offered("account", "list", "--where=!buc") == ["--where=!bucket"]
    assert offered("account", "list", "--where", "vat") == ["vat_number"]
    assert offered("account", "list", "--sort", "-won_v") == ["-won_value"]
    assert offered("account", "list", "--sort", "name,-won") == [
        "name,-won_value",
        "name,-won_count",
    ]
    assert offered("account", "list", "--fields", "name,na") == []
    assert offered("account", "list", "--group-by", "own") == ["owner"]
    assert offered("account", "show", "x", "--fields", "group_v") == ["group_value"]
    assert offered("deal", "show", "x", "--fields", "warr") == ["warranty"]
    assert offered("init", "--fields", "a") == []


def test_what_fields_are_compared_with(sample: Path) -> None:
    assert offered("account", "list", "--where", "bucket=") == [
        *(
            f"bucket={bucket}"
            for bucket in ("none", "overdue", "today", "tomorrow", "soon", "later")
        )
    ]
    assert offered("account", "list", "--where", "bucket!=none,to") == [
        "bucket!=none,today",
        "bucket!=none,tomorrow",
    ]
    assert offered("account", "list", "--where", "owner=a") == ["owner=Anna"]
    assert offered("account", "list", "--where", "tier=") == ["tier=A", "tier=B", "tier=C"]
    assert offered("account", "list", "--where", "segment=B") == ["segment=B"]
    assert offered("account", "list", "--where", "last_contact.date>=to") == [
        "last_contact.date>=today",
        "last_contact.date>=tomorrow",
    ]
    assert offered("account", "list", "--where", "next_activity.type=me") == [
        "next_activity.type=meeting"
    ]
    assert offered("deal", "list", "--where", "org=northw") == ["org=northwind"]
    assert offered("deal", "list", "--where", "archived=") == ["archived=yes", "archived=no"]
    assert offered("account", "list", "--where", "won_value>5") == []
    assert offered("account", "list", "--where", "nothing=5") == []
    assert offered("account", "list", "--where", "health=w") == ["health=watch"]
    assert offered("account", "list", "--where", "next_activity<tom") == ["next_activity<tomorrow"]
    assert completing._SHORT == columns._SHORT


def test_fields_to_set(sample: Path) -> None:
    assert offered("org", "edit", "x", "--set", "seg") == ["segment="]
    assert marks("org", "edit", "x", "--set", "seg") == "goes-on"
    assert offered("org", "edit", "x", "--set", "segment=") == [
        "segment=A",
        "segment=B",
        "segment=C",
    ]
    assert offered("deal", "edit", "x", "--set", "org=northw") == ["org=northwind"]
    assert offered("deal", "edit", "x", "--set", "nothing=") == []
    assert offered("account", "edit", "x", "--unset", "pho") == ["phone"]
    assert offered("person", "add", "x", "--set", "newsletter=") == [
        "newsletter=yes",
        "newsletter=no",
    ]


def test_words_of_the_book(sample: Path) -> None:
    assert offered("account", "list", "--owner", "m") == ["Marco"]
    assert offered("account", "plan", "x", "--playbook", "") == [
        *("after-delivery", "renewal", "yearly-visit")
    ]
    assert offered("activity", "add", "x", "--type", "me") == ["meeting"]
    assert offered("report", "coverage", "--types", "call,me") == ["call,meeting"]
    assert offered("account", "timeline", "x", "--types", "no") == ["note"]
    assert offered("report", "coverage", "--types", "no") == []
    assert offered("account", "board", "--by", "s") == ["segment", "scales_in_use"]


def test_checks_parts_schemas_and_topics(folder: Path) -> None:
    assert offered("check", "dang") == ["dangling-link"]
    assert offered("check", "--only", "dangling-link,parent") == ["dangling-link,parent-cycle"]
    assert offered("check", "--level", "e") == ["error"]
    assert offered("digest", "--sections", "overdue,at") == ["overdue,at-risk"]
    assert offered("schema", "de") == ["deals"]
    assert {"exit-codes", "deal"} <= set(offered("help", ""))
    assert offered("help", "deal", "w") == ["won"]
    assert offered("help", "deal", "won", "") == []
    assert offered("help", "nothing", "") == []


def test_views(sample: Path) -> None:
    path = sample / "acctcli.yaml"
    text = path.read_text("utf-8")
    assert "\nviews:\n" in text
    deals = "\nviews:\n  zeal: {command: deal list, mine: yes}\n"
    path.write_text(text.replace("\nviews:\n", deals), "utf-8")
    assert "at-risk" in offered("account", "list", "--view", "")
    assert offered("deal", "list", "--view=z") == ["--view=zeal"]
    assert offered("account", "list", "--view", "z") == []
    assert described("views", "z") == {"zeal": "deal list"}
    assert offered("--view", "z") == ["zeal"]


def test_the_book_that_is_named(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sample.parent)
    assert offered("account", "show", "nor") == []
    assert offered("--book", str(sample), "account", "show", "nor") == ["northwind"]
    assert offered("account", "show", f"--book={sample}", "nor") == ["northwind"]
    monkeypatch.setenv("HOME", str(sample.parent))
    assert offered("--book", "~/book", "account", "show", "nor") == ["northwind"]
    assert offered("--book", "nowhere", "account", "show", "nor") == []
    monkeypatch.setenv("ACCTCLI_BOOK", str(sample))
    assert offered("account", "show", "nor") == ["northwind"]


# an index that is not as it should be


def test_a_small_book_without_an_index_is_read(sample: Path) -> None:
    shutil.rmtree(sample.parent / "cache")
    before = files_of(sample)
    assert offered("account", "show", "nor") == ["northwind"]
    assert files_of(sample) == before


def test_a_small_book_that_was_edited_is_read_anew(sample: Path) -> None:
    path = sample / "orgs.yaml"
    path.write_text(path.read_text("utf-8") + "- id: norman\n  name: Norman\n", "utf-8")
    assert offered("org", "show", "nor") == ["norman", "northwind"]


def test_of_a_broken_book_the_last_is_known(sample: Path) -> None:
    (sample / "acctcli.yaml").write_text("[", "utf-8")
    assert offered("org", "show", "nor") == ["northwind"]
    shutil.rmtree(sample.parent / "cache")
    assert offered("org", "show", "nor") == []
    assert offered("org", "sho") == ["show"]


def test_a_large_book_is_not_read(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acctcli.cli.completion.book_words._SMALL", 1000)
    path = sample / "orgs.yaml"
    path.write_text(path.read_text("utf-8") + "- id: norman\n  name: Norman\n", "utf-8")
    assert offered("org", "show", "nor") == ["northwind"]  # as the index has it
    shutil.rmtree(sample.parent / "cache")
    assert offered("org", "show", "nor") == []
    assert not (sample.parent / "cache").exists()


def test_without_a_folder_for_caches(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME")
    assert offered("org", "show", "nor") == []


@pytest.mark.parametrize("harm", ["bytes", "version", "about", "tables"])
def test_a_damaged_index_is_none(sample: Path, monkeypatch: pytest.MonkeyPatch, harm: str) -> None:
    monkeypatch.setattr("acctcli.cli.completion.book_words._SMALL", 0)
    (path,) = (sample.parent / "cache" / "acctcli").glob("*.sqlite")
    for each in path.parent.glob("*-*"):
        each.unlink()
    if harm == "bytes":
        path.write_bytes(b"no database" * 1000)
    else:
        database = sqlite3.connect(path)
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute(
            {
                "version": "PRAGMA user_version = 1",
                "about": "DELETE FROM about",
                "tables": "DROP TABLE accounts",
            }[harm]
        )
        database.commit()
        database.close()
    if harm == "tables":
        with pytest.raises(sqlite3.Error):
            offered("org", "show", "nor")
    else:
        assert offered("org", "show", "nor") == []


def test_an_index_of_another_book_is_none(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acctcli.cli.completion.book_words._SMALL", 0)
    other = sample.with_name("other")
    shutil.copytree(sample, other)
    cache = sample.parent / "cache"
    path, found = (database_path(cache / "acctcli", each) for each in (other, sample))
    shutil.copy(found, path)
    monkeypatch.chdir(other)
    assert offered("org", "show", "nor") == []


def test_a_record_in_another_form(sample: Path) -> None:
    path = sample / "orgs.yaml"
    path.write_text(
        path.read_text("utf-8") + '- {id: norman, name: "Norman\\u00e9", owner: [x]}\n', "utf-8"
    )
    path = sample / "notes.yaml"
    path.write_text(
        path.read_text("utf-8")
        + '- {id: nz1, content: "Zeppelins over \\u00c9vora", org: northwind}\n',
        "utf-8",
    )
    assert described("note", "show", "zepp") == {"Zeppelins over Évora": "nz1"}


# shells


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("acctcli account sh", TypedLine(["acctcli", "account"], "sh", "", "", is_file=False)),
        ("acctcli x ", TypedLine(["acctcli", "x"], "", "", "", is_file=False)),
        (r"acctcli a\ b", TypedLine(["acctcli"], "a b", "", "", is_file=False)),
        ('acctcli "a b', TypedLine(["acctcli"], "a b", '"', "", is_file=False)),
        ("acctcli 'a b' c", TypedLine(["acctcli", "a b"], "c", "", "", is_file=False)),
        (r"""acctcli "a \"b\\ \c""", TypedLine(["acctcli"], 'a "b\\ \\c', '"', "", is_file=False)),
        ("acctcli '' x", TypedLine(["acctcli", ""], "x", "", "", is_file=False)),
        ("acctcli --where=a", TypedLine(["acctcli"], "--where=a", "", "--where=", is_file=False)),
        ("acctcli --where='a", TypedLine(["acctcli"], "--where=a", "'", "--where=", is_file=False)),
        ("acctcli 'a'b", TypedLine(["acctcli"], "ab", "", "a", is_file=False)),
        ("x | acctcli a:b", TypedLine(["acctcli"], "a:b", "", "a:", is_file=False)),
        ("acctcli > x y", TypedLine(["acctcli"], "y", "", "", is_file=False)),
        ("acctcli >x", TypedLine(["acctcli"], "x", "", "", is_file=True)),
        ("acctcli\\", TypedLine([], "acctcli", "", "", is_file=False)),
    ],
)
def test_reading_a_line(line: str, typed: TypedLine) -> None:
    assert read_line(line, BREAKS) == typed


def in_bash(line: str, kind: int = 9) -> list[str]:
    return answer(["bash", line, BREAKS, str(kind)])[1:]


def test_words_for_bash(sample: Path) -> None:
    assert in_bash("acctcli account show nor") == ["northwind"]
    assert in_bash("acctcli account show Nor") == [r"Northwind\ Traders"]
    assert in_bash("acctcli account show 'Nor") == ["Northwind Traders"]
    assert in_bash("acctcli account list --where=bucket=none,so") == ["none,soon"]
    assert in_bash("acctcli account list --where 'bucket=none,so") == ["bucket=none,soon"]
    assert in_bash("acctcli deal won 'Conveyor scale, warehouse 3 (") == [
        "Conveyor scale, warehouse 3 (again)"
    ]
    assert in_bash(r"acctcli deal won Conveyor\ scale,\ warehouse\ 3\ \(") == [
        r"Conveyor\ scale,\ warehouse\ 3\ \(again\)"
    ]
    assert in_bash("acctcli deal list --status=", 63) == ["open", "won", "lost"]
    assert in_bash("acctcli deal won Conv", 63) == [
        "Conveyor scale, warehouse 3          (decf01ktv)",
        "Conveyor scale, warehouse 3 (again)  (dv1aedkt7)",
    ]


def test_quotes_and_colons_for_bash(sample: Path, acct: CommandLine) -> None:
    for name in ('O\'Brien "and" $ons', "Re: the offer"):
        assert acct("org", "add", name, "--quiet").code == 0
    assert in_bash("acctcli org show O\\'") == [r"O\'Brien\ \"and\"\ \$ons"]
    assert in_bash('acctcli org show "O') == [r"O'Brien \"and\" \$ons"]
    assert in_bash("acctcli org show 'O") == [r"""O'\''Brien "and" $ons"""]
    assert in_bash("acctcli org show Re:") == [r"\ the\ offer"]


def test_an_answer_begins_with_marks(sample: Path) -> None:
    assert answer(["fish", "Ren", "person", "show"]) == ["", "Renée Whitcombe\trenee-whitcombe"]
    assert answer(["fish", "'ren", "person", "show"])[1:] == ["renee-whitcombe\tRenée Whitcombe"]
    assert marks("person", "show", "renée") == "loose"
    assert marks("person", "show", "nobody") == ""


@given(st.lists(st.text(max_size=6), max_size=4), st.text(max_size=12))
def test_every_line_is_answered(words: list[str], current: str) -> None:
    known = BookWords(None, None)
    for path in ("", "account list", "deal edit", "account list --where", "--sort"):
        answer = complete([*path.split(), *words], current, known)
        assert isinstance(answer, Answer)
        assert all(isinstance(each, Offer) for each in answer.offers)


@given(st.text(max_size=20))
def test_what_bash_is_given_is_what_is_meant(text: str) -> None:
    from acctcli.cli.completion.shells import _quote

    text = "".join(char for char in text if char.isprintable())
    assert read_line(_quote(text, "")).current == text
    assert read_line('"' + _quote(text, '"')).current == text
    assert read_line("'" + _quote(text, "'")).current == text


# the process

_PROGRAM = Path(sys.executable).with_name("acctcli")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_PROGRAM, "__complete", *words], capture_output=True, text=True, check=False
    )


def test_a_shell_is_answered_and_told_no_error(sample: Path) -> None:
    done = run("zsh", "nor", "account", "show")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "\nnorthwind\tNorthwind Traders\n",
        "",
    )
    for words in ((), ("zsh",), ("bash", "x"), ("bash", "acctcli ", "", "x")):
        done = run(*words)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


_LOADED = """
import json, os, sys
os._exit = lambda code: None
from acctcli.cli.completion.shells import answer_shell
answer_shell(sys.argv[1:])
print(json.dumps(sorted(
    name for name, module in sys.modules.items()
    if not (name.startswith("acctcli") and (module.__file__ or "").endswith("__init__.py"))
)))
"""
COMPLETION = {
    "acctcli.cli.app.command_tree",
    "acctcli.cli.completion.complete",
    "acctcli.cli.app.environment",
    "acctcli.cli.completion.book_words",
    "acctcli.cli.completion.shells",
    "acctcli.core.model.errors",
    "acctcli.core.model.names",
    "acctcli.store.files.find_book",
    "acctcli.store.files.names",
}
OF_THE_INDEX = {
    "acctcli.store.files.filesystem",
    "acctcli.store.index.database",
    "acctcli.store.index.completion_lookup",
    "acctcli.store.datafiles.plain_reader",
}


@pytest.mark.parametrize(
    ("words", "more", "others"),
    [
        (("zsh", "", "account"), set(), set()),
        (("zsh", "nor", "account", "show"), OF_THE_INDEX, {"sqlite3"}),
        (("zsh", "vat", "account", "list", "--where"), OF_THE_INDEX, {"sqlite3", "msgspec"}),
    ],
)
def test_completion_loads_an_allow_list(
    sample: Path, words: tuple[str, ...], more: set[str], others: set[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *words], capture_output=True, text=True, check=True
    )
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    assert {name for name in modules if name.split(".")[0] == "acctcli"} <= COMPLETION | more
    assert modules & {"click", "msgspec", "sqlite3", "yaml", "tabulate", "hashlib"} == others


def test_completion_does_not_keep_anybody_waiting(sample: Path) -> None:
    """A bound that a busy machine keeps too; docs/completion.md says what it takes."""
    took, bare = [], []
    for _ in range(7):
        begun = time.perf_counter()
        assert "northwind" in run("zsh", "nor", "account", "show").stdout
        took.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        bare.append(time.perf_counter() - begun)
    assert min(took) < max(0.1, 8 * min(bare))


def test_the_scripts_name_the_hidden_command(acct: CommandLine) -> None:
    for shell in ("bash", "zsh", "fish"):
        result = acct("completion", shell)
        assert result.code == 0
        assert f"__complete {shell} " in result.out
        assert f"acctcli completion {shell} >" in result.out
    assert acct("completion", "csh").code == 2
