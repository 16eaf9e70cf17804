from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from helpers.import_plans import NOW, RawMap, carried_out, plan_of, reasons
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.model.kinds import KINDS, Field, FieldType
from acctcli.core.model.records import (
    Activity,
    Data,
    Deal,
    Org,
    Person,
    Raw,
    Settings,
)
from acctcli.core.model.schema import read_record
from acctcli.exchange.import_plan import Overwrite, RecordToAdd

DEALS: RawMap = {
    "kind": "deals",
    "source": "shop",
    "key": "no",
    "columns": {"what": "title", "price": "value", "state": "status", "closed": "close_time"},
    "values": {"status": {"Won": "won", "Lost": "lost", "New": "open"}},
    "defaults": {"currency": "USD"},
}
TABLE = (
    "no,what,price,state,closed\n"
    "1,Roof,1054,Won,2026-01-31\n"
    "2,Wall,,Lost,2026-02-01\n"
    "3,Door,5.50,New,\n"
)
ORGS: RawMap = {"kind": "orgs", "source": "shop", "key": "no", "columns": {"called": "name"}}


def deals(**changes: Raw) -> RawMap:
    return {**DEALS, **changes}


def one_row(cells: str, columns: dict[str, Raw], **changes: Raw) -> RecordToAdd:
    """What a deal of one row becomes, its key and title aside: the cells are those of columns."""
    header = ",".join(("no", *columns))
    raw: RawMap = {"kind": "deals", "key": "no", "columns": {"no": "title", **columns}, **changes}
    plan = plan_of(f"{header}\n1,{cells}\n", raw)
    assert plan.bad == []
    [created] = plan.created
    return created


def refused(cell: str, field: str, **changes: Raw) -> tuple[str, str, str]:
    """The id, the message and the hint of the problem that a cell of a deal has."""
    raw: RawMap = {"kind": "deals", "key": "no", "columns": {"no": "title", "Cell": field}}
    plan = plan_of(f'no,Cell\n1,"{cell}"\n', {**raw, **changes})
    assert plan.created == []
    [bad] = plan.bad
    assert bad.line == 2
    assert bad.reason == bad.problem.message
    assert bad.problem.hint
    return bad.problem.id, bad.reason, bad.problem.hint


# new records


def test_rows_become_records_in_the_order_of_the_file() -> None:
    plan = plan_of(TABLE, DEALS)
    assert plan.kind == "deals"
    assert (plan.rows, plan.unchanged, plan.bad, plan.updated) == (3, 0, [], [])
    assert plan.created == [
        RecordToAdd(
            "deals",
            "d1",
            {
                "id": "d1",
                "title": "Roof",
                "value": "1054",
                "currency": "USD",
                "status": "won",
                "won_time": "2026-01-31",
                "add_time": NOW,
                "source": "shop",
                "external_id": "1",
            },
            2,
        ),
        RecordToAdd(
            "deals",
            "d2",
            {
                "id": "d2",
                "title": "Wall",
                "currency": "USD",
                "status": "lost",
                "lost_time": "2026-02-01",
                "add_time": NOW,
                "source": "shop",
                "external_id": "2",
            },
            3,
        ),
        RecordToAdd(
            "deals",
            "d3",
            {
                "id": "d3",
                "title": "Door",
                "value": "5.50",
                "currency": "USD",
                "status": "open",
                "add_time": NOW,
                "source": "shop",
                "external_id": "3",
            },
            4,
        ),
    ]


def test_the_fields_stand_in_the_order_of_the_table() -> None:
    [created, *_] = plan_of(TABLE, DEALS).created
    order = [field.name for field in KINDS["deals"].fields]
    assert list(created.fields) == sorted(created.fields, key=order.index)


def test_an_open_deal_has_no_time_of_closing() -> None:
    created = one_row("2026-01-31,", {"closed": "close_time", "state": "status"})
    assert not created.fields.keys() & {"won_time", "lost_time", "close_time"}


def test_the_status_of_a_deal_may_be_a_default() -> None:
    created = one_row("2026-01-31", {"closed": "close_time"}, defaults={"status": "won"})
    assert created.fields["won_time"] == "2026-01-31"


def test_a_mapped_add_time_is_the_files_even_when_empty() -> None:
    assert one_row("2020-01-01", {"made": "add_time"}).fields["add_time"] == "2020-01-01"
    assert "add_time" not in one_row("", {"made": "add_time"}).fields
    assert one_row("x", {"made": "owner"}).fields["add_time"] == NOW


def test_white_space_around_a_cell_does_not_count() -> None:
    created = one_row('" \t4.50 "," Anna\u00a0"', {"price": "probability", "who": "owner"})
    assert (created.fields["probability"], created.fields["owner"]) == ("4.50", "Anna")


