from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model.errors import (
    InvalidInputError,
    NotFoundError,
    StorageError,
)
from acctcli.core.model.records import Data, File
from acctcli.store.files import filesystem
from acctcli.store.files.attachments import (
    check_files,
    describe_file,
    folded_name,
    names_in,
    resolve,
    safe_name,
    sha_of_copy,
)


class TestSafeName:
    @pytest.mark.parametrize(
        ("given_name", "expected"),
        [
            ("offer.pdf", "offer.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\docs\\offer.pdf", "offer.pdf"),
            ("folder/", "folder"),
            (".bashrc", "bashrc"),
            ("-rf", "rf"),
            ("-- x.pdf", "x.pdf"),
            (".-.offer-2.pdf", "offer-2.pdf"),
            ("-", "file"),
            ("docs/--help", "help"),
            ("...", "file"),
            ("..", "file"),
            ("", "file"),
            ("/", "file"),
            ("a\nb\x1b[31m.txt", "a_b_[31m.txt"),
            ("a\u2028b.txt", "a_b.txt"),
            ("safe\u202egpj.exe", "safegpj.exe"),
            ("caf\udce9.txt", "caf.txt"),
            ("nul\0.txt", "nul_.txt"),
            (" offer .pdf ", "offer.pdf"),
            (".offer.pdf.acctcli-tmp", "offer.pdf"),
            ("x.acctcli-tmp.ACCTCLI-TMP", "x"),
            ("Cafe\u0301.txt", "Caf\u00e9.txt"),
            ("日本語.pdf", "日本語.pdf"),
            ("offer.tar.gz", "offer.tar.gz"),
        ],
    )
    def test_cleaned(self, given_name: str, expected: str) -> None:
        assert safe_name(given_name, ()) == expected

    def test_long_names_keep_their_suffix(self) -> None:
        assert safe_name("x" * 300 + ".pdf", ()) == "x" * 116 + ".pdf"
        made = safe_name("é" * 300 + ".pdf", ())
        assert made == "é" * 58 + ".pdf"
        assert safe_name("a." + "b" * 300, ()) == "a." + "b" * 118

    def test_twins_get_numbers(self) -> None:
        taken = {folded_name("Offer.pdf"), folded_name("offer-2.pdf")}
        assert safe_name("OFFER.PDF", taken) == "OFFER-3.PDF"
        assert safe_name("cafe\u0301", {folded_name("Caf\u00e9")}) == "caf\u00e9-2"
        assert safe_name("straße", {folded_name("STRASSE")}) == "straße-2"

    @given(st.text(), st.integers(0, 12))
    def test_always_safe(self, name: str, twins: int) -> None:
        taken: set[str] = set()
        for _ in range(twins + 1):
            made = safe_name(name, taken)
            assert folded_name(made) not in taken
            taken.add(folded_name(made))
            assert made == unicodedata.normalize("NFC", made)
            assert 0 < len(made.encode()) <= 120
            assert not set(made) & set("/\\\0\n")
            assert not made.startswith((".", "-"))
            assert not filesystem.is_staged_name(made)
            assert not filesystem.is_staged_name(f".{made}")

    @given(st.text())
    def test_twins_fold_to_one(self, name: str) -> None:
        for form in ("NFC", "NFD"):
            assert folded_name(unicodedata.normalize(form, name)) == folded_name(name)
        assert folded_name(folded_name(name)) == folded_name(name)


class TestResolve:
    @pytest.mark.parametrize(
        "path",
        [
            "/etc/passwd",
            "../x",
            "attachments/../acctcli.yaml",
            "attachments/../../x",
            "attachments",
            "attachments/",
            "acctcli.yaml",
            "",
            ".",
            "attachments/a\0b",
            "attachments-x/a",
            "attachments/out",
            "attachments/link/x",
        ],
    )
    def test_refused(self, tmp_path: Path, path: str) -> None:
        root = tmp_path / "book"
        (root / "attachments").mkdir(parents=True)
        (tmp_path / "secret").write_text("x")
        (root / "attachments" / "out").symlink_to(tmp_path / "secret")
        (root / "attachments" / "link").symlink_to(tmp_path)
        with pytest.raises(InvalidInputError) as caught:
            resolve(root, path)
        assert caught.value.problems[0].id == "outside-book"

    def test_a_folder_that_leads_out_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "book").mkdir()
        (tmp_path / "book" / "attachments").symlink_to(tmp_path)
        with pytest.raises(InvalidInputError):
            resolve(tmp_path / "book", "attachments/x")

    def test_inside(self, tmp_path: Path) -> None:
        (tmp_path / "real" / "attachments").mkdir(parents=True)
        (tmp_path / "book").symlink_to(tmp_path / "real")
        base = filesystem.resolve_symlinks(tmp_path) / "real" / "attachments"
        assert resolve(tmp_path / "book", "attachments/a/b.pdf") == base / "a" / "b.pdf"
        (base / "link").symlink_to("b.pdf")
        assert resolve(tmp_path / "book", "attachments/link") == base / "b.pdf"


