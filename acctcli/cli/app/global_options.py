"""Global and list options, and refusals about them (out of cli/commands)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import click

from acctcli.core.model.errors import AcctcliError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


FORMATS = ("table", "json", "ndjson", "csv", "tsv", "yaml", "markdown", "html", "ids")


_GLOBALS = "acctcli.globals"


def _store_global(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """Keep a global option where every command finds it; the one nearest the end wins.

    One that may be repeated adds up.
    """
    given = ctx.get_parameter_source(param.name or "") is click.core.ParameterSource.COMMANDLINE
    if given:
        kept = ctx.find_root().meta.setdefault(_GLOBALS, {})
        before = kept.get(param.name)
        kept[param.name] = (*before, *value) if isinstance(value, tuple) and before else value


def global_values(ctx: click.Context) -> Mapping[str, Any]:
    """The global options that stood on the command line, before or after the command."""
    found: Mapping[str, Any] = ctx.find_root().meta.get(_GLOBALS, {})
    return found


def as_of_error() -> AcctcliError:
    """The error of a command that cannot look back."""
    return UsageError.of(
        "as-of",
        "this command is about the book as it is, and --as-of shows it as it was",
        hint="leave out --as-of",
    )


def no_list_error(option: str, path: str) -> AcctcliError:
    """The error of a command that prints no list, or none that takes an option of lists."""
    return UsageError.of(
        "no-list",
        f'{option} is for lists, and "{path}" prints none that takes it',
        hint=f'leave it out; see "{path} --help"',
    )


def _global(*names: str, **rest: Any) -> click.Option:  # noqa: ANN401 - Click's own attributes
    return click.Option(list(names), expose_value=False, callback=_store_global, **rest)


@cache
def global_options() -> list[click.Option]:
    """The options that every command takes."""
    option = _global
    return [
        option("--book", metavar="DIR", help="Use this book ($ACCTCLI_BOOK)."),
        option("--today", metavar="DATE", help="Pretend today is DATE ($ACCTCLI_TODAY)."),
        option("--as-of", metavar="DATE", help="Show the book as it stood on DATE."),
        option(
            "--format",
            type=click.Choice(FORMATS),
            metavar="FORMAT",
            help="Print data as table, json, ndjson, csv, tsv, yaml, markdown, html or ids.",
        ),
        option("--output", "-o", metavar="FILE", help="Write data to a file; .csv means csv, ..."),
        option(
            "--fields", metavar="FIELDS", help="Show only these fields, such as name,won_value."
        ),
        option("--no-header", is_flag=True, help="Leave out the header of a table, csv and tsv."),
        option(
            "--money",
            type=click.Choice(["number", "text"]),
            metavar="HOW",
            help="Write money in json as number or text.",
        ),
        option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            metavar="WHEN",
            help="Colour data: auto, always or never.",
        ),
        option("--quiet", "-q", is_flag=True, help="Print only data and errors."),
        option("--read-only", is_flag=True, help="Refuse to change the book."),
        option("--skip-invalid", is_flag=True, help="Leave out records that are unreadable."),
        option("--no-index", is_flag=True, help="Answer from the files, without the index."),
    ]


@cache
def list_options() -> list[click.Option]:
    """The options that every list takes; they too may stand before the command."""
    return [
        _global(
            "--where",
            multiple=True,
            metavar="TERM",
            help="Only items matching TERM, such as 'won_value>50000'; may be repeated.",
        ),
        _global("--sort", metavar="FIELDS", help="Sort by these fields, such as owner,-won_value."),
        _global("--limit", type=click.IntRange(1), metavar="N", help="Show at most N items."),
        _global("--group-by", metavar="FIELDS", help="Show counts and sums by these fields."),
        _global("--mine", is_flag=True, help="Only items that you own ($ACCTCLI_ACTOR)."),
        _global("--view", metavar="NAME", help="Use the saved view NAME of acctcli.yaml."),
        _global("--fail-if-empty", is_flag=True, help="Exit with 1 when the list is empty."),
    ]


LIST_NAMES = ("where", "sort", "limit", "group_by", "mine", "view", "fail_if_empty")
