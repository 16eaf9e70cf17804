"""The JSON keys of every command, written out a second time, and their schemas (rule 12).

A key may be added here, never renamed or taken out.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from helpers.files import PROJECT
from jsonschema import Draft202012Validator

from acctcli.cli.main import cli
from acctcli.core.model.errors import NotFoundError
from acctcli.render.output_schemas import commands_with_schema, output_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from helpers.cli import CommandLine

_TIMELINE = """
    time day event kind id type text value person owner
"""
_WHY = """
    of value rule reasons(text kind record)
"""
_ORG = """
    id name parent owner labels tier address website phone industry add_time source external_id
    custom_fields
"""
_ACTIVITY = """
    id subject type org deal person owner due_date due_time duration done done_time note
    location repeat from until playbook run step wait add_time source external_id custom_fields
"""
_PERSON = """
    id name org owner labels emails phones job_title add_time source external_id custom_fields
"""
_DEAL = """
    id title org person owner labels value currency status stage pipeline probability won_time
    lost_time lost_reason expected_close_date mrr arr acv renewal_date term archived add_time
    source external_id custom_fields
"""
_NOTE = """
    id content org deal person owner pinned add_time source external_id custom_fields
"""
_FILE = """
    id name path url size sha256 org deal person owner add_time source external_id custom_fields
"""
_FINDINGS = """
    id level message hint file line column kind record field
"""
_UNDO = """
    id time actor command
