"""Findings of the chosen checks, placed and in the order of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.checks.context import CheckContext, Unread
from acctcli.core.checks.money import bare_value
from acctcli.core.checks.records import Judge
from acctcli.core.model.kinds import KIND_NAMES
from acctcli.core.model.records import Deal, File
from acctcli.store.files.names import RATES_FILE, SETTINGS_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from acctcli.cli.app.session import Session
    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import Record
    from acctcli.store.views.view import ListedAccount, View

_ATTACHMENTS = frozenset({"missing-attachment", "attachment-changed"})


def findings(
    session: Session,
    view: View,
    names: Collection[str],
    accounts: Callable[[Iterable[ListedAccount]], Iterable[ListedAccount]] | None = None,
) -> list[Problem]:
    """All that these checks find, each with its place, in the order of the files.

    Args:
        session: Says which day it is.
        view: The book.
        names: The checks.
        accounts: Leaves some accounts out, for the checks about those.
    """
    wanted = frozenset(names)
    found = [
        *_unread(view, wanted),
        *_records(session, view, wanted),
        *_files(session, view, wanted),
        *_accounts(session, view, wanted, accounts),
        *_book_findings(session, view, wanted),
    ]
    files = [SETTINGS_FILE, *view.settings.holidays, *view.files(), RATES_FILE]
    order = {name: number for number, name in enumerate(files)}
    return sorted(
        found,
        key=lambda each: (
            (order.get(each.place.file, len(order)), each.place.line, each.place.column)
            if each.place
            else (len(order), 0, 0)
        ),
    )


def _unread(view: View, wanted: frozenset[str]) -> Iterator[Problem]:
    """What the reading of the book met."""
    for problem in view.odd:
        if ("unknown-key" if problem.id == "unknown-key" else "bad-view") in wanted:
            yield problem
    for problem in view.problems:
        if ("duplicate-id" if problem.id == "duplicate-id" else "unreadable") in wanted:
            yield problem


def _records(session: Session, view: View, wanted: frozenset[str]) -> Iterator[Problem]:
    """What is found in one look through the records that any of the checks is about."""
    unread = Unread(view.bad_ids(), view.broken_kinds())
    known = CheckContext(view.data, view.settings, view.zone, session.today(view), unread)
    judge = Judge(known, wanted)
    of_keys, of_money = "unknown-key" in wanted, "value-in-book-currency" in wanted
    kinds = set(KIND_NAMES if of_keys else judge.kinds)
    if of_money:
        kinds.add("deals")
    for seen in view.scan(kinds) if kinds else ():
        if of_keys:
            yield from view.unknown_keys_of(seen)
        if seen.record is None:
            continue
        for problem in judge.judge(seen.kind, seen.record):
            if problem.id == "unverified-attachment" and not _has_copy(session, seen.record):
                continue  # another check tells what is wrong with it
            yield problem._replace(place=view.place_of(seen, problem.field))
        if of_money and seen.is_bare and isinstance(seen.record, Deal):
            problem = bare_value(seen.record, view.settings)
            yield problem._replace(place=view.place_of(seen, problem.field))
    yield from (_with_place(problem, view) for problem in judge.at_end())


def _has_copy(session: Session, record: Record) -> bool:
    """Whether there is a copy of an attached file, which could be written down."""
    from acctcli.store.files.attachments import check_file

    found = check_file(session.book.root, record) if isinstance(record, File) else None
    return found is None or found.id == "attachment-changed"


def _files(session: Session, view: View, wanted: frozenset[str]) -> Iterator[Problem]:
    """What is wrong with the copies in attachments/."""
    root, files = session.book.root, view.data.files
    if not wanted.isdisjoint(_ATTACHMENTS):
        from acctcli.store.files.attachments import check_files

        for problem in check_files(root, view.data):
            changed = problem.id == "attachment-changed"
            if ("attachment-changed" if changed else "missing-attachment") in wanted:
                yield _with_place(problem, view)
    if "attachment-content" in wanted:
        from acctcli.store.files.attachment_check import verify_contents

        for problem in verify_contents(root, files.values()):
            yield _with_place(problem, view)
    if "unregistered-attachment" in wanted:
        from acctcli.store.files.attachment_check import without_record

        yield from without_record(root, files.values())


def _accounts(
    session: Session,
    view: View,
    wanted: frozenset[str],
    accounts: Callable[[Iterable[ListedAccount]], Iterable[ListedAccount]] | None,
) -> Iterator[Problem]:
    """What asks for care with accounts."""
    from acctcli.core.checks.registry import CHECKS

    if not any(CHECKS[name].accounts for name in wanted):
        return
    from acctcli.core.checks.account_care import care

    today = session.today(view)
    if "late-tiers" in wanted and not view.settings.tiers:
        session.say("no tier has a rhythm, so no account is late; see tiers in acctcli.yaml")
    listed = view.listed_accounts(today, accounts_only=True)
    for each in listed if accounts is None else accounts(listed):
        days = each.contacts, each.wins, each.due
        for problem in care(each.row, *days, settings=view.settings, today=today, names=wanted):
            yield _with_place(problem, view)


def _book_findings(session: Session, view: View, wanted: frozenset[str]) -> Iterator[Problem]:
    """What is wrong beside the records: with saved views, days off, rates."""
    if "bad-view" in wanted and view.settings.views:
        from acctcli.cli.actions.view_checks import view_problems

        yield from view_problems(view, session)
    if "bad-holidays" in wanted and view.settings.holidays:
        from acctcli.store.config.holidays import problems

        yield from problems(session.book.root, view.settings, session.today(view))
    if "bad-rates" in wanted:
        from acctcli.store.config.rates_reader import check_rates

        yield from check_rates(session.book.root)


def _with_place(problem: Problem, view: View) -> Problem:
    if problem.record is None:
        return problem
    return problem._replace(place=view.place(problem.record, problem.field))
