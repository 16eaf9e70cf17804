"""What changed in the files is what changes in the index, and no more than that is read."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from helpers.books import (
    FILES,
    SETTINGS,
    agree,
    change,
    full_book,
    index_of,
    make_book,
    put,
    tables,
    viewed,
)

from acctcli.core.model.errors import InvalidBookError, StorageError
from acctcli.store.files import filesystem
from acctcli.store.index.row_codec import STEP, first_place
from acctcli.store.index.update import updater
from acctcli.store.index.update.loader import RowLoader, Source
from acctcli.store.index.update.record_diff import DiffHunk
from acctcli.store.index.update.updater import Update

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from acctcli.store.commit.snapshot import Content


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return full_book(tmp_path / "book")


class Work:
    """What is done to bring an index up to date."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: list[str] = []  # of the records that are parsed
        self.files: list[str] = []  # that are read anew
        self.all = 0  # times everything is
        add, file, fill = RowLoader.add, RowLoader.file, Update.fill

        def adding(filler: RowLoader, kind: str, placed: Sequence[tuple[int, bytes]]) -> None:
            self.texts += [text.decode("utf-8", "replace") for _, text in placed]
            add(filler, kind, placed)  # type: ignore[arg-type]  # the kind's name

        def reading(filler: RowLoader, source: Source) -> tuple[str, bool]:
            self.files.append(source.name)
            return file(filler, source)

        def filling(this: Update, contents: Mapping[str, Content]) -> None:
            self.all += 1
            fill(this, contents)

        monkeypatch.setattr(RowLoader, "add", adding)
        monkeypatch.setattr(RowLoader, "file", reading)
        monkeypatch.setattr(Update, "fill", filling)


def brought_up(root: Path, cache: Path, edit: Callable[[], object]) -> Work:
    """What is done after an edit of a book that has an index; the two agree before and after."""
    agree(root, cache)
    edit()
    with pytest.MonkeyPatch.context() as patch:
        work = Work(patch)
        viewed(root, cache)
    agree(root, cache)
    gc.collect()
    return work


# a record in the middle


def test_one_changed_record_is_the_only_one_parsed(root: Path, tmp_path: Path) -> None:
    work = brought_up(root, tmp_path, lambda: change(root, "deals.yaml", "Coffee", "Tea"))
    assert [text.split("\n")[1] for text in work.texts] == ["  title: Tea"]
    assert (work.files, work.all) == ([], 0)


@pytest.mark.parametrize(
    ("old", "new", "parsed"),
    [
        ("- id: d2\n", "- id: d9\n", 1),
        ("- id: d2\n", "- id: d8\n  title: X\n- id: d2\n", 1),
        ("# none", "", 0),
        ("  person: eva\n", "  person: ida\n", 1),
        ("  person: eva\n", "  org: cole\n", 1),
        ("  org: acme\n", "  org: cole\n", 1),
        ("  org: acme\n", "", 1),
        ("  org: acme\n", "  org: nowhere\n", 1),
        ("  status: won\n  won_time: 2026-01-15\n", "  status: lost\n", 1),
        ("  person: ida\n", "", 1),
        ("- id: d1", "# a comment\n- id: d1", 1),
    ],
)
def test_records_of_a_file_change(
    root: Path, tmp_path: Path, old: str, new: str, parsed: int
) -> None:
    put(root, "deals.yaml", FILES["deals.yaml"] + "# none\n")
    work = brought_up(root, tmp_path, lambda: change(root, "deals.yaml", old, new))
    assert len(work.texts) <= max(parsed, 1)
    assert (work.files, work.all) == ([], 0)


@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_records_come_and_go(root: Path, tmp_path: Path, where: str) -> None:
    records = FILES["orgs.yaml"].split("- ")
    at = {"first": 1, "middle": 2, "last": 4}[where]
    new = "id: new\n  name: New\n", "id: more\n  name: More\n"
    more = "- ".join([*records[:at], *new, *records[at:]])
    work = brought_up(root, tmp_path, lambda: put(root, "orgs.yaml", more))
    # The comment above the first record is another one's when a record comes between.
    assert len(work.texts) == (3 if where == "first" else 2)
    back = brought_up(root, tmp_path, lambda: put(root, "orgs.yaml", FILES["orgs.yaml"]))
    assert len(back.texts) <= 1
    assert (work.files, work.all, back.files, back.all) == ([], 0, [], 0)


