"""The noun `report`: a lazy table, since each report has a module of its own."""

from __future__ import annotations

from acctcli.cli.app.click_ext import CommandGroup, LazyCommand

report = CommandGroup(
    name="report",
    help="Reports over all accounts.",
    lazy={
        "coverage": LazyCommand(
            "acctcli.cli.commands.report_coverage",
            "coverage",
            "Accounts contacted, not contacted, never contacted.",
        ),
        "repeat": LazyCommand(
            "acctcli.cli.commands.report_repeat",
            "repeat",
            "How often accounts buy; new and returning customers.",
        ),
        "renewals": LazyCommand(
            "acctcli.cli.commands.report_renewals",
            "renewals_command",
            "Deals to renew, and what they bring.",
        ),
        "health": LazyCommand(
            "acctcli.cli.commands.report_health",
            "health",
            "Health of accounts, those at risk first.",
        ),
    },
)
