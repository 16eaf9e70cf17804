from __future__ import annotations

from decimal import Decimal, Inexact
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model import money

AMOUNTS = st.from_regex(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", fullmatch=True, alphabet="-.0123456789")
CODES = st.sampled_from(["EUR", "USD", "JPY", "TND", "CLF"])
PAIRS = st.lists(st.tuples(CODES, AMOUNTS.map(money.amount)), max_size=30)


@pytest.mark.parametrize(
    "text", ["0", "12500.00", "-5", "007", "999999999999999.999999", "-0.000001"]
)
def test_an_amount_is_kept_as_written(text: str) -> None:
    assert money.amount(text).as_tuple() == Decimal(text).as_tuple()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "+5",
        ".5",
        "5.",
        "12,500",
        "1_000",
        "1e3",
        "NaN",
        "Infinity",
        " 5",
        "5\n",
        "--5",
        "\u0661\u0662",
        "\uff11",
        "1234567890123456",
        "0.1234567",
        "EUR 5",
    ],
)
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount") as caught:
        money.amount(text)
    assert str(caught.value) == f'"{text}" is not an amount'


@given(AMOUNTS)
def test_every_amount_is_read_exactly(text: str) -> None:
    assert Fraction(money.amount(text)) == Fraction(text)


@given(st.text(st.sampled_from("-._,eE 0123456789\n\u0661\uff11\u00b2"), max_size=4))
def test_what_is_read_is_ascii_digits(text: str) -> None:
    try:
        money.amount(text)
    except ValueError:
        return
    assert set(text) <= set("-.0123456789")


def test_the_digits_are_those_of_iso_4217() -> None:
    expected = {"JPY": 0, "KRW": 0, "XOF": 0, "EUR": 2, "USD": 2, "TND": 3, "BHD": 3, "CLF": 4}
    assert {code: money.DIGITS[code] for code in expected} == expected
    assert len(money.DIGITS) == 158
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in money.DIGITS)
    assert not {"XAU", "XDR", "XTS", "XXX", "USN"} & set(money.DIGITS)


@pytest.mark.parametrize(
    ("code", "known"), [("EUR", True), ("eur", False), ("EURO", False), ("XAU", False), ("", False)]
)
def test_a_currency_is_a_known_code_in_upper_case(code: str, known: bool) -> None:  # noqa: FBT001 - a case of the table
    assert money.is_currency(code) is known


@pytest.mark.parametrize(
    ("text", "currency", "shown"),
    [
        ("12500", "EUR", "12500.00"),
        ("0.5", "TND", "0.500"),
        ("7", "JPY", "7"),
        ("7.25", "JPY", "7.25"),
        ("0.123456", "EUR", "0.123456"),
        ("1.500", "EUR", "1.500"),
        ("-0", "EUR", "0.00"),
        ("-3.1", "USD", "-3.10"),
        ("0.000001", "JPY", "0.000001"),
        ("7.1", "???", "7.1"),
    ],
)
def test_amounts_are_padded_never_cut_and_shown_without_exponent(
    text: str, currency: str, shown: str
) -> None:
    assert money.plain(Decimal(text), currency) == shown
    assert str(money.settle(Decimal(text), currency).normalize()) == str(Decimal(shown).normalize())


def test_a_power_of_ten_is_shown_in_digits() -> None:
    assert money.plain(Decimal("1E+3"), "EUR") == "1000.00"
    assert money.plain(Decimal("1E+3"), "JPY") == "1000"


@given(AMOUNTS.map(money.amount), CODES)
def test_settling_changes_no_value_and_gives_at_least_the_digits(
    amount: Decimal, currency: str
) -> None:
    settled = money.settle(amount, currency)
    assert settled == amount
    decimals = len(f"{amount:f}".partition(".")[2])
    assert len(f"{settled:f}".partition(".")[2]) == max(decimals, money.DIGITS[currency])
    assert money.has_excess_digits(amount, currency) == (decimals > money.DIGITS[currency])
    assert money.settle(settled, currency).as_tuple() == settled.as_tuple()


def test_a_currency_that_is_not_known_has_no_excess_digits() -> None:
    assert not money.has_excess_digits(Decimal("0.123456"), "???")


@given(PAIRS, st.randoms(use_true_random=False))
def test_totals_are_the_plain_sum_in_any_order(
    pairs: list[tuple[str, Decimal]], random: object
) -> None:
    totals = money.total(pairs)
    shuffled = sorted(pairs, key=lambda _: random.random())  # type: ignore[attr-defined]  # hypothesis's Random
    again = money.total(shuffled)
    assert {code: value.as_tuple() for code, value in totals.items()} == {
        code: value.as_tuple() for code, value in again.items()
    }
    assert list(totals) == sorted({code for code, _ in pairs})
    for code, value in totals.items():
        assert Fraction(value) == sum(Fraction(other) for name, other in pairs if name == code)
        assert not value.is_zero() or not value.is_signed()


@given(PAIRS)
def test_adding_one_by_one_gives_the_total(pairs: list[tuple[str, Decimal]]) -> None:
    totals: dict[str, Decimal] = {}
    for currency, amount in pairs:
        before = dict(totals)
        more = money.add(totals, currency, amount)
        assert totals == before
        totals = more
    assert list(totals.items()) == list(money.total(pairs).items())
    assert money.show(totals) == money.show(money.total(pairs))


def test_a_sum_that_cannot_be_exact_is_an_error() -> None:
    with pytest.raises(Inexact):
        money.total([("EUR", Decimal("1E+60")), ("EUR", Decimal("0.01"))])


def test_totals_are_shown_in_one_cell_in_order_of_the_codes() -> None:
    assert money.show({}) == ""
    assert money.show({"USD": Decimal(2), "EUR": Decimal("1.0")}) == "EUR 1.00; USD 2.00"
    assert money.show(money.total([("JPY", Decimal(5))])) == "JPY 5"
