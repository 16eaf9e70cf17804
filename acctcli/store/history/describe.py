"""Changes of fields, out of the history of a commit.

It reads texts and compares them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from acctcli.core.model.errors import AcctcliError
from acctcli.store.datafiles.plain_reader import plain_record
from acctcli.store.datafiles.yaml.nodes import raw
from acctcli.store.datafiles.yaml.reader import parse_record, read_mapping
from acctcli.store.files.names import SETTINGS_FILE
from acctcli.store.history import history_format

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from acctcli.core.model.records import Raw, RawRecord
    from acctcli.store.history.history_format import HistoryLine

Action = Literal["added", "changed", "removed"]


class ItemChange(NamedTuple):
    """What a commit did to one thing.

    Attributes:
        kind: A kind of records, or "attachment", "settings" or "rates".
        id: The record's id, or the path of the file.
        action: What was done.
        fields: Each field that differs, before and after; None where it is not set. Of what was
            added the history knows no fields.
    """

    kind: str
    id: str
    action: Action
    fields: dict[str, tuple[Raw, Raw]]


def describe_lines(lines: Iterable[HistoryLine], record: str | None = None) -> Iterator[ItemChange]:
    """What the lines of a commit say; about one record alone when its id is given."""
    rates_told = False
    for line in lines:
        if line.kind == history_format.FILE or (record is not None and line.id != record):
            continue
        if line.kind == history_format.RATES:
            if rates_told:  # what there is to say takes several lines of the history
                continue
            rates_told = True
        yield ItemChange(line.kind, line.id or line.file or "", _action(line), _fields(line))


def _action(line: HistoryLine) -> Action:
    if line.before is None and line.before_sha256 is None:
        return "added"
    return "removed" if line.after is None and line.after_sha256 is None else "changed"


def _fields(line: HistoryLine) -> dict[str, tuple[Raw, Raw]]:
    if line.before is None:
        return {}
    before, after = _read(line, line.before), _read(line, line.after)
    return {
        name: (before.get(name), after.get(name))
        for name in [*before, *(name for name in after if name not in before)]
        if before.get(name) != after.get(name)
    }


def _read(line: HistoryLine, text: str | None) -> RawRecord:
    """The fields in a text; none when it cannot be read, as after a change by hand."""
    if text is None:
        return {}
    try:
        if line.kind != history_format.SETTINGS:
            return plain_record(text) or parse_record(text, line.file or "")
        node = read_mapping(text.encode(), SETTINGS_FILE)
        found = raw(node) if node else None
    except AcctcliError:
        return {}
    return found if isinstance(found, dict) else {}
