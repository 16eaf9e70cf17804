"""The files that new records of each kind go to, as acctcli.yaml says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acctcli.core.errors import Problem
from acctcli.core.kinds import Field, FieldType
from acctcli.core.settings.parts import kinds, read
from acctcli.core.values import quoted

if TYPE_CHECKING:
    from acctcli.core.kinds import KindName
    from acctcli.core.records import RawRecord

# No part may begin with a dot: not "..", and no hidden file, which is not looked for.
_PART = r"[^\x00-\x1f\x7f-\x9f/\\{}.][^\x00-\x1f\x7f-\x9f/\\{}]*"
_FILE = re.compile(rf"({_PART}/)*{_PART}\.yaml")


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
                message=f"{path}: {quoted(file)} is not a file of {kind}",
                hint=f"write {kind}.yaml or a file below {kind}/, such as {kind}/{{year}}.yaml",
                field=path,
            )
        )
    return files
