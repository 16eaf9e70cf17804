"""How much a command does: which files it opens, how many rows it reads, how much it parses."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from helpers.books import SETTINGS, agree, change, make_book, shift_clock

from acctcli.store.datafiles import file_editor, file_reader, text_editor, typed_records
from acctcli.store.index import database as db
from acctcli.store.index import row_codec
from acctcli.store.index.row_codec import AccountReader
from acctcli.store.index.update import loader
from acctcli.store.index.update.account_rows import AccountRows
from acctcli.store.index.update.loader import RowLoader

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

    from helpers.cli import CommandLine

DATA = ["acctcli.yaml", "orgs.yaml", "people.yaml", "deals.yaml", "activities.yaml"]
SIZE = 500


def fill_book(root: Path, size: int) -> Path:
    """A book in which every tenth organization is an account, each of as many records."""
    return make_book(
        root,
        settings=SETTINGS,
        orgs="".join(f"- id: o{n}\n  name: Org {n}\n" for n in range(size)),
        people="".join(f"- id: p{n}\n  name: Person {n}\n  org: o{n}\n" for n in range(size)),
        deals="".join(
            f"- id: d{n}\n  title: Deal {n}\n"
            + (f"  org: o{n}\n" if n % 2 else f"  person: p{n}\n")
            + f"  value: {n}.50\n  currency: EUR\n  status: {'open' if n % 10 else 'won'}\n"
            for n in range(size)
        ),
        activities="".join(
            f"- id: a{n}\n  subject: Ask {n}\n  type: call\n  deal: d{n}\n  due_date: 2026-03-12\n"
            for n in range(size)
        ),
    )


@pytest.fixture
def warm(acct: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book that has an index, and files that are old enough."""
    fill_book(folder, SIZE)
    shift_clock(monkeypatch)
    assert acct("account", "list", "--format", "ids").code == 0
    return folder


# which files are opened


class _Opened:
    """Names of the files in a folder that are opened while it is looked at."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.names: Counter[str] = Counter()
        sys.addaudithook(self.note)

    def note(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and self.folder is not None and isinstance(args[0], str | Path):
            path = Path(args[0])
            if path.suffix == ".yaml" and path.is_relative_to(self.folder):
                self.names[str(path.relative_to(self.folder))] += 1


@pytest.fixture(scope="module")
def hook() -> _Opened:
    """One for all tests, since it cannot be taken away again."""
    return _Opened()


@pytest.fixture
def opened(hook: _Opened, folder: Path) -> Iterator[Counter[str]]:
    hook.names = Counter()
    hook.folder = folder
    yield hook.names
    hook.folder = None


READS = [
    ("account", "list", "--format", "json"),
    ("account", "list"),
    ("account", "board", "--format", "json"),
    ("account", "show", "o10", "--format", "json"),
    ("deal", "list", "--format", "ids"),
    ("deal", "show", "d7"),
    ("person", "list"),
    ("agenda", "--format", "json"),
]


@pytest.mark.parametrize("words", READS)
def test_a_read_with_an_index_opens_no_file_of_the_book(
    warm: Path, acct: CommandLine, opened: Counter[str], words: tuple[str, ...]
) -> None:
    opened.clear()
    assert acct(*words).code == 0
    assert opened == {}


@pytest.mark.parametrize("words", READS)
def test_without_an_index_each_file_is_opened_once(
    warm: Path, acct: CommandLine, opened: Counter[str], words: tuple[str, ...]
) -> None:
    opened.clear()
    assert acct(*words, "--no-index").code == 0
    assert opened == dict.fromkeys(DATA, 1)


def test_an_index_is_made_of_one_look_at_each_file(
    acct: CommandLine, folder: Path, opened: Counter[str]
) -> None:
    fill_book(folder, 20)
    opened.clear()
    assert acct("account", "list", "--format", "ids").out.split() == ["o0", "o10"]
    assert opened == dict.fromkeys(DATA, 1)


def test_of_files_that_changed_no_other_is_opened(
    warm: Path, acct: CommandLine, opened: Counter[str]
) -> None:
    change(warm, "deals.yaml", "Deal 7\n", "Deal seven\n")
    opened.clear()
    assert acct("account", "list", "--format", "ids").code == 0
    assert {*opened} == {"deals.yaml"}
    # compared, once more when nobody else can change the index, then read
    assert opened["deals.yaml"] <= 3


def test_a_write_opens_what_it_writes(warm: Path, acct: CommandLine, opened: Counter[str]) -> None:
    opened.clear()
    assert acct("deal", "won", "d7", "--on", "2026-03-01").code == 0
    # acctcli.yaml once, for whether the schemas are those of its settings
    assert {*opened} == {"deals.yaml", "acctcli.yaml"}
    assert opened["acctcli.yaml"] == 1


# how many rows are read


class Steps:
    """What SQLite does, in hundreds of its instructions, and the records that are made of rows."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.hundreds = 0
        self.records = 0
        connect, raw_of = db._connect, row_codec.raw_of

        def connecting(path: Path | str) -> sqlite3.Connection:
            made = connect(path)
            made.set_progress_handler(self._count, 100)
            return made

        def making(text: bytes, raw: bytes | None, crc: int) -> object:
            self.records += 1
            return raw_of(text, raw, crc)

        patch.setattr(db, "_connect", connecting)
        patch.setattr(row_codec, "raw_of", making)

    def _count(self) -> int:
        self.hundreds += 1
        return 0


