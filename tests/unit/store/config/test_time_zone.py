from __future__ import annotations

import datetime as dt
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from acctcli.core.model.errors import Problem
from acctcli.core.model.records import Settings
from acctcli.store.config import time_zone
from acctcli.store.config.time_zone import no_zone, zone_key, zone_of

if TYPE_CHECKING:
    from pathlib import Path

NOON = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
NEW_YORK, ROME, TOKYO = (dt.timedelta(hours=hours) for hours in (-4, 2, 9))


def offset(settings: Settings) -> dt.timedelta | None:
    """How far the zone is from UTC in summer."""
    found = zone_of(settings)
    assert found is not None
    return NOON.astimezone(found).utcoffset()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The machine's own zone, that of Tokyo, with nothing in the environment."""
    path = tmp_path / "localtime"
    path.write_bytes((files("tzdata") / "zoneinfo" / "Asia" / "Tokyo").read_bytes())
    monkeypatch.setattr(time_zone, "_LOCAL", path)
    monkeypatch.delenv("TZ", raising=False)
    return path


def test_the_book_names_its_zone(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    assert zone_of(Settings(timezone="Europe/Rome")) is ZoneInfo("Europe/Rome")
    assert zone_of(Settings(timezone="UTC")) is dt.UTC


@pytest.mark.parametrize(
    "name",
    [
        "Mars/Olympus",
        "Europe",
        "Europe/Rome/",
        "../zoneinfo/Europe/Rome",
        "/usr/share/zoneinfo/Europe/Rome",
        "Europe/R\0me",
        "x" * 300,
        "Zürich",
        "CET-1CEST",
    ],
)
def test_there_is_no_zone_of_an_unknown_name(
    machine: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("TZ", "Europe/Rome")  # which is no way out
    assert zone_of(Settings(timezone=name)) is None


def test_what_is_said_of_an_unknown_name() -> None:
    assert no_zone(Settings(timezone="Mars/Olympus")) == Problem(
        id="bad-setting",
        message='timezone: there is no time zone "Mars/Olympus"',
        hint="write a name of the tz database, such as Europe/Rome",
        field="timezone",
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Europe/Rome", ROME),
        (":America/New_York", NEW_YORK),
        ("UTC", dt.timedelta(0)),
        ("Mars/Olympus", TOKYO),  # as if there were none
        ("CET-1CEST,M3.5.0,M10.5.0", TOKYO),
        (":/etc/localtime", TOKYO),
    ],
)
def test_a_book_without_a_zone_has_that_of_the_environment(
    machine: Path, monkeypatch: pytest.MonkeyPatch, name: str, expected: dt.timedelta
) -> None:
    monkeypatch.setenv("TZ", name)
    assert offset(Settings()) == expected


def test_else_that_of_the_machine(machine: Path) -> None:
    assert offset(Settings()) == TOKYO


def test_else_utc(machine: Path) -> None:
    machine.write_bytes(b"no zone at all" * 10)
    assert zone_of(Settings()) is dt.UTC
    machine.unlink()
    assert zone_of(Settings()) is dt.UTC
    machine.mkdir()
    assert zone_of(Settings()) is dt.UTC


def test_what_makes_days_other_ones(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = zone_key(Settings(timezone="Asia/Tokyo"))
    assert named == "Asia/Tokyo"
    first = zone_key(Settings())
    assert zone_key(Settings()) == first
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    second = zone_key(Settings())
    machine.write_bytes(machine.read_bytes() + b"x")
    third = zone_key(Settings())
    machine.unlink()
    assert len({named, first, second, third, zone_key(Settings())}) == 5
    machine.symlink_to(machine.with_name("other"))
    machine.with_name("other").write_bytes(b"other")
    assert zone_key(Settings()) not in {first, second, third}