def test_records_change_places(root: Path, tmp_path: Path) -> None:
    head, one, two, three = FILES["orgs.yaml"].split("- ")
    text = f"{head}- {three}- {one}- {two}"
    work = brought_up(root, tmp_path, lambda: put(root, "orgs.yaml", text))
    assert (work.files, work.all) == ([], 0)


def test_a_record_moves_to_another_file(root: Path, tmp_path: Path) -> None:
    late = FILES["deals/2026.yaml"]

    def edit() -> None:
        put(root, "deals.yaml", FILES["deals.yaml"] + late)
        put(root, "deals/2026.yaml", "# none\n")

    work = brought_up(root, tmp_path, edit)
    assert (work.texts, work.files, work.all) == ([late], [], 0)


# organizations and people, by way of whom others belong where they do


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("people.yaml", "  org: acme\n", "  org: dora\n"),
        ("people.yaml", "  org: acme\n", ""),
        ("people.yaml", "- id: eva", "- id: eve"),
        ("people.yaml", "  name: Max\n", "  name: Max\n  org: cole\n"),
        ("orgs.yaml", "- id: dora", "- id: doris"),
        ("orgs.yaml", "- id: cole", "- id: d9"),
        ("orgs.yaml", "Cole Ltd", "Acme S.r.l."),
        ("deals.yaml", "- id: d2", "- id: d7"),
        ("deals.yaml", "  person: ida", "  person: eva"),
        ("activities.yaml", "  deal: d2", "  deal: d3"),
        ("activities.yaml", "  person: ida", "  deal: d4\n  person: ida"),
        ("notes.yaml", "  deal: d3", "  org: cole"),
        ("notes.yaml", "    two\n", "    three\n"),
    ],
)
def test_what_belongs_where_follows(
    root: Path, tmp_path: Path, name: str, old: str, new: str
) -> None:
    before = (root / name).read_text("utf-8")
    work = brought_up(root, tmp_path, lambda: change(root, name, old, new))
    assert (len(work.texts), work.files, work.all) == (1, [], 0)
    again = brought_up(root, tmp_path, lambda: put(root, name, before))
    assert (len(again.texts), again.files, again.all) == (1, [], 0)


# whole files


def test_files_come_and_go(root: Path, tmp_path: Path) -> None:
    work = brought_up(root, tmp_path, lambda: put(root, "deals/2025.yaml", "- id: o\n  title: O\n"))
    assert (work.files, work.all) == (["deals/2025.yaml"], 0)
    work = brought_up(root, tmp_path, (root / "deals/2026.yaml").unlink)
    assert (work.files, work.all) == ([], 0)
    work = brought_up(root, tmp_path, (root / "people.yaml").unlink)
    assert (work.files, work.all) == ([], 0)
    work = brought_up(root, tmp_path, lambda: put(root, "people.yaml", FILES["people.yaml"]))
    assert (work.files, work.all) == (["people.yaml"], 0)


def test_a_renamed_file_is_read_in_its_new_order(root: Path, tmp_path: Path) -> None:
    put(root, "deals/a.yaml", "- id: a\n  title: A\n  org: acme\n")
    old, new = root / "deals/2026.yaml", root / "deals/z.yaml"
    work = brought_up(root, tmp_path, lambda: old.rename(new))
    assert (work.files, work.all) == (["deals/z.yaml"], 0)
    view = viewed(root, tmp_path)
    assert view.files()[2:5] == ["deals.yaml", "deals/a.yaml", "deals/z.yaml"]