@pytest.fixture
def steps(
    acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Path, Sequence[str]], Steps]:
    def count(root: Path, words: Sequence[str]) -> Steps:
        with monkeypatch.context() as patch:
            found = Steps(patch)
            assert acct("--book", str(root), *words).code == 0
        return found

    return count


ONE = [
    (("account", "show", "o10", "--format", "json"), 6),
    (("org", "show", "o7", "--format", "json"), 6),
    (("deal", "show", "d7", "--format", "json"), 6),
    (("person", "show", "p7"), 6),
    (("deal", "won", "d7", "--on", "2026-03-01"), 20),
    (("activity", "add", "Call", "--org", "o7"), 20),
    (("note", "add", "Hello", "--deal", "d7"), 20),
]


@pytest.mark.parametrize(("words", "most"), ONE)
def test_what_is_about_one_account_reads_its_rows_alone(
    warm: Path,
    acct: CommandLine,
    steps: Callable[[Path, Sequence[str]], Steps],
    words: tuple[str, ...],
    most: int,
) -> None:
    small = fill_book(warm.parent / "small", 20)
    assert acct("--book", str(small), "account", "list").code == 0
    few, many = steps(small, words), steps(warm, words)
    assert 0 < many.records <= most
    assert few.records == many.records
    # As much in a book of twenty-five times as many; but a file that was written is compared.
    lines = 0 if words[1] == "show" else SIZE * 20 // 100
    assert many.hundreds <= few.hundreds + 5 + lines


def test_a_list_of_accounts_reads_accounts_and_no_records(
    warm: Path,
    steps: Callable[[Path, Sequence[str]], Steps],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[object] = []
    real = AccountReader.read

    def reading_one(reader: AccountReader, columns: Any) -> object:  # noqa: ANN401 - a row
        read.append(columns)
        return real(reader, columns)

    monkeypatch.setattr(AccountReader, "read", reading_one)
    found = steps(warm, ("account", "list", "--format", "json"))
    assert (len(read), found.records) == (SIZE // 10, 0)


# how much is parsed


def test_of_500_records_one_that_was_edited_is_parsed_alone(
    warm: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[bytes] = []
    worked_out: list[str] = []
    add, work_out = RowLoader.add, AccountRows._worked_out

    def adding(filler: RowLoader, kind: Any, placed: Sequence[tuple[int, bytes]]) -> None:  # noqa: ANN401 - a name
        parsed.extend(text for _, text in placed)
        add(filler, kind, placed)

    def working(accounts: AccountRows, org_id: str) -> object:
        worked_out.append(org_id)
        return work_out(accounts, org_id)

    monkeypatch.setattr(RowLoader, "add", adding)
    monkeypatch.setattr(AccountRows, "_worked_out", working)
    monkeypatch.setattr(file_reader, "read_records", None)
    change(warm, "deals.yaml", "  title: Deal 7\n  org: o7\n", "  title: Seven\n  org: o8\n")
    assert acct("account", "list", "--format", "ids").code == 0
    (text,) = parsed
    assert text.startswith(b"- id: d7\n  title: Seven\n")
    assert {*worked_out} == {"o7", "o8"}
    monkeypatch.undo()
    agree(warm, warm.parent / "home" / ".cache")


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (("deal", "won", "d250", "--on", "2026-03-01"), "deals.yaml"),
        (("activity", "add", "Call", "--org", "o7"), "activities.yaml"),
        (("org", "edit", "o7", "--set", "owner=anna"), "orgs.yaml"),
        (("activity", "done", "a9"), "activities.yaml"),
    ],
)
def test_a_write_parses_what_it_is_about(
    warm: Path,
    acct: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    file: str,
) -> None:
    placed: list[tuple[str, int]] = []
    read_file = file_reader.read_records

    def reading_part(name: str, data: bytes, *, lines_before: int = 0) -> file_reader.Reading:
        found = read_file(name, data, lines_before=lines_before)
        placed.append((name, len(found.records)))
        return found

    for module in (file_reader, file_editor, text_editor):
        monkeypatch.setattr(module, "read_records", reading_part)
    assert acct(*words).code == 0
    assert {name for name, _ in placed} == {file}
    assert 0 < sum(count for _, count in placed) <= 12


def test_what_is_plain_is_typed_once(
    acct: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_book(folder, 50)
    slow: list[object] = []
    real = typed_records.typed_record

    def slowly(*args: Any) -> object:  # noqa: ANN401 - those of the real one
        slow.append(args)
        return real(*args)

    monkeypatch.setattr(loader, "typed_record", slowly)
    assert acct("org", "list", "--format", "ids").code == 0
    assert slow == []
