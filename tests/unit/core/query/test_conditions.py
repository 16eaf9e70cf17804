"""Terms: how they are written, what they mean for every type of field, and what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from helpers.query_columns import COLUMNS, CONTEXT, TODAY

from acctcli.core.model.errors import (
    AcctcliError,
    InvalidInputError,
    NotFoundError,
)
from acctcli.core.query.conditions import condition, matches
from acctcli.core.query.parser import Term, parse_term

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acctcli.core.model.errors import Problem
    from acctcli.core.query.context import Context


def holds(text: str, values: Mapping[str, object], context: Context = CONTEXT) -> bool:
    found = condition(parse_term(text), COLUMNS, context)
    return matches([found], lambda item, path: item.get(path))(values)


def refused(text: str, context: Context = CONTEXT) -> Problem:
    with pytest.raises(AcctcliError) as caught:
        condition(parse_term(text), COLUMNS, context)
    (problem,) = caught.value.problems
    assert problem.message.startswith("--where")
    assert problem.hint
    return problem


# how they are written


@pytest.mark.parametrize(
    ("text", "name", "operator", "values"),
    [
        ("owner=Ines", "owner", "=", ("Ines",)),
        (" owner != Ines ", "owner", "!=", ("Ines",)),
        ("bucket=none, overdue", "bucket", "=", ("none", "overdue")),
        ("a<1", "a", "<", ("1",)),
        ("a<=1", "a", "<=", ("1",)),
        ("a>1", "a", ">", ("1",)),
        ("a>=-1d", "a", ">=", ("-1d",)),
        ("a~x", "a", "~", ("x",)),
        ("a!~x", "a", "!~", ("x",)),
        ('name="Acme, Inc.",Beta', "name", "=", ("Acme, Inc.", "Beta")),
        ('name=" say ""hi"" "', "name", "=", (' say "hi" ',)),
        ('name=Bar "Foo"', "name", "=", ('Bar "Foo"',)),
        ('name="=x"', "name", "=", ("=x",)),
        ("name=a=b", "name", "=", ("a=b",)),
        ("name=two\nlines", "name", "=", ("two\nlines",)),
        ("owner", "owner", "set", ()),
        (" ! owner ", "owner", "unset", ()),
    ],
)
def test_a_term_is_a_field_an_operator_and_values(
    text: str, name: str, operator: str, values: tuple[str, ...]
) -> None:
    assert parse_term(text) == Term(text, "--where", name, operator, values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this is no term"),
        ("!", "this is no term"),
        ("!owner=Ines", "this is no term"),
        ("=x", "the field is missing"),
        ("a==b", '"==" is no operator'),
        ("a=>b", '"=>" is no operator'),
        ("a=!~b", '"=!~" is no operator'),
        ("a~<b", '"~<" is no operator'),
        ("a=", "a value is missing behind ="),
        ("a= ", "a value is missing behind ="),
        ('a=""', "a value is missing behind ="),
        ("a=b,,c", "a value is missing between commas"),
        ("a=b,", "a value is missing between commas"),
        ('a="b', "a double quote is not closed, or something stands behind it"),
        ('a="b"c', "a double quote is not closed, or something stands behind it"),
        ("a>1,000", "> takes one value"),
    ],
)
def test_what_is_no_term_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_term(text, "views.x.where.1")
    (problem,) = caught.value.problems
    assert problem.id == "bad-term"
    assert problem.message == f'views.x.where.1 "{text}": {message}'
    assert problem.hint


def test_an_operator_of_another_language_is_answered_with_ours() -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_term("a=>1")
    assert str(caught.value.problems[0].hint).startswith('did you mean ">="?')


# what they mean


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        # texts, case and accents aside
        ("owner=ines", "Inès", True),
        ("owner=Ines,Marco", "MARCO", True),
        ("owner!=Ines,Marco", "Anna", True),
        ("owner!=Ines", "ines", False),
        ("owner!=Ines", None, True),
        ("owner=Ines", None, False),
        ("owner=Ines", "", False),
        ("name~GMBH", "Muster GmbH", True),
        ("name~feinw,bau", "Hochbau", True),
        ("name!~feinw", None, True),
        ("name~a", None, False),
        ("name<b", "Älfa", True),
        ("name>=b", "Alfa", False),
        ("segment=a", None, False),
        # ids exactly
        ("id=acme", "acme", True),
        ("id=Acme", "acme", False),
        ("id~ACM", "acme", True),
        ("id>a", "acme", True),
        ("id=acme", None, False),
        # lists: any of them
        ("labels=vip", ("x", "VIP"), True),
        ("labels=vip,y", ["z", "y"], True),
        ("labels!=vip", ("x",), True),
        ("labels!=vip", (), True),
        ("labels=vip", None, False),
        ("labels~ip", ("vip",), True),
        ("languages=POLISH", ("English", "Polish"), True),
        ("languages~pol", ("English",), False),
        # links by id or name
        ("org=acme", "acme", True),
        ("org=Acme", "beta", False),
        ("org=Twin", "t2", True),
        ("org!=Twin", "t2", False),
        ("org!=Twin", None, True),
        ("org~s.r.l", "acme", True),
        ("org~T1", "t1", True),
        ("org~x", "gone", False),
        ("org~x", None, False),
        ("free_link=x", "x", True),
        # choices by their order
        ("bucket=none,OVERDUE", "overdue", True),
        ("bucket=none,overdue", "today", False),
        ("bucket<today", "overdue", True),
        ("bucket>=overdue", "none", False),
        ("bucket<today", None, False),
        ("bucket~over", "overdue", True),
        # yes-no
        ("done=yes", True, True),
        ("done=TRUE", False, False),
        ("done=no", False, True),
        ("done=no", None, False),
        ("done!=yes", None, True),
        # numbers
        ("size=42", 42, True),
        ("size=42.0", 42, True),
        ("size>-1", 0, True),
        ("size<42", 42, False),
        ("size>=42", None, False),
        ("probability=12.50", Decimal("12.5"), True),
        ("probability<=12", Decimal("12.5"), False),
        # days
        ("due_date=today", TODAY, True),
        ("due_date<TODAY", dt.date(2026, 3, 9), True),
        ("due_date<today", TODAY, False),
        ("due_date<=+3d", dt.date(2026, 3, 13), True),
        ("due_date<-90d", dt.date(2025, 12, 9), True),
        ("due_date>-1Y", dt.date(2025, 3, 10), False),
        ("due_date=+1y", dt.date(2027, 3, 10), True),
        ("due_date=+1bd", dt.date(2026, 3, 12), True),
        ("due_date=2026", dt.date(2026, 12, 31), True),
        ("due_date!=2026", dt.date(2026, 12, 31), False),
        ("due_date=2026-03", dt.date(2026, 3, 31), True),
        ("due_date<2026-03", dt.date(2026, 2, 28), True),
        ("due_date<2026-03", dt.date(2026, 3, 1), False),
        ("due_date>2026-Q1", dt.date(2026, 3, 31), False),
        ("due_date>2026q1", dt.date(2026, 4, 1), True),
        ("due_date<=2026-q1", dt.date(2026, 3, 31), True),
        ("due_date>=2026-q2", dt.date(2026, 3, 31), False),
        ("due_date=2025,2026-02", dt.date(2026, 2, 1), True),
        ("due_date!=2025,2026-02", None, True),
        ("due_date<today", None, False),
        # the day of a moment, in the zone
        ("won_time=2026-03-10", dt.datetime(2026, 3, 9, 23, 30, tzinfo=dt.UTC), True),
        ("won_time=2026-03-10", dt.date(2026, 3, 10), True),
        ("won_time<today", dt.datetime(2026, 3, 9, 22, 59, tzinfo=dt.UTC), True),
        ("won_time<today", "no time at all", False),
        # times, lengths
        ("due_time>=9:00", dt.time(9), True),
        ("due_time<09:00", dt.time(9), False),
        ("due_time<12:00", None, False),
        ("duration>=0:45", "1:00", True),
        ("duration>0:45", None, False),
        ("term=1y", "12m", True),
        ("term>30d", "1m", True),
        ("term<1M", None, False),
        ("wait>=7d", "5bd+2bd", True),
        ("wait=1w", "5bd", True),
        ("wait>1w", "7d+1bd", True),
        ("repeat=3m", "every 3 months", True),
        ("repeat<every year", "every month on day 31", True),
        ("repeat=1y", None, False),
        # money of one amount a currency
        ("won_value>10000", {"EUR": Decimal("10000.01")}, True),
        ("won_value>10000", {"USD": Decimal(20000)}, False),
        ("won_value>10000usd", {"USD": Decimal(20000)}, True),
        ("won_value>=USD 20000", {"USD": Decimal(20000)}, True),
        ("won_value=1,2USD", {"EUR": Decimal(5), "USD": Decimal("2.00")}, True),
        ("won_value!=1", {}, True),
        ("won_value<0", {"EUR": Decimal(-1)}, True),
        ("won_value<=0", {}, False),
        # set or not
        ("name", "x", True),
        ("name", "", False),
        ("!name", None, True),
        ("labels", (), False),
        ("won_value", {}, False),
        ("size", 0, True),
        ("done", False, False),
        ("!done", None, True),
        ("!done", True, False),
    ],
)  # fmt: skip
def test_a_term_holds_or_not(text: str, value: object, expected: bool) -> None:  # noqa: FBT001
    name = parse_term(text).name
    path = name if name in COLUMNS else f"custom_fields.{name}"
    assert holds(text, {path: value}) is expected


@pytest.mark.parametrize(
    ("text", "value", "currency", "expected"),
    [
        ("value>100", Decimal(200), "EUR", True),
        ("value>100", Decimal(200), None, True),  # in the book's currency (rule 4)
        ("value>100", Decimal(200), "USD", False),
        ("value>100 USD", Decimal(200), "USD", True),
        ("value!=200", Decimal(200), "USD", True),
        ("value=200", None, "EUR", False),
        ("value", None, "EUR", False),
        ("!value", Decimal(0), "EUR", False),
    ],
)
def test_an_amount_counts_in_its_currency(
    text: str,
    value: Decimal | None,
    currency: str | None,
    expected: bool,  # noqa: FBT001
) -> None:
    assert holds(text, {"value": value, "currency": currency}) is expected


def test_a_bare_amount_is_in_the_currency_of_the_list() -> None:
    shown = CONTEXT._replace(currency="USD")
    assert holds("won_value>1", {"won_value": {"USD": Decimal(2)}}, shown)
    assert not holds("won_value>1", {"won_value": {"EUR": Decimal(2)}}, shown)


def test_without_a_currency_an_amount_has_to_say_its_own() -> None:
    bare = CONTEXT._replace(currency=None, book_currency=None)
    assert refused("won_value>1", bare).id == "no-currency"
    assert holds("won_value>1EUR", {"won_value": {"EUR": Decimal(2)}}, bare)
    assert not holds("value!=1", {"value": Decimal(1)})
    assert not holds("value=1EUR", {"value": Decimal(1)}, bare)


def test_currencies_are_codes() -> None:
    assert holds("currency=eur,USD", {"currency": "EUR"})
    assert holds("currency~U", {"currency": "USD"})
    problem = refused("currency=EUX")
    assert problem.id == "unknown-currency"


def test_all_conditions_must_hold() -> None:
    found = [condition(parse_term(text), COLUMNS, CONTEXT) for text in ("size>1", "value<5")]
    both = matches(found, lambda item, path: item.get(path))
    assert both({"size": 2, "value": Decimal(4)})
    assert not both({"size": 1, "value": Decimal(4)})
    assert not both({"size": 2, "value": Decimal(5)})
    assert matches([], lambda item, path: item.get(path))({})


# what is refused


@pytest.mark.parametrize(
    ("text", "id_", "message"),
    [
        ("ownr=x", "unknown-field", '--where: "ownr" is not a field of this list'),
        ("bucket=overdu", "bad-choice", '"overdu" is not one of the choices'),
        ("languages=Latin", "bad-choice", '"Latin" is not one of the choices'),
        ("due_date=soonish", "bad-date", '"soonish" is not a date'),
        ("due_date=2026-13", "bad-date", '"2026-13" is no month of the calendar'),
        ("due_date=0000", "bad-date", '"0000" is no year of the calendar'),
        ("due_date=0000-q1", "bad-date", '"0000-q1" is no quarter of the calendar'),
        ("due_date=2026-02-30", "bad-date", '"2026-02-30" is not a day of the calendar'),
        ("due_date=-9999y", "bad-date", '"9999y" from 2026-03-10 is not a day of the calendar'),
        ("size=many", "bad-value", '"many" is not a number'),
        ("probability=--1", "bad-value", '"--1" is not a number'),
        ("due_time=25:00", "bad-time", '"25:00" is not a time of day'),
        ("due_time=noon", "bad-time", '"noon" is not a time of day'),
        ("done=maybe", "bad-value", '"maybe" is not yes or no'),
        ("duration=long", "bad-value", '"long" is not a duration'),
        ("term=long", "bad-span", '"long" is not a span of time'),
        ("wait=long", "bad-span", '"long" is not a span of time'),
        ("repeat=every now", "bad-span", '"every now" is not a span of time'),
        ("org=nobody", "not-found", 'no orgs is named "nobody"'),
        ("won_value>many", "bad-value", '"many" is not an amount'),
        ("won_value>EUR 5 EUR", "bad-value", '"EUR 5 EUR" is not an amount'),
        ("won_value>1.2.3", "bad-value", '"1.2.3" is not an amount'),
        ("value>5EUX", "unknown-currency", '"EUX" is not a currency of ISO 4217'),
        ("won_value~5", "bad-term", "~ says nothing about a field of type money"),
        ("due_date~03", "bad-term", "~ says nothing about a field of type date"),
        ("size!~1", "bad-term", "!~ says nothing about a field of type whole number"),
        ("done<yes", "bad-term", "< says nothing about a field of type yes-no"),
        ("org>a", "bad-term", "> says nothing about a field of type link"),
        ("labels<a", "bad-term", "< says nothing about a field of type list of text"),
        ("currency>=EUR", "bad-term", ">= says nothing about a field of type currency"),
    ],
)
def test_what_a_field_does_not_take_is_refused(text: str, id_: str, message: str) -> None:
    problem = refused(text)
    assert problem.id == id_
    assert problem.message.removeprefix(f'--where "{text}": ') == message


def test_what_has_no_near_choice_tells_all_of_them() -> None:
    assert refused("bucket=xyzzyx").hint == "the choices are none, overdue, today"
    assert str(refused("bucket=non").hint).startswith('did you mean "none"?')


def test_no_record_of_that_name_is_told_as_such() -> None:
    with pytest.raises(NotFoundError):
        condition(parse_term("org=nobody"), COLUMNS, CONTEXT)