def test_organizations_and_people_have_readable_ids() -> None:
    plan = plan_of(
        "no,called\n1,Acme\n2,ACMÉ\n3,東京商事\n4,Bolt\n",
        ORGS,
        Data(orgs={"bolt": Org(id="bolt", name="Bolt Ltd")}),
    )
    assert [created.id for created in plan.created] == ["acme", "acme-2", "o1", "bolt-2"]
    raw: RawMap = {"kind": "people", "key": "n", "columns": {"n": "name"}}
    assert [created.id for created in plan_of("n\nAnna Rossi\n", raw).created] == ["anna-rossi"]


# what a cell becomes


def test_values_are_replaced_first() -> None:
    values: Raw = {"owner": {"AR": "Anna Rossi", "-": None}}
    created = one_row("AR", {"who": "owner"}, values=values)
    assert created.fields["owner"] == "Anna Rossi"
    assert "owner" not in one_row("-", {"who": "owner"}, values=values).fields
    assert one_row("MB", {"who": "owner"}, values=values).fields["owner"] == "MB"


def test_a_default_stands_for_an_empty_cell() -> None:
    defaults: Raw = {"currency": "EUR", "labels": ["new", "shop"]}
    created = one_row(" ,", {"money": "currency", "tags": "labels"}, defaults=defaults)
    assert created.fields["currency"] == "EUR"
    assert created.fields["labels"] == ["new", "shop"]
    created = one_row("JPY,a", {"money": "currency", "tags": "labels"}, defaults=defaults)
    assert created.fields["currency"] == "JPY"
    assert created.fields["labels"] == ["a"]


def test_lists_are_parted_at_commas_and_their_parts_replaced() -> None:
    values: Raw = {"labels": {"ui": "design", "old": None}}
    created = one_row('"ui, core,,old"', {"tags": "labels"}, values=values)
    assert created.fields["labels"] == ["design", "core"]
    assert "labels" not in one_row('", ,"', {"tags": "labels"}).fields
    assert "labels" not in one_row("old", {"tags": "labels"}, values=values).fields


@pytest.mark.parametrize("text", ["TRUE", "Yes", "true", "yes"])
def test_yes_and_no_are_written_alike(text: str) -> None:
    assert one_row(text, {"x": "archived"}).fields["archived"] == "true"


def test_dates_are_read_by_the_form_of_the_map_and_written_as_iso() -> None:
    columns: dict[str, Raw] = {"a": "add_time", "b": "expected_close_date"}
    created = one_row("03/04/2026,31/12/2026", columns, dates="%d/%m/%Y")
    assert created.fields["add_time"] == "2026-04-03"
    assert created.fields["expected_close_date"] == "2026-12-31"
    created = one_row("03/04/2026,12/31/2026", columns, dates="%m/%d/%Y")
    assert created.fields["add_time"] == "2026-03-04"


def test_a_naive_time_keeps_its_day_and_an_aware_one_its_offset() -> None:
    columns: dict[str, Raw] = {"a": "add_time", "b": "expected_close_date"}
    created = one_row("2026-01-02 23:30,2026-01-02 23:30", columns, dates="%Y-%m-%d %H:%M")
    assert created.fields["add_time"] == "2026-01-02"
    created = one_row(
        "2026-01-02 23:30-0500,2026-01-02 23:30-0500", columns, dates="%Y-%m-%d %H:%M%z"
    )
    assert created.fields["add_time"] == "2026-01-02T23:30:00-05:00"
    assert created.fields["expected_close_date"] == "2026-01-02"


def test_custom_fields_are_read_by_their_type() -> None:
    book = Settings(fields={"deals": {"fee": Field("fee", FieldType.AMOUNT)}})
    raw: RawMap = {"kind": "deals", "key": "no", "columns": {"no": "title", "Fee": "fee"}}
    plan = plan_of("no,Fee\n1,EUR 12.50\n2,12.50\n", raw, settings=book)
    assert [created.fields["fee"] for created in plan.created] == ["EUR 12.50"]
    assert [(line, name) for line, name, _ in reasons(plan)] == [(3, "bad-value")]


def test_a_thousands_separator_is_never_guessed() -> None:
    name, message, hint = refused("1,054", "value")
    assert name == "bad-value"
    assert message == 'column "Cell": "1,054" is not an amount'
    assert "12500.00" in hint


@pytest.mark.parametrize("cell", ["1.054,00", "$5", "1e3", "NaN", "1_000", "٥", "5 EUR", "--5"])
def test_only_plain_amounts_are_amounts(cell: str) -> None:
    assert refused(cell, "value")[0] == "bad-value"


@pytest.mark.parametrize(
    "cell", ["03/04/2026", "2026-1-5", "5 Jan 2026", "2026-13-45", "46031", "2026-01-01 10:00"]
)
def test_dates_are_iso_when_the_map_has_no_form(cell: str) -> None:
    name, message, _ = refused(cell, "add_time")
    assert name == "bad-date"
    assert message.startswith(f'column "Cell": "{cell}" is not ')