def test_a_file_that_gets_and_loses_another_form(root: Path, tmp_path: Path) -> None:
    def bad() -> None:
        change(root, "people.yaml", "name: Max", "name: [x]")

    work = brought_up(root, tmp_path, bad)
    assert (work.files, work.all) == (["people.yaml"], 0)
    work = brought_up(root, tmp_path, lambda: change(root, "people.yaml", "Ida", "Ada"))
    assert (work.files, work.all) == (["people.yaml"], 0)
    work = brought_up(root, tmp_path, lambda: put(root, "people.yaml", FILES["people.yaml"]))
    assert (work.files, work.all) == (["people.yaml"], 0)
    # from here on its records are known by their places again
    work = brought_up(root, tmp_path, lambda: change(root, "people.yaml", "Ida", "Ada"))
    assert (len(work.texts), work.files, work.all) == (1, [], 0)


@pytest.mark.parametrize(
    "text", ["---\n- id: eva\n  name: E\n", "\ufeff- id: eva\n  name: E\n", "x"]
)
def test_a_file_that_is_not_to_be_cut(root: Path, tmp_path: Path, text: str) -> None:
    work = brought_up(root, tmp_path, lambda: put(root, "people.yaml", text))
    assert (work.files, work.all) == (["people.yaml"], 0)


def test_other_bytes_than_text(root: Path, tmp_path: Path) -> None:
    text = FILES["people.yaml"].replace("Max", "M\udcff")
    work = brought_up(root, tmp_path, lambda: put(root, "people.yaml", text))
    assert (work.files, work.all) == (["people.yaml"], 0)


# all of it


@pytest.mark.parametrize(
    "settings",
    [SETTINGS.replace("EUR", "USD"), SETTINGS + "fields: {orgs: {vat: number}}\n", "format: 1\n"],
)
def test_other_settings_bear_on_everything(root: Path, tmp_path: Path, settings: str) -> None:
    work = brought_up(root, tmp_path, lambda: put(root, "acctcli.yaml", settings))
    assert work.all == 1


def test_another_zone_of_the_machine_bears_on_everything(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root, "acctcli.yaml", "format: 1\ncurrency: EUR\n")
    put(root, "deals.yaml", FILES["deals.yaml"].replace("2026-01-15", "2026-01-15T23:30:00Z"))
    monkeypatch.setenv("TZ", "UTC")
    work = brought_up(root, tmp_path, lambda: monkeypatch.setenv("TZ", "Asia/Tokyo"))
    assert work.all == 1
    work = brought_up(root, tmp_path, lambda: monkeypatch.setenv("TZ", ":Asia/Tokyo"))
    assert work.all == 1
    work = brought_up(root, tmp_path, lambda: None)
    assert work.all == 0


