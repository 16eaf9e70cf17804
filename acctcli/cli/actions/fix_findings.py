"""`check --fix`: repairs that need no knowledge of what was meant.

All of it is one commit; a record that cannot be edited safely is left alone, and the rest is
mended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from acctcli.cli.actions.run_checks import findings
from acctcli.cli.output.messages import describe
from acctcli.core.checks.registry import names_of
from acctcli.core.model.errors import InvalidBookError, InvalidInputError
from acctcli.core.model.links import org_of
from acctcli.store.files.attachments import check_file, describe_file, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from acctcli.cli.app.session import Session
    from acctcli.core.checks.registry import Check
    from acctcli.core.model.errors import Problem
    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import File, Raw, Record
    from acctcli.store.changes.change_set import Change


class FixedRecord(NamedTuple):
    """A record that is mended, and what is written into it."""

    kind: KindName
    record: Record
    fields: dict[str, Raw]

    @property
    def message(self) -> str:
        """One line about it."""
        written = ", ".join(f"{name}: {value}" for name, value in self.fields.items())
        return f"{describe(self.kind, self.record)}: {written}"


def fix_findings(session: Session, picked: Sequence[Check], *, dry_run: bool) -> None:
    """Mend what these checks find, as far as it can be, and say what was done.

    Raises:
        UsageError: the book is not to be changed.
    """
    names = names_of([each for each in picked if each.fixable])

    def plan(change: Change, only: frozenset[str] | None = None) -> list[FixedRecord]:
        made = _fixes(session, change, names)
        wanted = [each for each in made if only is None or each.record.id in only]
        for each in wanted:
            _write(change, each)
        return wanted

    try:
        done = session.rehearse(plan) if dry_run else session.write(plan)
    except (InvalidBookError, InvalidInputError):
        # Some of it cannot be written: find out which, and do the rest.
        able = frozenset(_fixable(session, names))
        done = session.rehearse(lambda change: plan(change, able))
        if not dry_run:
            done = session.write(lambda change: plan(change, able))
    for each in done:
        session.say(f"{'would write' if dry_run else 'wrote'} {each.message}")


def _fixable(session: Session, names: frozenset[str]) -> Iterable[str]:
    """The ids of the records that can be mended, and of the others a word why not."""
    waiting: list[list[str]] = [
        [each.record.id for each in session.rehearse(lambda change: _fixes(session, change, names))]
    ]
    while waiting:
        ids = waiting.pop()
        some = frozenset(ids)

        def part(change: Change, some: frozenset[str] = some) -> list[FixedRecord]:
            made = [each for each in _fixes(session, change, names) if each.record.id in some]
            for each in made:
                _write(change, each)
            return made

        try:
            yield from (each.record.id for each in session.rehearse(part))
        except (InvalidBookError, InvalidInputError) as error:
            if len(ids) == 1:
                session.say(f"left {ids[0]} alone: {error.problems[0].message}")
            else:
                middle = len(ids) // 2
                waiting += [ids[middle:], ids[:middle]]


def _fixes(session: Session, change: Change, names: frozenset[str]) -> list[FixedRecord]:
    """What is to be written into which records, each once."""
    view = change.view
    found: dict[str, FixedRecord] = {}
    for problem in findings(session, view, names):
        spot = view.location_of(problem.record or "")
        if spot is None:
            continue
        kind, record = spot.kind, view.data.of(spot.kind)[problem.record or ""]
        fields = _fields(problem, record, change, session.book.root)
        if fields:
            before = found.get(record.id)
            told = {**before.fields, **fields} if before else fields
            found[record.id] = FixedRecord(kind, record, told)
    return list(found.values())


def _fields(problem: Problem, record: Record, change: Change, root: Path) -> dict[str, Raw]:
    """What mends a finding; nothing when it cannot be told."""
    if problem.id == "value-in-book-currency":
        return {"currency": change.view.settings.currency}
    if problem.id == "org-through-person":
        return {"org": org_of(record, change.view.data)}
    return _missing_checksums(record, root)  # type: ignore[arg-type]  # the last one is about files


def _missing_checksums(file: File, root: Path) -> dict[str, Raw]:
    """The size and checksum that are not written down, unless the copy is another one by now."""
    if check_file(root, file) is not None:
        return {}
    now = describe_file(resolve(root, file.path or ""))
    if file.sha256 not in {None, now.sha256}:
        return {}
    made: dict[str, Raw] = {"size": str(now.size), "sha256": now.sha256}
    return {name: value for name, value in made.items() if getattr(file, name) is None}


def _write(change: Change, mended: FixedRecord) -> None:
    """Write no more than what is told: an edit stores the organization too, unless it is given."""
    org = getattr(mended.record, "org", None)
    change.update(mended.kind, mended.record.id, {"org": org, **mended.fields})