@pytest.mark.parametrize("cell", ["2026-04-03", "31/02/2026", "3/4/26", "03/04/2026 x"])
def test_dates_in_another_form_than_the_maps_are_refused(cell: str) -> None:
    name, message, hint = refused(cell, "add_time", dates="%d/%m/%Y")
    assert name == "bad-date"
    assert message == f'column "Cell": "{cell}" is not a date in the form "%d/%m/%Y"'
    assert "dates:" in hint


def test_a_moment_before_the_calendar_is_refused() -> None:
    name, _, _ = refused("0001-01-01 00:00+00:00:30", "add_time", dates="%Y-%m-%d %H:%M%z")
    assert name == "bad-date"


def test_a_column_of_five_styles_is_told_row_by_row() -> None:
    cells = ["2026-01-31", "31/01/2026", "01/31/2026", "Jan 31, 2026", "31.1.26"]
    table = "no,d\n" + "".join(f'{number},"{cell}"\n' for number, cell in enumerate(cells))
    raw: RawMap = {"kind": "deals", "key": "no", "columns": {"no": "title", "d": "add_time"}}
    plan = plan_of(table, raw)
    assert [created.fields["add_time"] for created in plan.created] == ["2026-01-31"]
    assert [(line, name) for line, name, _ in reasons(plan)] == [
        (line, "bad-date") for line in (3, 4, 5, 6)
    ]


def test_a_value_that_is_not_in_the_map_is_named_with_the_nearest() -> None:
    name, message, hint = refused("Wonn", "status", values={"status": {"Won": "won"}})
    assert name == "bad-choice"
    assert '"Wonn"' in message
    assert 'did you mean "Won"?' in hint
    assert "values.status" in hint
    assert 'did you mean "won"?' in refused("wonn", "status")[2]


def test_every_reason_of_a_row_is_told() -> None:
    raw: RawMap = deals(columns={"a": "title", "b": "value", "c": "status"}, values={})
    [bad] = plan_of("no,a,b,c\n1,x,y,z\n", raw).bad
    assert bad.reason.count('column "') == 2
    assert bad.problem.id == "bad-value"


def test_a_row_without_a_name_is_bad() -> None:
    [(line, name, message)] = reasons(plan_of("no,called\n1, \n", ORGS))
    assert (line, name) == (2, "missing-field")
    assert message.startswith('column "called": ')
    raw: RawMap = {"kind": "orgs", "key": "no", "columns": {"x": "owner"}}
    [(line, name, message)] = reasons(plan_of("no,x\n1,Anna\n", raw))
    assert (line, name) == (2, "missing-field")
    assert '"name"' in message


CELLS = st.text(st.sampled_from("ab1290.-:/ ,Tnoyeswtru"), max_size=10) | st.sampled_from(
    ["2026-01-31", "2026-02-30", "12.50", "EUR", "EUX", "won", "yes", "10:30", "1:30", "x@y"]
)
FIELDS = [
    field.name
    for field in KINDS["deals"].fields
    if field.name not in {"id", "source", "external_id"} and field.link is None
]


@settings(max_examples=200)
@given(st.sampled_from(FIELDS), CELLS)
def test_a_row_is_bad_where_the_schema_refuses_its_record(name: str, cell: str) -> None:
    columns: dict[str, Raw] = {"Cell": name} if name == "title" else {"no": "title", "Cell": name}
    raw: RawMap = {"kind": "deals", "key": "no", "columns": columns}
    plan = plan_of(f'no,Cell\n1,"{cell}"\n', raw, settings=Settings(currency="EUR"))
    text = cell.strip()
    parts: Raw = [part for item in text.split(",") if (part := item.strip())]
    given_text = parts if name == "labels" else text or None
    record, problems = read_record(KINDS["deals"], {"id": "d1", "title": "1", name: given_text}, {})
    if record is None:
        [bad] = plan.bad
        [problem] = problems
        assert bad.problem.id == problem.id
        assert bad.reason == f'column "Cell": {problem.message.removeprefix(f"{name}: ")}'
    else:
        assert plan.bad == []
        made = carried_out(plan).deals["d1"]
        assert getattr(made, name) == getattr(record, name)


# what identifies a row


def test_the_key_may_be_several_columns() -> None:
    raw: RawMap = {"kind": "orgs", "key": ["a", "b"], "columns": {"c": "name"}}
    plan = plan_of("a,b,c\nx|y,z,One\nx,y|z,Two\nx\\,y,Three\nx,\\y,Four\n", raw)
    assert [created.fields["external_id"] for created in plan.created] == [
        "x\\|y|z",
        "x|y\\|z",
        "x\\\\|y",
        "x|\\\\y",
    ]


KEYS = st.tuples(*[st.text(st.sampled_from("|\\a"), min_size=1, max_size=3)] * 2)