def test_a_zone_that_there_is_no_more(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(root, tmp_path)
    change(root, "orgs.yaml", "Cole", "Cold")
    monkeypatch.setattr(updater, "zone_of", lambda _: None)
    with pytest.MonkeyPatch.context() as patch:
        work = Work(patch)
        viewed(root, tmp_path)
    assert work.all == 1


def test_an_id_that_comes_twice_bears_on_everything_until_it_goes(
    root: Path, tmp_path: Path
) -> None:
    def twin() -> None:
        change(root, "people.yaml", "- id: max", "- id: acme")

    assert brought_up(root, tmp_path, twin).all == 1
    assert brought_up(root, tmp_path, lambda: change(root, "orgs.yaml", "Cole", "Cold")).all == 1
    work = brought_up(root, tmp_path, lambda: put(root, "people.yaml", FILES["people.yaml"]))
    assert work.all == 1
    assert brought_up(root, tmp_path, lambda: change(root, "orgs.yaml", "Cold", "Cole")).all == 0


def test_files_of_another_order_bear_on_everything(root: Path, tmp_path: Path) -> None:
    agree(root, tmp_path)
    gc.collect()
    # as if names had been sorted otherwise before
    tables(index_of(root, tmp_path), "UPDATE files SET rank = 99 - rank WHERE name LIKE 'deals%'")
    agree(root, tmp_path)
    agree(root, tmp_path)


# where what comes is put


@pytest.mark.parametrize(
    ("run", "places"),
    [
        (DiffHunk(None, [5], [b""], 9), [5]),  # in the place of what went
        (DiffHunk(100, [], [b"", b""], None), [100 + STEP, 100 + 2 * STEP]),
        (DiffHunk(None, [], [b"", b""], None), [STEP + 7, 2 * STEP + 7]),
        (DiffHunk(10, [], [b""], 20), [15]),
        (DiffHunk(10, [12], [b"", b""], 20), [13, 16]),
        (DiffHunk(10, [], [b""], 11), None),
        (DiffHunk(10, [], [b"", b""], 12), None),
        (DiffHunk(10, [11, 12], [], 13), []),
        (DiffHunk(10, [11, 12], [b""], 13), [11]),
    ],
)
def test_where_records_are_put(run: DiffHunk, places: list[int] | None) -> None:
    assert updater._places(run, 7) == places


def test_when_there_is_no_room_left_the_file_is_read_anew(root: Path, tmp_path: Path) -> None:
    agree(root, tmp_path)
    work = None
    for number in range(20):  # each between the same two
        record = f"- id: new-{number}\n  name: N {number}\n- id: dora"
        with pytest.MonkeyPatch.context() as patch:
            change(root, "orgs.yaml", "- id: dora", record)
            work = Work(patch)
            viewed(root, tmp_path)
        if work.files:
            break
        assert len(work.texts) == 1
    assert work is not None
    assert (work.files, work.all) == (["orgs.yaml"], 0)
    agree(root, tmp_path)
    gc.collect()
    places = [row[0] for row in tables(index_of(root, tmp_path), "SELECT place FROM records"
                                       " WHERE kind = 0 ORDER BY place")]  # fmt: skip
    assert places == [first_place(1) + STEP * number for number in range(1, len(places) + 1)]


# files that cannot be read, or go away in the middle


def test_a_file_that_goes_away_while_it_is_read(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(root, tmp_path)
    change(root, "deals.yaml", "ERP", "ERP 2")
    _vanish_at_first(monkeypatch, root / "deals.yaml")
    view = viewed(root, tmp_path)
    assert [*view.data.deals] == ["d4"]
    agree(root, tmp_path)


def test_a_new_file_that_goes_away_before_it_is_read(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _vanish_at_first(monkeypatch, root / "deals.yaml")
    view = viewed(root, tmp_path)
    assert [*view.data.deals] == ["d4"]
    agree(root, tmp_path)


def _vanish_at_first(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    from acctcli.store.index.update.loader import Reader

    real = Reader.blocks

    def blocks(reader: Reader) -> object:
        if reader._path == path:
            path.unlink(missing_ok=True)
        return real(reader)

    monkeypatch.setattr(Reader, "blocks", blocks)


def test_a_link_to_nothing_is_told(root: Path, tmp_path: Path) -> None:
    agree(root, tmp_path)
    (root / "deals.yaml").unlink()
    (root / "deals.yaml").symlink_to("nothing.yaml")
    for cache in (tmp_path, None, tmp_path / "new"):
        with pytest.raises(StorageError) as caught:
            viewed(root, cache)
        assert caught.value.problems[0].id == "cannot-read"


def test_settings_that_go_away_before_they_are_read(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = filesystem.read_file
    gone: list[int] = []

    def reading(path: Path, name: str) -> tuple[bytes, filesystem.FileKey]:
        if name == "acctcli.yaml" and not gone:
            gone.append(1)
            raise FileNotFoundError
        return real(path, name)

    monkeypatch.setattr(filesystem, "read_file", reading)
    agree(root, tmp_path)
    assert gone == [1]


def test_a_line_that_is_too_long_is_told(root: Path, tmp_path: Path) -> None:
    agree(root, tmp_path)
    put(root, "people.yaml", f"- id: eva\n  name: {'x' * (1 << 20)}\n")
    with pytest.raises(InvalidBookError) as caught:
        viewed(root, tmp_path)
    assert caught.value.problems[0].id == "too-long"
    with pytest.raises(InvalidBookError):
        viewed(root, None)
    put(root, "people.yaml", FILES["people.yaml"])
    agree(root, tmp_path)


def test_an_empty_book_gets_its_first_records(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    agree(root, tmp_path)
    for name in FILES:
        work = brought_up(root, tmp_path, lambda name=name: put(root, name, FILES[name]))  # type: ignore[misc]  # bound
        assert (work.files, work.all) == ([name], 0)
