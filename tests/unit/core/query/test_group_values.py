"""Boards by every kind of field: which columns there are, in which order, and who stands where."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from helpers.samples import CALL, bare_row
from helpers.strategies import SETTINGS, TODAY, ZONE, books, shuffled
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from acctcli.core.accounts.totals import account_row, summarize
from acctcli.core.model.choices import HEALTH_WORDS
from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.money import total
from acctcli.core.model.records import Data, Org, Settings
from acctcli.core.query.group_values import GROUPINGS, Grouping, field_by
from acctcli.core.reports.board import Board, Card, board, card
from acctcli.core.reports.health import FixedFacts, assess, facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acctcli.core.accounts.totals import AccountRow
    from acctcli.core.model.records import Value

OWN = {
    "segment": Field("segment", FieldType.ONE_OF, choices=("C", "A", "B")),
    "colours": Field("colours", FieldType.SOME_OF, choices=("red", "blue")),
    "seats": Field("seats", FieldType.NUMBER),
    "staff": Field("staff", FieldType.INTEGER),
    "budget": Field("budget", FieldType.AMOUNT),
    "ends": Field("ends", FieldType.DATE),
    "opened": Field("opened", FieldType.STAMP),
    "call_at": Field("call_at", FieldType.TIME),
    "public": Field("public", FieldType.YES_NO),
    "partner": Field("partner", FieldType.LINK, link="orgs"),
    "won_count": Field("won_count", FieldType.TEXT),
    "bucket": Field("bucket", FieldType.TEXT),
}
BOOK = Settings(tiers={"Gold": "30d", "Basic": "1y"}, fields={"orgs": OWN})
NAMES = {"acme": "Acme", "beta": "Älfa", "celo": "Alfa"}
MARCH = dt.datetime(2026, 2, 28, 23, 30, tzinfo=dt.UTC)  # in the zone of the book


class Kept(FixedFacts):
    """What a list keeps of an account, with own fields."""

    custom: Mapping[str, Value]


def kept(number: int, custom: Mapping[str, Value], **fields: object) -> Kept:
    found = Kept(bare_row(id=f"o{number}", name="O", **fields), (), (), ())
    found.custom = custom
    return found


def grouped(word: str, book: Settings = BOOK) -> Grouping:
    return Grouping(field_by(word, book), book, TODAY, ZONE, NAMES)


def by_own(word: str, values: Sequence[Value | None]) -> Board:
    """The board by a field of the book's own, of accounts with these values of it."""
    by = grouped(word)
    accounts = [
        kept(number, {} if value is None else {word: value}) for number, value in enumerate(values)
    ]
    return board([card(each, by, {}) for each in accounts], by)


def by_row(word: str, values: Mapping[str, Sequence[object]]) -> Board:
    """The board by a word, of accounts whose rows have these values."""
    by = grouped(word)
    several = zip(*values.values(), strict=True)
    accounts = [
        kept(number, {}, **dict(zip(values, each, strict=True)))
        for number, each in enumerate(several)
    ]
    return board([card(each, by, {}) for each in accounts], by)


def heads(found: Board) -> list[tuple[str | None, str, int]]:
    return [(column.key, column.title, column.count) for column in found.columns]


# the columns of each type