class TestDescribe:
    def test_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "offer.pdf"
        path.write_bytes(b"x" * 3_000_000)
        found = describe_file(path)
        assert found.size == 3_000_000
        assert found.sha256 == hashlib.sha256(b"x" * 3_000_000).hexdigest()

    def test_what_is_none(self, tmp_path: Path) -> None:
        for path in (tmp_path / "nothing", tmp_path / "nul\0", tmp_path / "dangling"):
            with pytest.raises(NotFoundError) as missing:
                describe_file(path)
            assert missing.value.problems[0].id == "no-file"
            (tmp_path / "dangling").unlink(missing_ok=True)
            (tmp_path / "dangling").symlink_to("nowhere")
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(StorageError) as refused:
            describe_file(tmp_path / "pipe")
        assert refused.value.problems[0].id == "not-a-file"

    def test_a_folder_is_refused_as_bad_input(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(tmp_path)
        for path in (tmp_path, tmp_path / "link"):
            with pytest.raises(InvalidInputError) as refused:
                describe_file(path)
            (problem,) = refused.value.problems
            assert (problem.id, problem.message) == ("not-a-file", f'"{path}" is a folder')
            assert problem.hint == "add the files in it, one by one"

    def test_what_must_not_be_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refused(path: Path, flags: int) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refused)
        with pytest.raises(StorageError, match="permission denied"):
            describe_file(tmp_path / "x")


class TestTheFolder:
    def test_names(self, tmp_path: Path) -> None:
        assert names_in(tmp_path) == set()
        (tmp_path / "attachments").mkdir()
        (tmp_path / "attachments" / "Offer.PDF").touch()
        assert names_in(tmp_path) == {"offer.pdf"}

    def test_what_is_no_folder(self, tmp_path: Path) -> None:
        (tmp_path / "attachments").touch()
        with pytest.raises(StorageError, match='cannot read "attachments"'):
            names_in(tmp_path)

    def test_hashes(self, tmp_path: Path) -> None:
        (tmp_path / "attachments").mkdir()
        (tmp_path / "attachments" / "a").write_bytes(b"a")
        assert sha_of_copy(tmp_path, "attachments/a") == hashlib.sha256(b"a").hexdigest()
        assert sha_of_copy(tmp_path, "attachments/b") is None
        with pytest.raises(InvalidInputError):
            sha_of_copy(tmp_path, "../a")


def test_check_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "attachments").mkdir()
    (tmp_path / "attachments" / "a").write_bytes(b"abc")
    files = [
        File(id="f1", name="a", path="attachments/a", size=3),
        File(id="f2", name="a", path="attachments/a"),
        File(id="f3", name="web", url="https://example.com"),
        File(id="f4", name="a", path="attachments/a", size=4),
        File(id="f5", name="b", path="attachments/b", size=3),
        File(id="f6", name="c", path="/etc/passwd"),
    ]
    data = Data(files={file.id: file for file in files})
    found = check_files(tmp_path, data)
    assert [(each.record, each.id, each.kind, each.field) for each in found] == [
        ("f4", "attachment-changed", "files", "path"),
        ("f5", "missing-attachment", "files", "path"),
        ("f6", "outside-book", "files", "path"),
    ]
    assert found[0].message == '"attachments/a" has 3 bytes, not the 4 it was attached with'

    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refused)
    assert {each.id for each in check_files(tmp_path, data)} == {"cannot-read", "outside-book"}
