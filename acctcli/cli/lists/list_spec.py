"""What a list is: its columns, its rows and the values of its items.

Every list, report and board hands its items to `print_list`. What the options ask for is worked out
by the core; which commands take them, `ListCommand` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from acctcli.cli.output.writer import Row
from acctcli.render.formats.columns import value_at
from acctcli.render.list_columns import MACHINE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from acctcli.core.model.kinds import Field, KindName
    from acctcli.render.formats.columns import TableColumn
    from acctcli.store.views.view import View


class Listing(Struct, frozen=True, kw_only=True):
    """What a list is, whatever is asked of it.

    Attributes:
        name: Of its columns in `render.list_columns.MACHINE_COLUMNS`.
        table: The columns for people.
        view: The book that it is about; None for a list that needs none.
        kind: The kind whose own fields stand in its rows, at their end.
        types: The kind whose fields the columns have the types of, where they have the names.
        more: Paths of columns beside those of the name.
        currency: What a bare amount is in; None means the book's (rule 4).
        get: The value of an item at a path; what an item is, the list says.
        row: An item as a row with the keys of the machine form.
        json_row: The same for json and ndjson, when it is faster so.
        shown: A row for people.
        text: All items as text for people, where that is more than a table.
        texts: The same for a long list, item by item.
        id_path: Where the ids are that `--format ids` prints, each once.
        nested: Keys of the json form that are in no column.
    """

    name: str
    table: Sequence[TableColumn] = ()
    view: View | None = None
    kind: KindName | None = None
    types: KindName | None = None
    more: tuple[str, ...] = ()
    currency: str | None = None
    get: Callable[[Any, str], object] = value_at
    row: Callable[[Any], object] | None = None
    json_row: Callable[[Any], object] | None = None
    display_row: Callable[[Any], Row] | None = None
    text: Callable[[list[Any]], str] | None = None
    texts: Callable[[Iterable[Any]], Iterator[str]] | None = None
    id_path: str = "id"
    nested_keys: tuple[str, ...] = ()

    def custom_fields(self) -> Mapping[str, Field]:
        """The fields of the book's own that the rows have, by name."""
        if self.kind is None or self.view is None:
            return {}
        return self.view.settings.custom_fields(self.kind)

    def paths(self) -> list[str]:
        """The paths of the columns of csv, tsv and the like."""
        own = (f"custom_fields.{name}" for name in self.custom_fields())
        return [*MACHINE_COLUMNS[self.name], *self.more, *own]

    @property
    def computed_fields(self) -> Mapping[str, Field]:
        """What may be asked for by name beside the columns, and is worked out only then."""
        from acctcli.core.query.columns import COMPUTED, typed_columns

        return typed_columns(COMPUTED.get(self.name, ()), None, {})

    def columns(self) -> dict[str, Field]:
        """All that may be asked for by name: the columns by their paths, with their types."""
        from acctcli.core.query.columns import TYPES_OF, typed_columns

        paths = [*MACHINE_COLUMNS[self.name], *self.more]
        found = typed_columns(paths, self.types or TYPES_OF.get(self.name), self.custom_fields())
        return found | {
            path: field for path, field in self.computed_fields.items() if path not in found
        }