@given(st.lists(KEYS, min_size=2, max_size=2, unique=True))
def test_different_keys_never_become_one(keys: list[tuple[str, str]]) -> None:
    raw: RawMap = {"kind": "orgs", "key": ["a", "b"], "columns": {"c": "name"}}
    table = "a,b,c\n" + "".join(f"{one},{two},x\n" for one, two in keys)
    first, second = plan_of(table, raw).created
    assert first.fields["external_id"] != second.fields["external_id"]


def test_a_row_without_its_key_is_bad() -> None:
    raw: RawMap = {"kind": "orgs", "key": ["a", "b"], "columns": {"c": "name"}}
    plan = plan_of("a,b,c\n1, ,x\n,2,y\n", raw)
    assert [(line, name) for line, name, _ in reasons(plan)] == [(2, "empty-key"), (3, "empty-key")]
    assert '"b"' in plan.bad[0].reason


def test_a_key_that_comes_twice_names_its_first_line() -> None:
    plan = plan_of("no,called\n1,One\n2,Two\n 1 ,Three\n", ORGS)
    assert [created.id for created in plan.created] == ["one", "two"]
    assert reasons(plan) == [(4, "repeated-key", 'the key "1" is that of line 2 too')]


def test_a_key_that_several_records_have_is_ambiguous() -> None:
    same = [Org(id=name, name=name, source="shop", external_id="1") for name in ("a", "b", "c")]
    plan = plan_of("no,called\n1,One\n", ORGS, Data(orgs={org.id: org for org in same}))
    [(_, name, message)] = reasons(plan)
    assert name == "ambiguous-key"
    assert "a, b, c" in message


def test_bad_rows_come_by_line_and_are_counted() -> None:
    plan = plan_of('no,what,price,state,closed\n1\n2,a,x,,\n3,b,1,,\n,c,2,,\n"4"\n', DEALS)
    assert [(line, name) for line, name, _ in reasons(plan)] == [
        (2, "ragged-row"),
        (3, "bad-value"),
        (5, "empty-key"),
        (6, "ragged-row"),
    ]
    assert (plan.rows, len(plan.created)) == (5, 1)


# a second run


def test_a_second_run_changes_nothing() -> None:
    data = carried_out(plan_of(TABLE, DEALS))
    again = plan_of(TABLE, DEALS, data)
    assert (again.created, again.updated, again.bad, again.unchanged) == ([], [], [], 3)


def test_where_a_row_differs_the_file_wins() -> None:
    data = carried_out(plan_of(TABLE, DEALS))
    changed = TABLE.replace("1054", "1060").replace("Door,5.50", "Gate,")
    plan = plan_of(changed, DEALS, data)
    assert (plan.created, plan.unchanged) == ([], 1)
    first, second = plan.updated
    assert (first.id, first.line, first.changes) == ("d1", 2, {"value": "1060"})
    assert first.overwrites == [Overwrite("value", "1054", "1060")]
    assert (second.id, second.line) == ("d3", 4)
    assert second.changes == {"title": "Gate", "value": None}
    assert second.overwrites == [
        Overwrite("title", "Door", "Gate"),
        Overwrite("value", "5.50", None),
    ]
    assert (first.filled, second.filled) == ([], [])
    after = carried_out(plan, data)
    assert after.deals["d3"].value is None
    assert plan_of(changed, DEALS, after).unchanged == 3


def test_a_field_that_was_unset_is_filled_and_not_overwritten() -> None:
    data = carried_out(plan_of(TABLE, DEALS))
    [updated] = plan_of(TABLE.replace("Wall,,", "Hall,7,"), DEALS, data).updated
    assert updated.changes == {"title": "Hall", "value": "7"}
    assert updated.overwrites == [Overwrite("title", "Wall", "Hall")]
    assert updated.filled == ["value"]
    data = carried_out(plan_of("no,called\n1,One\n", ORGS))
    raw: RawMap = {**ORGS, "columns": {"called": "name", "above": "parent", "tags": "labels"}}
    table = 'no,called,above,tags\n1,One,,"a,b"\n2,Two,one,\n'
    [updated] = plan_of(table, raw, data).updated
    assert (updated.overwrites, updated.filled) == ([], ["labels"])
    data = carried_out(plan_of(table, raw, data), data)
    [updated] = plan_of(table.replace("Two,one", "Two,"), raw, data).updated
    assert (updated.overwrites, updated.filled) == ([Overwrite("parent", "one", None)], [])


def test_values_are_compared_and_not_their_spelling() -> None:
    old = Deal(
        id="d9",
        title="Roof",
        value=Decimal("1054.00"),
        currency="USD",
        status="won",
        won_time=dt.datetime(2026, 1, 31, 10, tzinfo=dt.UTC),
        archived=True,
        labels=("a", "b"),
        source="shop",
        external_id="1",
    )
    raw = deals(
        columns={
            "what": "title",
            "price": "value",
            "state": "status",
            "closed": "close_time",
            "gone": "archived",
            "tags": "labels",
        }
    )
    table = (
        "no,what,price,state,closed,gone,tags\n"
        '1,Roof,1054,Won,2026-01-31T11:00:00+01:00,YES,"a,b"\n'
    )
    assert plan_of(table, raw, Data(deals={"d9": old})).unchanged == 1
    table = table.replace("11:00:00+01:00", "11:00:00Z")
    [updated] = plan_of(table, raw, Data(deals={"d9": old})).updated
    assert updated.overwrites == [
        Overwrite("won_time", "2026-01-31T10:00:00Z", "2026-01-31T11:00:00Z")
    ]


