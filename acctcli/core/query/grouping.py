"""Groups of --group-by, with their sums."""

from __future__ import annotations

import datetime as dt
import operator
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from acctcli.core.model.dates import stamp_day
from acctcli.core.model.errors import AcctcliError, InvalidInputError
from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.money import add_amount
from acctcli.core.model.names import nearest_first
from acctcli.core.model.periods import BY, period_of
from acctcli.core.model.values import quote
from acctcli.core.query.columns import CUSTOM_PREFIX, resolve
from acctcli.core.query.comparison_keys import amounts, minutes_of
from acctcli.core.query.group_values import Grouping, GroupValue, SortKey, slots
from acctcli.core.query.sorting import currency_to_sort_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from decimal import Decimal

    from acctcli.core.model.records import Settings
    from acctcli.core.query.context import Context

GROUP_BY = "--group-by"
COUNT = "count"
DAY = "day"
_STEPS = (DAY, *BY)
_MONEY = frozenset({FieldType.MONEY, FieldType.AMOUNT})
_DATES = frozenset({FieldType.DATE, FieldType.STAMP})
# Their keys are what they are in other rows; those of all others are texts.
_KEPT = frozenset({FieldType.YES_NO, FieldType.INTEGER, FieldType.NUMBER})


class GroupKey(NamedTuple):
    """A column to group by.

    Attributes:
        path: Its path.
        field: Its field.
        step: How long the stretches are that days are put together in; None for other columns.
    """

    path: str
    field: Field
    step: str | None = None

    @property
    def title(self) -> str:
        """What people call it, such as ``next activity type``."""
        if self.path.startswith(CUSTOM_PREFIX):
            return self.path.removeprefix(CUSTOM_PREFIX)
        return self.path.replace(".", " ").replace("_", " ")


class GroupOfItems(NamedTuple):
    """A group of items.

    Attributes:
        slots: What it is of each column: where it stands, its key and its title.
        values: Its keys for scripts; None for what is not set.
        size: How many items are in it.
        sums: What their columns add up to, by path: money by currency, counts, and minutes.
    """

    slots: tuple[GroupValue, ...]
    values: tuple[object, ...]
    size: int
    sums: dict[str, Any]


def parse_groups(
    text: str, columns: Mapping[str, Field], origin: str = GROUP_BY
) -> tuple[GroupKey, ...]:
    """The columns that a text such as ``owner,won_time:year`` names.

    Days are put together by month, unless a colon and day, quarter or year stand behind the name.

    Raises:
        InvalidInputError: ``unknown-field``; or ``bad-group`` for what is no group.
    """
    keys: list[GroupKey] = []
    for part in text.split(","):
        name, _, step = part.strip().partition(":")
        if not name:
            raise _bad(origin, f"a field is missing in {quote(text)}", "write for example owner")
        path = resolve(name, columns, origin)
        field = columns[path]
        if field.type in _MONEY:
            raise _bad(
                origin,
                f"{quote(name)} is money, which is added up",
                "group by another field, such as owner",
            )
        if step and field.type not in _DATES:
            raise _bad(
                origin,
                f"{quote(name)} is no day, and has no {step}",
                f"write {name} alone",
            )
        if step and step not in _STEPS:
            hint = nearest_first(step, _STEPS, f"write {', '.join(_STEPS)} behind the colon")
            raise _bad(origin, f"{quote(step)} is no stretch of days", hint)
        keys.append(GroupKey(path, field, (step or "month") if field.type in _DATES else None))
    if len({key.path for key in keys}) < len(keys):
        raise _bad(origin, f"a field is there twice in {quote(text)}", "name each once")
    return tuple(keys)


def _bad(origin: str, message: str, hint: str) -> AcctcliError:
    return InvalidInputError.of("bad-group", f"{origin}: {message}", hint=hint)


def columns_to_sum(keys: Sequence[GroupKey], columns: Mapping[str, Field]) -> list[str]:
    """The columns that are added up: money, durations, counts, and the bytes of files."""
    paths = {key.path for key in keys}
    return [
        path
        for path, field in columns.items()
        if path not in paths
        and (
            field.type in _MONEY
            or field.type is FieldType.DURATION
            or (field.type is FieldType.INTEGER and (path.endswith("_count") or path == "size"))
        )
    ]


def columns_of(keys: Sequence[GroupKey], columns: Mapping[str, Field]) -> dict[str, Field]:
    """The columns that groups have, with their types; the sums of money are totals."""
    found = {key.path: key.field for key in keys}
    found[COUNT] = Field(COUNT, FieldType.INTEGER)
    for path in columns_to_sum(keys, columns):
        field = columns[path]
        found[path] = Field(path, FieldType.AMOUNT) if field.type in _MONEY else field
    return found


class GroupSpec(NamedTuple):
    """What items are grouped by, with all that making groups needs.

    Attributes:
        keys: The columns to group by.
        columns: All columns of the list.
        context: What they are seen by.
        settings: The bounds of the buckets, for their titles.
    """

    keys: Sequence[GroupKey]
    columns: Mapping[str, Field]
    context: Context
    settings: Settings


