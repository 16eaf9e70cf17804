"""The table of checks: names, levels and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from acctcli.core.model.errors import UsageError
from acctcli.core.model.names import or_nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Level = Literal["error", "warning"]
LEVELS: tuple[Level, ...] = ("error", "warning")


class Check(Struct, frozen=True, kw_only=True):
    """One check.

    Attributes:
        name: What it is called by; most findings have it as their id.
        level: How bad its findings are.
        about: What it finds, one sentence without a full stop.
        plain: Whether it is run when no check is named.
        fixable: Whether `--fix` mends what it finds.
        fix: What `--fix` does, or why it does nothing.
        ids: The ids of its findings.
        care: Whether it finds what is to be done for customers, and no defect of the book.
        accounts: Whether it is about accounts alone, which filters can pick.
    """

    name: str
    level: Level
    about: str
    plain: bool
    fixable: bool
    fix: str
    ids: tuple[str, ...]
    care: bool = False
    accounts: bool = False


def _check(
    level: Level,
    name: str,
    about: str,
    fix: str,
    *more_ids: str,
    plain: bool = True,
    fixable: bool = False,
) -> Check:
    return Check(
        name=name,
        level=level,
        about=about,
        plain=plain,
        fixable=fixable,
        fix=fix,
        ids=more_ids or (name,),
    )


def _care(name: str, about: str, *, accounts: bool) -> Check:
    """What is to be done for customers; it is not looked for unless it is asked for."""
    return Check(
        name=name,
        level="warning",
        about=about,
        plain=False,
        fixable=False,
        fix="no: it is for you to do",
        ids=(name,),
        care=True,
        accounts=accounts,
    )


# What the parser refuses, wherever it meets it.
_YAML = (
    *("conflict-marker", "control-character", "duplicate-key", "not-a-list", "not-utf8"),
    *("several-documents", "too-long", "yaml-alias", "yaml-anchor", "yaml-depth", "yaml-key"),
    *("yaml-merge", "yaml-syntax", "yaml-tag"),
)
_TYPED = (
    *("bad-choice", "bad-date", "bad-id", "bad-repeat", "bad-span", "bad-time", "bad-type"),
    *("bad-value", "unknown-currency"),
)
_VALUES = (*_TYPED, "missing-field", "value-without-currency")
_RECORDS = ("dash-in-text", "not-a-record", "not-one-record")
_NOBODY_KNOWS = "no: nobody but you knows what was meant"

CHECKS: dict[str, Check] = {
    each.name: each
    for each in (
        _check(
            "error",
            "unreadable",
            "a record, or a file of records, that cannot be read",
            "no: what cannot be read is never rewritten",
            *_RECORDS,
            *_VALUES,
            *_YAML,
        ),
        _check(
            "error",
            "duplicate-id",
            "a record with the id of another one",
            "no: links to it may mean either of the two",
        ),
        _check(
            "error",
            "dangling-link",
            "a link to a record that is not there",
            "no: the record may be on its way from another machine",
        ),
        _check("error", "parent-cycle", "organizations that are above themselves", _NOBODY_KNOWS),
        _check("error", "unknown-tier", "a tier that has no rhythm in acctcli.yaml", _NOBODY_KNOWS),
        _check(
            "error",
            "missing-attachment",
            "an attached file that is not in the book",
            "no: only you can put it back",
            *("missing-attachment", "outside-book", "not-a-file", "cannot-read"),
        ),
        _check(
            "error",
            "attachment-changed",
            "an attached file that has another size than it was attached with",
            "no: the file may be wrong, or its record",
        ),
        _check(
            "error",
            "bad-rates",
            "rates of exchange in rates.yaml that cannot be read",
            _NOBODY_KNOWS,
            *("bad-currency", "bad-date", "bad-rate", "duplicate-rates", "not-an-entry", *_YAML),
        ),
        _check(
            "error",
            "bad-holidays",
            "a file of days off that is not there or cannot be read",
            _NOBODY_KNOWS,
            *("bad-calendar", "bad-date", "cannot-read", "no-holidays-file", "not-a-file", *_YAML),
        ),
        _check(
            "warning",
            "bad-view",
            "a saved view in acctcli.yaml that cannot be shown",
            _NOBODY_KNOWS,
            *("bad-group", "bad-sort", "bad-term", "no-owner", "no-such-list", "unknown-field"),
            *("ambiguous", "no-currency", "not-found", *_TYPED),
        ),
        _check(
            "warning",
            "unknown-key",
            "a key that is neither built in nor declared, in a record or in acctcli.yaml",
            "no: it may be a mistyped one, or your own",
        ),
        _check(
            "warning",
            "won-without-time",
            "a won deal of which nothing says when it was won",
            _NOBODY_KNOWS,
        ),
        _check(
            "warning",
            "won-without-org",
            "a won deal that reaches no organization, so counts for no account",
            _NOBODY_KNOWS,
        ),
        _check(
            "warning",
            "stray-closing-time",
            "a won_time or a lost_time of a deal with another status",
            "no: the status may be wrong",
        ),
        _check(
            "warning",
            "done-ahead",
            "something won or done on a day to come",
            _NOBODY_KNOWS,
        ),
        _check(
            "warning",
            "value-in-book-currency",
            "a value without a currency, which changes with the book's",
            "writes the book's currency beside it",
            fixable=True,
        ),
        _check(
            "warning",
            "excess-digits",
            "an amount with more digits than its currency has",
            "no: every digit is kept and summed",
        ),
        _check(
            "warning",
            "undone-without-due",
            "an activity that is not done and has no due date, so is not planned",
            _NOBODY_KNOWS,
        ),
        _check(
            "warning",
            "done-contact-without-day",
            "a contact without a day, so nobody's last contact",
            _NOBODY_KNOWS,
        ),
        _check(
            "warning",
            "until-before-due",
            "an undone activity whose series ends before it is due",
            _NOBODY_KNOWS,
        ),
        _check(
            "warning",
            "series-without-repeat",
            "an undone activity with from or until, but without repeat",
            _NOBODY_KNOWS,
        ),
        _check(
            "warning",
            "unknown-playbook",
            "an undone activity of a playbook that is not in acctcli.yaml",
            "no: the playbook may come back, or have another name",
        ),
        _check(
            "warning",
            "unverified-attachment",
            "an attached file whose record lacks its size or its checksum",
            "writes down the size and the checksum of the file as it is now",
            fixable=True,
        ),
        _check(
            "warning",
            "unregistered-attachment",
            "a file in attachments/ that no record names",
            "no: it may be the only copy",
        ),
        _check(
            "error",
            "attachment-content",
            "an attached file with other content than it was attached with (reads them all)",
            "no: the file may be wrong, or its record",
            "attachment-changed",
            plain=False,
        ),
        _check(
            "warning",
            "same-name",
            "organizations of the same name, case and accents aside",
            "no: they may be two all the same",
            plain=False,
        ),
        _check(
            "warning",
            "person-without-org",
            "a person who belongs to no organization",
            _NOBODY_KNOWS,
            plain=False,
        ),
        _check(
            "warning",
            "org-through-person",
            "what belongs to an organization only by way of a person, who may change employer",
            "writes the organization down",
            plain=False,
            fixable=True,
        ),
        _care("next-step", "an account with nothing planned", accounts=True),
        _care("overdue", "an account whose next activity is overdue", accounts=True),
        _care(
            "late-tiers",
            "an account late to be contacted by the rhythm of its tier, with nothing in time",
            accounts=True,
        ),
        _care("renewals-due", "a won deal whose renewal date is today or past", accounts=False),
        _care(
            "close-date-past",
            "an open deal that was expected to be closed before today",
            accounts=False,
        ),
    )
}
PLAIN: tuple[str, ...] = tuple(name for name, each in CHECKS.items() if each.plain)


def pick(
    names: Iterable[str] = (), *, skip: Iterable[str] = (), level: Level = "warning"
) -> tuple[Check, ...]:
    """The checks to run, in the order of the table.

    Args:
        names: Those that are wanted; none for the plain ones.
        skip: Those that are not.
        level: The lowest level of findings that are wanted.

    Raises:
        UsageError: there is no such check, or none is left.
    """
    wanted = [_require_check(name) for name in names]
    without = {_require_check(name) for name in skip}
    found = tuple(
        each
        for name, each in CHECKS.items()
        if (name in wanted if wanted else each.plain)
        and name not in without
        and LEVELS.index(each.level) <= LEVELS.index(level)
    )
    if not found:
        raise UsageError.of(
            "no-check",
            "no check is left to run",
            hint='see "acctcli check --list" for the levels of checks',
        )
    return found


def _require_check(name: str) -> str:
    if name in CHECKS:
        return name
    finders = [each.name for each in CHECKS.values() if name in each.ids]
    if finders:
        message = f'"{name}" is no check, but an id of what these find: {", ".join(finders)}'
    else:
        message = f'there is no check "{name}"' + or_nearest(name, CHECKS)
    raise UsageError.of("unknown-check", message, hint='see "acctcli check --list"')


def names_of(picked: Collection[Check]) -> frozenset[str]:
    """The names of some checks."""
    return frozenset(each.name for each in picked)
