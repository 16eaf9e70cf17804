"""The import map: which column becomes which field."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Literal, get_args

from msgspec import Struct

from acctcli.core.model.errors import InvalidInputError, Problem
from acctcli.core.model.kinds import KINDS, Field, FieldType, Kind, KindName
from acctcli.core.model.names import nearest
from acctcli.core.model.records import Raw
from acctcli.core.model.schema import field_of
from acctcli.core.model.values import from_text
from acctcli.exchange.date_formats import form_mistake
from acctcli.exchange.value_problems import value_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from acctcli.core.model.records import RawRecord, Settings

Match = Literal["name", "id", "external_id"]
_MATCHES: tuple[Match, ...] = get_args(Match)
_KEYS = (
    "kind",
    "source",
    "key",
    "columns",
    "values",
    "defaults",
    "dates",
    "encoding",
    "delimiter",
    "links",
)
# A name says all that must be known of an organization or a person, and of nothing else.
_MADE_BY_NAME: tuple[KindName, ...] = ("orgs", "people")
_YES_NO = {"true": True, "yes": True, "false": False, "no": False}
# The import itself writes these, from the map's key; a file's copy is made by `file add` alone.
_OWN_FIELDS = {
    "id": "ids are made by the import; name the columns that identify a row under key:",
    "source": "name the source once, under source:",
    "external_id": "name the columns that identify a row under key:",
}
_COPY_FIELDS = ("path", "size", "sha256")

# A day that becomes `won_time` or `lost_time`, as the deal's status says.
CLOSE_TIME = Field("close_time", FieldType.STAMP)
_CLOSING = frozenset({CLOSE_TIME.name, "won_time", "lost_time"})


class LinkRule(Struct, frozen=True):
    """How the cells of a link name a record: by what, and whether one is made when none is."""

    match: Match = "id"
    create: bool = False


class ImportMap(Struct, frozen=True, kw_only=True):
    """An import map without mistakes.

    Attributes:
        kind: The kind of records that rows become.
        source: With kind and external_id it is the identity of a record.
        key: The columns that make the external_id.
        columns: The field of each mapped column.
        fields: What is mapped or has a default, by name; `close_time` of deals among it.
        values: By field: what is read in place of a cell's text.
        defaults: By field: what an empty or missing cell stands for.
        dates: The form of dates (see `dateforms`), or None for ISO 8601.
        encoding: The encoding of the file.
        delimiter: What stands between cells.
        links: How to match the links among the fields.
    """

    kind: KindName
    source: str
    key: tuple[str, ...]
    columns: dict[str, str]
    fields: dict[str, Field]
    values: dict[str, dict[str, str]]
    defaults: dict[str, Raw]
    links: dict[str, LinkRule]
    dates: str | None = None
    encoding: str = "utf-8"
    delimiter: str = ","


def read_map(
    raw: RawRecord, *, default_source: str, settings: Settings
) -> tuple[ImportMap | None, list[Problem]]:
    """The map that a mapping of text stands for, and every mistake in it.

    The map is None when there is a mistake. A problem's `field` is the path of keys to it, joined
    by dots, such as `values.status.Won`.

    Args:
        raw: The map as it was read, all values text.
        default_source: The source when the map names none, such as the file's name.
        settings: The book's settings, for its custom fields.
    """
    reader = _Reader(raw, settings)
    reader.check_keys("", raw, _KEYS)
    kind = reader.kind()
    columns = reader.columns(kind)
    fields = {name: field for name in columns.values() if (field := reader.known.get(name))}
    defaults = reader.defaults(kind, set(columns.values()))
    fields |= {name: reader.known[name] for name in defaults}
    key, values = reader.key(), reader.values(kind, fields, set(columns.values()))
    links, dates = reader.links(fields), reader.dates()
    encoding, delimiter = reader.encoding(), reader.delimiter()
    source = reader.text("source", default_source)
    if reader.problems or kind is None:
        return None, reader.problems
    found = ImportMap(
        kind=kind.name,
        source=source,
        key=key,
        columns=columns,
        fields=fields,
        values=values,
        defaults=defaults,
        links=links,
        dates=dates,
        encoding=encoding,
        delimiter=delimiter,
    )
    return found, []


def _clashing(name: str) -> frozenset[str]:
    """The fields of which only one can be mapped: the field itself, and `close_time` with both."""
    if name == CLOSE_TIME.name:
        return _CLOSING
    return frozenset({name, CLOSE_TIME.name}) if name in _CLOSING else frozenset({name})


def _nearest_hint(text: str, words: Iterable[str], otherwise: str) -> str:
    """A hint: the word that was probably meant, else something else."""
    close = nearest(text, words)
    return f'did you mean "{close}"?' if close else otherwise


class _Reader:
    """Reads the keys of one map and collects what is wrong with them.

    Attributes:
        known: The fields that were named so far, by name.
    """

    def __init__(self, raw: RawRecord, settings: Settings) -> None:
        self.raw = raw
        self.settings = settings
        self.custom: Mapping[str, Field] = {}
        self.known: dict[str, Field] = {}
        self.problems: list[Problem] = []

    def wrong(self, name: str, path: str, message: str, hint: str | None = None) -> None:
        said = f"{path}: {message}" if path else message
        self.problems.append(Problem(id=name, message=said, hint=hint, field=path or None))

    def check_keys(self, path: str, raw: RawRecord, known: tuple[str, ...]) -> None:
        for key in raw:
            if key not in known:
                self.wrong(
                    "unknown-key",
                    f"{path}.{key}" if path else key,
                    f'"{key}" is not a key of an import map',
                    _nearest_hint(key, known, f"the keys are {', '.join(known)}"),
                )

    # plain keys

    def text(self, key: str, default: str) -> str:
        value = self.raw.get(key, default)
        if isinstance(value, str) and value.strip():
            return value
        self.wrong("bad-type", key, "it must be a text", f"write it as {key}: {default or 'text'}")
        return default

    def mapping(self, key: str) -> dict[str, Raw]:
        value = self.raw.get(key, {})
        if isinstance(value, dict):
            return value
        self.wrong("bad-type", key, "it must be a mapping", f"write it as {key}: {{name: value}}")
        return {}

    def kind(self) -> Kind | None:
        hint = f"the kinds are {', '.join(KINDS)}"
        if "kind" not in self.raw:
            self.wrong("missing-key", "kind", "the map does not say what its rows are", hint)
            return None
        text = self.text("kind", "deals")
        kind = next((kind for name, kind in KINDS.items() if name == text), None)
        if kind is None:
            self.wrong(
                "unknown-kind", "kind", f'"{text}" is not a kind', _nearest_hint(text, KINDS, hint)
            )
        else:
            self.custom = self.settings.custom_fields(kind.name)
        return kind

    def key(self) -> tuple[str, ...]:
        value = self.raw.get("key")
        hint = "name the column, or a list of columns, whose cells tell one row from all others"
        if value is None:
            self.wrong("missing-key", "key", "the map does not say what identifies a row", hint)
            return ()
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not names:
            self.wrong("bad-type", "key", "it must be a column or a list of columns", hint)
            return ()
        texts = [name.strip() for name in names if isinstance(name, str) and name.strip()]
        if len(texts) < len(names):
            self.wrong("bad-type", "key", "it must be a column or a list of columns", hint)
        if len(set(texts)) < len(texts):
            self.wrong("two-columns", "key", "it names a column twice", "name each column once")
        return tuple(texts)

    def dates(self) -> str | None:
        if "dates" not in self.raw:
            return None
        form = self.text("dates", "%Y-%m-%d")
        if mistake := form_mistake(form):
            hint = 'write it with the parts of strptime, such as "%d.%m.%Y"'
            self.wrong("bad-date-form", "dates", f'"{form}" is no form of dates: {mistake}', hint)
        return form

    def encoding(self) -> str:
        name = self.text("encoding", "utf-8")
        try:
            " ".encode(name)  # refuses what is no encoding of text, such as base64
            codecs.getincrementaldecoder(name)
        except (LookupError, ValueError):
            hint = "name it as Python does, such as utf-8, utf-16, latin-1 or cp1252"
            self.wrong("unknown-encoding", "encoding", f'"{name}" is not an encoding', hint)
        return name

    def delimiter(self) -> str:
        value = self.raw.get("delimiter", ",")
        if isinstance(value, str) and len(value) == 1 and value not in '"\r\n\0':
            return value
        hint = 'write it in quotes, such as ";" or "\\t" for a tab'
        self.wrong("bad-delimiter", "delimiter", "it must be one character, and no quote", hint)
        return ","

    # keys that name fields

    def field(self, kind: Kind, name: str, path: str) -> Field | None:
        """The field of that name, unless an import may not set it."""
        hint = _OWN_FIELDS.get(name)
        if hint is None and kind.name == "files" and name in _COPY_FIELDS:
            hint = "an import makes no copies; map a column to url, or use acctcli file add"
        if hint is not None:
            self.wrong("own-field", path, f'"{name}" cannot be imported', hint)
            return None
        if name == CLOSE_TIME.name and kind.name == "deals":
            found = CLOSE_TIME
        else:
            try:
                found = field_of(kind, name, self.custom)
            except InvalidInputError as error:
                problem = error.problems[0]
                self.wrong(problem.id, path, problem.message, problem.hint)
                return None
        self.known[name] = found
        return found

    def columns(self, kind: Kind | None) -> dict[str, str]:
        """The field of each column."""
        if "columns" not in self.raw:
            hint = "write it as columns: {column: field}"
            self.wrong("missing-key", "columns", "the map names no columns", hint)
        found: dict[str, str] = {}
        by_field: dict[str, str] = {}
        for column, name in self.mapping("columns").items() if kind else ():
            path = f"columns.{column}"
            if not isinstance(name, str) or not name or not column.strip():
                hint = f"write the field's name, such as {kind.label if kind else 'name'}"
                self.wrong("bad-type", path, "it must be the name of a field", hint)
                continue
            if kind is None or self.field(kind, name, path) is None:
                continue
            taken = sorted(_clashing(name) & by_field.keys())
            if taken:
                other = by_field[taken[0]]
                message = f'the column "{other}" is mapped to "{taken[0]}" already'
                self.wrong("two-columns", path, message, "map one column to a field")
                continue
            by_field[name] = column
            found[column.strip()] = name
        return found

    def defaults(self, kind: Kind | None, mapped: set[str]) -> dict[str, Raw]:
        """The default of each field that has one, valid for it."""
        found: dict[str, Raw] = {}
        for name, value in self.mapping("defaults").items() if kind else ():
            path = f"defaults.{name}"
            field = self.field(kind, name, path) if kind else None
            if kind is None or field is None:
                continue
            if name not in mapped and (name == CLOSE_TIME.name or mapped & _clashing(name)):
                hint = "name won_time or lost_time, and do not map close_time"
                self.wrong("two-columns", path, "the time of closing has one source only", hint)
                continue
            is_link = field.type is FieldType.LINK
            if not value or (is_link and not isinstance(value, str)):
                hint = f"write it as {name}: value"
                self.wrong("bad-type", path, "it must be a text", hint)
                continue
            if not is_link:  # a link's text is matched later, as cells are
                self._check_value(field, value, path)
            found[name] = value
        return found

    def values(
        self, kind: Kind | None, fields: Mapping[str, Field], mapped: set[str]
    ) -> dict[str, dict[str, str]]:
        """What to read in place of which cell, by field."""
        found: dict[str, dict[str, str]] = {}
        for name, pairs in self.mapping("values").items() if kind else ():
            path = f"values.{name}"
            if kind is None or not self._is_mapped(name, fields, mapped, path):
                continue
            if not isinstance(pairs, dict):
                self.wrong("bad-type", path, "it must be a mapping", "write it as {from: to}")
                continue
            field, found[name] = fields[name], {}
            for cell, value in pairs.items():
                text = "" if value is None else value
                if not isinstance(text, str):
                    hint = "write a text, or nothing to leave the field unset"
                    self.wrong("bad-type", f"{path}.{cell}", "it must be a text", hint)
                    continue
                if self._is_final(field) and text:
                    self._check_value(field, from_text(field, text), f"{path}.{cell}")
                found[name][cell.strip()] = text
        return found

    def _is_mapped(
        self, name: str, fields: Mapping[str, Field], mapped: set[str], path: str
    ) -> bool:
        if name in fields and name in mapped:
            return True
        hint = _nearest_hint(name, mapped, "name a field that a column is mapped to")
        self.wrong("not-mapped", path, f'no column is mapped to "{name}"', hint)
        return False

    def _is_final(self, field: Field) -> bool:
        """Whether a replaced value goes into the record as it is: no link, no date in a form."""
        dated = field.type in {FieldType.DATE, FieldType.STAMP}
        return field.type is not FieldType.LINK and not (dated and "dates" in self.raw)

    def _check_value(self, field: Field, value: Raw, path: str) -> None:
        for problem in value_problems(field, value):
            self.wrong(problem.id, path, problem.message, problem.hint)

    def links(self, fields: Mapping[str, Field]) -> dict[str, LinkRule]:
        """The rule of each link among the fields; ids where the map gives none."""
        found = {name: LinkRule() for name, field in fields.items() if field.type is FieldType.LINK}
        rules = self.mapping("links")
        for name, rule in rules.items() if fields else ():
            path = f"links.{name}"
            if name not in found:
                is_field = name in fields
                message = f'"{name}" is not a link' if is_field else f'"{name}" is not mapped'
                hint = _nearest_hint(name, found, "name a link that a column is mapped to")
                self.wrong("not-a-link" if is_field else "not-mapped", path, message, hint)
            elif not isinstance(rule, dict):
                hint = "write it as {match: name, create: true}"
                self.wrong("bad-type", path, "it must be a mapping", hint)
            else:
                found[name] = self._rule(path, rule, fields[name])
        return found

    def _rule(self, path: str, rule: RawRecord, field: Field) -> LinkRule:
        self.check_keys(path, rule, ("match", "create"))
        match_text, create_text = rule.get("match", "id"), rule.get("create", "no")
        match = next((match for match in _MATCHES if match == match_text), None)
        if match is None:
            given = match_text if isinstance(match_text, str) else ""
            hint = _nearest_hint(given, _MATCHES, f"match by {', '.join(_MATCHES)}")
            self.wrong("bad-match", f"{path}.match", f'"{given}" is no way to match', hint)
        create = _YES_NO.get(create_text.lower()) if isinstance(create_text, str) else None
        if create is None:
            self.wrong("bad-value", f"{path}.create", "it must be true or false", "write true")
        elif create and field.link not in _MADE_BY_NAME:
            message = f"{field.link} cannot be made from a name"
            hint = (
                f"only {' and '.join(_MADE_BY_NAME)} can; import {field.link} by a map of their own"
            )
            self.wrong("bad-create", f"{path}.create", message, hint)
        elif create and match not in {"name", None}:
            message = f'nothing can be made when matching by "{match}"'
            self.wrong("bad-create", f"{path}.create", message, "write match: name")
        return LinkRule(match or "id", create=bool(create))