def groups(
    items: Iterable[Any], by: GroupSpec, get: Callable[[Any, str], object]
) -> tuple[list[GroupOfItems], GroupOfItems]:
    """The groups of the items in the order of their keys, and all items as one group.

    What is not set stands last. An item with a list of texts is in the group of each of them, and
    counts once in the whole. `get` gives the value of an item at a path.
    """
    makers = [_slots(key, by) for key in by.keys]
    adders = [_adder(path, by, get) for path in columns_to_sum(by.keys, by.columns)]
    whole = _Sum(adders)
    found: dict[tuple[str | None, ...], _Sum] = {}
    made: dict[tuple[str | None, ...], tuple[tuple[GroupValue, object], ...]] = {}
    for item in items:
        values = [adder.read(item) for adder in adders]
        whole.add(values)
        parts = [make(get(item, key.path)) for key, make in zip(by.keys, makers, strict=True)]
        for combined in product(*parts):
            name = tuple(slot.key for slot, _ in combined)
            if name not in found:
                found[name] = _Sum(adders)
                made[name] = combined
            found[name].add(values)
    told = [each.group(made[name]) for name, each in found.items()]
    return sorted(told, key=lambda group: [slot.place for slot in group.slots]), whole.group(())


class _Adder(NamedTuple):
    """How a column is added up: what an item brings, nothing, and the sum with it."""

    path: str
    read: Callable[[Any], Any]
    empty: Callable[[], Any]
    add: Callable[[Any, Any], Any]


class _Sum:
    """What the items of a group add up to so far."""

    def __init__(self, adders: Sequence[_Adder]) -> None:
        self._adders = adders
        self._count = 0
        self._sums = [adder.empty() for adder in adders]

    def add(self, values: Sequence[Any]) -> None:
        """Count an item, with what it brings to each sum."""
        self._count += 1
        for number, value in enumerate(values):
            if value:
                self._sums[number] = self._adders[number].add(self._sums[number], value)

    def group(self, parts: Sequence[tuple[GroupValue, object]]) -> GroupOfItems:
        """The group that it is, of its slots and values."""
        sums = zip((adder.path for adder in self._adders), self._sums, strict=True)
        return GroupOfItems(
            tuple(slot for slot, _ in parts),
            tuple(value for _, value in parts),
            self._count,
            dict(sums),
        )


def _adder(path: str, by: GroupSpec, get: Callable[[Any, str], object]) -> _Adder:
    field = by.columns[path]
    if field.type in _MONEY:
        bare = field.type is FieldType.MONEY

        def read(item: Any) -> object:  # noqa: ANN401 - whatever a list is made of
            currency = get(item, "currency") if bare else None
            return amounts(get(item, path), currency, by.context.book_currency)

        return _Adder(path, read, dict, _add_money)
    if field.type is FieldType.DURATION:
        return _Adder(path, lambda item: _minutes(get(item, path)), int, operator.add)
    return _Adder(path, lambda item: get(item, path), int, operator.add)


def _add_money(sums: dict[str, Decimal], value: Mapping[str | None, Decimal]) -> dict[str, Decimal]:
    for currency, size in value.items():
        if currency is not None:  # an amount in no currency adds to none (rule 4)
            add_amount(sums, currency, size)
    return sums


def _minutes(value: object) -> int:
    return minutes_of(str(value)) if value else 0


# slots


def _slots(key: GroupKey, by: GroupSpec) -> Callable[[object], list[tuple[GroupValue, object]]]:
    """What gives the slots of a value, each with its key for scripts; the same value the same."""
    grouping = Grouping(
        field=Field(key.path, key.field.type, key.field.link, key.field.choices),
        settings=by.settings,
        today=by.context.today,
        zone=by.context.zone,
        names=by.context.names,
    )
    known: dict[object, list[tuple[GroupValue, object]]] = {}

    def make(value: object) -> list[tuple[GroupValue, object]]:
        if isinstance(value, list):
            value = tuple(value)
        found = known.get(value)
        if found is None:
            found = known[value] = [
                _display_key(key, slot, value) for slot in _of_value(key, grouping, value)
            ]
        return found

    return make


def _of_value(key: GroupKey, by: Grouping, value: object) -> list[GroupValue]:
    if key.step is not None and isinstance(value, dt.date):
        return [_stretch(key.step, stamp_day(value, by.zone))]
    return slots(by, value)


def _stretch(step: str, day: dt.date) -> GroupValue:
    """The slot of the day, month, quarter or year that a day lies in."""
    name = day.isoformat()
    for each in BY:
        if step == each:
            name = period_of(day, each).name
    return GroupValue(SortKey(1, name), name, name)


def _display_key(key: GroupKey, slot: GroupValue, value: object) -> tuple[GroupValue, object]:
    if slot.key is None:
        return slot._replace(title=f"No {key.title}"), None
    if key.field.type is FieldType.YES_NO:  # the head of the column says what of
        return slot._replace(title=slot.key), value
    return slot, value if key.field.type in _KEPT else slot.key


# order


def place_in(by: GroupSpec, path: str) -> Callable[[GroupOfItems], object]:
    """What puts groups in order by a column: the place of a key, the count, or a sum.

    Raises:
        InvalidInputError: ``no-currency``.
    """
    if path == COUNT:
        return lambda group: group.size
    for number, key in enumerate(by.keys):
        if key.path == path:
            return lambda group: (
                None if group.slots[number].key is None else group.slots[number].place
            )

    if by.columns[path].type in _MONEY:
        counts = currency_to_sort_by(by.context)
        return lambda group: group.sums[path].get(counts)
    return lambda group: group.sums[path]
