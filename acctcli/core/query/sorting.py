"""The order of --sort."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.kinds import FieldType
from acctcli.core.model.values import quote
from acctcli.core.query.columns import resolve
from acctcli.core.query.comparison_keys import amounts, order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from acctcli.core.model.kinds import Field
    from acctcli.core.query.context import Context

_Item = TypeVar("_Item")
SORT = "--sort"


class SortField(NamedTuple):
    """A column to sort by.

    Attributes:
        path: Its path.
        is_descending: Whether the highest come first.
    """

    path: str
    is_descending: bool


def parse_sort(
    text: str, columns: Mapping[str, Field], origin: str = SORT
) -> tuple[SortField, ...]:
    """The columns that a text such as ``owner,-won_value`` names; a hyphen turns one round.

    Raises:
        InvalidInputError: ``unknown-field``, or ``bad-sort`` when a name is missing.
    """
    keys = []
    for part in text.split(","):
        name = part.strip()
        is_descending = name.startswith("-")
        name = name.lstrip("-+" if not is_descending else "-").strip()
        if not name:
            raise InvalidInputError.of(
                "bad-sort",
                f"{origin}: a field is missing in {quote(text)}",
                hint="write fields parted by commas, such as owner,-won_value",
            )
        keys.append(SortField(resolve(name, columns, origin), is_descending))
    return tuple(keys)


def sort_items(
    items: Iterable[_Item], keys: Sequence[SortField], places: Sequence[Callable[[_Item], Any]]
) -> list[_Item]:
    """The items, by the first key, those alike in it by the next; else they stay as they came.

    `places` has what each key goes by. What it gives None for stands last, either way round.
    """
    # What makes a value may be long to get, so it is asked for once, all keys of an item together.
    found = [([place(item) for place in places], item) for item in items]
    for number, key in reversed(list(enumerate(keys))):
        known = [each for each in found if each[0][number] is not None]
        rest = [each for each in found if each[0][number] is None]
        known.sort(key=lambda each, at=number: each[0][at], reverse=key.is_descending)  # type: ignore[misc]  # a default binds the loop's value
        found = known + rest
    return list(map(itemgetter(1), found))


def place(
    path: str, field: Field, context: Context, get: Callable[[Any, str], object]
) -> Callable[[Any], Any]:
    """What items go by in the order of a column: None for what is not set.

    Of money it is the amount in the currency of the context, None when there is none (rule 4).

    Raises:
        InvalidInputError: ``no-currency``.
    """
    if field.type in {FieldType.MONEY, FieldType.AMOUNT}:
        bare = field.type is FieldType.MONEY
        counts = currency_to_sort_by(context)

        def worth(item: Any) -> object:  # noqa: ANN401 - whatever a list is made of
            currency = get(item, "currency") if bare else None
            return amounts(get(item, path), currency, context.book_currency).get(counts)

        return worth
    key = order(field, context)
    return lambda item: key(get(item, path))


def currency_to_sort_by(context: Context) -> str:
    """The currency in which amounts are put in order.

    Raises:
        InvalidInputError: ``no-currency``: there is none.
    """
    if context.currency is None:
        raise InvalidInputError.of(
            "no-currency",
            f"{SORT}: the book has no currency to put amounts in order by",
            hint="say in acctcli.yaml which one counts, such as currency: EUR",
        )
    return context.currency