def test_fields_that_are_not_mapped_are_left_alone() -> None:
    data = carried_out(plan_of(TABLE, DEALS))
    old = data.deals["d1"]
    mine = Deal(
        id="d1",
        title=old.title,
        value=old.value,
        currency="EUR",  # a default of the map, which counts at creation only
        status="won",
        won_time=old.won_time,
        owner="Anna",
        stage="signed",
        add_time=None,
        source=old.source,
        external_id=old.external_id,
    )
    again = plan_of(TABLE, DEALS, Data(deals={**data.deals, "d1": mine}))
    assert again.unchanged == 3


def test_a_default_of_a_mapped_column_is_compared() -> None:
    raw = deals(columns={**_columns(), "money": "currency"})
    table = "no,what,price,state,closed,money\n1,Roof,1,New,,\n"
    data = carried_out(plan_of(table, raw))
    assert data.deals["d1"].currency == "USD"
    assert plan_of(table, raw, data).unchanged == 1
    [updated] = plan_of(table.replace(",,\n", ",,EUR\n"), raw, data).updated
    assert updated.changes == {"currency": "EUR"}


def _columns() -> dict[str, Raw]:
    columns = DEALS["columns"]
    assert isinstance(columns, dict)
    return columns


def test_a_deal_that_is_won_meanwhile_changes_its_times() -> None:
    data = carried_out(plan_of(TABLE, DEALS))
    table = TABLE.replace("Won,2026-01-31", "Lost,2026-03-01")
    [updated] = plan_of(table, DEALS, data).updated
    assert updated.changes == {"status": "lost", "won_time": None, "lost_time": "2026-03-01"}
    [updated] = plan_of(TABLE.replace("Won,2026-01-31", ","), DEALS, data).updated
    assert updated.changes == {"status": None, "won_time": None}
    assert updated.overwrites[0] == Overwrite("status", "won", "open")


def test_the_status_of_the_book_counts_when_the_map_has_none() -> None:
    raw: RawMap = {"kind": "deals", "key": "no", "columns": {"no": "title", "end": "close_time"}}
    table = "no,end\n1,2026-01-01\n"
    data = carried_out(plan_of(table, raw))
    assert data.deals["d1"].won_time is None
    won = Deal(id="d1", title="1", status="won", source="file", external_id="1")
    [updated] = plan_of(table, raw, Data(deals={"d1": won})).updated
    assert updated.changes == {"won_time": "2026-01-01"}


def test_the_status_of_the_book_counts_before_a_default() -> None:
    lost = Deal(id="d1", title="1", status="lost", source="file", external_id="1")
    raw: RawMap = {
        "kind": "deals",
        "key": "no",
        "columns": {"no": "title", "end": "close_time"},
        "defaults": {"status": "won"},
    }
    [updated] = plan_of("no,end\n1,2026-01-01\n", raw, Data(deals={"d1": lost})).updated
    assert updated.changes == {"lost_time": "2026-01-01"}


def test_another_source_or_kind_is_another_record() -> None:
    data = carried_out(plan_of(TABLE, DEALS))
    assert len(plan_of(TABLE, deals(source="other"), data).created) == 3
    assert len(plan_of("no,called\n1,One\n", ORGS, data).created) == 1


def test_a_map_may_update_alone() -> None:
    data = carried_out(plan_of("no,called\n1,One\n", ORGS))
    raw: RawMap = {"kind": "orgs", "source": "shop", "key": "no", "columns": {"tel": "phone"}}
    plan = plan_of("no,tel\n1,+49 151\n2,+49 152\n", raw, data)
    assert [updated.changes for updated in plan.updated] == [{"phone": "+49 151"}]
    assert [(line, name) for line, name, _ in reasons(plan)] == [(3, "missing-field")]


# a value without a currency

EURO = Settings(currency="EUR")
PRICED: RawMap = {"kind": "deals", "source": "shop", "key": "no", "columns": {"price": "value"}}


def priced(defaults: dict[str, Raw] | None = None, **columns: Raw) -> RawMap:
    """A map of deals with a column `price` and others, for which there may be a default."""
    return {
        **PRICED,
        "columns": {"price": "value", **columns},
        "defaults": {"title": "x", **(defaults or {})},
    }


