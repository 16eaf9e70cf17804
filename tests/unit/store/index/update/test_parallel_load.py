"""Large files are read by two processes at once; what one process makes of them is the same."""

from __future__ import annotations

import datetime as dt
import gc
import marshal
import os
import pickle
import signal
import tempfile
from contextlib import closing, suppress
from typing import IO, TYPE_CHECKING

import pytest
from helpers.books import agree, index_of, make_book, tables, viewed

from acctcli.core.model.records import Settings
from acctcli.store.config.time_zone import zone_of
from acctcli.store.datafiles.stream_splitter import NotPlainLayoutError
from acctcli.store.index import database as db
from acctcli.store.index.row_codec import second_half_start
from acctcli.store.index.update import parallel_load as module
from acctcli.store.index.update import updater
from acctcli.store.index.update.loader import INSERT, RowLoader, Source
from acctcli.store.index.update.parallel_load import FileTail, SecondReader, _Rows, file_tails

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 60
ORGS = "".join(f"- id: o{number}\n  name: Org {number}\n" for number in range(COUNT))
PEOPLE = "".join(f"- id: p{n}\n  name: P {n}\n  org: o{n}\n" for n in range(COUNT))
DEALS = "".join(
    f"- id: d{n}\n  title: Deal {n}\n"
    + (f"  org: o{n % 7}\n" if n % 3 else f"  person: p{n}\n")
    + f"  value: {n}.50\n  currency: EUR\n  status: {'won' if n % 2 else 'open'}\n"
    for n in range(COUNT)
)
ACTIVITIES = "".join(
    f"- id: a{n}\n  subject: S {n}\n  deal: d{n}\n  due_date: 2026-03-{1 + n % 28:02}\n"
    for n in range(COUNT)
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_book(
        tmp_path / "book", orgs=ORGS, people=PEOPLE, deals=DEALS, activities=ACTIVITIES
    )


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files are large here, and there are two processors."""
    monkeypatch.setattr(updater, "_LARGE", 100)
    monkeypatch.setattr(module, "_processors", lambda: 2)


def in_second_halves(root: Path, cache: Path) -> dict[object, object]:
    """How many records of each kind stand where a second process puts them."""
    gc.collect()
    middle = second_half_start(0)
    rows = tables(
        index_of(root, cache),
        f"SELECT kind, count(*) FROM records WHERE place & {middle} GROUP BY kind",  # noqa: S608 - a number
    )
    return dict(rows)  # type: ignore[arg-type]  # pairs


def test_two_processes_make_what_one_does(root: Path, tmp_path: Path) -> None:
    agree(root, tmp_path)
    found = in_second_halves(root, tmp_path)
    assert found.keys() == {0, 1, 2, 3}
    assert all(20 < int(str(count)) < 40 for count in found.values())
    agree(root, tmp_path)


def test_a_change_in_either_half_is_one_record(root: Path, tmp_path: Path) -> None:
    agree(root, tmp_path)
    for number in (3, COUNT - 3):
        text = (root / "deals.yaml").read_text("utf-8").replace(f"Deal {number}\n", "Other\n")
        (root / "deals.yaml").write_text(text, "utf-8")
        agree(root, tmp_path)
    assert in_second_halves(root, tmp_path)[2]


def test_one_processor_reads_all_of_it(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_processors", lambda: 1)
    monkeypatch.setattr(os, "fork", None)
    agree(root, tmp_path)
    assert in_second_halves(root, tmp_path) == {}


def test_small_files_are_read_by_one_process(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updater, "_LARGE", 1 << 22)
    monkeypatch.setattr(os, "fork", None)
    agree(root, tmp_path)


def test_the_number_of_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 5, 7}, raising=False)
    assert module._processors() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert module._processors() == 4
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert module._processors() == 1


def test_what_is_found_besides_comes_from_both(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # twins in the second half, a value in the book's currency, and a file of another form
    with (root / "orgs.yaml").open("a") as file:
        file.write("- id: o1\n  name: Twin\n- name: 'Quoted'\n  id: q\n")
    with (root / "deals.yaml").open("a") as file:
        file.write("- id: bare\n  title: Bare\n  person: p3\n  value: 7\n  status: won\n")
    agree(root, tmp_path)
    assert in_second_halves(root, tmp_path).keys() == {0, 1, 2, 3}
    view = viewed(root, tmp_path)
    assert [problem.id for problem in view.problems] == ["duplicate-id"]
    assert view.won_count("o3") == 5


@pytest.mark.parametrize("where", ["first", "second"])
@pytest.mark.parametrize(
    "bad", ["- id: x\n  name: [1]\n", "---\n", "- id: x\n  name: \udcff\n", "- id: x\n  name: 'a\n"]
)
def test_a_half_that_cannot_be_read_leaves_all_to_one_process(
    root: Path, tmp_path: Path, where: str, bad: str
) -> None:
    text = bad + PEOPLE if where == "first" else PEOPLE + bad
    (root / "people.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    agree(root, tmp_path)
    assert in_second_halves(root, tmp_path) == {}


def test_a_process_that_is_killed_leaves_all_to_the_other(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(module, "_work", killed)
    agree(root, tmp_path)
    assert in_second_halves(root, tmp_path) == {}


def test_a_process_that_is_not_waited_for_is_ended(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_part(*_: object) -> str:
        raise KeyboardInterrupt

    processes: list[int] = []
    real = os.fork

    def fork() -> int:
        processes.append(real())
        return processes[-1]

    monkeypatch.setattr(os, "fork", fork)
    monkeypatch.setattr(module, "_work", lambda *_: signal.pause())
    monkeypatch.setattr(RowLoader, "first_part", first_part)
    with pytest.raises(KeyboardInterrupt):
        viewed(root, tmp_path)
    (process,) = processes
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert not index_of(root, tmp_path).exists()


def test_a_process_that_somebody_else_has_waited_for(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_work", lambda *_: os._exit(0))
    source = Source("orgs.yaml", 1, "orgs", root / "orgs.yaml")
    settings = Settings()
    zone = zone_of(settings)
    assert zone is not None
    other = SecondReader([FileTail(source, 0)], settings, zone)
    assert other._process is not None
    os.waitpid(other._process, 0)
    other.end()


def frame(file: IO[bytes]) -> bytes:
    return file.read(int.from_bytes(file.read(8), "big"))


@pytest.mark.parametrize("code", [0, 1])
def test_what_ends_before_it_has_told_all_is_of_no_use(
    root: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def short(parts: object, settings: Settings, zone: object, file: IO[bytes]) -> None:
        with suppress(BaseException):
            file.write((99).to_bytes(8, "big") + b"torn")
            file.flush()
        os._exit(code)

    monkeypatch.setattr(module, "_work", short)
    source = Source("orgs.yaml", 1, "orgs", root / "orgs.yaml")
    settings = Settings(timezone="UTC")
    other = SecondReader([FileTail(source, 0)], settings, dt.UTC)
    with closing(db.private()) as database, pytest.raises(NotPlainLayoutError):
        other.drain_into(RowLoader(database, settings))
    other.end()


class Ended(BaseException):
    """The process ended, with this code."""


@pytest.mark.parametrize(("more", "code"), [("", 0), ("- id: x\n  name: [1]\n", 1)])
def test_what_the_other_process_does(
    root: Path, monkeypatch: pytest.MonkeyPatch, more: str, code: int
) -> None:
    def ended(told: int) -> None:
        raise Ended(told)

    (root / "people.yaml").write_text(PEOPLE + more, "utf-8")
    source = Source("people.yaml", 2, "people", root / "people.yaml")
    deals = Source("deals.yaml", 3, "deals", root / "deals.yaml")
    settings = Settings(timezone="UTC")
    zone = zone_of(settings)
    assert zone is not None
    handler = signal.getsignal(signal.SIGINT)
    # Both parts of it in this process: it ends where the other one would.
    monkeypatch.setattr(os, "_exit", ended)
    monkeypatch.setattr(os, "fork", lambda: 0)
    files: list[IO[bytes]] = []
    real = tempfile.TemporaryFile

    def kept() -> IO[bytes]:
        files.append(real())
        return files[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", kept)
    try:
        parts = [FileTail(source, PEOPLE.index("- id: p50\n")), FileTail(deals, 0)]
        with pytest.raises(Ended) as caught:
            SecondReader(parts, settings, zone)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGINT, handler)
    assert caught.value.args == (code,)
    (file,) = files
    with file:
        file.seek(0)
        if not code:
            made: list[str] = []
            while rows := marshal.loads(frame(file)):  # noqa: S302 - of this process
                made += [row[2] for row in rows]
            assert made[:10] == [f"p{number}" for number in range(50, COUNT)]
            assert made[10:] == [f"d{number}" for number in range(COUNT)]
            assert len(marshal.loads(frame(file))) == COUNT // 3  # noqa: S302 - the same
            assert pickle.loads(frame(file)) == {}  # noqa: S301 - the same
            assert len(pickle.loads(frame(file))) == 7  # noqa: S301 - the same
            assert pickle.loads(frame(file)) is None  # noqa: S301 - the same


def test_files_that_go_away(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = root / "people.yaml"
    real = updater.Update._file_tails

    def late(self: updater.Update, sources: list[Source], *rest: object) -> object:
        gone.unlink(missing_ok=True)
        return real(self, sources, *rest)  # type: ignore[arg-type]  # settings and zone

    monkeypatch.setattr(updater.Update, "_file_tails", late)
    assert "people.yaml" not in viewed(root, tmp_path).files()
    assert file_tails([Source("people.yaml", 1, "people", gone)]) == []


def test_a_file_that_goes_away_when_it_was_halved(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = RowLoader.first_part

    def late(self: RowLoader, source: Source, end: int) -> str:
        if source.name == "people.yaml":
            source.path.unlink(missing_ok=True)
        return real(self, source, end)

    monkeypatch.setattr(RowLoader, "first_part", late)
    assert "people.yaml" not in viewed(root, tmp_path).files()
    assert in_second_halves(root, tmp_path).keys() == {0, 2, 3}


# where a file is cut


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("- id: a\n  name: A\n- id: b\n- id: c\n- id: d\n- id: e\n", "- id: d"),
        ("- id: a\n  x: 123456789\n# c\n- id: b\n  y: 1\n- id: c\n", "- id: c"),
        ("- id: a\n  x: 123456789\n# c\n- id: b\n  y: 1\n", None),
        ("- id: a\n  x: 12345678901234567890\n", None),
        ("- id: a\n- id: b", None),
        ("- id: a\n  x: 12\n-\n  id: b\n-\n  id: c\n", None),
        ("", None),
    ],
)
def test_where_the_second_half_begins(tmp_path: Path, text: str, beginning: str | None) -> None:
    path = tmp_path / "orgs.yaml"
    path.write_text(text, "utf-8")
    source = Source("orgs.yaml", 1, "orgs", path)
    found = file_tails([source])
    if beginning is None:
        assert found == []
    else:
        (half,) = found
        assert half.source is source
        assert text[half.start :].startswith(beginning)
        assert text[half.start - 1] == "\n"


def test_a_dash_in_a_quoted_text_is_no_beginning(tmp_path: Path) -> None:
    quoted = "- id: n1\n  content: '" + "\n\n- id: no\n  content: No\n" * 20 + "'\n"
    root = make_book(tmp_path / "book", notes=quoted)
    agree(root, tmp_path)
    assert in_second_halves(root, tmp_path) == {}


def test_a_record_without_a_beginning_near_the_middle(tmp_path: Path) -> None:
    long = "- id: n1\n  content: |\n" + "    a line of it\n" * 20000
    root = make_book(tmp_path / "book", notes=long + "- id: n2\n  content: N\n")
    agree(root, tmp_path)
    assert in_second_halves(root, tmp_path) == {}


def test_the_other_process_has_no_database(tmp_path: Path) -> None:
    with (tmp_path / "rows").open("w+b") as file:
        rows = _Rows(file)
        with pytest.raises(NotPlainLayoutError):
            rows.execute("SAVEPOINT file")
        with pytest.raises(NotPlainLayoutError):
            rows.executemany("DELETE FROM records", [])
        assert rows.executemany(INSERT, []) is None
        assert file.tell() == 0
