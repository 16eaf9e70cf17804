"""Records of the index as mappings: what is asked for is read, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from helpers.books import FILES, full_book, put, viewed

from acctcli.core.model.records import Deal
from acctcli.store.index import record_map, row_codec
from acctcli.store.index.database import DamagedError

if TYPE_CHECKING:
    from pathlib import Path

    from acctcli.core.model.kinds import KindName
    from acctcli.store.index.index_view import IndexedView


@pytest.fixture
def view(tmp_path: Path) -> IndexedView:
    root = full_book(tmp_path / "book")
    put(root, "people.yaml", FILES["people.yaml"] + "- id: bad\n  name: [x]\n")
    return viewed(root, tmp_path)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of records that are made."""
    made: list[str] = []
    real = row_codec.record_of

    def making(kind: KindName, *rest: object) -> object:
        made.append(kind)
        return real(kind, *rest)  # type: ignore[arg-type]  # a row and the settings

    monkeypatch.setattr(record_map, "record_of", making)
    return made


def test_it_is_a_mapping_in_the_order_of_the_files(view: IndexedView, read: list[str]) -> None:
    deals = view.data.deals
    assert (list(deals), len(deals)) == (["d1", "d2", "d3", "d4"], 4)
    assert list(view.data.people) == ["eva", "max", "ida"]
    assert read == []
    assert [key for key, _ in deals.items()] == [deal.id for deal in deals.values()] == list(deals)
    assert read == ["deals"] * 2  # one names no currency; the rest is read at once
    assert all(isinstance(deal, Deal) for deal in deals.values())
    assert (len(deals.items()), len(deals.values())) == (4, 4)


def test_those_that_are_not_plain_are_read_one_by_one(tmp_path: Path, read: list[str]) -> None:
    root = full_book(tmp_path / "book")
    put(root, "people.yaml", FILES["people.yaml"] + '- {id: flo, name: "Flo"}\n')
    view = viewed(root, tmp_path)
    people = view.data.people
    read.clear()
    assert [(key, person.id) for key, person in people.items()] == [
        (key, key) for key in ("eva", "max", "ida", "flo")
    ]
    assert read == ["people"] * 4


@pytest.mark.parametrize("more", ["", "- {id: odd, name: Odd}\n"])
def test_a_row_with_the_id_of_another_record_is_damaged(tmp_path: Path, more: str) -> None:
    root = full_book(tmp_path / "book")
    put(root, "people.yaml", FILES["people.yaml"] + more)
    view = viewed(root, tmp_path)
    view._database.execute("UPDATE records SET id = 'eve' WHERE id = 'eva'")
    with pytest.raises(DamagedError):
        list(view.data.people.values())


def test_a_record_is_read_when_it_is_asked_for_and_once(view: IndexedView, read: list[str]) -> None:
    assert view.data.deals["d1"] is view.data.deals["d1"]
    assert view.data.deals.get("d1") is not None
    assert read == ["deals"]


@pytest.mark.parametrize("key", ["nothing", "eva", "bad"])
def test_what_is_not_there_is_looked_for_once(view: IndexedView, key: str) -> None:
    deals = view.data.deals
    statements: list[str] = []
    view._database.set_trace_callback(statements.append)
    assert key not in deals
    assert len(statements) == 1
    for _ in range(2):
        with pytest.raises(KeyError):
            deals[key]
    assert key not in deals
    assert len(statements) == 2
    assert "d1" in deals
    assert deals["d1"].id == "d1"
    assert "d1" in deals
    assert len(statements) == 4
