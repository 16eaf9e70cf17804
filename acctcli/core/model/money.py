"""Exact amounts of money, each currency for itself (rule 4)."""

from __future__ import annotations

import re
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# ISO 4217, the codes of countries and currency unions, by the digits after the point. Funds,
# metals and test codes are left out, but for CLF, in which contracts in Chile are written. ANG
# and BGN were replaced in 2025 and 2026; deals from before are still in them.
_BY_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN
        BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
        GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR
        LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD
        PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN
        SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR
        ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF",
}
DIGITS: dict[str, int] = {
    code: digits for digits, codes in _BY_DIGITS.items() for code in codes.split()
}
# A zero with the currency's digits: adding it to an amount pads the amount and never cuts it.
_ZEROS = {code: Decimal(0).scaleb(-digits) for code, digits in DIGITS.items()}
_ZERO = Decimal(0)
# 60 digits hold the sum of 10**38 of the largest amounts; an inexact sum is an error all the same.
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation, Overflow, DivisionByZero])
_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)


def amount(text: str) -> Decimal:
    """The amount a text stands for, with the digits as written (rule 4).

    Raises:
        ValueError: The text is anything but up to 15 ASCII digits, with up to six more after a
            point, and a minus in front.
    """
    if _AMOUNT.fullmatch(text) is None:
        raise ValueError(f'"{text}" is not an amount')
    return Decimal(text)


def is_currency(code: str) -> bool:
    """Whether it is a currency's ISO 4217 code, in upper case."""
    return code in DIGITS


def settle(amount: Decimal, currency: str) -> Decimal:
    """The same amount with at least the currency's digits; more are kept (rule 4).

    A currency that is not in `DIGITS` pads nothing.
    """
    return _EXACT.add(amount, _ZEROS.get(currency, _ZERO))


def has_excess_digits(amount: Decimal, currency: str) -> bool:
    """Whether the amount is written with more digits than its currency has."""
    zero = _ZEROS.get(currency)
    return zero is not None and not _EXACT.add(amount, zero).same_quantum(zero)


def total(items: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """The exact sums of (currency, amount) pairs by currency, settled, in order of the codes.

    Raises:
        decimal.Inexact: A sum has more than 60 digits.
    """
    sums: dict[str, Decimal] = {}
    for currency, value in items:
        add_amount(sums, currency, value)
    return dict(sorted(sums.items()))


def add_amount(sums: dict[str, Decimal], currency: str, amount: Decimal) -> None:
    """Add an amount to sums that are being made, in place; they are settled at each step.

    Raises:
        decimal.Inexact: The sum has more than 60 digits.
    """
    held = sums.get(currency)
    sums[currency] = _EXACT.add(_ZEROS.get(currency, _ZERO) if held is None else held, amount)


def add(totals: Mapping[str, Decimal], currency: str, amount: Decimal) -> dict[str, Decimal]:
    """New totals with one amount more; those given stay as they are.

    Raises:
        decimal.Inexact: The sum has more than 60 digits.
    """
    return total([*totals.items(), (currency, amount)])


def plain(amount: Decimal, currency: str) -> str:
    """The amount as digits and a dot, such as ``12500.00``, never with an exponent."""
    return f"{settle(amount, currency):f}"


def show(totals: Mapping[str, Decimal]) -> str:
    """Totals in one cell, such as ``EUR 1.00; USD 2.00``; empty when there are none (rule 4)."""
    return "; ".join(f"{code} {plain(value, code)}" for code, value in sorted(totals.items()))
