"""acctcli.yaml read as settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acctcli.core.model.durations import SPAN_HINT, is_span
from acctcli.core.model.errors import Problem
from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.records import RawRecord, Settings
from acctcli.core.model.values import quote
from acctcli.core.settings.common import kinds, read, under, warn_unknown, wrong
from acctcli.core.settings.custom_fields import read_fields
from acctcli.core.settings.health import read_health
from acctcli.core.settings.playbooks import read_playbooks
from acctcli.core.settings.saved_views import read_views

if TYPE_CHECKING:
    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import RawRecord

FORMAT = 1
_KEYS = (
    "format",
    "currency",
    "timezone",
    "contact_types",
    "activity_types",
    "buckets",
    "tiers",
    "health",
    "playbooks",
    "views",
    "holidays",
    "business_days",
    "fields",
    "new_records",
)
_BOUNDS = ("soon", "later")
_DEFAULT = Settings()
_FIRST_SOON = 2  # the days before are the buckets `today` and `tomorrow`


def read_settings(raw: RawRecord) -> tuple[Settings, list[Problem]]:
    """The settings, and what is wrong or odd; what is wrong stays at its default.

    Each problem's field is the dotted path of keys it stands under, such as `buckets.later`. A
    key that is not known is a warning (rule 11). A format newer than this one is the only problem
    told of, since nothing else can be judged then.
    """
    problems: list[Problem] = []
    version = read(int, Field("format", FieldType.INTEGER), raw, problems)
    if version is not None and version > FORMAT:
        return Settings(format=version), [_newer(version)]
    if version == 0:
        problems.append(
            Problem(
                id="bad-value",
                message='format: "0" is not a format of books',
                hint="write the format there is, such as format: 1",
                field="format",
            )
        )
    warn_unknown("", raw, _KEYS, problems)
    currency = read(str, Field("currency", FieldType.CURRENCY), raw, problems)
    timezone = read(str, Field("timezone", FieldType.TEXT), raw, problems)
    contact: tuple[str, ...] | None = read(
        tuple, Field("contact_types", FieldType.TEXTS), raw, problems
    )
    types: tuple[str, ...] | None = read(
        tuple, Field("activity_types", FieldType.TEXTS), raw, problems
    )
    business_days = read(bool, Field("business_days", FieldType.YES_NO), raw, problems)
    soon, later = _bounds(raw, problems)
    contact_types = _DEFAULT.contact_types if contact is None else contact
    activity_types = _DEFAULT.activity_types if types is None else types
    return (
        Settings(
            currency=currency,
            timezone=timezone,
            contact_types=contact_types,
            activity_types=activity_types,
            soon=soon,
            later=later,
            tiers=read_tiers(raw, problems),
            health=read_health(raw, problems),
            playbooks=read_playbooks(raw, (*activity_types, *contact_types), problems),
            views=read_views(raw, problems),
            holidays=read_holidays(raw, problems),
            business_days=bool(business_days),
            fields=read_fields(raw, problems),
            new_records=read_new_records(raw, problems),
        ),
        problems,
    )


def _newer(version: int) -> Problem:
    return Problem(
        id="newer-format",
        message=f'format: "{version}" is newer than this acctcli, which knows format {FORMAT}',
        hint="update acctcli, such as with pip install --upgrade acctcli",
        field="format",
    )


def _bounds(raw: RawRecord, problems: list[Problem]) -> tuple[int, int]:
    """The first days of the buckets soon and later (rule 5)."""
    given = under("buckets", raw.get("buckets"), problems, "buckets: {soon: 2, later: 7}")
    warn_unknown("buckets.", given, _BOUNDS, problems)
    before = len(problems)
    soon = read(int, Field("buckets.soon", FieldType.INTEGER), given, problems)
    later = read(int, Field("buckets.later", FieldType.INTEGER), given, problems)
    if soon is None:
        soon = _DEFAULT.soon
    if later is None:
        later = _DEFAULT.later
    if len(problems) > before:
        return _DEFAULT.soon, _DEFAULT.later
    if soon < _FIRST_SOON:
        problems.append(_bad_bound("soon", soon, "2 days or more ahead"))
    elif later <= soon:
        problems.append(_bad_bound("later", later, f'later than soon, "{soon}"'))
    else:
        return soon, later
    return _DEFAULT.soon, _DEFAULT.later


def _bad_bound(name: str, days: int, wanted: str) -> Problem:
    return Problem(
        id="bad-value",
        message=f'buckets.{name}: "{days}" is not {wanted}',
        hint="write the first day ahead of each, such as {soon: 2, later: 7}",
        field=f"buckets.{name}",
    )


_CALENDAR_PART = r"[^\x00-\x1f\x7f-\x9f/\\.][^\x00-\x1f\x7f-\x9f/\\]*"
_CALENDAR = re.compile(rf"({_CALENDAR_PART}/)*{_CALENDAR_PART}\.(yaml|ics)")


def read_tiers(raw: RawRecord, problems: list[Problem]) -> dict[str, str]:
    """The tiers, each with how often its accounts are to be contacted."""
    tiers: dict[str, str] = {}
    for name, given in under("tiers", raw.get("tiers"), problems, "tiers: {A: 30d}").items():
        path = f"tiers.{name}"
        if given is None or given == "":
            problems.append(wrong("tier-without-rhythm", path, "the tier has no rhythm", SPAN_HINT))
            continue
        if not name.strip():
            problems.append(wrong("bad-value", path, "a tier has no name", "name it, such as A"))
            continue
        span = read(str, Field(path, FieldType.TEXT), {name: given}, problems)
        if span is None:
            continue
        if not is_span(span) or not int(span[:-1]):
            message = f"{quote(span)} is no rhythm of contact"
            problems.append(wrong("bad-span", path, message, SPAN_HINT))
            continue
        tiers[name] = span
    return tiers


def read_holidays(raw: RawRecord, problems: list[Problem]) -> tuple[str, ...]:
    """The files that say which days are off."""
    files: tuple[str, ...] | None = read(tuple, Field("holidays", FieldType.TEXTS), raw, problems)
    found = []
    for name in files or ():
        if _CALENDAR.fullmatch(name):
            found.append(name)
            continue
        problems.append(
            wrong(
                "bad-value",
                "holidays",
                f"{quote(name)} is no file of days off",
                "write the name of a .yaml or .ics file in the book's folder, such as"
                " holidays.yaml",
            )
        )
    return tuple(found)


# No part may begin with a dot: not "..", and no hidden file, which is not looked for.
_FILE_PART = r"[^\x00-\x1f\x7f-\x9f/\\{}.][^\x00-\x1f\x7f-\x9f/\\{}]*"
_FILE = re.compile(rf"({_FILE_PART}/)*{_FILE_PART}\.yaml")


def read_new_records(raw: RawRecord, problems: list[Problem]) -> dict[KindName, str]:
    """The file for new records of each kind: one that is read as a file of that kind."""
    files: dict[KindName, str] = {}
    for kind, given in kinds(
        "new_records", raw, problems, "new_records: {deals: deals/{year}.yaml}"
    ):
        path = f"new_records.{kind}"
        file = read(str, Field(path, FieldType.TEXT), {kind: given}, problems)
        if file is None:
            continue
        if _FILE.fullmatch(file.replace("{year}", "2026")) and (
            file == f"{kind}.yaml" or file.startswith(f"{kind}/")
        ):
            files[kind] = file
            continue
        problems.append(
            Problem(
                id="bad-value",
                message=f"{path}: {quote(file)} is not a file of {kind}",
                hint=f"write {kind}.yaml or a file below {kind}/, such as {kind}/{{year}}.yaml",
                field=path,
            )
        )
    return files
