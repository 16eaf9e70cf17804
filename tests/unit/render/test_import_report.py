from __future__ import annotations

import json

from helpers.import_plans import RawMap, carried_out, plan_of

from acctcli.core.rules.import_plan import ImportPlan
from acctcli.render.import_report import report_dict, report_text

DEALS: RawMap = {
    "kind": "deals",
    "source": "shop",
    "key": "no",
    "columns": {"no": "title", "price": "value", "who": "org"},
    "defaults": {"currency": "EUR"},
    "links": {"org": {"match": "name", "create": "true"}},
}


def test_an_empty_table_is_one_line() -> None:
    assert report_text(ImportPlan("deals"), "a.csv") == (
        "a.csv: 0 rows: 0 created, 0 updated, 0 unchanged, 0 skipped"
    )


def test_the_report_has_everything_a_person_should_look_at() -> None:
    first = plan_of("no,price,who\n1,5,Acme\n2,,Acme\n3,1,\n", DEALS)
    assert report_text(first, "a.csv") == (
        "a.csv: 3 rows: 3 created, 0 updated, 0 unchanged, 0 skipped; 1 organization made by links"
    )
    table = (
        "no,price,who,note,other\n"
        '1,6,Acme,x,\n2,,,,\n3,1,,y,\n4,"1,054",Bolt,z,\n5,7,Bolt,,\n6,1,C,,\n'
    )
    plan = plan_of(table, DEALS, carried_out(first))
    head = "b.csv: 6 rows: 2 created, 2 updated, 1 unchanged, 1 skipped; "
    head += "2 organizations made by links"
    assert report_text(plan, "b.csv").splitlines() == [
        head,
        "rows that cannot be imported:",
        '  line 5: column "price": "1,054" is not an amount',
        "fields that the file overwrites:",
        "  line 2: deals d1 value 5 -> 6",
        "  line 3: deals d2 org acme -> (unset)",
        "columns that are not mapped, left out:",
        "  note (3 cells with text)",
        "  other (0 cells with text)",
    ]


def test_what_is_filled_is_counted_and_not_listed() -> None:
    first = plan_of("no,price,who\n1,,Acme\n2,,\n3,4,\n", DEALS)
    table = "no,price,who\n1,5,Acme\n2,6,Acme\n3,7,\n"
    plan = plan_of(table, DEALS, carried_out(first))
    assert report_text(plan, "a.csv").splitlines()[1:] == [
        "fields that the file overwrites:",
        "  line 4: deals d3 value 4 -> 7",
        "fields that were empty and are filled: org 1, value 2",
    ]
    found = report_dict(plan)
    assert found["filled"] == {"org": 1, "value": 2}
    assert found["overwrites"] == [
        {"line": 4, "kind": "deals", "id": "d3", "field": "value", "old": "4", "new": "7"}
    ]


def test_won_deals_without_a_day_are_told() -> None:
    raw: RawMap = {"kind": "deals", "key": "no", "columns": {"no": "title", "state": "status"}}
    plan = plan_of("no,state\n1,won\n2,won\n", raw)
    message = "2 won deals have no day, the first in line 2"
    assert report_text(plan, "a.csv").splitlines()[1:] == ["warnings:", f"  {message}"]
    assert report_dict(plan)["warnings"] == [{"id": "won-without-time", "message": message}]


def test_what_is_declared_and_odd_is_told() -> None:
    raw: RawMap = {"kind": "orgs", "source": "a", "key": "no", "columns": {"called": "name"}}
    table = "no,called,Team Size\n1,Acme,5\n"
    data = carried_out(plan_of(table, raw))
    plan = plan_of(table, raw | {"source": "b"}, data, keep_unmapped=True)
    assert report_text(plan, "a.csv").splitlines()[1:] == [
        "custom fields that are declared:",
        "  team_size (text)",
        "warnings:",
        '  line 2: an organization named "Acme" is in the book already, under another key: acme',
    ]
    one = plan_of(table, raw | {"source": "b"}, data)
    assert "  Team Size (1 cell with text)" in report_text(one, "a.csv").splitlines()
    people: RawMap = {"kind": "deals", "key": "no", "columns": {"no": "title", "called": "person"}}
    made: RawMap = {**people, "links": {"person": {"match": "name", "create": "yes"}}}
    text = report_text(plan_of("no,called\n1,Eva\n2,Ada\n", made), "a.csv")
    assert text.endswith("0 skipped; 2 people made by links")


def test_long_lists_are_cut_and_counted() -> None:
    bad = "no,price,who\n" + "".join(f"{number},x,\n" for number in range(1_025))
    lines = report_text(plan_of(bad, DEALS), "a.csv").splitlines()
    assert lines[0] == "a.csv: 1,025 rows: 0 created, 0 updated, 0 unchanged, 1,025 skipped"
    assert len(lines) == 1 + 1 + 20 + 1
    assert lines[2].startswith("  line 2: ")
    assert lines[-1] == "  and 1,005 more"
    good = bad.replace(",x,", ",1,")
    plan = plan_of(good.replace(",1,", ",2,"), DEALS, carried_out(plan_of(good, DEALS)))
    lines = report_text(plan, "a.csv").splitlines()
    assert len(lines) == 1 + 1 + 20 + 1
    assert lines[-1] == "  and 1,005 more"


def test_control_characters_are_shown_as_escapes() -> None:
    text = report_text(plan_of('no,price,who\n1,"\x1b[2J",\n', DEALS), "a\x1b.csv")
    assert "\x1b" not in text
    assert r"a\x1b.csv" in text
    assert r'"\x1b[2J"' in text


def test_the_json_has_counts_and_every_row() -> None:
    first = plan_of("no,price,who\n1,5,Acme\n", DEALS)
    table = "no,price,who,note\n1,6,Acme,x\n2,y,Acme,\n3,1,Bolt,\n"
    plan = plan_of(table, DEALS, carried_out(first))
    found = report_dict(plan)
    assert json.loads(json.dumps(found)) == {
        "rows": 3,
        "created": 1,
        "updated": 1,
        "unchanged": 0,
        "linked": {"orgs": 1},
        "skipped": [
            {
                "line": 3,
                "id": "bad-value",
                "message": 'column "price": "y" is not an amount',
            }
        ],
        "overwrites": [
            {"line": 2, "kind": "deals", "id": "d1", "field": "value", "old": "5", "new": "6"}
        ],
        "filled": {},
        "unmapped": {"note": 1},
        "declared": {},
        "warnings": [],
    }
    assert "spare" not in found
    data = carried_out(first)
    kept = report_dict(plan_of(table, {**DEALS, "source": "x"}, data, keep_unmapped=True))
    assert kept["declared"] == {"note": "text"}


def test_warnings_are_in_the_json() -> None:
    raw: RawMap = {"kind": "orgs", "source": "a", "key": "no", "columns": {"no": "name"}}
    data = carried_out(plan_of("no\nAcme\n", raw))
    [warning] = plan_of("no\nAcme\n", raw | {"source": "b"}, data).warnings
    found = report_dict(plan_of("no\nAcme\n", raw | {"source": "b"}, data))
    assert found["warnings"] == [{"id": "same-name", "message": warning.message}]
