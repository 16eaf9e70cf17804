"""The pages of the manual, and the commands that stand on them."""

from __future__ import annotations

import re

from helpers.files import PROJECT


def page_of(name: str) -> str:
    """The text of a page."""
    return (PROJECT / "docs" / f"{name}.md").read_text("utf-8")


def shown_on(name: str) -> list[tuple[str, str]]:
    """The commands of a page that stand with what they print, and that."""
    return re.findall(r"^```\n\$ (.*)\n((?:.*\n)*?)```", page_of(name), re.MULTILINE)


def lines_of(name: str) -> list[str]:
    """The commands of a page that stand in a line by themselves."""
    return re.findall(r"^acctcli .*", page_of(name), re.MULTILINE)


def rows_of_table(page: str, heading: str) -> dict[str, str]:
    """The first table below a heading: its first column, and the rest of each row."""
    text = page_of(page).partition(f"\n## {heading}\n")[2]
    rows = re.findall(r"^\| (.*?) \| (.*) \|$", text.partition("\n## ")[0], re.MULTILINE)
    return dict(rows[1:])
