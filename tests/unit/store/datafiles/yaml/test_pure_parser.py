"""PyYAML without libyaml: the same nodes, places and refusals, text by text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from helpers.files import PROJECT
from helpers.hand_files import HandFile, hand_files, yaml_like
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yaml._yaml import CParser

from acctcli.store.datafiles.yaml import parser as yaml_parser
from acctcli.store.datafiles.yaml.nodes import Scalar, Sequence
from acctcli.store.datafiles.yaml.parser import (
    BOM,
    RefusalError,
    document,
    quick_record,
    top_spans,
)
from acctcli.store.datafiles.yaml.pure_parser import PureParser

if TYPE_CHECKING:
    from pathlib import Path

    from acctcli.store.datafiles.yaml.nodes import Mark, Node

# Not among them: a question mark where a key of its own would begin, whose end libyaml misplaces
# in a list, and what only tags and directives have, which are refused in any case.
_PIECES = [
    *("a", "b: ", "- ", "c?", "x:y", "http://a", "é", "日", "\U0001f600", "~", "@", "`", "1"),
    *("\n", "\n  ", "\n    ", " ", "  ", "\t", "\r\n", "\r", "\x85", "\u2028", "\ufeff", "\0"),
    *(":", ": ", ",", ", ", "[", "]", "{", "}", "-", "#", " # x", "---", "...", "\n---\n"),
    *('"', "'", "''"),
    *("|", ">", "|-", ">+", "|2", ">1-", "&x ", "*x", "<<", "\n? k\n: v\n", "<<<<<<< ours\n"),
    *("- a: 1\n  b: 2\n", "k: {a: 1, b: c?}\n", "- |\n  t\n", "\nk: >\n\n  a\n   b\n\n  c\n"),
]
# What may stand in double quotes; few of the texts with any other way to read on are right.
_QUOTED = [
    *("a", " ", "\t", "'", "é", "\n", "\n  ", "\r\n", "\x85", "\u2028"),
    *("\n---", "\\\n", "\\\r\n  "),
    *("\\n", '\\"', "\\\\", "\\\t", "\\N", "\\x41", "\\u00e9", "\\U0001f600"),
    *("\\ud800", "\\U00110000", "\\UFFFFFFFF", "\\u00e", "\\q", "\\"),
]


def _texts(pieces: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=14).map("".join)


TEXTS = _texts(_PIECES) | _texts(_QUOTED).map('a: "{}"'.format)


def _mark(mark: Mark) -> tuple[int, int, int]:
    return mark.index, mark.line, mark.column


def _listed(node: Node | None) -> object:
    """A node as plain values, with its places."""
    if node is None:
        return None
    ends = _mark(node.start), _mark(node.end)
    if isinstance(node, Scalar):
        return node.text, node.style, ends
    if isinstance(node, Sequence):
        return [_listed(item) for item in node.items], node.flow, ends
    return [(_listed(key), _listed(value)) for key, value in node.entries], node.flow, ends


def _read(text: str) -> object:
    try:
        return _listed(document(text))
    except RefusalError as refusal:
        return refusal.name, refusal.message, refusal.index, refusal.hint


def _is_refusal(found: object) -> bool:
    return isinstance(found, tuple) and found[0] in {"yaml-syntax", "yaml-tag"}


def by(parser: type[Any], text: str) -> tuple[object, object, object]:
    """What a parser makes of a text, each way that it is asked."""
    with pytest.MonkeyPatch.context() as patch:
        events = yaml_parser._events()._replace(parser=parser)
        patch.setattr(yaml_parser, "_events", lambda: events)
        # A text is asked for places once `document` has refused a second byte order mark, of which
        # libyaml counts none.
        return _read(text), quick_record(text), top_spans(text.lstrip(BOM))


@given(TEXTS | yaml_like())
@example("{a: b?, c: http://d?e, f: , g}")
@example("- a:\tb\t# c\n")
@example("a: |\n\tb\n")
@example("a: b\n\tc\n")
@example("- a\n\ufeff- b\n")
@example("\ufeff\ufeff\n- id: b\n")
@example('"\\')
@example('"\\q"')
@example('"\\n\\x41\\\n b"')
@example('"\\x4"')
@example('"\\ud800"')
@example("%YAML 1.2\n---\na: b\n")
@example("%YAML 1.3\n---\na: b\n")
@example("%NO\n---\na: b\n")
@example("k: v\n[")
@example("]")
@example("[a:,]")
@settings(max_examples=500)
def test_a_text_reads_as_libyaml_reads_it(text: str) -> None:
    pure, other = by(PureParser, text), by(CParser, text)
    if pure != other:
        # Tags and directives that are wrong are refused in words of their own.
        assert {"!", "%"} & {*text}
        assert pure[1] is other[1] is None
        assert _is_refusal(pure[0])
        assert _is_refusal(other[0])


@given(hand_files())
@settings(max_examples=40)
def test_a_file_reads_as_libyaml_reads_it(made: HandFile) -> None:
    text = made.data.decode()
    assert by(PureParser, text) == by(CParser, text)


@pytest.mark.parametrize("text", ["%YAML 1.1111111111111111111\n---\n", "%", "!%zz a", "|0\n  a"])
def test_what_is_worded_otherwise_is_refused_all_the_same(text: str) -> None:
    found, quick, _ = by(PureParser, text)
    assert _is_refusal(found)
    assert quick is None


@pytest.mark.parametrize("path", sorted((PROJECT / "sample-data").rglob("*.yaml")), ids=str)
def test_the_sample_reads_as_libyaml_reads_it(path: Path) -> None:
    text = path.read_text("utf-8")
    assert by(PureParser, text) == by(CParser, text)


@pytest.fixture
def without(tmp_path: Path) -> dict[str, str]:
    """The environment of a process whose PyYAML has no libyaml."""
    (tmp_path / "sitecustomize.py").write_text(
        'import sys\nsys.modules["yaml._yaml"] = sys.modules["_yaml"] = None\n'
    )
    return {**os.environ, "PYTHONPATH": str(tmp_path), "ACCTCLI_TODAY": "2026-03-10"}


@pytest.mark.parametrize(
    "words",
    [
        ("account", "list", "--no-index"),
        ("account", "show", "northwind"),
        ("check",),
        ("deal", "edit", "dvh2b6t76", "--set", "title=Scale: kept?"),
    ],
)
def test_commands_print_and_write_the_same(
    folder: Path, without: dict[str, str], words: tuple[str, ...]
) -> None:
    seen = []
    for name, environ in (("with", {**without, "PYTHONPATH": ""}), ("without", without)):
        book = folder / name / "book"
        shutil.copytree(PROJECT / "sample-data", book)
        done = subprocess.run(
            [sys.executable, "-m", "acctcli", *words],
            cwd=book,
            env=environ,
            capture_output=True,
            check=False,
        )
        files = {path.name: path.read_bytes() for path in sorted(book.rglob("*.yaml"))}
        seen.append((done.returncode, done.stdout, done.stderr, files))
    assert seen[0] == seen[1]
    assert seen[0][0] == 0
