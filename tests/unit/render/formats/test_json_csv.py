from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from helpers.samples import DEAL, NOTE, ORG, PAGE, bare_row, row, texts
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from acctcli.core.model.kinds import KINDS, Field, FieldType, KindName
from acctcli.core.model.records import Activity, File, Person, Record
from acctcli.core.model.schema import as_dict
from acctcli.core.reports.agenda import AgendaEntry
from acctcli.render.formats.json_csv import FORMATS, encode, encode_one
from acctcli.render.list_columns import MACHINE_COLUMNS

# Keys may be added, never renamed or removed (rule 12); this list is the promise.
_VALUES = """
    id name owner labels parent tier won_value won_count open_value open_count lost_count first_won
    last_won mrr arr acv renewal_date next_activity last_contact bucket planned_count overdue_count
    is_account
"""
_ENDING = "add_time source external_id custom_fields"
KEYS: dict[KindName, str] = {
    "orgs": f"id name parent owner labels tier address website phone industry {_ENDING}",
    "people": f"id name org owner labels emails phones job_title {_ENDING}",
    "deals": f"""
        id title org person owner labels value currency status stage pipeline probability won_time
        lost_time lost_reason expected_close_date mrr arr acv renewal_date term archived {_ENDING}
    """,
    "activities": f"""
        id subject type org deal person owner due_date due_time duration done done_time note
        location repeat from until playbook run step wait {_ENDING}
    """,
    "notes": f"id content org deal person owner pinned {_ENDING}",
    "files": f"id name path url size sha256 org deal person owner {_ENDING}",
}
RECORDS: dict[KindName, Record] = {
    "orgs": ORG,
    "people": Person(id="p", name="P", emails=("a@b.example", "c@d.example")),
    "deals": DEAL,
    "activities": Activity(id="a", subject="A", due_time=dt.time(9, 5), done=True),
    "notes": NOTE,
    "files": File(id="f", name="F", size=5),
}
CUSTOM = {
    "segment": Field("segment", FieldType.TEXT),
    "budget": Field("budget", FieldType.AMOUNT),
    "unset": Field("unset", FieldType.TEXT),
}


def text_of(rows: list[object], form: str, columns: tuple[str, ...] = ()) -> str:
    return b"".join(encode(rows, form, columns)).decode()


def one_of(value: object, form: str = "json", columns: tuple[str, ...] = ()) -> str:
    return b"".join(encode_one(value, form, columns)).decode()


def test_the_keys_of_an_account() -> None:
    keys = json.loads(one_of(row()))
    assert list(keys) == _VALUES.split()
    assert list(keys["next_activity"]) == ["id", "type", "subject", "due_date", "due_time", "owner"]
    assert list(keys["last_contact"]) == ["id", "type", "subject", "date", "person", "owner"]


@pytest.mark.parametrize("kind", KEYS)
def test_the_keys_of_records(kind: KindName) -> None:
    values = as_dict(RECORDS[kind], KINDS[kind], {})
    assert list(json.loads(one_of(values))) == KEYS[kind].split()


def test_the_keys_of_the_agenda() -> None:
    entry = AgendaEntry(id="a", subject="A", org_name=None, bucket="none")
    values = {name: getattr(entry, name, None) for name in MACHINE_COLUMNS["agenda"]}
    assert list(json.loads(one_of(values))) == [
        "id",
        "subject",
        "type",
        "org",
        "deal",
        "person",
        "owner",
        "due_date",
        "due_time",
        "duration",
        "done",
        "done_time",
        "note",
        "location",
        "repeat",
        "from",
        "until",
        "playbook",
        "run",
        "step",
        "wait",
        "add_time",
        "source",
        "external_id",
        "org_name",
        "bucket",
    ]


def test_json_of_a_list() -> None:
    assert text_of([{"id": "a", "n": 1}, {"id": "b", "n": None}], "json") == (
        '[\n  {\n    "id": "a",\n    "n": 1\n  },\n  {\n    "id": "b",\n    "n": null\n  }\n]\n'
    )


def test_json_of_many_rows_is_one_document() -> None:
    rows: list[object] = [{"id": str(number), "list": [1]} for number in range(2500)]
    text = text_of(rows, "json")
    assert json.loads(text) == rows
    assert text == json.dumps(rows, indent=2) + "\n"


def test_an_empty_list() -> None:
    assert {form: text_of([], form, ("id", "name")) for form in FORMATS} == {
        "json": "[]\n",
        "ndjson": "",
        "yaml": "[]\n",
        "csv": "id,name\n",
        "tsv": "id\tname\n",
        "ids": "",
    }


def test_values_in_json() -> None:
    values = {
        "money": {"EUR": Decimal("12500.00"), "JPY": Decimal(5), "TND": Decimal("1.5")},
        "number": Decimal("0.1234567"),
        "text": "Müller\x1b\u202e\n",
        "yes": True,
        "none": None,
        "day": dt.date(2026, 3, 2),
        "stamp": dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC),
        "offset": dt.datetime(2026, 3, 2, 9, 0, 1, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
        "time": dt.time(9, 30),
        "list": ("a", "b"),
    }
    assert text_of([values], "ndjson") == (
        '{"money":{"EUR":12500.00,"JPY":5,"TND":1.500},"number":0.1234567,'
        '"text":"Müller\\u001b\u202e\\n","yes":true,"none":null,"day":"2026-03-02",'
        '"stamp":"2026-03-02T09:00:00Z","offset":"2026-03-02T09:00:01-05:00","time":"09:30",'
        '"list":["a","b"]}\n'
    )


