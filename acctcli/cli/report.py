"""The noun `report`: what accounts add up to, seen together."""

from __future__ import annotations

from acctcli.cli.commands import noun
from acctcli.cli.reports_health import health


@noun("report", "What accounts add up to, seen together.")
def report() -> None:
    """Hold the verbs below."""


report.add_command(health)
