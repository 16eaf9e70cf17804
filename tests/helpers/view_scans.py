"""What a look through all of a view meets, as lists that tests compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.kinds import KIND_NAMES

if TYPE_CHECKING:
    from acctcli.core.model.errors import Place, Problem
    from acctcli.core.model.records import Raw, Record
    from acctcli.store.views.view import View


def unknown_keys(view: View) -> list[Problem]:
    """Every key that is neither built in nor declared, with its place."""
    return [problem for seen in view.scan(KIND_NAMES) for problem in view.unknown_keys_of(seen)]


def bare_values(view: View) -> list[str]:
    """The ids of deals whose money names no currency."""
    return [each.record.id for each in view.scan(["deals"]) if each.is_bare and each.record]


def met(view: View) -> list[tuple[str, Record | None, dict[str, Raw] | None, bool, Place]]:
    """All that is met, with where it stands."""
    return [
        (
            seen.kind,
            seen.record,
            None if seen.raw is None else dict(seen.raw),
            seen.is_bare,
            view.place_of(seen, "id"),
        )
        for seen in view.scan(KIND_NAMES)
    ]
