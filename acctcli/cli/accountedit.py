"""The verb `account edit`: an organization's own verb, for those that are accounts (rule 3)."""

from __future__ import annotations

from acctcli.cli.records import edit_command

edit = edit_command("orgs", only_accounts=True)
