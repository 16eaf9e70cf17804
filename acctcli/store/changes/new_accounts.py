"""Organizations that a change makes accounts.

It asks a view for no more than the change bears on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.rules.record_changes import membership, won_changes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Data, Org
    from acctcli.store.views.view import View


def membership_changes(
    view: View, after: Data, changed: Mapping[str, KindName]
) -> tuple[list[Org], list[Org]]:
    """The organizations that become accounts, and those that cease to be, each by name.

    Args:
        view: The book as it was.
        after: The records as they are.
        changed: The kinds of all records that came, went or changed, by id.
    """
    return membership(accounts_from_wins(view, after, changed), view.data, after, view.won_count)


def accounts_from_wins(view: View, after: Data, changed: Mapping[str, KindName]) -> dict[str, int]:
    """How many more won deals organizations have than before; the arguments are those above."""
    deals = [key for key, kind in changed.items() if kind == "deals"]
    # Through whom else a deal may have come to another organization.
    moved = {
        key
        for key, kind in changed.items()
        if (kind == "people" and _org(key, view.data) != _org(key, after))
        or (kind == "orgs" and (key in view.data.orgs) != (key in after.orgs))
    }
    reached = view.records_owned_through(moved) if moved else []
    deals += [key for kind, key in reached if kind == "deals"]
    return won_changes(dict.fromkeys(deals), view.data, after)


def _org(person: str, data: Data) -> str | None:
    found = data.people.get(person)
    return found.org if found else None
