"""The option --currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_Function = TypeVar("_Function", bound="Callable[..., Any]")


def currency_option(function: _Function) -> _Function:
    """Give a command the option `--currency`, whose value is a code in upper case, or None."""
    return click.option(
        "--currency",
        metavar="CODE",
        callback=parse_currency_option,
        help="Show money in this currency, by the rates in rates.yaml.",
    )(function)


def parse_currency_option(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> str | None:
    """The code given to an option, in upper case; None when the option was left out."""
    del ctx, param
    return None if value is None else currency_code(value)


def currency_code(text: str) -> str:
    """The code of a currency that a user wrote, in upper case.

    Raises:
        click.BadParameter: it is none.
    """
    from acctcli.core.model.money import is_currency

    code = text.strip().upper()
    if not is_currency(code):
        raise click.BadParameter(f'"{text}" is not a currency; write a code such as EUR')
    return code
