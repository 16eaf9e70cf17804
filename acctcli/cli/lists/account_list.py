"""Lists of accounts and organizations.

They are one record with two names (rule 3).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import click

from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import print_list
from acctcli.cli.lists.record_names import RecordNames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from acctcli.cli.app.session import Session
    from acctcli.cli.lists.account_values import OrgValues
    from acctcli.cli.output.writer import Row
    from acctcli.core.accounts.totals import AccountRow
    from acctcli.core.model.records import Value
    from acctcli.store.views.view import ListedAccount, View

# Of `show`: which parts of the page.
section_option = click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="NAME",
    help="Show only this section, such as notes; may be repeated.",
)


def value_row(view: View, listed: ListedAccount, *, with_membership: bool) -> Row:
    """A row's machine form: the keys of a list, with `is_account` for organizations."""
    return row_of(view, listed.row, listed.custom, with_membership=with_membership)


def row_of(
    view: View, row: AccountRow, custom: Mapping[str, Value], *, with_membership: bool
) -> Row:
    """As `value_row`, of an organization that stands in no list."""
    found: Row = {
        name: getattr(row, name)
        for name in row.__struct_fields__
        if with_membership or name != "is_account"
    }
    found["custom_fields"] = _custom_values(view, custom)
    return found


def _custom_values(view: View, custom: Mapping[str, Value]) -> dict[str, Value | None]:
    return {name: custom.get(name) for name in view.settings.custom_fields("orgs")}


def _texts(
    view: View, row: Callable[[ListedAccount], Row], *, with_membership: bool
) -> Callable[[ListedAccount], object]:
    """What makes the rows of long lists: texts where there are some."""
    from acctcli.render.formats.json_csv import EncodedRow, object_text

    has_own = bool(view.settings.custom_fields("orgs"))

    def text_or_row(each: ListedAccount) -> object:
        own = object_text(_custom_values(view, each.custom)) if has_own else b"{}"
        text = each.text(own, with_membership=with_membership)
        return row(each) if text is None else EncodedRow(text)

    return text_or_row


def print_value_rows(
    session: Session,
    view: View,
    listed: Iterable[ListedAccount],
    *,
    with_membership: bool,
    currency: str | None = None,
) -> None:
    """Print a list of organizations with their values."""
    listing = value_listing(session, view, with_membership=with_membership, currency=currency)
    print_list(session, listed, listing)


def value_listing(
    session: Session, view: View, *, with_membership: bool, currency: str | None = None
) -> Listing:
    """What a list of organizations with their values is."""
    from acctcli.render.list_columns import TABLE_COLUMNS

    def row(each: ListedAccount) -> Row:
        return value_row(view, each, with_membership=with_membership)

    def get(each: ListedAccount, path: str) -> object:
        return values().get(each, path)

    @cache
    def values() -> OrgValues:
        from acctcli.cli.lists.account_values import OrgValues

        return OrgValues(view.settings, session.today(view), view.data.orgs)

    names = RecordNames(view.data)
    key = "orgs_with_values" if with_membership else "accounts"
    return Listing(
        name=key,
        table=TABLE_COLUMNS[key],
        view=view,
        kind="orgs",
        currency=currency,
        get=get,
        row=row,
        json_row=_texts(view, row, with_membership=with_membership)
        if session.options.format in {"json", "ndjson"} and session.options.money == "number"
        else None,
        display_row=lambda row: {
            **row,
            "parent": names.get(str(row["parent"]), row["parent"]) or None,
        },
    )