def test_a_new_deal_with_a_value_gets_the_currency_of_the_book() -> None:
    table = "no,price\n1,5\n2,\n3,0\n"
    plan = plan_of(table, priced(), settings=EURO)
    assert [created.fields.get("currency") for created in plan.created] == ["EUR", None, "EUR"]
    again = plan_of(table, priced(), carried_out(plan), EURO)
    assert (again.updated, again.unchanged) == ([], 3)


def test_a_currency_of_the_map_goes_before_that_of_the_book() -> None:
    [created] = plan_of("no,price\n1,5\n", priced({"currency": "USD"}), settings=EURO).created
    assert created.fields["currency"] == "USD"
    table = "no,price,money\n1,5,JPY\n2,5,\n3,,\n"
    plan = plan_of(table, priced(money="currency"), settings=EURO)
    assert [created.fields.get("currency") for created in plan.created] == ["JPY", "EUR", None]
    data = carried_out(plan)
    assert plan_of(table, priced(money="currency"), data, EURO).unchanged == 3
    [updated] = plan_of(table.replace("JPY", ""), priced(money="currency"), data, EURO).updated
    assert updated.overwrites == [Overwrite("currency", "JPY", "EUR")]


def test_a_value_without_any_currency_is_a_bad_row() -> None:
    for raw in (priced(), priced(money="currency")):
        plan = plan_of("no,price,money\n1,5,\n2,,\n3,x,\n", raw)
        assert reasons(plan) == [
            (2, "no-currency", "the value has no currency, and the book has none either"),
            (4, "bad-value", 'column "price": "x" is not an amount'),
        ]
        assert "defaults: {currency: EUR}" in (plan.bad[0].problem.hint or "")
        assert len(plan.created) == 1


def test_a_bad_currency_is_told_once() -> None:
    plan = plan_of("no,price,money\n1,5,EUX\n", priced(money="currency"))
    assert [(line, name) for line, name, _ in reasons(plan)] == [(2, "unknown-currency")]
    assert "no currency" not in plan.bad[0].reason


def bare(value: str | None, currency: str | None = None) -> Data:
    """A deal of row 1, as it may be in a book."""
    amount = None if value is None else Decimal(value)
    deal = Deal(id="d1", title="x", value=amount, currency=currency, source="shop", external_id="1")
    return Data(deals={"d1": deal})


def test_a_deal_that_gets_a_value_gets_a_currency_too() -> None:
    table = "no,price\n1,5\n"
    [updated] = plan_of(table, priced(), bare(None), EURO).updated
    assert updated.changes == {"value": "5", "currency": "EUR"}
    assert (updated.overwrites, updated.filled) == ([], ["value", "currency"])
    after = carried_out(plan_of(table, priced(), bare(None), EURO), bare(None))
    assert plan_of(table, priced(), after, EURO).unchanged == 1
    [updated] = plan_of(table, priced({"currency": "USD"}), bare(None), EURO).updated
    assert updated.changes["currency"] == "USD"
    [updated] = plan_of(table, priced(), bare(None, "CHF"), EURO).updated
    assert updated.changes == {"value": "5"}
    assert [name for _, name, _ in reasons(plan_of(table, priced(), bare(None)))] == ["no-currency"]


def test_a_deal_that_gets_no_other_value_gets_no_currency() -> None:
    assert plan_of("no,price\n1,5.00\n", priced(), bare("5"), EURO).unchanged == 1
    assert plan_of("no,price\n1,5.00\n", priced(), bare("5")).unchanged == 1
    [updated] = plan_of("no,price\n1,\n", priced(), bare("5"), EURO).updated
    assert updated.changes == {"value": None}


def test_an_empty_cell_of_the_currency_counts_with_the_value_of_the_book() -> None:
    raw: RawMap = {**PRICED, "columns": {"money": "currency"}}
    [updated] = plan_of("no,money\n1,\n", raw, bare("5", "USD"), EURO).updated
    assert updated.changes == {"currency": "EUR"}
    [updated] = plan_of("no,money\n1,\n", raw, bare(None, "USD"), EURO).updated
    assert updated.changes == {"currency": None}
    new = plan_of("no,money\n1,\n", raw | {"defaults": {"title": "x"}}, settings=EURO)
    assert "currency" not in new.created[0].fields


def test_only_deals_have_a_currency() -> None:
    fields = {"value": Field("value", FieldType.TEXT)}
    raw: RawMap = {"kind": "orgs", "key": "no", "columns": {"no": "name", "worth": "value"}}
    plan = plan_of("no,worth\n1,5\n", raw, settings=Settings(fields={"orgs": fields}))
    assert plan.bad == []
    assert plan.created[0].fields["value"] == "5"


# columns that are not mapped


def test_unmapped_columns_are_counted_and_left_out() -> None:
    plan = plan_of("no,called,a,b,\n1,One,x,,1\n2,Two,y,z,\n3,Three, ,,\n", ORGS)
    assert plan.unmapped == {"a": 2, "b": 1, "column 5": 1}
    assert plan.declared == {}
    assert not plan.created[0].fields.keys() & {"a", "b"}


