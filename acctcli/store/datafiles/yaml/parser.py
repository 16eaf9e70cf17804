"""Parser events as nodes: the safe subset of YAML."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from acctcli.store.datafiles.yaml.nodes import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from acctcli.core.model.records import Raw
    from acctcli.store.datafiles.yaml.nodes import Mark

    Get = Callable[[], Any]

DEPTH = 32
BOM = "\ufeff"
# What YAML lets stand in a text at all; libyaml refuses the rest without saying where.
FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7}) |^={7}\r?$", re.MULTILINE)


class TextSpan(NamedTuple):
    """Where an item of the top-level list begins and where its last text ends, in characters."""

    start: int
    end: int


class RefusalError(Exception):
    """Something is wrong at a position of the text (in characters); placed by `refusal_error`."""

    def __init__(self, name: str, message: str, index: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.index = index
        self.hint = hint


class _Events(NamedTuple):
    """The classes of PyYAML's events; PyYAML is loaded when the first text is parsed."""

    parser: type[Any]
    text: type[Any]
    list: type[Any]
    list_end: type[Any]
    mapping: type[Any]
    mapping_end: type[Any]
    alias: type[Any]
    document: type[Any]
    error: type[Any]


@cache
def _events() -> _Events:
    import yaml

    return _Events(
        _parser(),
        yaml.ScalarEvent,
        yaml.SequenceStartEvent,
        yaml.SequenceEndEvent,
        yaml.MappingStartEvent,
        yaml.MappingEndEvent,
        yaml.AliasEvent,
        yaml.DocumentStartEvent,
        yaml.YAMLError,
    )


def _parser() -> type[Any]:
    """The parser of libyaml; where PyYAML was built without it, PyYAML's own."""
    try:
        from yaml._yaml import CParser
    except ImportError:
        from acctcli.store.datafiles.yaml.pure_parser import PureParser

        return PureParser
    return CParser


def document(text: str) -> Node | None:
    """The one document of a text without a byte order mark; see `parse_document`.

    Raises:
        RefusalError: it is not valid, or not in the part of YAML that is read.
    """
    events = _events()
    if text.startswith(BOM):
        raise RefusalError(
            "control-character",
            "a second byte order mark stands here",
            0,
            "remove it; a file begins with one at most",
        )
    try:
        get = events.parser(text).get_event
        get()  # the stream starts
        if not isinstance(get(), events.document):
            return None
        node = _node(get(), get, events, 0)
        get()  # the document ends
        if isinstance(after := get(), events.document):
            raise RefusalError(
                "several-documents",
                "a second document begins here; a data file holds one",
                after.start_mark.index,
                'remove the line "---"',
            )
    except events.error as error:
        raise _syntax(error, text) from error
    except UnicodeEncodeError as error:
        raise _forbidden(text) from error
    return node


def _node(event: Any, get: Get, events: _Events, depth: int) -> Node:  # noqa: ANN401 - untyped upstream
    if isinstance(event, events.text):
        _check(event)
        return Scalar(event.value, event.style or "", event.start_mark, event.end_mark)
    if isinstance(event, events.alias):
        raise RefusalError(
            "yaml-alias",
            f'the alias "*{event.anchor}" is not read',
            event.start_mark.index,
            "write the value itself in each place",
        )
    _check(event)
    start: Mark = event.start_mark
    if depth == DEPTH:
        raise _deep(start.index)
    if isinstance(event, events.list):
        items: list[Node] = []
        while not isinstance(following := get(), events.list_end):
            items.append(_node(following, get, events, depth + 1))
        return Sequence(items, bool(event.flow_style), start, following.end_mark)
    entries: list[tuple[Scalar, Node]] = []
    seen: set[str] = set()
    while not isinstance(following := get(), events.mapping_end):
        key = _key(_node(following, get, events, depth + 1), seen)
        entries.append((key, _node(get(), get, events, depth + 1)))
    return Mapping(entries, bool(event.flow_style), start, following.end_mark)


def _check(event: Any) -> None:  # noqa: ANN401 - untyped upstream
    if event.anchor is not None:
        raise RefusalError(
            "yaml-anchor",
            f'the anchor "&{event.anchor}" is not read',
            event.start_mark.index,
            "remove it, and write the value itself in each place",
        )
    if event.tag is not None:
        raise RefusalError(
            "yaml-tag",
            f'the tag "{event.tag}" is not read',
            event.start_mark.index,
            "remove it; quote the value if it begins with an exclamation mark",
        )


def _key(node: Node, seen: set[str]) -> Scalar:
    if not isinstance(node, Scalar):
        raise RefusalError(
            "yaml-key",
            "a key must be a text",
            node.start.index,
            "quote the key, or remove what is not meant as one",
        )
    if node.text == "<<" and node.is_plain:
        raise RefusalError(
            "yaml-merge",
            'the merge key "<<" is not read',
            node.start.index,
            "write the keys themselves in each place",
        )
    if node.text in seen:
        raise RefusalError(
            "duplicate-key",
            f'the key "{node.text}" stands twice in this mapping',
            node.start.index,
            "keep one of the two",
        )
    seen.add(node.text)
    return node


