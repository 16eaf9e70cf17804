"""What an import of rates did, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.render.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acctcli.core.accounts.exchange_rates import Merged

_MOST = 10  # changed rates that are told one by one


def report_text(merged: Merged, days: int, left_out: Sequence[str]) -> str:
    """How many rates are new, which ones differ, and what was left out, as lines."""
    return "\n".join(_lines(merged, days, left_out))


def _lines(merged: Merged, days: int, left_out: Sequence[str]) -> Iterator[str]:
    yield (
        f"{_many(days, 'day')}, {merged.new_days} of them new: {_many(merged.added, 'rate')} added,"
        f" {len(merged.changed)} changed, {merged.unchanged} there already"
    )
    for each in merged.changed[:_MOST]:
        yield f"  {each.date} {each.base} {each.currency}: {each.before:f} -> {each.after:f}"
    if len(merged.changed) > _MOST:
        yield f"  and {len(merged.changed) - _MOST} more"
    if left_out:
        yield f"left out, since they are no currencies of today: {visible(', '.join(left_out))}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