def test_unmapped_columns_can_be_kept_as_custom_fields() -> None:
    book = Settings(fields={"orgs": {"seats": Field("seats", FieldType.INTEGER)}})
    table = "no,called,Annual Revenue,Name,Nothing,Seats,été,teamSize,id\n1,One,5 M,Uno,,7,x,9,i\n"
    plan = plan_of(table, ORGS, settings=book, keep_unmapped=True)
    assert plan.unmapped == {}
    assert plan.declared == {
        "annual_revenue": "text",
        "name_2": "text",
        "été": "text",
        "team_size": "text",
        "id_2": "text",
    }
    [created] = plan.created
    kept = ("annual_revenue", "name_2", "seats", "été", "team_size", "id_2")
    assert {name: created.fields[name] for name in kept} == {
        "annual_revenue": "5 M",
        "name_2": "Uno",
        "seats": "7",
        "été": "x",
        "team_size": "9",
        "id_2": "i",
    }
    fields = {name: Field(name, FieldType.TEXT) for name in plan.declared}
    custom = {**fields, "seats": Field("seats", FieldType.INTEGER)}
    data = carried_out(plan, custom=custom)
    again = plan_of(table, ORGS, data, Settings(fields={"orgs": custom}), keep_unmapped=True)
    assert (again.declared, again.created, again.updated, again.unchanged) == ({}, [], [], 1)
    [updated] = plan_of(
        table.replace("5 M", "6 M"),
        ORGS,
        data,
        Settings(fields={"orgs": custom}),
        keep_unmapped=True,
    ).updated
    assert updated.overwrites == [Overwrite("annual_revenue", "5 M", "6 M")]


def test_a_kept_column_is_held_to_the_type_it_was_declared_with() -> None:
    book = Settings(fields={"orgs": {"seats": Field("seats", FieldType.INTEGER)}})
    plan = plan_of("no,called,Seats\n1,One,many\n", ORGS, settings=book, keep_unmapped=True)
    assert [(line, name) for line, name, _ in reasons(plan)] == [(2, "bad-value")]


def test_columns_whose_names_become_the_same_are_kept_apart() -> None:
    table = 'no,called,a b,a-b,A B,"(!)",client=name\n1,One,x,y,z,!,c\n'
    plan = plan_of(table, ORGS, keep_unmapped=True)
    assert list(plan.declared) == ["a_b", "a_b_2", "a_b_3", "column", "client_name"]


def test_a_kept_column_never_takes_a_mapped_field() -> None:
    book = Settings(fields={"orgs": {"tier": Field("tier", FieldType.TEXT)}})
    raw: RawMap = {**ORGS, "columns": {"called": "name", "level": "tier"}}
    plan = plan_of("no,called,level,Tier\n1,One,A,B\n", raw, settings=book, keep_unmapped=True)
    assert plan.declared == {"tier_2": "text"}
    assert (plan.created[0].fields["tier"], plan.created[0].fields["tier_2"]) == ("A", "B")


# won on no day


def test_won_deals_without_a_day_are_counted_in_one_warning() -> None:
    table = "no,what,price,state,closed\n1,a,,New,\n2,b,,Won,\n3,c,,Lost,\n4,d,,Won,2026-01-31\n"
    plan = plan_of(table, DEALS)
    [warning] = plan.warnings
    assert (warning.id, warning.level, warning.field) == ("won-without-time", "warning", "won_time")
    assert warning.message == "1 won deal has no day, in line 3"
    assert (len(plan.created), plan.bad) == (4, [])
    data = carried_out(plan)
    assert plan_of(table, DEALS, data).warnings == []
    changed = table.replace("New", "Won").replace("2026-01-31", "") + "5,e,,Won,\n"
    [warning] = plan_of(changed, DEALS, data).warnings
    assert warning.message == "3 won deals have no day, the first in line 2"


def test_a_day_that_the_book_has_is_a_day() -> None:
    raw: RawMap = {**PRICED, "columns": {"state": "status"}}
    old = Deal(id="d1", title="x", won_time=dt.date(2026, 1, 2), source="shop", external_id="1")
    plan = plan_of("no,state\n1,won\n", raw, Data(deals={"d1": old}))
    assert (len(plan.updated), plan.warnings) == (1, [])
    [warning] = plan_of("no,state\n1,won\n", raw, bare(None)).warnings
    assert warning.id == "won-without-time"
    won = Deal(id="d1", title="x", status="won", source="shop", external_id="1")
    raw["columns"] = {"who": "owner"}
    [warning] = plan_of("no,who\n1,Eva\n", raw, Data(deals={"d1": won})).warnings
    assert warning.id == "won-without-time"


# the law


