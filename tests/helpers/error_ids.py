"""Finds every id of an error or a warning in the source, by reading it as Python does.

An id is written out where the problem is made, or handed to a function that makes one. Such
functions are found by what they do: a parameter of theirs becomes the id of a problem.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

# By the file, when it is private to one, and the name.
_Makers: TypeAlias = "dict[tuple[Path | None, str], Maker]"
# Tuples that keep an id for later, by the position of the id in them.
_KEEPERS = {"RefusalError": 0, "_Words": 0}


class Maker(NamedTuple):
    """A function that makes a problem: which argument of it is the id, and the level."""

    at: int
    level: str


class Found(NamedTuple):
    """An id, where it is written, and the class of the error when that is told beside it."""

    id: str
    file: str
    line: int
    error: str | None
    level: str


def ids_in(folder: Path) -> list[Found]:
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(folder.rglob("*.py"))}
    makers = _makers(trees)
    found: list[Found] = []
    for path, tree in trees.items():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            seen = _seen_from(path, makers)
            given = _id_given(call, seen)
            if given is None:
                continue
            found.extend(
                Found(name, str(path), call.lineno, _error(call), _level(call, seen))
                for name in _texts(given)
            )
    return found


def _level(call: ast.Call, makers: dict[str, Maker]) -> str:
    for keyword in call.keywords:
        if keyword.arg == "level" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    maker = makers.get(_name(call))
    return "error" if maker is None else maker.level


def _texts(node: ast.expr) -> list[str]:
    """The texts that an expression can be: one, or either of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    return []


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _error(call: ast.Call) -> str | None:
    """`InvalidInputError` of `InvalidInputError.of(...)`."""
    if _name(call) == "of" and isinstance(call.func, ast.Attribute):
        return getattr(call.func.value, "id", None)
    return None


def _id_given(call: ast.Call, makers: dict[str, Maker]) -> ast.expr | None:
    name = _name(call)
    for keyword in call.keywords:
        if name == "Problem" and keyword.arg == "id":
            return keyword.value
    error = _error(call)
    if error is not None and error.endswith("Error"):
        return call.args[0] if call.args else None
    if name != "of" and name in makers and len(call.args) > makers[name].at:
        return call.args[makers[name].at]
    return None


def _seen_from(path: Path, makers: _Makers) -> dict[str, Maker]:
    """The makers that a file can call: those of all files, and its own private ones."""
    keepers = {name: Maker(at, "error") for name, at in _KEEPERS.items()}
    return keepers | {name: each for (file, name), each in makers.items() if file in {None, path}}


def _makers(trees: dict[Path, ast.Module]) -> _Makers:
    """The functions that make a problem of an id they are given, and which argument that is."""
    makers: _Makers = {}
    while True:
        known = len(makers)
        for path, tree in trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and node.name not in {"of", "__init__"}:
                    maker = _maker(node, _seen_from(path, makers))
                    if maker is not None:
                        makers[path if node.name.startswith("_") else None, node.name] = maker
        if len(makers) == known:
            return makers


def _maker(function: ast.FunctionDef, makers: dict[str, Maker]) -> Maker | None:
    names = [each.arg for each in function.args.args if each.arg not in {"self", "cls"}]
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        given = _id_given(call, makers)
        if isinstance(given, ast.Name) and given.id in names:
            return Maker(names.index(given.id), _level(call, makers))
    return None
