"""Records as rows and back: nothing that was changed on the way is taken for what was written."""

from __future__ import annotations

import zlib
from typing import Any

import pytest

from acctcli.core.model.errors import Place, Problem
from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.records import Org, Settings
from acctcli.store.index import row_codec
from acctcli.store.index.database import DamagedError

SETTINGS = Settings(
    currency="EUR",
    fields={"orgs": {"vat": Field("vat", FieldType.NUMBER), "tier": Field("tier", FieldType.TEXT)}},
)
ORG = Org(id="acme", name="Acme")
PLAIN = b"- id: acme\n  name: Acme\n"
QUOTED = b"- id: acme\n  name: 'Acme'\n"


def test_the_places_of_files_do_not_meet() -> None:
    assert row_codec.first_place(1) < row_codec.second_half_start(1) < row_codec.first_place(2)
    for place in (
        row_codec.first_place(1),
        row_codec.second_half_start(1),
        row_codec.first_place(2) - 1,
    ):
        assert row_codec.file_of(place) == 1
    # A million records at once, and as many in the second half.
    assert row_codec.first_place(1) + 1_000_000 * row_codec.STEP < row_codec.second_half_start(1)


def test_what_a_name_is_looked_up_by() -> None:
    assert row_codec.label_key("Café") == row_codec.label_key("CAFE") == "cafe"
    assert row_codec.label_key("x" * 120) == "x" * 120
    long = row_codec.label_key("x" * 121)
    assert long.startswith("\0")
    assert len(long) == 65
    assert long == row_codec.label_key("X" * 121) != row_codec.label_key("x" * 122)


def test_a_record_comes_back_from_its_row() -> None:
    plain = row_codec.good_row(7, "orgs", ORG, PLAIN, None)
    assert plain[:5] == (7, 0, "acme", "acme", None)
    assert row_codec.record_of("orgs", plain[5:], SETTINGS) == ORG
    kept = row_codec.encode_raw({"id": "acme", "name": "Acme"})
    quoted = row_codec.good_row(7, "orgs", ORG, QUOTED, kept)
    assert row_codec.record_of("orgs", quoted[5:], SETTINGS) == ORG
    assert row_codec.raw_of(*quoted[5:]) == {"id": "acme", "name": "Acme"}


def test_the_row_of_a_record_that_cannot_be_read() -> None:
    torn = row_codec.bad_row(7, "orgs", b"- id: [\n", None)
    assert torn[:5] == (7, 0, None, None, None)
    assert row_codec.raw_of(*torn[5:]) is None
    with pytest.raises(DamagedError):
        row_codec.record_of("orgs", torn[5:], SETTINGS)
    wrong = row_codec.bad_row(7, "orgs", b"- id: acme\n", {"id": "acme", "name": None})
    assert row_codec.raw_of(*wrong[5:]) == {"id": "acme", "name": None}
    with pytest.raises(DamagedError):
        row_codec.record_of("orgs", wrong[5:], SETTINGS)


@pytest.mark.parametrize("raw", [None, row_codec.encode_raw({"id": "acme", "name": "Acme"})])
def test_a_row_that_was_changed_is_damaged(raw: bytes | None) -> None:
    text, kept, crc = row_codec.good_row(7, "orgs", ORG, PLAIN, raw)[5:]
    for row in (
        (text.replace(b"A", b"B"), kept, crc),
        (text, (kept or b"") + b" ", crc),
        (text, kept, crc ^ 1),
    ):
        with pytest.raises(DamagedError):
            row_codec.raw_of(*row)
        with pytest.raises(DamagedError):
            row_codec.record_of("orgs", row, SETTINGS)


def test_a_row_of_other_types_is_damaged() -> None:
    text, _, crc = row_codec.good_row(7, "orgs", ORG, PLAIN, None)[5:]
    other: Any
    for other in ((text.decode(), None, crc), (text, "{}", crc), (None, None, crc)):
        with pytest.raises(DamagedError):
            row_codec.raw_of(*other)
    other = "a text"
    with pytest.raises(DamagedError):
        row_codec.decode_problem(other)


def test_the_values_of_several_rows_come_back_at_once_when_all_are_plain() -> None:
    row = row_codec.good_row(7, "orgs", ORG, PLAIN, None)[5:]
    odd = row_codec.good_row(
        8, "orgs", ORG, QUOTED, row_codec.encode_raw({"id": "acme", "name": "Acme"})
    )[5:]
    assert row_codec.plain_raws_of([]) is None
    assert row_codec.plain_raws_of([row, row]) == [{"id": "acme", "name": "Acme"}] * 2
    assert row_codec.plain_raws_of([row, odd]) is None
    torn = b"- id: [\n"
    assert row_codec.plain_raws_of([row, (torn, None, zlib.crc32(torn))]) is None
    other: Any
    for other in ((row[0], None, row[2] ^ 1), (row[0].decode(), None, row[2])):
        with pytest.raises(DamagedError):
            row_codec.plain_raws_of([row, other])


def test_a_problem_comes_back_or_is_damaged() -> None:
    problem = Problem(id="x", message="m", place=Place("orgs.yaml", 3, 4), kind="orgs", field="f")
    kept = row_codec.encode_problem(problem)
    assert row_codec.decode_problem(kept) == problem
    for damaged in (b"", kept[:-3], b"\xc1", b"\x01"):
        with pytest.raises(DamagedError):
            row_codec.decode_problem(damaged)


# an organization's own fields


def test_an_organizations_own_fields_are_kept() -> None:
    assert row_codec.own_fields({"id": "acme"}, SETTINGS) is None
    assert row_codec.own_fields({"id": "acme", "vat": "7"}, Settings()) is None
    assert row_codec.own_fields({"vat": None, "other": "x"}, SETTINGS) is None
    own = row_codec.own_fields({"id": "acme", "vat": "7", "tier": "", "other": "x"}, SETTINGS)
    assert own == b'{"vat":"7","tier":""}'
