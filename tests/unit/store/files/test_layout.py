from __future__ import annotations

import os
from pathlib import Path

import pytest

from acctcli.core.model.errors import (
    InvalidBookError,
    NotFoundError,
    StorageError,
)
from acctcli.core.model.kinds import KIND_NAMES
from acctcli.core.model.records import Settings
from acctcli.store.files import filesystem
from acctcli.store.files.find_book import find_book
from acctcli.store.files.layout import (
    is_file_of,
    is_file_of_book,
    kind_files,
    kind_of_file,
    target_for_new,
)
from acctcli.store.files.layout import staged_leftovers as dead_files


def book(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "acctcli.yaml").write_text("format: 1\n")
    return folder


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")


class TestFindBook:
    def test_the_named_one_comes_first(self, tmp_path: Path) -> None:
        one, two, here, home = (book(tmp_path / name) for name in ("1", "2", "3", "4"))
        environ = {"ACCTCLI_BOOK": str(two)}
        assert find_book(one, environ, here, home) == one
        assert find_book(None, environ, here, home) == two
        assert find_book(None, {"ACCTCLI_BOOK": ""}, here, home) == here
        assert find_book(None, {}, here, home) == here

    def test_names_are_taken_from_the_current_folder(self, tmp_path: Path) -> None:
        one = book(tmp_path / "a" / "one")
        assert find_book(Path("one"), {}, tmp_path / "a", tmp_path) == one
        assert find_book(None, {"ACCTCLI_BOOK": "one"}, tmp_path / "a", tmp_path) == one

    def test_the_nearest_above(self, tmp_path: Path) -> None:
        outer = book(tmp_path / "a")
        inner = book(tmp_path / "a" / "b")
        deep = inner / "c" / "d"
        deep.mkdir(parents=True)
        home = tmp_path / "home"
        assert find_book(None, {}, deep, home) == inner
        (inner / "acctcli.yaml").unlink()
        assert find_book(None, {}, deep, home) == outer
        (outer / "acctcli.yaml").unlink()
        book(home)
        assert find_book(None, {}, deep, home) == home

    def test_none_says_where_it_looked(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        with pytest.raises(NotFoundError) as caught:
            find_book(None, {}, tmp_path, home)
        problem = caught.value.problems[0]
        assert problem.id == "no-book"
        assert str(tmp_path) in problem.message
        assert str(home) in problem.message
        assert 'run "acctcli init"' in (problem.hint or "")

    def test_a_named_one_that_is_none_is_an_error(self, tmp_path: Path) -> None:
        here = book(tmp_path / "here")
        with pytest.raises(NotFoundError, match="/nowhere"):
            find_book(tmp_path / "nowhere", {}, here, here)
        with pytest.raises(NotFoundError, match="which ACCTCLI_BOOK names"):
            find_book(None, {"ACCTCLI_BOOK": "nowhere"}, here, here)

    def test_a_folder_that_must_not_be_looked_into_is_passed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home = book(tmp_path / "home")
        real = Path.is_file

        def refused(path: Path) -> bool:
            if path.parent.name == "closed":
                raise PermissionError(13, "Permission denied")
            return real(path)

        monkeypatch.setattr(Path, "is_file", refused)
        assert find_book(None, {}, tmp_path / "closed", home) == home


class TestKindFiles:
    def test_none(self, tmp_path: Path) -> None:
        assert kind_files(tmp_path, "deals") == []

    def test_root_first_then_the_folder_by_name(self, tmp_path: Path) -> None:
        touch(
            tmp_path,
            "deals/z.yaml",
            "deals/2026.yml",
            "deals/eu/2024.yaml",
            "deals/2025.yaml",
            "deals.yml",
            "deals.yaml",
            "orgs.yaml",
        )
        assert kind_files(tmp_path, "deals") == [
            "deals.yaml",
            "deals.yml",
            "deals/2025.yaml",
            "deals/2026.yml",
            "deals/eu/2024.yaml",
            "deals/z.yaml",
        ]

    def test_what_is_left_out(self, tmp_path: Path) -> None:
        touch(
            tmp_path,
            "deals/.hidden.yaml",
            "deals/.git/x.yaml",
            "deals/.a.yaml.acctcli-tmp",
            "deals/a.yaml.theirs-c1",
            "deals/a.yaml~",
            "deals/readme.txt",
            "deals/folder.yaml/inner.yaml",
        )
        assert kind_files(tmp_path, "deals") == ["deals/folder.yaml/inner.yaml"]

    def test_a_file_named_like_the_folder_is_none(self, tmp_path: Path) -> None:
        touch(tmp_path, "deals")
        assert kind_files(tmp_path, "deals") == []

    def test_symlinks_are_followed_but_not_in_a_circle(self, tmp_path: Path) -> None:
        touch(tmp_path, "elsewhere/a.yaml", "deals/b.yaml", "deals/d/e.yaml")
        (tmp_path / "deals" / "c").symlink_to(tmp_path / "elsewhere")
        (tmp_path / "deals" / "d" / "up").symlink_to(tmp_path / "deals")
        (tmp_path / "deals" / "gone.yaml").symlink_to(tmp_path / "nothing")
        assert kind_files(tmp_path, "deals") == [
            "deals/b.yaml",
            "deals/c/a.yaml",
            "deals/d/e.yaml",
            "deals/gone.yaml",
        ]

    def test_a_name_that_is_no_text_is_loud(self, tmp_path: Path) -> None:
        (tmp_path / "deals").mkdir()
        path = os.path.join(os.fsencode(tmp_path), b"deals", b"caf\xe9.yaml")  # noqa: PTH118 - bytes
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
        with pytest.raises(InvalidBookError) as caught:
            kind_files(tmp_path, "deals")
        assert caught.value.problems[0].id == "bad-file-name"
        caught.value.problems[0].message.encode()

    def test_a_closed_folder_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        touch(tmp_path, "deals/eu/a.yaml")

        def refused(path: Path) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(os, "scandir", refused)
        with pytest.raises(StorageError, match='cannot read "deals": permission denied'):
            kind_files(tmp_path, "deals")


def test_the_kind_of_a_file() -> None:
    assert kind_of_file("deals.yaml") == "deals"
    assert kind_of_file("orgs/eu/a.yml") == "orgs"
    for name in ("acctcli.yaml", "deals.txt", "deal.yaml", "notes/.x.yaml", "/deals.yaml", ""):
        with pytest.raises(ValueError, match=r".*"):
            kind_of_file(name)


def test_listed_files_have_their_kind(tmp_path: Path) -> None:
    for kind in KIND_NAMES:
        touch(tmp_path, f"{kind}.yaml", f"{kind}/a/b.yml")
        assert kind_files(tmp_path, kind) == [f"{kind}.yaml", f"{kind}/a/b.yml"]
        assert all(kind_of_file(name) == kind for name in kind_files(tmp_path, kind))


class TestTargetForNew:
    @pytest.mark.parametrize(
        ("existing", "expected"),
        [
            ([], "deals.yaml"),
            (["deals.yaml", "deals/2026.yaml"], "deals.yaml"),
            (["deals.yml", "deals/2026.yaml"], "deals.yml"),
            (["deals/2025.yaml", "deals/2026.yaml"], "deals/2026.yaml"),
        ],
    )
    def test_without_a_setting(self, tmp_path: Path, existing: list[str], expected: str) -> None:
        assert target_for_new(tmp_path, "deals", Settings(), 2026, existing) == expected

    def test_with_a_setting(self, tmp_path: Path) -> None:
        settings = Settings(new_records={"deals": "deals/{year}.yaml"})
        assert target_for_new(tmp_path, "deals", settings, 2026, ["deals.yaml"]) == (
            "deals/2026.yaml"
        )
        assert target_for_new(tmp_path, "orgs", settings, 2026, []) == "orgs.yaml"

    @pytest.mark.parametrize(
        "told",
        [
            "/etc/deals.yaml",
            "../deals.yaml",
            "deals/../../x.yaml",
            "deals/../x.yaml",
            "orgs.yaml",
            "deals/x.txt",
            "deals/.x.yaml",
            "deals//x.yaml",
            "deals/{month}.yaml",
            "deals/\0.yaml",
            "deals",
            "",
        ],
    )
    def test_a_setting_that_leads_elsewhere(self, tmp_path: Path, told: str) -> None:
        settings = Settings(new_records={"deals": told})
        with pytest.raises(InvalidBookError) as caught:
            target_for_new(tmp_path, "deals", settings, 2026, [])
        problem = caught.value.problems[0]
        assert problem.id == "bad-setting"
        assert str(problem.place) == "acctcli.yaml"

    def test_a_new_file_is_not_made_through_a_symlink_out_of_the_book(self, tmp_path: Path) -> None:
        root = book(tmp_path / "book")
        touch(tmp_path, "other/2025.yaml")
        (root / "deals").symlink_to(tmp_path / "other")
        settings = Settings(new_records={"deals": "deals/{year}.yaml"})
        assert target_for_new(root, "deals", settings, 2025, []) == "deals/2025.yaml"
        with pytest.raises(InvalidBookError):
            target_for_new(root, "deals", settings, 2026, [])


class TestLeftovers:
    def test_only_exact_names_where_acctcli_writes(self, tmp_path: Path) -> None:
        root = book(tmp_path / "book")
        dead = [
            ".acctcli.yaml.acctcli-tmp",
            ".deals.yaml.acctcli-tmp",
            "deals/eu/.a.yaml.acctcli-tmp",
            "attachments/.offer.pdf.acctcli-tmp",
            "attachments/in/.offer.pdf.acctcli-tmp",
            ".acctcli/.journal.acctcli-tmp",
            ".acctcli/attic/.abc.acctcli-tmp",
        ]
        kept = [
            "deals.yaml.acctcli-tmp",
            "..acctcli-tmp.txt",
            ".acctcli-tmp",
            "src/.deals.yaml.acctcli-tmp",
            "deals/.git/.x.acctcli-tmp",
            "attachments/offer.acctcli-tmp",
            ".folder.acctcli-tmp/x",
        ]
        touch(root, *dead, *kept)
        assert {
            str(path.relative_to(filesystem.resolve_symlinks(root))) for path in dead_files(root)
        } == set(dead)

    def test_beside_the_file_that_a_symlink_leads_to(self, tmp_path: Path) -> None:
        root = book(tmp_path / "book")
        touch(tmp_path, "other/all.yaml", "other/.all.yaml.acctcli-tmp", "other/.x.acctcli-tmp")
        touch(tmp_path, "clean/orgs.yaml")
        (root / "orgs.yaml").symlink_to(tmp_path / "clean" / "orgs.yaml")
        (root / "deals.yaml").symlink_to(tmp_path / "other" / "all.yaml")
        (root / "notes.yaml").symlink_to(root / "acctcli.yaml")
        touch(root, ".acctcli.yaml.acctcli-tmp")
        assert list(dead_files(root)) == [
            filesystem.resolve_symlinks(root) / ".acctcli.yaml.acctcli-tmp",
            filesystem.resolve_symlinks(tmp_path) / "other/.all.yaml.acctcli-tmp",
        ]

    def test_once_though_two_ways_lead_there(self, tmp_path: Path) -> None:
        root = book(tmp_path / "book")
        touch(root, "deals/.a.yaml.acctcli-tmp")
        (root / "notes").symlink_to("deals")
        assert list(dead_files(root)) == [
            filesystem.resolve_symlinks(root) / "deals/.a.yaml.acctcli-tmp"
        ]

    def test_not_through_attachments_that_lead_out(self, tmp_path: Path) -> None:
        root = book(tmp_path / "book")
        touch(tmp_path, "other/.x.acctcli-tmp")
        (root / "attachments").symlink_to(tmp_path / "other")
        assert list(dead_files(root)) == []

    def test_a_closed_folder_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root = book(tmp_path / "book")

        def refused(path: Path) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(os, "scandir", refused)
        with pytest.raises(StorageError, match="permission denied"):
            list(dead_files(root))


def test_a_path_of_no_kind() -> None:
    assert not is_file_of("deals", "deals/")
    assert not is_file_of("deals", "deals/a/")


class TestFilesOfTheBook:
    @pytest.mark.parametrize(
        "name",
        [
            *("acctcli.yaml", "rates.yaml", "history.jsonl", ".gitignore", ".gitattributes"),
            *("orgs.yaml", "DEALS.YML", "notes/2026/a.yaml", "attachments/a.pdf"),
            *(".acctcli/lock", ".git/config", "days/off.ics"),
        ],
    )
    def test_what_a_book_consists_of(self, name: str, tmp_path: Path) -> None:
        root = book(tmp_path / "book")
        assert is_file_of_book(root, root / name, ["days/off.ics"])
        assert is_file_of_book(root, root / "x" / ".." / name, ["days/off.ics"])

    @pytest.mark.parametrize("name", ["orgs.csv", "a.yaml", "notes/a.md", "deals/.a.yaml"])
    def test_what_it_does_not(self, name: str, tmp_path: Path) -> None:
        root = book(tmp_path / "book")
        assert not is_file_of_book(root, root / name)
        touch(root, name)
        assert not is_file_of_book(root, root / name)
        assert not is_file_of_book(root, tmp_path / "orgs.yaml")

    def test_symlinks_are_followed_both_ways(self, tmp_path: Path) -> None:
        root = book(tmp_path / "book")
        touch(tmp_path, "all.yaml", "more/x.yaml")
        (root / "orgs.yaml").symlink_to(tmp_path / "all.yaml")
        (root / "deals").symlink_to(tmp_path / "more")
        (tmp_path / "link.csv").symlink_to(root / "notes.yaml")
        assert is_file_of_book(root, root / "orgs.yaml")
        assert is_file_of_book(root, tmp_path / "all.yaml")
        assert is_file_of_book(root, tmp_path / "more" / "x.yaml")
        assert is_file_of_book(root, tmp_path / "link.csv")