@pytest.mark.parametrize(
    ("word", "values", "expected"),
    [
        (
            "segment",
            ["B", "C", "B", None],
            [("C", "C", 1), ("A", "A", 0), ("B", "B", 2), (None, "No segment", 1)],
        ),
        (
            "colours",
            [("blue", "red"), ("blue",), None, ()],
            [("red", "red", 1), ("blue", "blue", 2), (None, "No colours", 2)],
        ),
        (
            "seats",
            [Decimal("10.50"), Decimal(9), Decimal("10.5"), Decimal(-1), Decimal("0.00")],
            [("-1", "-1", 1), ("0", "0", 1), ("9", "9", 1), ("10.5", "10.5", 2)],
        ),
        ("staff", [100, 20, 20], [("20", "20", 2), ("100", "100", 1)]),
        (
            "budget",
            [
                {"USD": Decimal(1)},
                {"EUR": Decimal("9.0")},
                {"EUR": Decimal("9.000")},
                {"EUR": Decimal(10)},
            ],
            [
                ("EUR 9.00", "EUR 9.00", 2),
                ("EUR 10.00", "EUR 10.00", 1),
                ("USD 1.00", "USD 1.00", 1),
            ],
        ),
        (
            "ends",
            [dt.date(2026, 12, 1), dt.date(2025, 12, 31), dt.date(2026, 12, 31), None],
            [
                ("2025-12", "December 2025", 1),
                ("2026-12", "December 2026", 2),
                (None, "No ends", 1),
            ],
        ),
        (
            "opened",
            [MARCH, dt.date(2026, 1, 1)],
            [("2026-01", "January 2026", 1), ("2026-03", "March 2026", 1)],
        ),
        (
            "call_at",
            [dt.time(10), dt.time(9, 30)],
            [("09:30", "09:30", 1), ("10:00", "10:00", 1)],
        ),
        (
            "public",
            [False, True, None, False],
            [("yes", "public: yes", 1), ("no", "public: no", 2), (None, "No public", 1)],
        ),
        (
            "partner",
            ["celo", "ghost", "beta", "acme", "celo"],  # Älfa and Alfa stand by their ids
            [
                ("acme", "Acme", 1),
                ("beta", "Älfa", 1),
                ("celo", "Alfa", 2),
                ("ghost", "ghost", 1),
            ],
        ),
        ("won_count", ["few"], [("few", "few", 1)]),
    ],
)
def test_the_columns_of_own_fields(
    word: str, values: Sequence[Value], expected: list[tuple[str | None, str, int]]
) -> None:
    assert heads(by_own(word, values)) == expected


def test_the_columns_by_owner_stand_by_name_and_none_is_last() -> None:
    assert heads(by_row("owner", {"owner": ["zoe", None, "Émile", "Eva", "emile", "zoe"]})) == [
        ("emile", "emile", 1),
        ("Émile", "Émile", 1),
        ("Eva", "Eva", 1),
        ("zoe", "zoe", 2),
        (None, "No owner", 1),
    ]


def test_the_columns_by_tier_stand_as_the_settings_name_them() -> None:
    assert heads(by_row("tier", {"tier": ["Zinc", None, "Basic", "Alu", "Basic"]})) == [
        ("Gold", "Gold", 0),
        ("Basic", "Basic", 2),
        ("Alu", "Alu", 1),
        ("Zinc", "Zinc", 1),
        (None, "No tier", 1),
    ]
    assert heads(by_row("tier", {"tier": []})) == [("Gold", "Gold", 0), ("Basic", "Basic", 0)]


def test_the_columns_by_renewal_are_late_then_months_then_none() -> None:
    days = [None, TODAY, dt.date(2026, 4, 1), dt.date(2026, 3, 3), dt.date(2025, 1, 1)]
    found = by_row("renewal", {"renewal_date": [*days, dt.date(2026, 3, 31)]})
    assert heads(found) == [
        ("late", "Late", 2),
        ("2026-03", "March 2026", 2),
        ("2026-04", "April 2026", 1),
        (None, "No renewal", 1),
    ]
    assert [each.id for each in found.columns[0].accounts] == ["o4", "o3"]
    assert [each.id for each in found.columns[1].accounts] == ["o1", "o5"]


def test_the_columns_by_health_are_always_three_the_fewest_points_first() -> None:
    by = grouped("health")
    calm = Kept(bare_row(id="a", name="A"), [TODAY.toordinal()], (), ())  # 50 points
    worse = Kept(bare_row(id="c", name="C"), (), (), [TODAY.toordinal()])  # 40
    risky = Kept(bare_row(id="b", name="B"), (), (), ())  # 20
    cards = [card(each, by, {}) for each in (calm, worse, risky)]
    found = board(cards, by)
    assert heads(found) == [
        ("at risk", "At risk", 1),
        ("watch", "Watch", 2),
        ("healthy", "Healthy", 0),
    ]
    assert [each.id for each in found.columns[1].accounts] == ["c", "a"]
    assert [each.rank for each in cards] == [50, 40, 20]


def test_the_word_bucket_is_the_board_of_buckets_whatever_the_book_declares() -> None:
    by = grouped("bucket")
    found = board([card(kept(0, {"bucket": "own"}, bucket="today"), by, {})], by)
    assert [key for key, _, _ in heads(found)] == [
        *("none", "overdue", "today", "tomorrow", "soon", "later")
    ]
    assert found.columns[2].count == 1


