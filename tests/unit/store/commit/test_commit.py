from __future__ import annotations

import errno
import hashlib
import os
import signal
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from helpers.faults.dying import (
    AFTER,
    BEFORE,
    COMMIT,
    DEALS,
    NEW_DEALS,
    NEW_NOTES,
    NEW_ORGS,
    Death,
    Killed,
    big_changes,
    big_commit,
    contents,
    die_after_renames,
    history_of,
    leftovers,
    lines,
    make_book,
    on_disk,
    sha,
    small_commit,
)
from helpers.faults.interrupting import signals_raise

from acctcli.core.model.errors import (
    ConflictError,
    InvalidBookError,
    StorageError,
)
from acctcli.store.commit import journal, staging
from acctcli.store.commit.commit import (
    ChangedMeanwhile,
    FileChange,
    commit,
    recover,
    stage,
)
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEAL = FileChange(path="deals.yaml", old_sha=sha(DEALS), data=NEW_DEALS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_book(tmp_path / "book")


class TestCommit:
    def test_all_of_it(self, root: Path) -> None:
        before = on_disk(root)
        big_commit(root)
        assert on_disk(root) == {
            **{name: before[name] for name in ("acctcli.yaml",)},
            "deals.yaml": NEW_DEALS,
            "orgs.yaml": NEW_ORGS,
            "notes/2026.yaml": NEW_NOTES,
            "attachments/offer.pdf": b"new offer",
            "history.jsonl": before["history.jsonl"] + lines(COMMIT),
        }
        attic = root / ".acctcli" / "attic"
        assert {path.name: path.read_bytes() for path in attic.iterdir()} == {
            sha(b"old offer"): b"old offer"
        }
        assert attic.stat().st_mode & 0o777 == 0o700
        assert leftovers(root) == []

    def test_nothing_but_history(self, root: Path) -> None:
        commit(root, [], [lines(COMMIT)], COMMIT)
        assert contents(root) == BEFORE
        assert [each.closing.commit for each in history_of(root)] == ["c0", COMMIT]

    def test_many_lines_take_no_more_memory_than_few(self, root: Path) -> None:
        # As of an import: made one by one, and never held together.
        asked = 0

        def many() -> Iterator[bytes]:
            nonlocal asked
            for asked in range(1, 100_001):
                yield b'{"commit":"%s","kind":"deals","id":"d%090d"}\n' % (COMMIT.encode(), asked)

        tracemalloc.start()
        try:
            commit(root, [DEAL], many(), COMMIT)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        size = (root / "history.jsonl").stat().st_size
        assert asked == 100_000
        assert size > 13_000_000
        assert peak < 6_000_000

    def test_lines_that_cannot_be_made_leave_the_book_as_it_was(self, root: Path) -> None:
        def failing() -> Iterator[bytes]:
            yield b"{}\n"
            raise ZeroDivisionError

        before = on_disk(root)
        with pytest.raises(ZeroDivisionError):
            commit(root, big_changes(root), failing(), COMMIT)
        assert on_disk(root) == before
        assert leftovers(root) == []

    def test_ctrl_c_stops_it_while_lines_are_made(self, root: Path) -> None:
        def many() -> Iterator[bytes]:
            yield b"{}\n"
            signal.raise_signal(signal.SIGINT)
            yield b"{}\n"

        before = on_disk(root)
        # What a shell starts behind it with & does not hear of Ctrl-C unless it asks to.
        with signals_raise(), pytest.raises(KeyboardInterrupt):
            commit(root, big_changes(root), many(), COMMIT)
        assert on_disk(root) == before
        assert leftovers(root) == []

    def test_mode_bits_are_kept(self, root: Path) -> None:
        for mode in (0o640, 0o600, 0o444, 0o664):
            path = root / "deals.yaml"
            path.write_bytes(DEALS)
            path.chmod(mode)
            commit(root, [DEAL], [], "c1")
            assert path.stat().st_mode & 0o7777 == mode

    def test_a_new_file_follows_the_umask(self, root: Path) -> None:
        old = os.umask(0o027)
        try:
            big_commit(root)
        finally:
            os.umask(old)
        assert (root / "notes/2026.yaml").stat().st_mode & 0o777 == 0o640

    def test_a_staged_file_is_never_more_open_than_its_target(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (root / "deals.yaml").chmod(0o600)
        real = filesystem.write
        modes = []

        def write(handle: int, data: bytes) -> None:
            modes.append(os.fstat(handle).st_mode & 0o777)
            real(handle, data)

        monkeypatch.setattr(filesystem, "write", write)
        commit(root, [DEAL], [], "c1")
        assert modes[0] == 0o600

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
    def test_the_owner_is_kept(self, root: Path) -> None:
        os.chown(root / "deals.yaml", 1234, 2345)
        commit(root, [DEAL], [], "c1")
        status = (root / "deals.yaml").stat()
        assert (status.st_uid, status.st_gid) == (1234, 2345)

    def test_an_owner_that_must_not_be_given_is_not(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = os.fstat

        def others(handle: int) -> os.stat_result:
            values = list(real(handle))
            values[4] = 4321
            return os.stat_result(values)

        def refused(handle: int, user: int, group: int) -> None:
            raise PermissionError(errno.EPERM, "Operation not permitted")

        status = (root / "deals.yaml").stat()
        handle = os.open(root / "orgs.yaml", os.O_WRONLY)
        monkeypatch.setattr(os, "fstat", others)
        monkeypatch.setattr(os, "fchown", refused)
        filesystem.copy_mode(handle, status)
        monkeypatch.undo()
        os.close(handle)
        assert (root / "orgs.yaml").stat().st_mode == status.st_mode

    def test_symlinks_stay(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "shared").mkdir()
        (root / "deals.yaml").rename(tmp_path / "shared" / "all.yaml")
        (root / "deals.yaml").symlink_to("../shared/all.yaml")
        commit(root, [DEAL], [], "c1")
        assert (root / "deals.yaml").is_symlink()
        assert (tmp_path / "shared" / "all.yaml").read_bytes() == NEW_DEALS
        assert [path.name for path in (tmp_path / "shared").iterdir()] == ["all.yaml"]

    def test_dying_with_a_symlink(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "shared").mkdir()
        (root / "deals.yaml").rename(tmp_path / "shared" / "all.yaml")
        (root / "deals.yaml").symlink_to("../shared/all.yaml")
        die_after_renames(root, 0, [DEAL])
        assert len(list((tmp_path / "shared").iterdir())) == 2
        assert not recover(root)
        assert len(list((tmp_path / "shared").iterdir())) == 1
        die_after_renames(root, 1, [DEAL])
        assert contents(root)["deals.yaml"] == NEW_DEALS
        assert recover(root)
        assert (tmp_path / "shared" / "all.yaml").read_bytes() == NEW_DEALS

    def test_two_changes_of_one_file(self, root: Path) -> None:
        (root / "deals").mkdir()
        (root / "deals" / "x.yaml").symlink_to("../deals.yaml")
        twin = FileChange(path="deals/x.yaml", old_sha=sha(DEALS), data=b"x")
        with pytest.raises(InvalidBookError) as caught:
            commit(root, [DEAL, twin], [], "c1")
        assert caught.value.problems[0].id == "same-file"
        assert contents(root)["deals.yaml"] == DEALS

    def test_a_dead_writers_staged_file_is_replaced(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "victim").write_bytes(b"victim")
        (root / ".deals.yaml.acctcli-tmp").symlink_to(tmp_path / "victim")
        commit(root, [DEAL], [], "c1")
        assert contents(root)["deals.yaml"] == NEW_DEALS
        assert not (root / "deals.yaml").is_symlink()
        assert (tmp_path / "victim").read_bytes() == b"victim"

    def test_a_journal_that_is_there_comes_first(self, root: Path) -> None:
        die_after_renames(root, 1)
        with pytest.raises(ChangedMeanwhile):
            commit(root, [], [], "c2")
        assert contents(root) == AFTER

    def test_paths_out_of_the_book(self, root: Path) -> None:
        with pytest.raises(InvalidBookError):
            commit(root, [FileChange(path="../x.yaml", old_sha=None, data=b"")], [], "c1")
        assert not (root.parent / "x.yaml").exists()

    def test_what_must_be_new_is_not_replaced(self, root: Path) -> None:
        change = FileChange(path="deals.yaml", old_sha=None, data=b"x")
        with pytest.raises(ChangedMeanwhile):
            commit(root, [change], [], "c1")
        assert contents(root) == BEFORE

    def test_a_folder_in_place_of_a_file(self, root: Path) -> None:
        (root / "notes.yaml").mkdir()
        change = FileChange(path="notes.yaml", old_sha=None, data=b"x")
        with pytest.raises(StorageError, match=r'"notes\.yaml" is not a regular file'):
            commit(root, [change], [], "c1")
        assert leftovers(root) == []

    def test_a_file_in_place_of_a_folder(self, root: Path) -> None:
        (root / "notes").touch()
        with pytest.raises(StorageError, match=r'cannot write "notes/2026\.yaml"'):
            big_commit(root)
        assert contents(root) == BEFORE

    def test_a_file_that_did_not_change_lately_is_not_read_again(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real_hash, real_time = filesystem.hash_file, time.time_ns
        hashed = []

        def hash_file(path: Path, name: str) -> filesystem.HashedFile | None:
            hashed.append(name)
            return real_hash(path, name)

        monkeypatch.setattr(filesystem, "hash_file", hash_file)
        commit(root, [DEAL], [], "c1")
        assert hashed == ["deals.yaml"] * 2  # it may change once more within one tick
        hashed.clear()
        (root / "deals.yaml").write_bytes(DEALS)
        monkeypatch.setattr(time, "time_ns", lambda: real_time() + 10_000_000_000)
        commit(root, [DEAL], [], "c2")
        assert hashed == ["deals.yaml"]
        (root / "deals.yaml").write_bytes(DEALS)
        monkeypatch.setattr(time, "time_ns", lambda: real_time() - 10_000_000_000)
        hashed.clear()
        commit(root, [DEAL], [], "c3")  # a clock that was set back tells nothing
        assert hashed == ["deals.yaml"] * 2

    def test_a_change_is_found_by_the_key_too(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real_time, rename = time.time_ns, filesystem.rename
        monkeypatch.setattr(time, "time_ns", lambda: real_time() + 10_000_000_000)
        path = root / "deals.yaml"
        status = path.stat()

        def renamed(source: Path, target: Path) -> None:
            rename(source, target)
            if target.name == "journal":
                path.write_bytes(DEALS.replace(b"One", b"Uno"))
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

        monkeypatch.setattr(filesystem, "rename", renamed)
        with pytest.raises(ChangedMeanwhile):
            commit(root, [DEAL], [], "c1")
        assert path.read_bytes() == DEALS.replace(b"One", b"Uno")

    def test_a_failure_to_take_back_is_told(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def failing(*_: object) -> None:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(filesystem, "truncate", failing)
        real = filesystem.rename

        def rename(source: Path, target: Path) -> None:
            if target.name == "deals.yaml":
                raise OSError(errno.EIO, "Input/output error")
            real(source, target)

        monkeypatch.setattr(filesystem, "rename", rename)
        with pytest.raises(StorageError) as caught:
            big_commit(root)
        monkeypatch.undo()
        assert caught.value.problems[0].id == "unfinished"
        assert contents(root) == AFTER
        small_commit(root)
        assert leftovers(root) == []


class TestAttachments:
    def test_stage_tells_size_and_hash(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "big").write_bytes(b"x" * 3_000_000)
        change = FileChange(path="attachments/big", old_sha=None, source=tmp_path / "big")
        staged = stage(root, change)
        assert (staged.size, staged.new) == (3_000_000, sha(b"x" * 3_000_000))
        assert not staged.target.exists()
        staging.unstage([staged])
        assert leftovers(root) == []

    @pytest.mark.parametrize("content", [b"other", None])
    def test_a_source_that_changed_since(
        self, root: Path, tmp_path: Path, content: bytes | None
    ) -> None:
        before = on_disk(root)
        (tmp_path / "offer.pdf").unlink()
        if content is not None:
            (tmp_path / "offer.pdf").write_bytes(content)
        with pytest.raises(ChangedMeanwhile, match=r"offer\.pdf"):
            big_commit(root)
        assert on_disk(root) == before
        assert leftovers(root) == []

    def test_a_source_that_cannot_be_read(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = os.read

        def failing(handle: int, size: int) -> bytes:
            data = real(handle, size)
            if data == b"new offer":
                raise OSError(errno.EIO, "Input/output error")
            return data

        monkeypatch.setattr(os, "read", failing)
        with pytest.raises(StorageError, match=r'cannot read ".*offer\.pdf": input/output error'):
            big_commit(root)
        monkeypatch.undo()
        assert contents(root) == BEFORE
        assert leftovers(root) == []

    def test_removed_twice(self, root: Path) -> None:
        change = FileChange(path="attachments/old.pdf", old_sha=sha(b"old offer"))
        for number in range(2):
            (root / "attachments/old.pdf").write_bytes(b"old offer")
            commit(root, [change], [], f"c{number}")
            assert not (root / "attachments/old.pdf").exists()
        assert len(list((root / ".acctcli/attic").iterdir())) == 1

    def test_brought_back_from_the_attic(self, root: Path) -> None:
        digest = sha(b"old offer")
        attic = root / ".acctcli" / "attic" / digest
        commit(root, [FileChange(path="attachments/old.pdf", old_sha=digest)], [], "c1")
        back = FileChange(path="attachments/old.pdf", old_sha=None, source=attic, new_sha=digest)
        commit(root, [back], [], "c2")
        assert (root / "attachments/old.pdf").read_bytes() == b"old offer"
        assert attic.exists()

    def test_what_is_gone_already_cannot_be_removed(self, root: Path) -> None:
        (root / "attachments/old.pdf").unlink()
        with pytest.raises(ChangedMeanwhile):
            big_commit(root)
        with pytest.raises(ChangedMeanwhile):
            commit(root, [FileChange(path="attachments/old.pdf", old_sha="00")], [], "c1")

    def test_from_another_device_it_is_copied(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(staging, "is_same_device", lambda *_: False)
        wrong = FileChange(path="attachments/old.pdf", old_sha="00")
        with pytest.raises(ChangedMeanwhile):
            commit(root, [wrong], [], "c1")
        assert leftovers(root) == []
        big_commit(root)
        assert not (root / "attachments/old.pdf").exists()
        assert (root / ".acctcli/attic" / sha(b"old offer")).read_bytes() == b"old offer"

    def test_never_out_of_the_book(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "victim").write_bytes(b"victim")
        (root / "attachments" / "link").symlink_to(tmp_path / "victim")
        for change in (
            FileChange(path="attachments/link", old_sha=sha(b"victim"), data=b"x"),
            FileChange(path="attachments/link", old_sha=sha(b"victim")),
        ):
            with pytest.raises(Exception, match="is not in the folder attachments"):
                commit(root, [change], [], "c1")
        assert (tmp_path / "victim").read_bytes() == b"victim"


class TestRecover:
    def test_nothing_to_do(self, root: Path) -> None:
        before = on_disk(root)
        assert not recover(root)
        assert on_disk(root) == before
        assert not (root / ".acctcli").exists()

    @pytest.mark.parametrize("renames", [1, 2, 3, 4, 5])
    def test_it_finishes_once(self, root: Path, renames: int) -> None:
        die_after_renames(root, renames)
        assert recover(root)
        assert not recover(root)
        assert contents(root) == AFTER
        assert [each.closing.commit for each in history_of(root)] == ["c0", COMMIT]
        assert (root / ".acctcli/attic" / sha(b"old offer")).exists()

    def test_before_the_journal_it_clears(self, root: Path) -> None:
        die_after_renames(root, 0)
        assert len(leftovers(root)) == 5
        assert not recover(root)
        assert leftovers(root) == []
        assert contents(root) == BEFORE

    def test_changed_since_is_a_conflict_that_changes_nothing(self, root: Path) -> None:
        die_after_renames(root, 1)
        (root / "orgs.yaml").write_bytes(b"- id: theirs\n")
        before = on_disk(root)
        with pytest.raises(ConflictError) as caught:
            recover(root)
        problem = caught.value.problems[0]
        assert problem.id == "changed-after-crash"
        assert '"orgs.yaml"' in problem.message
        assert '".orgs.yaml.acctcli-tmp"' in problem.message
        assert "mv .orgs.yaml.acctcli-tmp orgs.yaml" in (problem.hint or "")
        assert "rm .orgs.yaml.acctcli-tmp" in (problem.hint or "")
        assert on_disk(root) == before

    @pytest.mark.parametrize("take", ["theirs", "ours"])
    def test_the_hint_helps(self, root: Path, take: str) -> None:
        die_after_renames(root, 1)
        (root / "orgs.yaml").write_bytes(b"- id: theirs\n")
        staged = root / ".orgs.yaml.acctcli-tmp"
        if take == "ours":
            staged.replace(root / "orgs.yaml")
        else:
            staged.unlink()
        assert recover(root)
        expected = NEW_ORGS if take == "ours" else b"- id: theirs\n"
        assert contents(root) == {**AFTER, "orgs.yaml": expected}
        assert leftovers(root) == []

    def test_changed_after_it_was_replaced_is_fine(self, root: Path) -> None:
        die_after_renames(root, 3)
        for name in ("deals.yaml", "orgs.yaml"):
            with (root / name).open("ab") as file:
                file.write(b"# by hand\n")
        assert recover(root)
        assert contents(root) == {
            **AFTER,
            "deals.yaml": NEW_DEALS + b"# by hand\n",
            "orgs.yaml": NEW_ORGS + b"# by hand\n",
        }

    def test_a_new_file_that_others_made_since(self, root: Path) -> None:
        die_after_renames(root, 1)
        (root / "notes/2026.yaml").write_bytes(b"- id: theirs\n")
        with pytest.raises(ConflictError, match=r'"notes/2026\.yaml" was changed'):
            recover(root)

    def test_a_file_that_was_deleted_since(self, root: Path) -> None:
        die_after_renames(root, 1)
        (root / "orgs.yaml").unlink()
        with pytest.raises(ConflictError, match=r'"orgs\.yaml" was changed'):
            recover(root)

    @pytest.mark.parametrize("content", [None, b"damaged"])
    def test_a_staged_file_that_is_lost(self, root: Path, content: bytes | None) -> None:
        die_after_renames(root, 1)
        (root / ".orgs.yaml.acctcli-tmp").unlink()
        if content is not None:
            (root / ".orgs.yaml.acctcli-tmp").write_bytes(content)
        before = on_disk(root)
        with pytest.raises(ConflictError) as caught:
            recover(root)
        assert caught.value.problems[0].id == "lost-after-crash"
        assert on_disk(root) == before
        journal.drop(root)  # as the hint says
        small_commit(root)
        assert contents(root) == {**BEFORE, "deals.yaml": DEALS + b"# next\n"}

    @pytest.mark.parametrize("content", [None, b"theirs"])
    def test_a_removal_that_others_came_before(self, root: Path, content: bytes | None) -> None:
        die_after_renames(root, 1)
        old = root / "attachments/old.pdf"
        old.unlink()
        if content is not None:
            old.write_bytes(content)
        assert recover(root)
        assert contents(root) == AFTER
        assert (old.read_bytes() if old.exists() else None) == content

    def test_folders_that_are_gone(self, root: Path) -> None:
        import shutil

        die_after_renames(root, 5)
        shutil.rmtree(root / ".acctcli" / "attic")
        assert recover(root)
        kept = root / ".acctcli/attic" / sha(b"old offer")
        assert kept.read_bytes() == b"old offer"
        kept.unlink()
        (root / "attachments" / "old.pdf").write_bytes(b"old offer")
        removal = FileChange(path="attachments/old.pdf", old_sha=sha(b"old offer"))
        die_after_renames(root, 1, [removal])
        shutil.rmtree(root / "attachments")
        assert recover(root)
        assert not journal.is_present(root)

    def test_the_first_commit_of_a_book(self, root: Path) -> None:
        (root / "history.jsonl").unlink()
        die_after_renames(root, 2)
        assert recover(root)
        assert contents(root) == AFTER
        assert [each.closing.commit for each in history_of(root)] == [COMMIT]
        (root / "history.jsonl").unlink()
        small_commit(root)
        assert [each.closing.commit for each in history_of(root)] == ["cnext"]

    def test_a_journal_that_is_no_journal(self, root: Path) -> None:
        die_after_renames(root, 1)
        (root / ".acctcli/journal").write_bytes(b"?")
        with pytest.raises(InvalidBookError):
            recover(root)
        with pytest.raises(InvalidBookError):
            contents(root)

    def test_a_journal_that_leads_out_of_the_book(self, root: Path, tmp_path: Path) -> None:
        # Someone sends a book with a journal of their own making.
        victim = tmp_path / "victim"
        victim.write_bytes(b"victim")
        for path in ("../victim", str(victim), "attachments/../../victim"):
            entry = journal.JournalEntry(path, "offer", sha(b"victim"), None)
            made = journal.new("c1", (entry,), 0)
            filesystem.make_private_folder(root)
            journal.stage_journal(root, made, [])
            journal.publish(root)
            with pytest.raises(Exception, match=r"is not (a path in|in the folder)"):
                recover(root)
            assert contents(root) == BEFORE
        assert victim.read_bytes() == b"victim"

    def test_a_disk_that_is_full_is_tried_again(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        die_after_renames(root, 1)

        def full(source: Path, target: Path) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(filesystem, "rename", full)
        for _ in range(2):
            with pytest.raises(StorageError, match=r'cannot write "deals\.yaml": no space left'):
                recover(root)
        monkeypatch.undo()
        assert contents(root) == AFTER
        assert recover(root)
        assert contents(root) == AFTER

    def test_what_cannot_be_cleared_is_named(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (root / ".deals.yaml.acctcli-tmp").touch()

        def refused(path: Path) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(filesystem, "unlink", refused)
        with pytest.raises(StorageError, match=r'cannot write "\.deals\.yaml\.acctcli-tmp"'):
            recover(root)

    def test_a_book_that_was_moved_since(self, root: Path) -> None:
        die_after_renames(root, 2)
        moved = root.rename(root.parent / "moved")
        assert contents(moved) == AFTER
        assert recover(moved)
        assert contents(moved) == AFTER


def test_hashes_are_of_the_whole_content(root: Path) -> None:
    data = os.urandom(3_000_000)
    (root / "deals.yaml").write_bytes(data)
    found = filesystem.hash_file(root / "deals.yaml", "deals.yaml")
    assert found
    assert (found.sha, found.size) == (hashlib.sha256(data).hexdigest(), len(data))


def test_the_dying_do_not_come_back(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = on_disk(root)
    death = Death(monkeypatch, 1, "before")
    for _ in range(2):
        with pytest.raises(Killed):
            big_commit(root)
    assert on_disk(root) == before
    assert death.came()
