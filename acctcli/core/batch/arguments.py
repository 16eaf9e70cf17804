"""Arguments of a command as JSON, checked against its specification."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.batch.command_spec import (
    Argument,
    BoundCommand,
    CommandSpec,
    Reference,
    Takes,
)
from acctcli.core.batch.lines import BatchLine, Number
from acctcli.core.model.errors import Problem
from acctcli.core.model.kinds import KINDS, Field, FieldType, KindName
from acctcli.core.model.names import nearest, nearest_first
from acctcli.core.model.values import LISTS, quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acctcli.core.model.errors import Place
    from acctcli.core.model.records import Settings

CUSTOM_FIELDS = "custom_fields"  # as the machine forms call the fields of the book's own
_NUMBERS = frozenset({FieldType.MONEY, FieldType.NUMBER, FieldType.INTEGER, FieldType.AMOUNT})
_MARK = "$"
_PAIR = 2

_SHAPES: dict[Takes, str] = {
    "text": "a text",
    "flag": "true or false",
    "record": "the id of a record",
    "records": "the id of a record, or a list of some",
    "pair": "a list of two texts",
    "fields": "an object of fields and their values",
    "names": "a list of names of fields",
    "own": "an object of own fields and their values",
}


class _NamedValue(NamedTuple):
    """A name that a line gives: where, and to a record of which kind, when that is known."""

    place: Place
    kind: KindName | None


def bind(
    lines: Sequence[BatchLine],
    shapes: Mapping[tuple[str, ...], CommandSpec],
    left_out: Mapping[tuple[str, ...], str],
    settings: Settings,
) -> tuple[list[BoundCommand], list[Problem]]:
    """The lines with the arguments of their commands, and all that is wrong with the others.

    Args:
        lines: In the order they are run.
        shapes: The commands that there are.
        left_out: Why others are none of these.
        settings: For the fields of the book's own.
    """
    binder = _Binder(shapes, left_out, settings)
    names = {line.name: line.place for line in reversed(lines) if line.name is not None}
    bound = [found for line in lines if (found := binder.bind_line(line, names)) is not None]
    return bound, binder.problems


class _Binder:
    def __init__(
        self,
        shapes: Mapping[tuple[str, ...], CommandSpec],
        left_out: Mapping[tuple[str, ...], str],
        settings: Settings,
    ) -> None:
        self.problems: list[Problem] = []
        self._shapes = shapes
        self._left_out = left_out
        self._settings = settings
        self._takes: dict[tuple[str, ...], dict[str, Argument]] = {}
        self._known: dict[str, _NamedValue] = {}
        self._names: Mapping[str, Place] = {}

    def bind_line(self, line: BatchLine, names: Mapping[str, Place]) -> BoundCommand | None:
        """The line with its arguments; None when something is wrong, which is noted."""
        self._names = names
        shape = self._shapes.get(line.command)
        if shape is None:
            self._refuse_command(line)
            if line.name is not None:
                self._known.setdefault(line.name, _NamedValue(line.place, None))
            return None
        before = len(self.problems)
        values = self._values(line, shape)
        self._name(line, shape, values)
        return BoundCommand(line, values) if len(self.problems) == before else None

    def _note(self, line: BatchLine, name: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(id=name, message=message, place=line.place, hint=hint))

    def _refuse_command(self, line: BatchLine) -> None:
        words = " ".join(line.command)
        reason = self._left_out.get(line.command)
        if reason is not None:
            self._note(line, "not-applied", f"{quote(words)} is not applied: {reason}")
            return
        near = nearest(words, (" ".join(each) for each in self._shapes))
        listed = f'["{near.replace(" ", chr(34) + ", " + chr(34))}"]' if near else None
        self._note(
            line,
            "unknown-command",
            f"{quote(words)} is no command that can be applied",
            f"did you mean {listed}?" if listed else "those that change records can",
        )

    # names

    def _name(self, line: BatchLine, shape: CommandSpec, values: Mapping[str, object]) -> None:
        if line.name is None:
            return
        if line.name in self._known:
            first = self._known[line.name].place
            self._note(line, "name-taken", f'"as": {quote(line.name)} is given at {first} already')
            return
        ids = values.get("id")
        if not shape.leaves or (isinstance(ids, tuple) and len(ids) != 1):
            what = "one record" if shape.leaves else "a record that is there afterwards"
            self._note(line, "nothing-to-name", f'"as": the line is not about {what}')
            return
        self._known[line.name] = _NamedValue(line.place, shape.kind)

    def _record(self, line: BatchLine, key: str, text: str, kind: KindName) -> str:
        """An id, or a reference to a record of that kind."""
        if not text.startswith(_MARK):
            return text
        name = text[1:]
        if name.startswith(_MARK):
            return name
        known = self._known.get(name)
        if known is None and name in self._names:
            where = self._names[name]
            self._note(
                line,
                "unknown-name",
                f"{key}: {quote(text)} is given at {where}, not before this line",
                "put the lines in the order in which they build on each other",
            )
        elif known is None:
            hint = 'a name is given by "as" in a line before; an id that begins with $ has two'
            found = nearest(name, self._known)
            hint = f'did you mean "${found}"? {hint}' if found else hint
            self._note(line, "unknown-name", f"{key}: nothing is called {quote(text)}", hint)
        elif known.kind is not None and known.kind != kind:
            found_kind, wanted = KINDS[known.kind].title, KINDS[kind].title
            self._note(
                line, "wrong-kind", f"{key}: {quote(text)} is of kind {found_kind}, not {wanted}"
            )
        return Reference(name)

    # arguments

    def _values(self, line: BatchLine, shape: CommandSpec) -> dict[str, object]:
        takes = self._takes_of(line.command, shape)
        values: dict[str, object] = {}
        fields: dict[str, object] = {}
        before = len(self.problems)
        for key, given in line.args.items():
            argument = takes.get(key)
            if argument is None:
                self._refuse_argument(line, key, takes, shape)
            elif argument.takes == "field":
                self._put_field(line, fields, key, argument.field, given, unset=False)
            elif given is None:
                continue
            elif argument.name in values:
                self._twice(line, argument.name)
            elif argument.takes in {"fields", "own"}:
                values[argument.name] = True
                self._put_fields(line, fields, argument, given, shape)
            else:
                values[argument.name] = self._value(line, key, argument, given)
        for argument in shape.arguments:
            missing = fields if argument.field is not None else values
            if argument.required and argument.name not in missing:
                self._note(
                    line,
                    "missing-argument",
                    f'"{" ".join(line.command)}" needs "{argument.name}"',
                    f'give it under args: {{"{argument.name}": ...}}',
                )
        lacks = shape.needs_one and values.keys().isdisjoint(shape.needs_one)
        if lacks and len(self.problems) == before:
            wanted = " or ".join(f'"{name}"' for name in shape.needs_one)
            self._note(line, "nothing-to-change", f'"{" ".join(line.command)}" needs {wanted}')
        for name in values.pop("unset", ()) or ():  # type: ignore[attr-defined]  # names, as `_value` made them
            self._put_field(
                line, fields, name, self._field(line, shape.kind, name), None, unset=True
            )
        values["fields"] = fields
        return values

    def _takes_of(self, command: tuple[str, ...], shape: CommandSpec) -> dict[str, Argument]:
        """All that a command takes, by every name; a field's own name goes before other names."""
        found = self._takes.get(command)
        if found is None:
            own: list[Argument] = []
            if shape.fields is not None:
                declared = self._settings.custom_fields(shape.fields)
                own = [Argument(name, "field", field=each) for name, each in declared.items()]
            found = {other: each for each in shape.arguments for other in each.aliases}
            found |= {each.name: each for each in (*own, *shape.arguments)}
            self._takes[command] = found
        return found

    def _refuse_argument(
        self, line: BatchLine, key: str, takes: Mapping[str, Argument], shape: CommandSpec
    ) -> None:
        words = " ".join(line.command)
        message = f'"{words}" takes no {quote(key)}'
        editable = {*(f.name for f in KINDS[shape.kind].fields)}
        editable |= self._settings.custom_fields(shape.kind).keys()
        if "set" in takes and key in editable:
            hint = f'fields to change stand under "set": {{"{key}": ...}}'
        else:
            names = sorted(each.name for each in takes.values() if each.takes != "field")
            fields = " and the fields of its kind" if shape.fields else ""
            hint = nearest_first(key, takes, f"it takes {', '.join(dict.fromkeys(names))}{fields}")
        self._note(line, "unknown-argument", message, hint)

    def _twice(self, line: BatchLine, name: str) -> None:
        self._note(line, "given-twice", f'"{name}" is given twice')

    def _value(self, line: BatchLine, key: str, argument: Argument, given: object) -> object:
        """The value of an argument that is no field; what is wrong with it is noted."""
        takes, link = argument.takes, argument.link
        words = _words(given)
        if takes == "flag" and isinstance(given, bool):
            return given
        if takes == "names" and words is not None:
            return words
        if takes == "pair" and isinstance(given, list) and words and len(words) == _PAIR:
            return words
        if takes == "records" and words and link:
            return tuple(self._record(line, key, each, link) for each in words)
        if type(given) is str and takes in {"text", "record"}:
            self._check_choice(line, key, given, argument.choices)
            return self._record(line, key, given, link) if link else given
        message = f"{key}: {_display_json(given)} stands where {_SHAPES[takes]} is expected"
        self._note(line, "bad-type", message)
        return None

    def _check_choice(self, line: BatchLine, key: str, given: str, choices: Sequence[str]) -> None:
        if choices and given not in choices:
            hint = nearest_first(given, choices, f"it is one of {', '.join(choices)}")
            self._note(line, "bad-choice", f"{key}: {quote(given)} is none of the choices", hint)

    # fields

    def _field(self, line: BatchLine, kind: KindName, name: str) -> Field | None:
        own = self._settings.custom_fields(kind)
        found = KINDS[kind].field(name) or own.get(name)
        if found is None:
            known = [*(each.name for each in KINDS[kind].fields), *own]
            hint = nearest_first(name, known, "declare own fields under fields: in acctcli.yaml")
            self._note(line, "unknown-field", f"{quote(name)} is not a field of {kind}", hint)
        return found

    def _put_fields(
        self,
        line: BatchLine,
        fields: dict[str, object],
        argument: Argument,
        given: object,
        shape: CommandSpec,
    ) -> None:
        """Put in the fields of an object; in `set` of an edit, null takes a value away."""
        if not isinstance(given, dict):
            self._value(line, argument.name, argument, given)
            return
        kind = shape.kind
        own = self._settings.custom_fields(kind)
        for key, value in given.items():
            if key == CUSTOM_FIELDS and argument.takes == "fields":
                self._put_fields(line, fields, Argument(CUSTOM_FIELDS, "own"), value, shape)
                continue
            known = own.get(key) if argument.takes == "own" else self._field(line, kind, key)
            if known is None and argument.takes == "own":
                hint = nearest_first(key, own, "declare it under fields: in acctcli.yaml")
                self._note(line, "unknown-field", f"{quote(key)} is no own field of {kind}", hint)
            self._put_field(line, fields, key, known, value, unset=shape.fields is None)

    def _put_field(
        self,
        line: BatchLine,
        fields: dict[str, object],
        key: str,
        field: Field | None,
        given: object,
        *,
        unset: bool,
    ) -> None:
        if field is None or (given is None and not unset):
            return
        if field.name in fields:
            self._twice(line, field.name)
        elif given is None or (unset and given == []):
            fields[field.name] = None
        else:
            fields[field.name] = self._value_text(line, key, field, given)
            if type(given) is str and not given.strip():
                hint = "null takes its value away" if unset else "leave it out, or say null"
                self._note(line, "empty-value", f"{key}: it gets no value", hint)

    def _value_text(self, line: BatchLine, key: str, field: Field, given: object) -> object:
        """A field's value as text, or texts, by the types of JSON; see `values` for more."""
        if field.link is not None and type(given) is str:
            return self._record(line, key, given, field.link)
        if field.type in LISTS and (words := _words(given)) is not None:
            return words
        if type(given) is str or (isinstance(given, Number) and field.type in _NUMBERS):
            return str(given)
        if isinstance(given, bool) and field.type is FieldType.YES_NO:
            return "true" if given else "false"
        wanted = {**dict.fromkeys(LISTS, "a list of texts"), FieldType.YES_NO: "true or false"}
        wanted |= dict.fromkeys(_NUMBERS, "a number")
        expected = wanted.get(field.type, "a text")
        message = f"{key}: {_display_json(given)} stands where {expected} is expected"
        self._note(line, "bad-type", message)
        return None


def _words(given: object) -> tuple[str, ...] | None:
    """The texts of a list, or the one text; None when there is anything else."""
    if type(given) is str:
        return (given,)
    if isinstance(given, list) and all(type(each) is str for each in given):
        return tuple(given)
    return None


def _display_json(given: object) -> str:
    if isinstance(given, Number):
        return f"the number {given}"
    if isinstance(given, bool):
        return "true" if given else "false"
    return {str: "a text", list: "a list", dict: "an object", type(None): "null"}[type(given)]
