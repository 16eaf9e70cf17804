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
            "Who was contacted, who was not, who never was.",
        ),
        "repeat": LazyCommand(
            "acctcli.cli.commands.report_repeat",
            "repeat",
            "How often accounts buy; who is new, who came back.",
        ),
        "renewals": LazyCommand(
            "acctcli.cli.commands.report_renewals",
            "renewals_command",
            "What is to be renewed, and what it brings.",
        ),
        "health": LazyCommand(
            "acctcli.cli.commands.report_health", "health", "How accounts are, those at risk first."
        ),
    },
)
