"""The JSON Schemas take what acctcli takes, as other readers of YAML see it, and no more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from helpers.files import PROJECT
from helpers.strategies import SETTINGS, books
from helpers.yaml_readers import READERS, read
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from acctcli.core.json_schema import descriptions
from acctcli.core.json_schema.catalog import NAMES, SCHEMA_INFO, schema, schema_text
from acctcli.core.json_schema.settings import settings_schema
from acctcli.core.json_schema.types import PATTERNS, of_type
from acctcli.core.model import dates, durations, money, values
from acctcli.core.model.errors import AcctcliError
from acctcli.core.model.kinds import KIND_NAMES, KINDS, Field, FieldType, KindName
from acctcli.core.model.money import DIGITS
from acctcli.core.model.records import Record, Settings
from acctcli.core.model.schema import read_record, to_raw
from acctcli.core.model.settings import EVENTS, INPUTS
from acctcli.core.model.values import read_value
from acctcli.core.settings import health, playbooks
from acctcli.core.settings import reader as settings_read
from acctcli.core.settings.reader import read_settings
from acctcli.store.config import holidays, rates_reader
from acctcli.store.config.settings_reader import read_book_settings
from acctcli.store.datafiles.text_editor import FileText
from acctcli.store.datafiles.typed_records import typed_record
from acctcli.store.datafiles.yaml.nodes import raw
from acctcli.store.datafiles.yaml.reader import (
    parse_document,
    parse_record,
    read_mapping,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acctcli.core.model.records import Data


def takes(named: str, text: str, settings: Settings | None = None) -> list[bool]:
    """Whether the schema takes a text as each reader reads it."""
    validator = Draft202012Validator(schema(named, settings))
    return [validator.is_valid(read(text, reader)) for reader in READERS]


def types_of(field: Field, text: str) -> Iterator[object]:
    """What a value of a text may be to a reader: a text in quotes, or what a plain one is."""
    yield text
    for reader in READERS:
        try:
            made = yaml.load(f"- {text}\n", reader)  # noqa: S506 - both are safe loaders
        except (yaml.YAMLError, ValueError):
            continue
        plain = yaml.compose(f"- {text}\n", reader)
        assert isinstance(plain, yaml.SequenceNode)
        node = plain.value[0] if len(plain.value) == 1 else None
        if isinstance(node, yaml.ScalarNode) and node.value == text and not node.style:
            yield made[0]


def accepts(field: Field, text: str) -> bool:
    try:
        read_value(field, text)
    except AcctcliError:
        return False
    return True


# the schemas themselves


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_schema_of_the_draft_it_names(name: str) -> None:
    for settings in (None, SETTINGS, Settings()):
        made = schema(name, settings)
        Draft202012Validator.check_schema(made)
        assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema_text(name, None).startswith('{\n  "$schema"')
    assert schema_text(name, None).endswith("\n}\n")


def patterns(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "pattern" and isinstance(value, str):
                yield value
            yield from patterns(value)
    elif isinstance(part, list):
        for each in part:
            yield from patterns(each)


def test_patterns_are_such_as_editors_read_too() -> None:
    # Neither of Python's own forms, nor an escape that JavaScript refuses.
    for name in NAMES:
        for pattern in patterns(schema(name, SETTINGS)):
            assert not re.search(r"\(\?[P<#a-zA-Z]|\\[AZbBzdDwW]|\\-", pattern), pattern


def test_there_is_one_for_each_file_that_is_ours() -> None:
    assert set(SCHEMA_INFO) == set(NAMES) == {*KIND_NAMES, "settings", "rates", "holidays"}


def test_every_field_is_told_in_a_sentence() -> None:
    used: set[tuple[str, str]] = set()
    for kind in KINDS.values():
        for field in kind.fields:
            assert re.fullmatch(r"[A-Z].*\.", descriptions.field_description(kind.name, field.name))
            own = field.name in descriptions._OF[kind.name]
            used.add((kind.name if own else "", field.name))
    told = {("", name) for name in descriptions._ANY}
    told |= {(kind, name) for kind, fields in descriptions._OF.items() for name in fields}
    assert told == used
    made: Any = schema("orgs", SETTINGS)
    assert made["items"]["properties"]["budget"]["description"] == (
        "An own field of this book: amount. Write the currency, a space and the amount, such as"
        " EUR 12500.00."
    )
    assert list(made["items"]["properties"])[-2:] == ["partner", "budget"]


# values

ONE = Field("x", FieldType.ONE_OF, choices=("A", "no", "1", "2026-01-01"))
SOME = Field("x", FieldType.SOME_OF, choices=("red", "dark blue"))
TYPED = [*(Field("x", kind) for kind in FieldType if kind not in {ONE.type, SOME.type}), ONE, SOME]
# What acctcli goes by itself: none of these may have a text that the schema lacks.
_FORMS: dict[FieldType, re.Pattern[str]] = {
    FieldType.ID: values._ID,
    FieldType.LINK: values._ID,
    FieldType.MONEY: money._AMOUNT,
    FieldType.DATE: dates._ISO,
    FieldType.TIME: dates._TIME,
    FieldType.STAMP: dates._STAMP,
    FieldType.DURATION: values._DURATION,
    FieldType.SPAN: durations._SPAN,
    FieldType.DELAY: durations._DELAY,
    FieldType.REPEAT: durations._EVERY,
    FieldType.INTEGER: values._WHOLE,
    FieldType.NUMBER: values._NUMBER,
}
_CORNERS = [
    *(
        "99:59",
        "1:00",
        "0:45",
        "10:00",
        "10:30",
        "23:59",
        "10:00:00",
        "23:59:59",
        "9" * 18,
        "0" * 18,
    ),
    *(f"{sign}{'9' * 15}.{'9' * places}" for sign in ("", "-") for places in (6, 15)),
]
_DIGITS = st.text("0123456789.:-+_ eExX", max_size=9)


def texts_like(field: Field) -> st.SearchStrategy[str]:
    like: list[st.SearchStrategy[str]] = [st.text(max_size=8), _DIGITS]
    if field.type in PATTERNS:
        form = st.from_regex(PATTERNS[field.type], fullmatch=True)
        like += [form, form.flatmap(_spoiled)]
    if field.type in _FORMS:
        like.append(st.from_regex(_FORMS[field.type], fullmatch=True))
    like.append(st.sampled_from([*field.choices, "yes", "No", "TRUE", "off", "null", "~", ""]))
    like.append(st.sampled_from(["EUR", "EUR 1.50", "eur", "01234", "1e3", ".5"]))
    return st.one_of(like)


@st.composite
def _spoiled(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    put = draw(st.sampled_from([*"0139-.:d ", ""]))
    return f"{text[:at]}{put}{text[at + 1 :]}"


def hold_equal(field: Field, text: str) -> None:
    validator = Draft202012Validator(of_type(field))
    if accepts(field, text):
        for value in types_of(field, text):
            assert validator.is_valid(value), value
    elif not re.search("-02-29", text) and not text.endswith("\n"):
        assert not validator.is_valid(text), text


@pytest.mark.parametrize("field", TYPED, ids=lambda field: field.type.name)
@given(data=st.data())
def test_a_value_that_acctcli_reads_is_taken_and_a_text_it_refuses_is_not(
    field: Field, data: st.DataObject
) -> None:
    hold_equal(field, data.draw(texts_like(field)))


@pytest.mark.parametrize("field", TYPED, ids=lambda field: field.type.name)
def test_so_it_is_in_the_corners(field: Field) -> None:
    for text in _CORNERS:
        hold_equal(field, text)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldType.MONEY, True),
        (FieldType.MONEY, 10**16),
        (FieldType.MONEY, "1_000"),
        (FieldType.MONEY, "NaN"),
        (FieldType.NUMBER, [1]),
        (FieldType.INTEGER, -1),
        (FieldType.INTEGER, 1.5),
        (FieldType.DATE, 20260302),
        (FieldType.DATE, "2026-02-30"),
        (FieldType.STAMP, "2026-03-02T09:00:00"),
        (FieldType.TIME, "24:00"),
        (FieldType.TIME, 12),
        (FieldType.YES_NO, "maybe"),
        (FieldType.YES_NO, 1),
        (FieldType.ID, -5),
        (FieldType.ID, "a b"),
        (FieldType.CURRENCY, "EURO"),
        (FieldType.TEXT, ["a"]),
        (FieldType.TEXT, {"a": "b"}),
        (FieldType.TEXTS, [["a"]]),
        (FieldType.TEXTS, {"a": "b"}),
        (FieldType.AMOUNT, "12.50"),
        (FieldType.AMOUNT, "XYZ 12.50"),
    ],
)
def test_what_is_no_value_is_refused(kind: FieldType, value: object) -> None:
    assert not Draft202012Validator(of_type(Field("x", kind))).is_valid(value)


# records


def file_text(kind: KindName, records: dict[str, Record]) -> str:
    custom = SETTINGS.custom_fields(kind)
    file = FileText(f"{kind}.yaml", b"", KINDS[kind], custom)
    for record in records.values():
        fields = {
            field.name: to_raw(field, value)
            for field in KINDS[kind].fields
            if (value := getattr(record, field.attribute)) is not None
        }
        own = {name: to_raw(custom[name], value) for name, value in record.custom.items()}
        file.append(fields | own)
    return file.finish().decode()


@given(books())
def test_records_that_acctcli_writes_are_taken(data: Data) -> None:
    for kind in KIND_NAMES:
        text = file_text(kind, dict(data.of(kind)))
        assert all(takes(kind, text, SETTINGS)), text


def test_the_sample_is_taken() -> None:
    book = PROJECT / "sample-data"
    settings, _, _ = read_book_settings((book / "acctcli.yaml").read_bytes())
    seen = 0
    for path in sorted(book.rglob("*.yaml")):
        name = path.relative_to(book).parts[0].removesuffix(".yaml")
        text = path.read_text("utf-8")
        assert all(takes("settings" if name == "acctcli" else name, text, settings)), path
        seen += 1
    assert seen > 7


HEAD = "- id: d1\n  title: ERP rollout\n"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("deals", ""),
        ("deals", "[]"),
        ("deals", f"{HEAD}  value: 12500.00\n  won_time: 2026-03-02\n"),
        ("deals", f"{HEAD}  value: '12500.00'\n  status: won\n  archived: yes\n"),
        ("deals", f"{HEAD}  value:\n  probability: 62.5\n  labels: vip\n  term: 12m\n"),
        ("deals", f"{HEAD}  won_time: 2026-03-02T09:30:00+01:00\n  labels: [2026, no, ~]\n"),
        ("orgs", "- id: 01234\n  name: no\n  zip: 01234\n  country: no\n  more: {a: [b]}\n"),
        ("orgs", "- {id: acme, name: 2026-03-02, phone: +4915112345}\n"),
        ("activities", "- id: a1\n  subject: Call\n  due_time: 10:30\n  duration: 1:30\n"),
        ("activities", "- id: a1\n  subject: Call\n  due_time: 09:30\n  repeat: every 3 months\n"),
        ("files", "- id: f1\n  name: a.pdf\n  size: 48213\n"),
    ],
)
def test_records_that_are_taken_by_both(kind: KindName, text: str) -> None:
    assert takes(kind, text) == [True, True]
    if text.startswith("- "):
        assert read_record(KINDS[kind], parse_record(text, "a.yaml"), {})[0] is not None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("deals", "- id: d1\n"),
        ("deals", "- id: d1\n  title: ''\n"),
        ("deals", "- id: d1\n  title:\n"),
        ("deals", "- title: ERP\n"),
        ("deals", f"{HEAD}  status: wno\n"),
        ("deals", f"{HEAD}  value: 12,500\n"),
        ("deals", f"{HEAD}  value: [1]\n"),
        ("deals", f"{HEAD}  currency: euro\n"),
        ("deals", f"{HEAD}  won_time: 2026-13-45\n"),
        ("deals", f"{HEAD}  expected_close_date: 2026-03-02T09:30:00+01:00\n"),
        ("deals", f"{HEAD}  archived: maybe\n"),
        ("deals", f"{HEAD}  term: 12\n"),
        ("deals", f"{HEAD}  org: [acme]\n"),
        ("orgs", "- id: a b\n  name: Acme\n"),
        ("orgs", "- id: -acme\n  name: Acme\n"),
        ("orgs", "- id: acme\n  name: {first: Acme}\n"),
        ("people", "- id: p\n  name: Eva\n  emails: {work: eva@example.com}\n"),
        ("activities", "- id: a1\n  subject: Call\n  duration: 1h\n"),
        ("activities", "- id: a1\n  subject: Call\n  repeat: monthly\n"),
        ("activities", "- id: a1\n  subject: Call\n  step: first\n"),
    ],
)
def test_records_that_are_refused_by_both(kind: KindName, text: str) -> None:
    assert takes(kind, text) == [False, False]
    assert read_record(KINDS[kind], parse_record(text, "a.yaml"), {})[0] is None


@pytest.mark.parametrize("text", ["acme", "id: acme\nname: Acme\n", "- acme\n", "- [acme]\n"])
def test_what_is_no_list_of_records_is_refused(text: str) -> None:
    assert takes("orgs", text) == [False, False]


def test_an_amount_needs_a_currency_where_the_book_has_none() -> None:
    bare, with_one = f"{HEAD}  value: 5\n", f"{HEAD}  mrr: 5\n  currency: EUR\n"
    for text, settings, taken in (
        (bare, None, True),
        (bare, Settings(currency="EUR"), True),
        (bare, Settings(), False),
        (with_one, Settings(), True),
        (f"{HEAD}  value:\n", Settings(), True),
        (f"{HEAD}  arr: 5\n  currency:\n", Settings(), False),
    ):
        assert takes("deals", text, settings) == [taken, taken]
        record, _, _ = typed_record("deals", parse_record(text, "a.yaml"), settings or SETTINGS)
        assert (record is not None) == taken


OWN = """
fields:
  orgs:
    vat_number: text
    places: list of text
    since: date
    opens: time
    seen: timestamp
    visit: duration
    notice: span
    active: yes-no
    staff: whole number
    share: number
    budget: money
    segment: {one_of: [A, B, 1]}
    colours: {some_of: [red, blue]}
    partner: {link: orgs}
