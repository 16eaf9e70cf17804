"""Day, zone, currency, names for a query (out of cli/narrowing)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.cli.lists.record_names import RecordNames
from acctcli.core.model.errors import AmbiguousError
from acctcli.core.model.kinds import KINDS
from acctcli.core.model.names import fold
from acctcli.core.query.context import Context

if TYPE_CHECKING:
    from collections.abc import Collection

    from acctcli.cli.app.session import Session
    from acctcli.cli.lists.list_spec import Listing
    from acctcli.core.model.kinds import KindName
    from acctcli.store.views.view import View


def context_of(session: Session, listing: Listing) -> Context:
    """The day, the zone and the currency that the terms of a list are seen by."""
    view = listing.view
    if view is None:
        zone = session.zone
        return Context(
            today=session.today_in(zone),
            zone=zone,
            currency=None,
            book_currency=None,
            holidays=frozenset(),
            find=_find_nothing,
            names={},
        )
    book_currency = view.settings.currency
    return Context(
        today=session.today(view),
        zone=view.zone,
        currency=listing.currency or book_currency,
        book_currency=book_currency,
        holidays=session.days_off(view),
        find=lambda kind, name: ids_by_name(view, kind, name),
        names=RecordNames(view.data),
    )


def _find_nothing(kind: KindName, name: str) -> Collection[str]:
    del kind, name
    return ()


def ids_by_name(view: View, kind: KindName, name: str) -> Collection[str]:
    """The ids of the records that a user named: of several of that very name, all.

    Raises:
        NotFoundError: no record is named so.
        AmbiguousError: it is the beginning of more than one id.
    """
    try:
        return (view.find(kind, name),)
    except AmbiguousError:
        label, records = KINDS[kind].label, view.data.of(kind)
        found = [
            each
            for each in view.ids_of_name(kind, name)
            if fold(getattr(records[each], label)) == fold(name)
        ]
        if not found:
            raise
        return found
