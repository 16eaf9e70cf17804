from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from acctcli.core.model.errors import InvalidBookError, StorageError
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from pathlib import Path


def test_staged_names() -> None:
    assert filesystem.staged_name("deals.yaml") == ".deals.yaml.acctcli-tmp"
    assert filesystem.is_staged_name(filesystem.staged_name("x"))
    for name in (".acctcli-tmp", "..acctcli-tmp", "x.acctcli-tmp", ".x.acctcli-tmp~", ".x"):
        assert not filesystem.is_staged_name(name)


class TestWriteNew:
    def test_whole(self, tmp_path: Path) -> None:
        path = tmp_path / "acctcli.yaml"
        (tmp_path / ".acctcli.yaml.acctcli-tmp").write_bytes(b"dead")
        filesystem.write_new(path, b"format: 1\n")
        assert path.read_bytes() == b"format: 1\n"
        assert list(tmp_path.iterdir()) == [path]

    def test_not_over_another(self, tmp_path: Path) -> None:
        path = tmp_path / "acctcli.yaml"
        path.write_bytes(b"mine")
        with pytest.raises(FileExistsError) as caught:
            filesystem.write_new(path, b"format: 1\n")
        assert caught.value.filename == str(path)
        assert path.read_bytes() == b"mine"
        assert list(tmp_path.iterdir()) == [path]

    def test_nothing_is_left_of_a_failure(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(handle: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(filesystem, "sync", full)
        with pytest.raises(OSError, match="No space left") as caught:
            filesystem.write_new(tmp_path / "acctcli.yaml", b"format: 1\n")
        assert caught.value.filename == str(tmp_path / "acctcli.yaml")
        assert list(tmp_path.iterdir()) == []


class TestReadFile:
    def path(self, root: Path, data: bytes) -> Path:
        (root / "x.yaml").write_bytes(data)
        return root / "x.yaml"

    @pytest.mark.parametrize(
        "size", [0, 1, filesystem.BLOCK - 1, filesystem.BLOCK, 3 * filesystem.BLOCK + 5]
    )
    def test_whole(self, tmp_path: Path, size: int) -> None:
        data = (b"0123456789abcde\n" * (size // 16 + 1))[:size]
        found, key = filesystem.read_file(self.path(tmp_path, data), "x.yaml")
        assert found == data
        assert key == filesystem.key_at(tmp_path / "x.yaml")

    @pytest.mark.parametrize("before", [b"", b"#\n", b"#\n" * 700_000])
    def test_the_longest_line(self, tmp_path: Path, before: bytes) -> None:
        longest = b"x" * filesystem.LINE_LIMIT
        for after in (b"", b"\n", b"\n#\n"):
            data = before + longest + after
            assert filesystem.read_file(self.path(tmp_path, data), "x.yaml")[0] == data
            with pytest.raises(InvalidBookError) as caught:
                filesystem.read_file(self.path(tmp_path, before + b"x" + longest + after), "x.yaml")
            place = caught.value.problems[0].place
            assert str(place) == f"x.yaml:{before.count(10) + 1}:1"

    def test_errors_while_reading(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = self.path(tmp_path, b"x")

        def failing(handle: int, size: int) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(os, "read", failing)
        for call in (filesystem.read_file, filesystem.hash_file):
            with pytest.raises(StorageError, match='cannot read "x": input/output error'):
                call(path, "x")


def test_a_new_file_is_new(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"x")
    (tmp_path / "link").symlink_to("nothing")
    for name in ("there", "link"):
        with pytest.raises(FileExistsError):
            filesystem.open_new(tmp_path / name, 0o600)
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("there")
    with pytest.raises(OSError, match="symbolic link"):
        filesystem.open_to_append(tmp_path / "link")


def test_a_short_write_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:3]))
    handle = filesystem.open_new(tmp_path / "x", 0o600)
    filesystem.write(handle, b"0123456789")
    os.close(handle)
    assert (tmp_path / "x").read_bytes() == b"0123456789"


def test_file_systems_that_need_no_sync_of_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = errno.EINVAL

    def refused(handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refused)
    filesystem.sync_folder(tmp_path)
    code = errno.EIO
    with pytest.raises(OSError, match="Input/output"):
        filesystem.sync_folder(tmp_path)


def test_hints_say_what_to_do() -> None:
    for code, hint in (
        (errno.ENOSPC, "make room"),
        (errno.EACCES, "see who owns"),
        (errno.EROFS, "it lies on a read-only file system"),
    ):
        with pytest.raises(StorageError) as caught, filesystem.naming_errors("deals.yaml"):
            raise OSError(code, os.strerror(code))
        problem = caught.value.problems[0]
        assert problem.message.startswith('cannot write "deals.yaml": ')
        assert (problem.hint or "").startswith(hint)


def test_an_error_without_words_still_says_something() -> None:
    assert filesystem.reason(OSError("Odd")) == "odd"


def test_its_own_folder_is_one(tmp_path: Path) -> None:
    assert (
        filesystem.make_private_folder(tmp_path)
        == filesystem.make_private_folder(tmp_path)
        == tmp_path / ".acctcli"
    )
    (tmp_path / ".acctcli").rmdir()
    (tmp_path / ".acctcli").touch()
    with pytest.raises(StorageError, match=r'"\.acctcli" is not a folder'):
        filesystem.make_private_folder(tmp_path)