def _syntax(error: Any, text: str) -> RefusalError:  # noqa: ANN401 - untyped upstream
    if conflict := _CONFLICT.search(text):
        return RefusalError(
            "conflict-marker",
            f'a merge conflict was left here: "{conflict[0].strip()}"',
            conflict.start(),
            "keep one of the two sides and remove the lines of the markers",
        )
    if (mark := getattr(error, "problem_mark", None)) is None:
        return _forbidden(text)
    problem = str(getattr(error, "problem", ""))
    if "nesting depth" in problem:
        return _too_deep(text, mark.index)
    context = getattr(error, "context", None)
    if "end of stream" in problem and getattr(error, "context_mark", None):
        mark = error.context_mark
    return RefusalError(
        "yaml-syntax",
        f"not valid YAML: {problem}" + (f" {context}" if context else ""),
        mark.index,
        "correct it in an editor; a text with special characters goes into double quotes",
    )


def _deep(index: int) -> RefusalError:
    return RefusalError(
        "yaml-depth",
        f"lists and mappings are nested deeper than {DEPTH} levels",
        index,
        "check the brackets; records need two or three levels",
    )


def _too_deep(text: str, end: int) -> RefusalError:
    """Where our own limit of depth is passed, in a text that libyaml gave up at `end`.

    It reads ahead of what it tells, so the place is looked for in beginnings of the text.
    """
    found = _deep(end)
    start = 0
    while found.index == end and end - start > 1:
        start = (start + end) // 2
        try:
            document(text[:start])
        except RefusalError as refusal:
            if refusal.name == "yaml-depth":
                found = refusal
    return found


def _forbidden(text: str) -> RefusalError:
    found = FORBIDDEN.search(text)
    index = found.start() if found else 0
    return RefusalError(
        "control-character",
        f"the character U+{ord(text[index]):04X} may not stand in YAML",
        index,
        f'remove it, or write "\\u{ord(text[index]):04x}" in a text in double quotes',
    )


def quick_record(text: str) -> dict[str, Raw] | None:
    """The one record of a text, when nothing about it is unusual; else None.

    It makes no nodes, which saves a third of the time. For what it does not take,
    `parse_record` knows why, or reads it after all.
    """
    events = _events()
    try:
        get = events.parser(text).get_event
        get()  # the stream starts
        get()  # the document starts, if there is one
        top = get()
        usual = isinstance(top, events.list) and not top.flow_style and not text.startswith(BOM)
        if usual and _is_bare(top):
            found = _quick(get(), get, events, 2)
            ends = isinstance(get(), events.list_end)
            get()  # the document ends
            if ends and not isinstance(get(), events.document) and isinstance(found, dict):
                return found
    except (_UnusualError, events.error, UnicodeEncodeError):
        pass
    return None


class _UnusualError(Exception):
    """Something that the quick way does not take."""


def _quick(event: Any, get: Get, events: _Events, depth: int) -> Raw:  # noqa: ANN401 - untyped upstream
    if isinstance(event, events.alias | events.list_end) or not _is_bare(event) or depth > DEPTH:
        raise _UnusualError
    if event.__class__ is events.text:
        return event.value or ("" if event.style else None)
    if isinstance(event, events.list):
        items: list[Raw] = []
        while not isinstance(following := get(), events.list_end):
            items.append(_quick(following, get, events, depth + 1))
        return items
    found: dict[str, Raw] = {}
    while (key := get()).__class__ is not events.mapping_end:
        if key.__class__ is not events.text or not _is_bare(key):
            raise _UnusualError
        name: str = key.value
        if name in found or name == "<<":
            raise _UnusualError
        following = get()
        if following.__class__ is events.text and following.anchor is following.tag is None:
            found[name] = following.value or ("" if following.style else None)
        else:
            found[name] = _quick(following, get, events, depth + 1)
    return found


def _is_bare(event: Any) -> bool:  # noqa: ANN401 - untyped upstream
    return event.anchor is None and event.tag is None


def top_spans(text: str) -> list[TextSpan] | None:
    """The items of the top-level list by the rules of YAML alone; None when there is none.

    Used where lines that look like the start of a record may not be one. The text has no byte
    order mark.
    """
    events = _events()
    spans: list[TextSpan] = []
    try:
        get = events.parser(text).get_event
        get()  # the stream starts
        get()  # the document starts, if there is one
        if not isinstance(get(), events.list):
            return None
        while not isinstance(event := get(), events.list_end):
            spans.append(_span(event, get, events))
        get()  # the document ends
        if isinstance(get(), events.document):
            return None
    except (events.error, _UnusualError):
        return None
    return spans


def _span(event: Any, get: Get, events: _Events) -> TextSpan:  # noqa: ANN401 - untyped upstream
    start = end = event.start_mark.index
    depth = 0
    while True:
        if isinstance(event, events.text):
            end = max(end, event.end_mark.index)
        elif isinstance(event, events.list | events.mapping):
            depth += 1
        elif not isinstance(event, events.alias):
            depth -= 1
        if not depth:
            return TextSpan(start, end)
        if depth >= DEPTH:
            raise _UnusualError
        event = get()