def test_money_has_the_digits_of_its_currency_wherever_it_stands() -> None:
    assert '"value": 12500.00,' in one_of(as_dict(DEAL, KINDS["deals"], {}))
    assert '"value":12500.00,' in text_of([DEAL], "ndjson")
    org = as_dict(ORG, KINDS["orgs"], CUSTOM)
    assert '"budget":{"EUR":12.50}' in text_of([org], "ndjson")
    assert json.loads(one_of(org))["custom_fields"]["unset"] is None


def test_a_number_that_is_no_money_is_as_it_was() -> None:
    values = {"value": Decimal("1.0"), "currency": None, "seats": {"big": Decimal("3.0")}}
    assert text_of([values], "ndjson") == '{"value":1.0,"currency":null,"seats":{"big":3.0}}\n'


def test_structs_nest() -> None:
    planned = json.loads(one_of(PAGE))["planned"]
    assert planned[0]["due_time"] == "09:30"
    assert planned[3]["due_date"] is None


def test_csv_of_accounts() -> None:
    lines = text_of([row(), bare_row()], "csv", MACHINE_COLUMNS["accounts"]).split("\n")
    full = (
        "muller-sohne,Müller & Söhne GmbH,marta,gold; industry,nordwind,A,"
        "EUR 12500.00; USD 4000.00,2,EUR 830.50,1,1,2025-01-05,2026-03-02,"
        "EUR 99.00,,EUR 1188.00,2027-03-02,"
        "a2b3c4d5e,call,Ask about the renewal,2026-03-05,09:30,marta,"
        "a9k8m7n6p,lunch,Budget for next year,2026-03-01,anna-rossi,marta,overdue,2,1"
    )
    bare = "sakura,株式会社さくら商事,,,,,,1,,0,0" + "," * 19 + "none,0,0"
    assert lines[1:] == [full, bare, ""]


def test_cells_of_csv_are_quoted_where_they_must_be() -> None:
    rows: list[object] = [{"a": 'say "x"', "b": "one, two"}, {"a": "1\n2", "b": "1\r2"}, {"b": ""}]
    assert text_of(rows, "csv", ("a", "b")) == ('a,b\n"say ""x""","one, two"\n"1\n2","1\r2"\n,\n')


def test_cells_of_every_type() -> None:
    values = {
        "yes": True,
        "no": False,
        "number": Decimal("1E+2"),
        "whole": 5,
        "stamp": dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC),
        "custom_fields": {"budget": {"EUR": Decimal("12.5")}, "tags": ("a", "b"), "unset": None},
    }
    columns = (
        "yes", "no", "number", "whole", "stamp", "custom_fields.budget", "custom_fields.tags",
        "custom_fields.unset", "custom_fields.gone", "yes.no",
    )  # fmt: skip
    assert text_of([values], "csv", columns).split("\n")[1] == (
        "true,false,100,5,2026-03-02T09:00:00Z,EUR 12.50,a; b,,,"
    )


def test_tsv_has_one_line_a_row() -> None:
    rows: list[object] = [{"a": 'tab\tline\nback\\slash"', "b": "c\rd"}]
    assert text_of(rows, "tsv", ("a", "b")) == 'a\tb\ntab\\tline\\nback\\\\slash"\tc\\rd\n'


def test_ids() -> None:
    assert text_of([row(), {"id": "b"}], "ids") == "muller-sohne\nb\n"


def test_one_row() -> None:
    assert one_of({"id": "a"}) == '{\n  "id": "a"\n}\n'
    assert one_of({"id": "a"}, "ndjson") == '{"id":"a"}\n'
    assert one_of({"id": "a"}, "csv", ("id",)) == "id\na\n"
    assert one_of({"id": "a"}, "tsv", ("id",)) == "id\na\n"
    assert one_of({"id": "a"}, "ids") == "a\n"


def test_a_format_that_is_none() -> None:
    with pytest.raises(ValueError, match='there is no format "xml"'):
        encode([], "xml")


def test_other_structs_have_their_keys_in_order() -> None:
    class Pair(Struct):
        z: int
        a: dt.time

    assert one_of([Pair(1, dt.time(1, 2, 3))], "ndjson") == '[{"z":1,"a":"01:02:03"}]\n'


cells = st.dictionaries(st.sampled_from("abc"), texts, max_size=3)


@given(st.lists(cells, max_size=5))
def test_what_is_written_as_csv_reads_back(rows: list[dict[str, str]]) -> None:
    text = text_of(list(rows), "csv", ("a", "b", "c"))
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [list("abc"), *([each.get(key, "") for key in "abc"] for each in rows)]


@given(st.lists(cells, max_size=5))
def test_what_is_written_as_tsv_reads_back(rows: list[dict[str, str]]) -> None:
    lines = text_of(list(rows), "tsv", ("a", "b", "c")).split("\n")
    assert lines[-1] == ""
    marks = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}
    read = []
    for line in lines[1:-1]:
        row_read = []
        for written in line.split("\t"):
            parts = iter(written)
            row_read.append(
                "".join(marks["\\" + next(parts)] if each == "\\" else each for each in parts)
            )
        read.append(row_read)
    assert read == [[each.get(key, "") for key in "abc"] for each in rows]