"""
KEYS: dict[str, str] = {
    "account list": """
        id name owner labels parent tier won_value won_count open_value open_count
        lost_count first_won last_won mrr arr acv renewal_date next_activity(id type subject
        due_date due_time owner) last_contact(id type subject date person owner) bucket
        planned_count overdue_count rhythm contact_due late_by custom_fields
    """,
    "account board": """
        today by columns(bucket key title count won_value accounts(id name owner labels
        parent tier won_value won_count open_value open_count lost_count first_won last_won
        mrr arr acv renewal_date next_activity(id type subject due_date due_time owner)
        last_contact(id type subject date person owner) bucket planned_count overdue_count
        custom_fields))
    """,
    "account show": """
        id name owner labels
        parent tier won_value won_count open_value open_count lost_count first_won last_won
        mrr arr acv renewal_date next_activity(id type subject due_date due_time owner)
        last_contact(id type subject date person owner) bucket planned_count overdue_count
        address website phone industry add_time source external_id
        health(points word parts(input weight score
        points most because)) contact_due(tier rhythm day late_by planned) path
        group_value group_count group_size late(what due days kind id type text owner)
        deals(id title org person owner labels value currency
        status stage pipeline probability won_time lost_time lost_reason expected_close_date
        mrr arr acv renewal_date term archived add_time source external_id custom_fields)
        renewals(id title status archived counts renewal_date term days_late mrr arr acv
        owner) branches(id name owner tier is_account won_value won_count group_value
        group_count group_size next_activity(id type subject due_date due_time owner)
        bucket) people(id name org owner labels emails phones job_title add_time source
        external_id custom_fields) notes(id content org deal person owner pinned add_time
        source external_id custom_fields) files(id name path url size sha256 org deal person
        owner add_time source external_id custom_fields) activities(planned(id subject type
        org deal person owner due_date due_time duration done done_time note location repeat
        from until playbook run step wait add_time source external_id custom_fields) done(id
        subject type org deal person owner due_date due_time duration done done_time note
        location repeat from until playbook run step wait add_time source external_id
        custom_fields)) custom_fields
    """,
    "account timeline": _TIMELINE,
    "account why": _WHY,
    "account edit": _ORG,
    "account plan": """
        id subject type org deal person owner due_date due_time duration done done_time note
        location repeat from until playbook run step wait add_time source external_id
        custom_fields | playbook on run deal state steps done step id type subject due_date
    """,
    "account move": _ACTIVITY,
    "org add": _ORG,
    "org list": """
        id name owner labels parent tier won_value won_count open_value open_count
        lost_count first_won last_won mrr arr acv renewal_date next_activity(id type subject
        due_date due_time owner) last_contact(id type subject date person owner) bucket
        planned_count overdue_count is_account custom_fields
    """,
    "org show": """
        id name owner labels
        parent tier won_value won_count open_value open_count lost_count first_won last_won
        mrr arr acv renewal_date next_activity(id type subject due_date due_time owner)
        last_contact(id type subject date person owner) bucket planned_count overdue_count
        is_account address website phone industry add_time source external_id
        health(points word parts(input
        weight score points most because)) contact_due(tier rhythm day late_by planned) path
        group_value group_count group_size
        late(what due days kind id type text owner) deals(id title org person owner labels
        value currency status stage pipeline probability won_time lost_time lost_reason
        expected_close_date mrr arr acv renewal_date term archived add_time source
        external_id custom_fields) renewals(id title status archived counts renewal_date
        term days_late mrr arr acv owner) branches(id name owner tier is_account won_value
        won_count group_value group_count group_size next_activity(id type subject due_date
        due_time owner) bucket) people(id name org owner labels emails phones job_title
        add_time source external_id custom_fields) notes(id content org deal person owner
        pinned add_time source external_id custom_fields) files(id name path url size sha256
        org deal person owner add_time source external_id custom_fields)
        activities(planned(id subject type org deal person owner due_date due_time duration
        done done_time note location repeat from until playbook run step wait add_time
        source external_id custom_fields) done(id subject type org deal person owner
        due_date due_time duration done done_time note location repeat from until playbook
        run step wait add_time source external_id custom_fields)) custom_fields
    """,
    "org edit": _ORG,
    "org remove": _ORG,
    "org timeline": _TIMELINE,
    "org why": _WHY,
    "person add": _PERSON,
    "person list": _PERSON,
    "person show": _PERSON,
    "person edit": _PERSON,
    "person remove": _PERSON,
    "deal add": _DEAL,
    "deal list": _DEAL,
    "deal show": _DEAL,
    "deal edit": _DEAL,
    "deal remove": _DEAL,
    "deal won": _DEAL,
    "deal lost": _DEAL,
    "deal reopen": _DEAL,
    "deal renew": _DEAL,
    "activity add": _ACTIVITY,
    "activity list": _ACTIVITY,
    "activity show": _ACTIVITY,
    "activity edit": _ACTIVITY,
    "activity remove": _ACTIVITY,
    "activity done": _ACTIVITY,
    "activity reopen": _ACTIVITY,
    "activity move": _ACTIVITY,
    "agenda": """
        id subject type org deal person owner due_date due_time duration done done_time note
        location repeat from until playbook run step wait add_time source external_id
        org_name bucket custom_fields
    """,
    "note add": _NOTE,
    "note list": _NOTE,
    "note show": _NOTE,
    "note edit": _NOTE,
    "note remove": _NOTE,
    "file add": _FILE,
    "file list": _FILE,
    "file show": _FILE,
    "file edit": _FILE,
    "file remove": _FILE,
    "file open": """
        id name target
    """,
    "file verify": _FINDINGS,
    "report coverage": """
        id name owner tier is_account coverage contact_count last_contact(id type subject
        date person owner) won_count won_value
    """,
    "report repeat": """
        id name owner win_count first_win last_win usual_days next_win late_by | period
        since until win_count customer_count new_count returning_count lapsed_count
    """,
    "report renewals": """
        id title org org_name owner renewal_date days_left term value mrr arr acv currency
    """,
    "report health": """
        id name owner tier won_value points word reason parts(input weight score points most
        because)
    """,
    "find": """
        kind id name org org_name field text
    """,
    "digest": """
        today since until owner summary sections(section count won_value rows(section kind id
        name type org org_name owner tier day days_left won_value points reason))
    """,
    "changes": """
        change id name owner tier from to won_value_before won_value difference bucket reason |
        name time today account_count
    """,
    "views": """
        name command where sort fields group_by limit mine line
    """,
    "apply": """
        line command as id made changed removed
    """,
    "schema": """
        id files title
    """,
    "check": f"""
        {_FINDINGS} | name level about plain accounts fixable fix findings
    """,
    "import csv": """
        rows created updated unchanged linked skipped(line id message) overwrites(line kind
        id field old new) filled unmapped declared warnings(id message)
    """,
    "rates import": """
        days new_days added changed(date base currency before after) unchanged left_out
    """,
    "rates list": """
        id date base currency rate
    """,
    "log": """
        id time actor command undone undoes redoes added changed removed changes(kind id
        action fields)
    """,
    "undo": _UNDO,
    "redo": _UNDO,
}
# What to run so that all of it is there; the book is a copy of sample-data.
RUNS: dict[str, list[str]] = {
    "account list": ["account list", "account list --late", "account list --currency EUR"],
    "account board": ["account board", "account board --by owner"],
    "account show": ["account show northwind", "account show fiordaliso --section notes"],
    "account timeline": ["account timeline northwind --planned"],
    "account why": ["account why northwind", "account why northwind won_value"],
    "account edit": ["account edit northwind --set owner=Ines"],
    "account plan": [
        "account plan northwind",
        "account plan northwind --playbook yearly-visit --dry-run",
        "account plan northwind --playbook yearly-visit",
    ],
    "account move": ["account move northwind today"],
    "org add": ["org add Acme"],
    "org list": ["org list"],
    "org show": ["org show fiordaliso", "org show northwind --section late"],
    "org timeline": ["org timeline northwind"],
    "org why": ["org why northwind membership"],
    "org edit": ["org edit northwind --set owner=Ines"],
    "org remove": ["org remove cobalt-heron --cascade"],
    "person add": ["person add Eva --org northwind"],
    "person list": ["person list"],
    "person show": ["person show grace-oyelaran"],
    "person edit": ["person edit grace-oyelaran --set owner=Ines"],
    "person remove": ["person remove grace-oyelaran --cascade"],
    "deal add": ["deal add Scales --org northwind --value 10"],
    "deal list": ["deal list"],
    "deal show": ["deal show dv1aedkt7"],
    "deal edit": ["deal edit dv1aedkt7 --set value=1"],
    "deal remove": ["deal remove dv1aedkt7 --cascade"],
    "deal won": ["deal won dv1aedkt7"],
    "deal lost": ["deal lost dv1aedkt7"],
    "deal reopen": ["deal reopen decf01ktv"],
    "deal renew": ["deal renew d842yqznd --on 2026-02-01 --term 1y"],
    "activity add": ["activity add Call --type call --org northwind --due +3d"],
    "activity list": ["activity list"],
    "activity show": ["activity show a9xm2tqmd"],
    "activity edit": ["activity edit a9xm2tqmd --set owner=Ines"],
    "activity remove": ["activity remove a9xm2tqmd"],
    "activity done": ["activity done ark50dn1c"],
    "activity reopen": ["activity reopen ae33r054n"],
    "activity move": ["activity move a9xm2tqmd friday"],
    "agenda": ["agenda"],
    "note add": ["note add Hello --org northwind"],
    "note list": ["note list"],
    "note show": ["note show n26wrbx6e"],
    "note edit": ["note edit n26wrbx6e --set pinned=yes"],
    "note remove": ["note remove n26wrbx6e"],
    "file add": ["file add notes.yaml --org northwind"],
    "file list": ["file list"],
    "file show": ["file show f7dabakrr"],
    "file edit": ["file edit f7dabakrr --set owner=Ines"],
    "file remove": ["file remove f7dabakrr"],
    "file open": ["file open f7dabakrr --print"],
    "file verify": ["file verify --all"],
    "report coverage": ["report coverage --all-orgs"],
    "report repeat": ["report repeat", "report repeat --by quarter"],
    "report renewals": ["report renewals --within 3y"],
    "report health": ["report health"],
    "find": ["find scale"],
    "digest": ["digest"],
    "changes": ["changes --since 2026-01-01"],
    "views": ["views", "views at-risk"],
    "apply": ["apply batch.jsonl"],
    "schema": ["schema"],
    "check": ["check", "check --list"],
    "import csv": ["import csv in.csv --map map.yaml"],
    "rates import": ["rates import in-rates.csv"],
    "rates list": ["rates list"],
    "log": ["log"],
    "undo": ["undo"],
    "redo": ["redo"],
}
SILENT = {"init", "help", "completion"}  # they print no data


def paths_of(group: object, before: str = "") -> Iterator[str]:
    """The commands of the program, by their words."""
    import click

    assert isinstance(group, click.Group)
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from paths_of(command, f"{before}{name} ")
        else:
            yield before + name


def told(schema: dict[str, object]) -> str:
    """The keys of a schema: those below a key in brackets, choices with a bar between them."""
    if "anyOf" in schema:
        choices = schema["anyOf"]
        assert isinstance(choices, list)
        return " | ".join(dict.fromkeys(map(told, choices)))
    if isinstance(items := schema.get("items"), dict):
        return told(items)
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return ""
    return " ".join(
        f"{key}({inner})" if (inner := told(each)) else key for key, each in properties.items()
    )


def closed(schema: object) -> object:
    """The schema, but that no key may be there that it does not name."""
    if isinstance(schema, list):
        return list(map(closed, schema))
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(each) for key, each in schema.items()}
    return {**found, "additionalProperties": False} if "properties" in schema else found


def test_every_command_has_a_schema() -> None:
    commands = set(paths_of(cli)) - SILENT
    assert set(commands_with_schema()) == commands == set(KEYS) == set(RUNS)


@pytest.mark.parametrize("command", KEYS)
def test_the_keys_of_a_command(command: str) -> None:
    schema = output_schema(command)
    Draft202012Validator.check_schema(schema)
    assert told(schema).split() == KEYS[command].split()


@pytest.fixture
def sample(folder: Path) -> Path:
    """A copy of sample-data in the current folder, with what imports need and some history."""
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    (folder / "in.csv").write_text("id,title,company,x\n1,a,Acme,y\n2,b,Acme,\n", "utf-8")
    (folder / "map.yaml").write_text(
        "kind: deals\nkey: id\ncolumns: {title: title, company: org}\n"
        "links: {org: {match: name, create: true}}\n",
        "utf-8",
    )
    (folder / "in-rates.csv").write_text("Date,USD,CHF,\n2026-03-06,1.1,0.9,\n", "utf-8")
    line = {"command": ["org", "add"], "args": {"name": "Acme"}, "as": "x"}
    (folder / "batch.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    return folder


@pytest.mark.parametrize("money", ["number", "text"])
@pytest.mark.parametrize("command", RUNS)
def test_what_a_command_prints_is_as_its_schema_says(
    command: str, money: str, sample: Path, acct: CommandLine
) -> None:
    environ = {"ACCTCLI_TODAY": "2026-03-10"}
    if command in {"log", "undo", "redo"}:
        assert acct("org", "edit", "northwind", "--set", "owner=Ines", **environ).code == 0
    if command == "redo":
        assert acct("undo", **environ).code == 0
    if command == "check":
        with (sample / "orgs.yaml").open("a", encoding="utf-8") as file:
            file.write("- id: odd\n  name: Odd\n  parent: nobody\n  colour: red\n")
    if command == "file verify":
        (sample / "attachments" / "northwind-service-contract-2026.txt").unlink()
    schema = closed(output_schema(command))
    assert isinstance(schema, dict)
    validator = Draft202012Validator(schema)
    for words in RUNS[command]:
        result = acct(*words.split(), "--format", "json", "--money", money, **environ)
        assert result.code in {0, 1}, result.err
        found = json.loads(result.out)
        assert found, words
        validator.validate(found)


def test_a_command_without_a_schema_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFoundError, match='there is no schema of the output of "acount list"'):
        output_schema("acount list")
