"""Checks run over all records.

It judges records, not files: the store adds where in which file each finding stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acctcli.core.checks import activities, deals
from acctcli.core.checks.context import NOTHING_UNREAD, CheckContext, Unread, warning
from acctcli.core.checks.money import excess
from acctcli.core.checks.registry import PLAIN
from acctcli.core.model.errors import Problem
from acctcli.core.model.kinds import KIND_NAMES, KINDS
from acctcli.core.model.links import (
    circle_problem,
    circles,
    kind_of,
    links,
    org_of,
)
from acctcli.core.model.names import fold
from acctcli.core.reports.contact_rhythm import unknown_tier

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterator, Sequence

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Data, File, Org, Person, Record, Settings

    # Each takes records of its own kinds, and none of another comes to it.
    Judging = Callable[[Any, CheckContext], Sequence[Problem]]


def check(
    data: Data,
    settings: Settings,
    zone: dt.tzinfo,
    *,
    today: dt.date,
    unread: Unread = NOTHING_UNREAD,
    names: Collection[str] = PLAIN,
) -> list[Problem]:
    """All that these checks find in records: by kind, in file order, then what takes several.

    Every finding has its kind, record and field. An error makes an answer wrong; a warning
    names something that was most likely meant otherwise.
    """
    judge = Judge(CheckContext(data, settings, zone, today, unread), names)
    found = [
        problem
        for kind in judge.kinds
        for record in data.of(kind).values()
        for problem in judge.judge(kind, record)
    ]
    return [*found, *judge.at_end()]


class Judge:
    """Some checks, applied to one record after another.

    What it takes several records to find is told at the end.

    Attributes:
        kinds: The kinds of records that these checks look at.
    """

    def __init__(self, known: CheckContext, names: Collection[str] = PLAIN) -> None:
        self._known = known
        self._parents: dict[str, str] = {}
        self._named: dict[str, list[str]] = {}
        several: tuple[tuple[str, tuple[KindName, ...], Judging], ...] = (
            ("parent-cycle", ("orgs",), self._keep_parent),
            ("same-name", ("orgs",), self._keep_name),
        )
        self._judging: dict[KindName, list[Judging]] = {
            kind: [
                judging
                for name, kinds, judging in (*_JUDGING, *several)
                if name in names and kind in kinds
            ]
            for kind in KINDS
        }
        for kind in KIND_NAMES:
            if not known.settings.custom_fields(kind) and _own_digits in self._judging[kind]:
                self._judging[kind].remove(_own_digits)
        self.kinds: tuple[KindName, ...] = tuple(kind for kind in KINDS if self._judging[kind])

    def judge(self, kind: KindName, record: Record) -> Sequence[Problem]:
        """What is odd in a record of a kind."""
        found: list[Problem] = []
        for judging in self._judging[kind]:
            if some := judging(record, self._known):
                found += some
        return found

    def at_end(self) -> Iterator[Problem]:
        """What is odd in all of the records together, once each was judged."""
        yield from map(circle_problem, circles(self._parents))
        for first, *others in self._named.values():
            for other in others:
                org = self._known.data.orgs[other]
                message = f'"{org.name}" is the name of "{first}" too'
                hint = "if they are one, keep one of the two; else give one a longer name"
                yield warning("same-name", message, hint, org, "name")

    def _keep_parent(self, org: Org, known: CheckContext) -> Sequence[Problem]:
        del known
        if org.parent is not None:
            self._parents[org.id] = org.parent
        return ()

    def _keep_name(self, org: Org, known: CheckContext) -> Sequence[Problem]:
        del known
        self._named.setdefault(fold(org.name), []).append(org.id)
        return ()


def _dangling(record: Record, known: CheckContext) -> Sequence[Problem]:
    found: list[Problem] = []
    kind = kind_of(record)
    for name, target_kind, target in links(record, known.settings.custom_fields(kind)):
        if target not in known.data.of(target_kind) and not known.unread.has(target_kind, target):
            title = KINDS[target_kind].title
            found.append(
                Problem(
                    id="dangling-link",
                    message=f'{name}: there is no {title} "{target}"',
                    hint=f'add the {title}, or correct or remove the line "{name}: {target}"',
                    kind=kind,
                    record=record.id,
                    field=name,
                )
            )
    return found


def _tier(org: Org, known: CheckContext) -> Sequence[Problem]:
    problem = unknown_tier(org, known.settings)
    return () if problem is None else (problem,)


def _own_digits(record: Record, known: CheckContext) -> Sequence[Problem]:
    """Looks at the declared fields of type money, whose values carry their currency."""
    found: list[Problem] = []
    kind = kind_of(record)
    for name in known.settings.custom_fields(kind):
        value = record.custom.get(name)
        if isinstance(value, dict):
            found += excess(value, kind, record.id, name)
    return found


def _missing_checksum(file: File, known: CheckContext) -> Sequence[Problem]:
    """Finds copies of which nothing could tell that they have changed."""
    del known
    if file.path is None or (file.size is not None and file.sha256 is not None):
        return ()
    name = "size" if file.size is None else "sha256"
    message = "it is not written down, so nothing tells when the file has changed"
    hint = "write it down as it is now with: acctcli check --fix"
    return (warning("unverified-attachment", message, hint, file, name),)


def _homeless(person: Person, known: CheckContext) -> Sequence[Problem]:
    if org_of(person, known.data) is not None or known.unread.has("orgs", person.org):
        return ()
    hint = 'write the id of the organization, such as "org: acme"'
    message = "the person belongs to no organization"
    return (warning("person-without-org", message, hint, person, "org"),)


def _org_through_person(record: Any, known: CheckContext) -> Sequence[Problem]:  # noqa: ANN401 - a deal, activity, note or file
    """Finds what would go along with a person who changes employer (rule 2)."""
    if record.org is not None:
        return ()
    deal = known.data.deals.get(getattr(record, "deal", None) or "")
    if deal is not None and org_of(deal, known.data) is not None:
        return ()
    org = org_of(record, known.data)
    if org is None:
        return ()
    message = f'it belongs to "{org}" only by way of "{record.person}", who may go elsewhere'
    hint = f'write it down, as "org: {org}", or do so with: acctcli check org-through-person --fix'
    return (warning("org-through-person", message, hint, record, "org"),)


# What judges records, by the check and the kinds of records; in the order of the findings.
_JUDGING: tuple[tuple[str, tuple[KindName, ...], Judging], ...] = (
    ("dangling-link", KIND_NAMES, _dangling),
    ("unknown-tier", ("orgs",), _tier),
    ("done-ahead", ("deals",), deals.won_in_future),
    ("won-without-time", ("deals",), deals.won_without_time),
    ("won-without-org", ("deals",), deals.won_without_org),
    ("stray-closing-time", ("deals",), deals.stray_closing_time),
    ("excess-digits", ("deals",), deals.digits),
    ("renewals-due", ("deals",), deals.renewal_due),
    ("close-date-past", ("deals",), deals.close_date_past),
    ("undone-without-due", ("activities",), activities.undone_without_due),
    ("done-ahead", ("activities",), activities.done_in_future),
    ("done-contact-without-day", ("activities",), activities.contact_without_day),
    ("until-before-due", ("activities",), activities.until_before_due),
    ("series-without-repeat", ("activities",), activities.series_without_repeat),
    ("unknown-playbook", ("activities",), activities.unknown_playbook),
    ("excess-digits", KIND_NAMES, _own_digits),
    ("person-without-org", ("people",), _homeless),
    ("org-through-person", ("deals", "activities", "notes", "files"), _org_through_person),
    ("unverified-attachment", ("files",), _missing_checksum),
)
