"""The invented books that acctcli is measured on: the same each time, and read without a problem.

Nothing here is timed: `make bench` measures, and says what it found.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from generate import main
from helpers.files import PROJECT, files_of
from synthetic import TODAY, _Mixed, counts
from synthetic import Book as Invented

from acctcli.core.checks.records import check
from acctcli.core.model.kinds import KINDS
from acctcli.core.model.names import slug
from acctcli.store.book import Book
from acctcli.store.datafiles.file_reader import read_records
from acctcli.store.datafiles.plain_reader import plain_record
from acctcli.store.datafiles.plain_writer import is_text_field, record_text
from acctcli.store.files.layout import kind_of_file

if TYPE_CHECKING:
    from pathlib import Path

    from acctcli.core.model.records import Raw
    from acctcli.store.datafiles.file_reader import Reading
    from acctcli.store.views.view import View

SIZE = 2100


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("odd"), "--form", "odd")


def made(folder: Path, *words: str, seed: int = 7) -> Path:
    assert main([str(folder), "--size", str(SIZE), "--seed", str(seed), *words]) == 0
    return folder


def reading_of(view: View, name: str) -> Reading:
    found = view.file(name)
    assert found is not None
    return read_records(name, found.data)


def raw_records(view: View) -> dict[str, dict[str, Raw]]:
    """What the files say of each record, by id, in no order."""
    return {
        str(record.raw["id"]): dict(record.raw)
        for name in view.files()
        for record in reading_of(view, name).records
        if record.raw
    }


# The generator


def test_it_runs_as_a_script(tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/generate.py", str(tmp_path / "book"), "--size", "210"]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("10 organizations, 100 deals, 100 activities in ")
    assert not ran.stderr


@pytest.mark.parametrize("form", ["plain", "odd"])
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, form: str) -> None:
    one, two, other = (
        files_of(made(tmp_path / name, "--form", form, seed=seed))
        for name, seed in (("one", 7), ("two", 7), ("other", 8))
    )
    assert one == two
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] == other[name]] == ["acctcli.yaml"]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (21, (1, 10, 10)),
        (10_000, (476, 4762, 4762)),
        (210_000, (10_000, 100_000, 100_000)),
        (2_100_000, (100_000, 1_000_000, 1_000_000)),
    ],
)
def test_a_size_is_the_number_of_all_records(size: int, expected: tuple[int, int, int]) -> None:
    assert counts(size) == expected
    assert sum(counts(size)) == size


def test_a_size_without_an_organization_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "book"), "--size", "20"]) == 1
    assert capsys.readouterr().err == "error: a book has 21 records or more, not 20\n"
    assert not (tmp_path / "book").exists()


def test_a_book_that_is_there_is_left_alone(
    plain: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_of(plain)
    assert main([str(plain), "--size", "21"]) == 1
    assert "there is a book in" in capsys.readouterr().err
    assert files_of(plain) == before


@pytest.mark.parametrize("form", ["plain", "odd"])
def test_a_book_reads_back_without_errors(form: str, plain: Path, odd: Path) -> None:
    view = Book(plain if form == "plain" else odd).read()
    assert view.problems == []
    read = (len(view.data.orgs), len(view.data.deals), len(view.data.activities))
    assert read == counts(SIZE)
    assert check(view.data, view.settings, view.zone, today=TODAY) == []


def test_both_forms_hold_the_same_records(plain: Path, odd: Path) -> None:
    one, two = raw_records(Book(plain).read()), raw_records(Book(odd).read())
    added = ("labels", "old_number", "memo")
    assert {key for record in two.values() for key in record} >= set(added)
    for record in two.values():
        for name in added:
            record.pop(name, None)
    assert one == two


def test_the_plain_form_is_the_form_acctcli_writes(plain: Path) -> None:
    view = Book(plain).read()
    for name in view.files():
        reading = reading_of(view, name)
        kind = KINDS[kind_of_file(name)]
        order = {field.name: number for number, field in enumerate(kind.fields)}
        texts = []
        for record in reading.records:
            assert record.raw
            assert [order[key] for key in record.raw] == sorted(order[key] for key in record.raw)
            fields = [
                (key, value, is_text_field(kind, {}, key)) for key, value in record.raw.items()
            ]
            text = record_text(fields, indent=0, offset=2, newline="\n")
            assert plain_record(text) == record.raw
            texts.append(text)
        assert "".join(texts).encode() == reading.data


def test_ids_are_what_acctcli_makes_of_names_and_come_once() -> None:
    book = Invented(21 * 101_000, seed=3)
    names = ["-".join(book._words(number)) for number in range(0, 101_000, 50)]
    assert [book.org_id(number) for number in range(0, 101_000, 50)] == [slug(n) for n in names]
    assert len({book.org_id(number) for number in range(101_000)}) == 101_000
    assert len({book.deal_id(number) for number in range(101_000)}) == 101_000


@pytest.mark.parametrize("size", [1, 2, 30, 476, 4762])
def test_a_mixed_order_has_each_number_once(size: int) -> None:
    for seed in range(20):
        mixed = _Mixed(size, f"{seed}")
        assert sorted(mixed(number) for number in range(size)) == list(range(size))


def test_every_organization_is_an_account_and_a_third_of_the_deals_is_won() -> None:
    book = Invented(21 * 500, seed=3)
    won = [deal for deal in book.deals() if deal.status == "won"]
    assert len(won) == book.counts.deals * 33 // 100
    assert {deal.org for deal in won} == {org.id for org in book.orgs()}
    assert {deal.currency for deal in won} == {"EUR", "USD"}


def test_the_odd_form_has_every_oddity(odd: Path) -> None:
    deals = b"".join(path.read_bytes() for path in sorted((odd / "deals").glob("20*.yaml")))
    activities = (odd / "activities.yaml").read_bytes()
    assert len(list((odd / "deals").iterdir())) > 1
    for text in (b"\n\n- id", b"\n# ", b" '", b': "', b": |-\n", b": >-\n", b"\\u00", b"labels: ["):
        assert text in deals
    assert b"''" in activities
    assert activities.count(b"\n") == activities.count(b"\r\n") > SIZE