NAMES = ["Acme", "acme", "Bolt", "Çelik", "東京"]
PRICES = ["", "1", "1.00", "-5", "1,054", "0012"]
STATES = ["", "Won", "Lost", "New", "won", "Wonn"]
DAYS = ["", "2026-01-31", "2026-02-30", "31/01/2026"]


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "1", "2", "3", "4"]),
            st.sampled_from(["", *NAMES]),
            st.sampled_from(PRICES),
            st.sampled_from(STATES),
            st.sampled_from(DAYS),
            st.sampled_from(["", *NAMES]),
            st.sampled_from(["", "x, y", "y", ","]),
        ),
        max_size=7,
    ),
    st.sampled_from(["keep", "leave out"]),
)
def test_a_second_run_never_changes_anything(rows: list[tuple[str, ...]], rest: str) -> None:
    header = ("no", "what", "price", "state", "closed", "for", "tags")
    lines = (",".join(f'"{cell}"' for cell in row) for row in (header, *rows, ()))
    table = "\n".join(lines)
    raw = deals(
        columns={**_columns(), "for": "org", "tags": "labels"},
        links={"org": {"match": "name", "create": "true"}},
    )
    keep = rest == "keep"
    first = plan_of(table, raw, keep_unmapped=keep)
    made = sum(1 for created in first.created if not created.linked)
    assert made + len(first.bad) == first.rows
    assert len({created.id for created in first.created}) == len(first.created)
    data = carried_out(first)
    book = Settings(
        fields={"deals": {name: Field(name, FieldType.TEXT) for name in first.declared}}
    )
    again = plan_of(table, raw, data, book, keep_unmapped=keep)
    assert (again.created, again.updated, again.declared) == ([], [], {})
    assert again.unchanged == made
    assert reasons(again) == reasons(first)


# rule 2


def test_a_new_record_gets_the_organization_of_its_deal_or_person() -> None:
    data = Data(
        orgs={"acme": Org(id="acme", name="Acme"), "bolt": Org(id="bolt", name="Bolt")},
        people={"eva": Person(id="eva", name="Eva", org="bolt")},
        deals={
            "d1": Deal(id="d1", title="a", org="acme"),
            "d2": Deal(id="d2", title="b", person="eva"),
            "d3": Deal(id="d3", title="c"),
        },
    )
    raw: RawMap = {
        "kind": "activities",
        "key": "no",
        "columns": {"no": "subject", "deal": "deal", "who": "person"},
    }
    table = "no,deal,who\n1,d1,eva\n2,d2,\n3,,eva\n4,d3,eva\n5,d3,\n6,,\n"
    plan = plan_of(table, raw, data)
    assert [created.fields.get("org") for created in plan.created] == [
        "acme",
        "bolt",
        "bolt",
        "bolt",
        None,
        None,
    ]
    after = carried_out(plan, data)
    moved = Data(
        orgs=after.orgs,
        people={"eva": Person(id="eva", name="Eva", org="acme")},
        deals=after.deals,
        activities=after.activities,
    )
    assert plan_of(table, raw, moved).unchanged == 6


@pytest.mark.parametrize("kind", ["deals", "activities", "notes", "files"])
def test_every_kind_that_belongs_gets_the_organization_of_its_person(kind: str) -> None:
    data = Data(
        orgs={"acme": Org(id="acme", name="Acme")},
        people={"eva": Person(id="eva", name="Eva", org="acme")},
    )
    label = next(known.label for name, known in KINDS.items() if name == kind)
    raw: RawMap = {"kind": kind, "key": "no", "columns": {"no": label, "who": "person"}}
    [created] = plan_of("no,who\n1,eva\n", raw, data).created
    assert created.fields["org"] == "acme"


def test_a_map_of_the_organization_is_taken_at_its_word() -> None:
    data = Data(
        orgs={"acme": Org(id="acme", name="Acme")},
        people={"eva": Person(id="eva", name="Eva", org="acme")},
    )
    raw: RawMap = {
        "kind": "deals",
        "key": "no",
        "columns": {"no": "title", "org": "org", "who": "person"},
    }
    [created] = plan_of("no,org,who\n1,,eva\n", raw, data).created
    assert "org" not in created.fields
    del raw["columns"]
    raw["columns"] = {"no": "title", "who": "person"}
    [created] = plan_of("no,org,who\n1,,eva\n", raw, data).created
    assert created.fields["org"] == "acme"
    people: RawMap = {"kind": "people", "key": "no", "columns": {"no": "name"}}
    [created] = plan_of("no\n1\n", people, data).created
    assert "org" not in created.fields


def test_a_record_that_is_there_is_not_given_an_organization() -> None:
    data = Data(
        orgs={"acme": Org(id="acme", name="Acme")},
        people={"eva": Person(id="eva", name="Eva", org="acme")},
        activities={
            "a1": Activity(id="a1", subject="x", source="file", external_id="1", person="eva")
        },
    )
    raw: RawMap = {
        "kind": "activities",
        "key": "no",
        "columns": {"what": "subject", "who": "person"},
    }
    [updated] = plan_of("no,what,who\n1,y,eva\n", raw, data).updated
    assert updated.changes == {"subject": "y"}
