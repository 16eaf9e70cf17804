from __future__ import annotations

from helpers.samples import bare_row, row

from acctcli.core.model.kinds import KINDS
from acctcli.render.formats.columns import value_at
from acctcli.render.list_columns import MACHINE_COLUMNS, TABLE_COLUMNS

_VALUES = """
    id name owner labels parent tier won_value won_count open_value open_count lost_count first_won
    last_won mrr arr acv renewal_date next_activity.id next_activity.type next_activity.subject
    next_activity.due_date next_activity.due_time next_activity.owner last_contact.id
    last_contact.type last_contact.subject last_contact.date last_contact.person last_contact.owner
    bucket planned_count overdue_count
"""
_ACTIVITY = """
    id subject type org deal person owner due_date due_time duration done done_time note location
    repeat from until playbook run step wait add_time source external_id
"""
# Keys may be added, never renamed or removed (rule 12); this list is the promise.
PROMISED = {
    "accounts": _VALUES,
    "orgs_with_values": f"{_VALUES} is_account",
    "account_page": f"{_VALUES} path group_value group_count group_size",
    "org_page": f"{_VALUES} is_account path group_value group_count group_size",
    "timeline": "time day event kind id type text value person owner",
    "agenda": f"{_ACTIVITY} org_name bucket",
    "late": "rhythm contact_due late_by",
    "coverage": """
        id name owner tier is_account coverage contact_count last_contact.id last_contact.type
        last_contact.subject last_contact.date last_contact.person last_contact.owner won_count
        won_value
    """,
    "repeat": """
        id name owner win_count first_win last_win usual_days next_win late_by
    """,
    "customers": """
        period since until win_count customer_count new_count returning_count lapsed_count
    """,
    "renewals": """
        id title org org_name owner renewal_date days_left term value mrr arr acv currency
    """,
    "cards": f"column {_VALUES}",
    "health": "id name owner tier won_value points word reason",
    "plan": _ACTIVITY,
    "playbooks": "playbook on run deal state steps done step id type subject due_date",
    "schemas": "id files title",
    "checks": "name level about plain accounts fixable fix findings",
    "findings": "id level message hint file line column kind record field",
    "edits": "kind id name field before after",
    "removals": "kind id name action",
    "hits": "kind id name org org_name field text",
    "why": "of value rule text kind record",
    "commits": "id time actor command undone undoes redoes added changed removed",
    "digest": """
        section kind id name type org org_name owner tier day days_left won_value points reason
    """,
    "changes": """
        change id name owner tier from to won_value_before won_value difference bucket reason
    """,
    "remembered": "name time today account_count",
    "rates": "id date base currency rate",
    "groups": "",  # what they are grouped by, count, and the sums of the list
    "views": "name command where sort fields group_by limit mine line",
    "imported_rates": "id date base currency rate action",
    "orgs": """
        id name parent owner labels tier address website phone industry add_time source external_id
    """,
    "people": "id name org owner labels emails phones job_title add_time source external_id",
    "deals": """
        id title org person owner labels value currency status stage pipeline probability won_time
        lost_time lost_reason expected_close_date mrr arr acv renewal_date term archived add_time
        source external_id
    """,
    "activities": _ACTIVITY,
    "notes": "id content org deal person owner pinned add_time source external_id",
    "files": "id name path url size sha256 org deal person owner add_time source external_id",
}


def test_the_columns_of_csv_and_tsv() -> None:
    assert {name: " ".join(columns) for name, columns in MACHINE_COLUMNS.items()} == {
        name: " ".join(columns.split()) for name, columns in PROMISED.items()
    }


def test_every_kind_has_a_table() -> None:
    lists = {
        *("accounts", "orgs_with_values", "agenda", "health", "plan", "playbooks", "rates"),
        *("checks", "edits", "removals", "hits", "commits", "findings", "schemas", "views"),
    }
    assert set(KINDS) | lists == set(TABLE_COLUMNS)


def test_every_table_shows_keys_that_its_rows_have() -> None:
    for name, columns in TABLE_COLUMNS.items():
        known = {key.split(".")[0] for key in MACHINE_COLUMNS[name]}
        shown = {
            path.split(".")[0]
            for column in columns
            for choice in column.key.split("|")
            for path in choice.split(" ")
        }
        assert shown <= known


def test_values_are_found_in_mappings_and_structs() -> None:
    assert value_at({"a": {"b": 1}}, "a.b") == 1
    assert value_at({"next_activity": row().next_activity}, "next_activity.type") == "call"
    assert value_at(row(), "last_contact.person") == "anna-rossi"


def test_what_is_not_there_is_none() -> None:
    assert value_at(bare_row(), "next_activity.type") is None
    assert value_at({"a": 1}, "b") is None
    assert value_at(row(), "nothing") is None
    assert value_at({"a": "text"}, "a.b") is None