"""
OWN_VALUES = {
    "vat_number": ("IT01234567890", "[a]"),
    "places": ("[north, 7]", "{a: b}"),
    "since": ("2026-03-31", "31.3.2026"),
    "opens": ("10:30", "25:00"),
    "seen": ("2026-03-31T09:30:00Z", "yesterday"),
    "visit": ("1:30", "90m"),
    "notice": ("3m", "3 months"),
    "active": ("yes", "perhaps"),
    "staff": ("42", "-1"),
    "share": ("62.5", "half"),
    "budget": ("EUR 5000.00", "5000.00"),
    "segment": ("1", "C"),
    "colours": ("[red]", "[green]"),
    "partner": ("acme", "a b"),
}


@pytest.mark.parametrize("name", OWN_VALUES)
def test_own_fields_are_in_the_schema_of_their_book(name: str) -> None:
    settings, _, _ = read_book_settings(OWN.encode())
    kind = KINDS["orgs"]
    assert set(settings.custom_fields("orgs")) == set(OWN_VALUES)
    for value, taken in zip(OWN_VALUES[name], (True, False), strict=True):
        text = f"- id: acme\n  name: Acme\n  {name}: {value}\n"
        assert takes("orgs", text, settings) == [taken, taken]
        assert takes("orgs", text) == [True, True]
        record, _ = read_record(kind, parse_record(text, "a.yaml"), settings.custom_fields("orgs"))
        assert (record is not None) == taken


# settings


def reads_settings(text: str) -> bool:
    node = read_mapping(text.encode(), "acctcli.yaml")
    content = raw(node) if node else {}
    assert isinstance(content, dict)
    return not any(each.level == "error" for each in read_settings(content)[1])


def test_every_setting_is_in_the_schema() -> None:
    made: Any = settings_schema()["properties"]
    assert set(made) == set(settings_read._KEYS)
    assert set(made["buckets"]["properties"]) == set(settings_read._BOUNDS)
    assert set(made["health"]["properties"]) == set(health._KEYS)
    assert set(made["health"]["properties"]["weights"]["properties"]) == set(INPUTS)
    playbook = made["playbooks"]["additionalProperties"]["properties"]
    assert set(playbook) == set(playbooks._KEYS)
    assert set(playbook["steps"]["items"]["properties"]) == set(playbooks._STEP_KEYS)
    assert {*EVENTS} < {*playbook["on"]["enum"]}
    assert set(made["fields"]["properties"]) == set(KIND_NAMES)
    assert set(made["new_records"]["properties"]) == set(KIND_NAMES)
    for setting in made.values():
        assert setting["description"].endswith((".", "1.", "}."))


STEP = "{type: call, subject: Ask, after: 2bd}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "format: 1",
        "format: '01'",
        "currency:\ntimezone: Europe/Rome\n",
        "curency: EUR",
        "contact_types: [call]\nactivity_types: task\nbusiness_days: yes\n",
        "buckets: {soon: 3, later: 10}",
        "buckets: {soon: '3', more: 1}",
        "tiers: {A: 30d, 2: 3m}",
        "health: {weights: {contact: 3, wins: }, healthy: 75, watch: 50}",
        "health:",
        "holidays: holidays.yaml",
        "holidays: [days/2026.yaml, office.ics, ]",
        "new_records: {deals: 'deals/{year}.yaml', orgs: orgs.yaml, notes: }",
        f"playbooks: {{a: {{on: won, steps: [{STEP}]}}}}",
        f"playbooks: {{a: {{steps: [{STEP}, {{type: call, subject: 7, wait: 5bd, after: }}]}}}}",
        "fields: {orgs: {vat_number: text, segment: {one_of: [A, B]}, partner: {link: orgs}}}",
        "fields: {orgs: , deals: {go_live: date, colours: {some_of: red}}}",
    ],
)
def test_settings_that_are_taken_by_both(text: str) -> None:
    assert reads_settings(text)
    assert takes("settings", text) == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        "format: 0",
        "format: 2",
        "format: one",
        "currency: EURO",
        "contact_types: {a: b}",
        "business_days: maybe",
        "buckets: [2, 7]",
        "buckets: {soon: 1}",
        "buckets: {later: 2}",
        "tiers: {A: monthly}",
        "tiers: {A: 0d}",
        "tiers: {A: }",
        "tiers: {' ': 30d}",
        "health: {weights: {}}",
        "health: {weights: {contact: }}",
        "health: {weights: {luck: 1}}",
        "health: {weights: {contact: 0}}",
        "health: {healthy: 101}",
        "health: {watch: 100}",
        "holidays: holidays.txt",
        "holidays: [../holidays.yaml]",
        "new_records: {deals: orgs.yaml}",
        "new_records: {deals: deals/.yaml}",
        "new_records: {deals: 'deals/{month}.yaml'}",
        "playbooks: {a: }",
        "playbooks: {a: {steps: []}}",
        f"playbooks: {{' ': {{steps: [{STEP}]}}}}",
        f"playbooks: {{a: {{'on': winning, steps: [{STEP}]}}}}",
        "playbooks: {a: {steps: [{type: call, subject: Ask}]}}",
        "playbooks: {a: {steps: [{type: call, subject: Ask, after: 2bd, before: 1d}]}}",
        "playbooks: {a: {steps: [{type: call, subject: Ask, wait: 2bd}]}}",
        "playbooks: {a: {steps: [{type: call, subject: ' ', after: 2bd}]}}",
        "playbooks: {a: {steps: [{subject: Ask, after: 2bd}]}}",
        "playbooks: {a: {steps: [{type: call, subject: Ask, after: soon}]}}",
        "fields: {orgs: {name: text}}",
        "fields: {orgs: {a.b: text}}",
        "fields: {orgs: {vat: texts}}",
        "fields: {orgs: {vat: }}",
        "fields: {orgs: {vat: {one_of: []}}}",
        "fields: {orgs: {vat: {one_of: [~]}}}".replace("~", ""),
        "fields: {orgs: {vat: {link: companies}}}",
        "fields: {orgs: {vat: {one_of: [A], some_of: [B]}}}",
    ],
)
def test_settings_that_are_refused_by_both(text: str) -> None:
    assert not reads_settings(text)
    assert takes("settings", text) == [False, False]


# rates and days off


def reads_rates(text: str) -> bool:
    try:
        rates_reader.read_rates(text.encode())
    except AcctcliError:
        return False
    return True


def reads_days(text: str) -> bool:
    try:
        list(holidays.read_days(text.encode(), "holidays.yaml"))
    except AcctcliError:
        return False
    return True


RATES = "- {date: 2026-03-10, base: EUR, rates: {USD: 1.0815}}\n"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("", True),
        (RATES, True),
        (RATES.replace("1.0815", "'1.0815'"), True),
        (RATES.replace("1.0815", "999999999.999999999999"), True),
        (RATES.replace("}}", "}, from: us}"), True),
        (RATES.replace("1.0815", "0"), False),
        (RATES.replace("1.0815", "'0.00'"), False),
        (RATES.replace("1.0815", "-1"), False),
        (RATES.replace("USD: 1.0815", ""), False),
        (RATES.replace("USD", "USDOLLAR"), False),
        (RATES.replace("EUR", "euro"), False),
        (RATES.replace("03-10", "13-10"), False),
        (RATES.replace("base", "of"), False),
        ("date: 2026-03-10", False),
    ],
)
def test_rates(text: str, *, taken: bool) -> None:
    assert reads_rates(text) == taken
    assert takes("rates", text) == [taken, taken]


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("", True),
        ("2026-12-25", True),
        ("- 2026-12-25\n- {date: 2026-12-26, name: St Stephen}\n", True),
        ("2026-12-25: Christmas\n2026-12-26:\n", True),
        ("Christmas: 2026-12-25", False),
        ("- 25.12.2026", False),
        ("- {name: Christmas}", False),
        ("- [2026-12-25]", False),
        ("12", False),
    ],
)
def test_days_off(text: str, *, taken: bool) -> None:
    assert reads_days(text) == taken
    assert takes("holidays", text) == [taken, taken]


@given(st.sampled_from(sorted(DIGITS)), st.text(max_size=4))
def test_a_currency_is_one_of_those_that_there_are(code: str, other: str) -> None:
    assume(other not in DIGITS)
    validator = Draft202012Validator(of_type(Field("x", FieldType.CURRENCY)))
    assert validator.is_valid(code)
    assert not validator.is_valid(other)
    assert parse_document(code, "a.yaml") is not None
