from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest
from helpers.faults.dying import (
    AFTER,
    BEFORE,
    NEW_DEALS,
    NEW_NOTES,
    Death,
    big_changes,
    big_commit,
    contents,
    die_after_renames,
    make_book,
    on_disk,
    small_commit,
)

from acctcli.core.model.errors import (
    ConflictError,
    InvalidBookError,
    NotFoundError,
    StorageError,
)
from acctcli.store.commit import snapshot
from acctcli.store.commit.commit import FileChange, recover
from acctcli.store.commit.snapshot import FileData, read_all
from acctcli.store.files import filesystem
from acctcli.store.files.layout import kind_files

if TYPE_CHECKING:
    from acctcli.core.model.kinds import KindName

if TYPE_CHECKING:
    from pathlib import Path
from typing import TYPE_CHECKING


def test_the_order_of_the_files(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    (root / "deals").mkdir()
    (root / "deals" / "b.yaml").touch()
    (root / "deals" / "a.yaml").touch()
    (root / "notes.yaml").touch()
    assert list(read_all(root).files) == [
        "acctcli.yaml",
        "orgs.yaml",
        "deals.yaml",
        "deals/a.yaml",
        "deals/b.yaml",
        "notes.yaml",
    ]


def test_hashes(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    for file in read_all(root).files.values():
        assert file.sha == hashlib.sha256(file.data).hexdigest()
    assert FileData(b"x", "given").sha == "given"


def test_reading_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_book(tmp_path / "book")
    die_after_renames(root, 2)
    before = sorted((str(path), path.lstat().st_mtime_ns) for path in root.rglob("*"))
    Death(monkeypatch, 1, "before")
    assert contents(root) == AFTER
    monkeypatch.undo()
    after = sorted((str(path), path.lstat().st_mtime_ns) for path in root.rglob("*"))
    assert after == before
    assert not (make_book(tmp_path / "other") / ".acctcli").exists()


@pytest.mark.parametrize("renames", [1, 2, 3, 4, 5])
def test_a_commit_that_stands_is_seen_whole(tmp_path: Path, renames: int) -> None:
    root = make_book(tmp_path / "book")
    die_after_renames(root, renames)
    assert contents(root) == AFTER
    assert list(contents(root)) == ["acctcli.yaml", "orgs.yaml", "deals.yaml", "notes/2026.yaml"]


def test_without_a_journal_nothing_is_seen(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    die_after_renames(root, 0)
    assert contents(root) == BEFORE


def test_what_others_wrote_since_is_seen(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    die_after_renames(root, 1)
    (root / "orgs.yaml").write_bytes(b"- id: theirs\n")
    assert contents(root) == {**AFTER, "orgs.yaml": b"- id: theirs\n"}


def test_a_lost_staged_file_shows_what_there_is(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    die_after_renames(root, 1)
    (root / ".orgs.yaml.acctcli-tmp").unlink()
    assert contents(root) == {**AFTER, "orgs.yaml": BEFORE["orgs.yaml"]}


def test_a_symlink_that_leads_elsewhere_now(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    die_after_renames(root, 1)
    (root / "orgs.yaml").rename(root / "mine.yaml")
    (root / "orgs.yaml").symlink_to("mine.yaml")
    (root / ".mine.yaml.acctcli-tmp").write_bytes(b"of another commit")
    assert contents(root) == {**AFTER, "orgs.yaml": BEFORE["orgs.yaml"]}
    with pytest.raises(ConflictError) as caught:
        recover(root)
    assert caught.value.problems[0].id == "changed-after-crash"


def test_settings_and_files_that_a_dead_writer_made_or_removed(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    settings = (root / "acctcli.yaml").read_bytes()
    (root / "acctcli.yaml").unlink()
    changes = [
        FileChange(path="acctcli.yaml", old_sha=None, data=settings),
        FileChange(path="deals.yaml", old_sha=hashlib.sha256(BEFORE["deals.yaml"]).hexdigest()),
    ]
    die_after_renames(root, 1, changes)
    assert list(contents(root)) == ["acctcli.yaml", "orgs.yaml"]
    recover(root)
    assert list(contents(root)) == ["acctcli.yaml", "orgs.yaml"]
    assert not (root / "deals.yaml").exists()


class _Meddler:
    """Lets something happen after the n-th file was read."""

    def __init__(self, patch: pytest.MonkeyPatch, nth: int, *happen: object) -> None:
        self.reads = 0
        self.todo = {nth: happen}
        real = filesystem.read_file

        def read_file(path: Path, name: str) -> tuple[bytes, filesystem.FileKey]:
            found = real(path, name)
            self.reads += 1
            for action in self.todo.pop(self.reads, ()):
                assert callable(action)
                action()
            return found

        patch.setattr(filesystem, "read_file", read_file)


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_commit_while_reading_is_seen_whole_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    root = make_book(tmp_path / "book")
    meddler = _Meddler(monkeypatch, nth, lambda: big_commit(root))
    assert contents(root) == AFTER
    assert meddler.reads > 4


@pytest.mark.parametrize("renames", [1, 2, 3, 4])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_commit_that_stands_half_way_while_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int, renames: int
) -> None:
    root = make_book(tmp_path / "book")
    _Meddler(monkeypatch, nth, lambda: die_after_renames(root, renames))
    assert contents(root) == AFTER


@pytest.mark.parametrize("nth", [1, 2, 3, 4, 5, 6, 7])
def test_a_commit_that_ends_while_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    root = make_book(tmp_path / "book")
    die_after_renames(root, 1)
    _Meddler(monkeypatch, nth, lambda: recover(root), lambda: small_commit(root))
    found = contents(root)
    assert found in (AFTER, {**AFTER, "deals.yaml": NEW_DEALS + b"# next\n"})


def test_a_same_size_edit_while_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_book(tmp_path / "book")
    path = root / "orgs.yaml"
    status = path.stat()
    content = BEFORE["orgs.yaml"].replace(b"ACME", b"OTTO")

    def edit() -> None:
        path.write_bytes(content)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    _Meddler(monkeypatch, 3, edit)
    assert contents(root) == {**BEFORE, "orgs.yaml": content}


@pytest.mark.parametrize("action", ["add", "remove", "rename"])
def test_a_list_of_files_that_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    root = make_book(tmp_path / "book")

    def change() -> None:
        if action == "add":
            (root / "notes.yaml").write_bytes(NEW_NOTES)
        elif action == "remove":
            (root / "deals.yaml").unlink()
        else:
            (root / "deals.yaml").rename(root / "deals.yml")

    _Meddler(monkeypatch, 1, change)
    assert contents(root) == {
        name: path.read_bytes() for name in on_disk(root) if (path := root / name).match("*.y*ml")
    }


def test_files_that_never_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_book(tmp_path / "book")
    real = filesystem.read_file

    def read_file(path: Path, name: str) -> tuple[bytes, filesystem.FileKey]:
        found = real(path, name)
        path.write_bytes(found[0] + b"#\n")
        return found

    monkeypatch.setattr(filesystem, "read_file", read_file)
    with pytest.raises(ConflictError) as caught:
        read_all(root)
    assert caught.value.problems[0].id == "busy"


def test_no_settings_is_no_book(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    (root / "acctcli.yaml").unlink()
    with pytest.raises(NotFoundError) as caught:
        read_all(root)
    assert caught.value.problems[0].id == "no-book"


class TestWhatCannotBeRead:
    def test_a_long_line_stops_the_reading(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root = make_book(tmp_path / "book")
        with (root / "deals.yaml").open("wb") as file:
            file.write(b"# one\n# two\n")
            file.truncate(1 << 30)
        read = os.read
        total = [0]

        def counting(handle: int, size: int) -> bytes:
            block = read(handle, size)
            total[0] += len(block)
            return block

        monkeypatch.setattr(os, "read", counting)
        with pytest.raises(InvalidBookError) as caught:
            read_all(root)
        problem = caught.value.problems[0]
        assert (problem.id, str(problem.place)) == ("too-long", "deals.yaml:3:1")
        assert total[0] < 4 << 20

    def test_a_long_line_that_is_gone_by_the_end(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root = make_book(tmp_path / "book")
        (root / "orgs.yaml").write_bytes(b"x" * (3 << 20))
        real = filesystem.read_file

        def read_file(path: Path, name: str) -> tuple[bytes, filesystem.FileKey]:
            try:
                return real(path, name)
            except InvalidBookError:
                (root / "deals.yaml").write_bytes(b"# meanwhile\n")
                (root / "orgs.yaml").write_bytes(b"# repaired\n")
                (root / "acctcli.yaml").write_bytes(b"format: 1  # too\n")
                raise

        monkeypatch.setattr(filesystem, "read_file", read_file)
        assert contents(root)["orgs.yaml"] == b"# repaired\n"

    def test_a_symlink_to_nothing(self, tmp_path: Path) -> None:
        root = make_book(tmp_path / "book")
        (root / "notes.yaml").symlink_to("nothing.yaml")
        with pytest.raises(StorageError, match=r'cannot read "notes\.yaml": no such file'):
            read_all(root)

    def test_a_folder_or_pipe_of_that_name(self, tmp_path: Path) -> None:
        root = make_book(tmp_path / "book")
        os.mkfifo(root / "notes.yaml")
        with pytest.raises(StorageError, match=r'"notes\.yaml" is not a regular file'):
            read_all(root)
        (root / "notes.yaml").unlink()
        (root / "notes.yaml").mkdir()
        with pytest.raises(StorageError, match=r'"notes\.yaml" is not a regular file'):
            read_all(root)

    def test_a_missing_permission(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        root = make_book(tmp_path / "book")
        real = os.open

        def refused(path: Path, flags: int) -> int:
            if path.name == "deals.yaml":
                raise PermissionError(13, "Permission denied")
            return real(path, flags)

        monkeypatch.setattr(os, "open", refused)
        with pytest.raises(StorageError) as caught:
            read_all(root)
        problem = caught.value.problems[0]
        assert problem.id == "cannot-read"
        assert problem.message == 'cannot read "deals.yaml": permission denied'

    def test_a_status_that_must_not_be_seen(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root = make_book(tmp_path / "book")
        real = filesystem.key_at

        def refused(path: Path) -> filesystem.FileKey | None:
            if path.name == "history.jsonl":
                raise PermissionError(13, "Permission denied")
            return real(path)

        monkeypatch.setattr(filesystem, "key_at", refused)
        with pytest.raises(StorageError, match=r'cannot read "history\.jsonl"'):
            read_all(root)

    def test_a_folder_that_goes_while_it_is_looked_through(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root = make_book(tmp_path / "book")
        real = kind_files
        calls = [0]

        def failing(root: Path, kind: KindName) -> list[str]:
            calls[0] += 1
            if calls[0] == 10:
                raise filesystem.cannot_read("deals", OSError(5, "Input/output error"))
            return real(root, kind)

        monkeypatch.setattr(snapshot, "kind_files", failing)
        assert contents(root) == BEFORE
        assert calls[0] > 12


def test_big_changes_is_the_commit_of_these_tests(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    assert {change.path for change in big_changes(root)} >= set(AFTER) - {"acctcli.yaml"}