def test_labels_stand_in_the_column_of_each() -> None:
    labels = [("b", "a"), (), ("b", "b")]
    won = {"EUR": Decimal(5)}
    found = by_row("labels", {"labels": labels, "won_value": [won] * 3})
    assert heads(found) == [("a", "a", 1), ("b", "b", 2), (None, "No labels", 1)]
    assert [column.won_value["EUR"] for column in found.columns] == [5, 10, 5]


def test_what_lists_do_not_know_is_looked_up() -> None:
    by = grouped("industry")
    orgs = {"o0": Org(id="o0", name="O", industry="Milling"), "o1": Org(id="o1", name="O")}
    found = board([card(kept(number, {}), by, orgs) for number in range(2)], by)
    assert heads(found) == [("Milling", "Milling", 1), (None, "No industry", 1)]
    by = grouped("external_id")
    assert heads(board([card(kept(1, {}), by, orgs)], by)) == [(None, "No external id", 1)]


def test_cards_stand_by_due_date_then_name_then_id() -> None:
    def one(key: str, name: str, ahead: int | None) -> Card:
        due = TODAY + dt.timedelta(days=ahead or 0)
        upcoming = None if ahead is None else replace(CALL, due_date=due)
        return Card(bare_row(id=key, name=name, next_activity=upcoming), "anna")

    cards = [one("a", "z", 1), one("b", "b", 2), one("d", "A", 2), one("c", "a", 2)]
    (column,) = board([*cards, one("e", "e", None)], grouped("owner")).columns
    assert [each.id for each in column.accounts] == ["e", "a", "c", "d", "b"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("ownr", 'did you mean "owner"? write bucket, owner, tier, health, renewal or a field'),
        ("segmnt", 'did you mean "segment"? '),
        ("web_site", 'did you mean "website"? '),
        ("colour of the door", "write bucket, owner, tier, health, renewal or a field of org"),
        ("", "write bucket, "),
    ],
)
def test_a_field_that_is_not_there(word: str, hint: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        field_by(word, BOOK)
    (problem,) = raised.value.problems
    assert (problem.id, problem.level) == ("unknown-field", "error")
    assert problem.message == f'--by: "{word}" is not a field of organizations'
    assert (problem.hint or "").startswith(hint)


# the law


def _accounts(data: Data, book: Settings) -> list[Kept]:
    found = []
    for key, summary in summarize(data, book, ZONE).items():
        if summary.won_count:
            org = data.orgs[key]
            account = Kept(*facts(account_row(org, summary, TODAY, book), summary))
            account.custom = org.custom
            found.append(account)
    return found


def _ids(rows: Sequence[AccountRow]) -> list[str]:
    return sorted(each.id for each in rows)


@given(st.data(), st.sampled_from([*GROUPINGS, "name", "parent", "partner", "budget", "add_time"]))
def test_every_account_is_in_exactly_one_column_in_any_order(
    draws: st.DataObject, word: str
) -> None:
    data = draws.draw(books("orgs", "people", "deals", "activities"))
    book = replace(SETTINGS, tiers={"B": "2w"})
    by = grouped(word, book)
    accounts = _accounts(data, book)
    found = board([card(each, by, data.orgs) for each in accounts], by)
    rows = [each.row for each in accounts]
    assert _ids([each for column in found.columns for each in column.accounts]) == _ids(rows)
    assert len({column.key for column in found.columns}) == len(found.columns)
    for column in found.columns:
        assert column.count == len(column.accounts)
        assert column.won_value == total(
            item for each in column.accounts for item in each.won_value.items()
        )
    assert total(item for column in found.columns for item in column.won_value.items()) == total(
        item for each in rows for item in each.won_value.items()
    )
    assert None not in [column.key for column in found.columns[:-1]]
    other = draws.draw(shuffled(data))
    again = _accounts(other, book)
    assert board([card(each, by, other.orgs) for each in again], by) == found


@given(books("orgs", "deals", "activities"))
def test_the_columns_by_health_have_the_word_of_each_account(data: Data) -> None:
    by = grouped("health", SETTINGS)
    accounts = _accounts(data, SETTINGS)
    found = board([card(each, by, {}) for each in accounts], by)
    assert [column.key for column in found.columns] == list(HEALTH_WORDS)
    words = {each.row.id: assess(each, SETTINGS, TODAY).word for each in accounts}
    stands = {each.id: column.key for column in found.columns for each in column.accounts}
    assert stands == words
