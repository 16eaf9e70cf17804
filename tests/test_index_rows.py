"""Records as rows and back: nothing that was changed on the way is taken for what was written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from acctcli.core.accounts import Tally
from acctcli.core.errors import Place, Problem
from acctcli.core.kinds import Field, FieldType
from acctcli.core.records import Deal, Org, Settings
from acctcli.store.index import rows
from acctcli.store.index.database import DamagedError
from acctcli.store.index.rows import AccountReader

if TYPE_CHECKING:
    from acctcli.store.index.rows import Account

SETTINGS = Settings(
    currency="EUR",
    fields={"orgs": {"vat": Field("vat", FieldType.NUMBER), "tier": Field("tier", FieldType.TEXT)}},
)
TODAY = dt.date(2026, 3, 10)
ORG = Org(id="acme", name="Acme")
PLAIN = b"- id: acme\n  name: Acme\n"
QUOTED = b"- id: acme\n  name: 'Acme'\n"


def test_the_places_of_files_do_not_meet() -> None:
    assert rows.first_place(1) < rows.middle_place(1) < rows.first_place(2)
    for place in (rows.first_place(1), rows.middle_place(1), rows.first_place(2) - 1):
        assert rows.file_of(place) == 1
    # A million records at once, and as many in the second half.
    assert rows.first_place(1) + 1_000_000 * rows.STEP < rows.middle_place(1)


def test_what_a_name_is_looked_up_by() -> None:
    assert rows.label_key("Café") == rows.label_key("CAFE") == "cafe"
    assert rows.label_key("x" * 120) == "x" * 120
    long = rows.label_key("x" * 121)
    assert long.startswith("\0")
    assert len(long) == 65
    assert long == rows.label_key("X" * 121) != rows.label_key("x" * 122)


def test_a_record_comes_back_from_its_row() -> None:
    plain = rows.good_row(7, "orgs", ORG, PLAIN, None)
    assert plain[:5] == (7, 0, "acme", "acme", None)
    assert rows.record_of("orgs", plain[5:], SETTINGS) == ORG
    kept = rows.encode_raw({"id": "acme", "name": "Acme"})
    quoted = rows.good_row(7, "orgs", ORG, QUOTED, kept)
    assert rows.record_of("orgs", quoted[5:], SETTINGS) == ORG
    assert rows.raw_of(*quoted[5:]) == {"id": "acme", "name": "Acme"}


def test_the_row_of_a_record_that_cannot_be_read() -> None:
    torn = rows.bad_row(7, "orgs", b"- id: [\n", None)
    assert torn[:5] == (7, 0, None, None, None)
    assert rows.raw_of(*torn[5:]) is None
    with pytest.raises(DamagedError):
        rows.record_of("orgs", torn[5:], SETTINGS)
    wrong = rows.bad_row(7, "orgs", b"- id: acme\n", {"id": "acme", "name": None})
    assert rows.raw_of(*wrong[5:]) == {"id": "acme", "name": None}
    with pytest.raises(DamagedError):
        rows.record_of("orgs", wrong[5:], SETTINGS)


@pytest.mark.parametrize("raw", [None, rows.encode_raw({"id": "acme", "name": "Acme"})])
def test_a_row_that_was_changed_is_damaged(raw: bytes | None) -> None:
    text, kept, crc = rows.good_row(7, "orgs", ORG, PLAIN, raw)[5:]
    for row in (
        (text.replace(b"A", b"B"), kept, crc),
        (text, (kept or b"") + b" ", crc),
        (text, kept, crc ^ 1),
    ):
        with pytest.raises(DamagedError):
            rows.raw_of(*row)
        with pytest.raises(DamagedError):
            rows.record_of("orgs", row, SETTINGS)


def test_a_problem_comes_back_or_is_damaged() -> None:
    problem = Problem(id="x", message="m", place=Place("orgs.yaml", 3, 4), kind="orgs", field="f")
    kept = rows.encode_problem(problem)
    assert rows.decode_problem(kept) == problem
    for damaged in (b"", kept[:-3], b"\xc1", b"\x01"):
        with pytest.raises(DamagedError):
            rows.decode_problem(damaged)


# accounts


def made(custom: bytes | None = None) -> Account:
    tally = Tally(SETTINGS, dt.UTC)
    tally.add_deal(
        Deal(id="d", title="D", org="acme", value=Decimal(5), currency="EUR", status="won")
    )
    return rows.account(ORG, custom, tally.summary("acme"))


def columns(row: Account) -> tuple[bytes, bytes | None, bytes, bytes, int]:
    return row.standing, row.custom, row.due, row.contacts, row.crc


def test_an_account_comes_back_with_its_own_fields() -> None:
    assert rows.own_fields({"id": "acme"}, SETTINGS) is None
    assert rows.own_fields({"id": "acme", "vat": "7"}, Settings()) is None
    assert rows.own_fields({"vat": None, "other": "x"}, SETTINGS) is None
    own = rows.own_fields({"id": "acme", "vat": "7", "tier": "", "other": "x"}, SETTINGS)
    found = AccountReader(TODAY, SETTINGS).read(columns(made(own)))
    assert (found.row.id, found.row.won_count, found.row.name) == ("acme", 1, "Acme")
    assert {name: str(value) for name, value in found.custom.items() if value} == {"vat": "7"}
    assert list(found.contacts) == []


@pytest.mark.parametrize("column", ["standing", "custom", "due", "contacts", "crc"])
def test_an_account_that_was_changed_is_damaged(column: str) -> None:
    row = made(rows.own_fields({"vat": "7"}, SETTINGS))
    found = getattr(row, column)
    other: Any = found ^ 1 if isinstance(found, int) else found + b"\x00\x00\x00\x00"
    with pytest.raises(DamagedError):
        AccountReader(TODAY, SETTINGS).read(columns(row._replace(**{column: other})))
