"""Names that stand once and say what they name, and folders that a reader can take in."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from helpers.files import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRODUCT = PROJECT / "acctcli"
PACKAGES = ("cli", "core", "exchange", "render", "store")
MOST_MODULES = 15
COMMANDS = PRODUCT / "cli" / "commands"  # as many modules as there are commands

# Participles, pronouns and adverbs that are no name by themselves.
BANNED = frozenset(
    [
        "told",
        "said",
        "known",
        "seen",
        "given",
        "kept",
        "held",
        "wanted",
        "sought",
        "asked",
        "found",
        "made",
        "shown",
        "written",
        "meant",
        "marked",
        "picked",
        "chosen",
        "taken",
        "listed",
        "counted",
        "placed",
        "joined",
        "moved",
        "changed",
        "touched",
        "opened",
        "built",
        "filled",
        "gone",
        "come",
        "left",
        "lost",
        "won",
        "there",
        "here",
        "through",
        "around",
        "near",
        "above",
        "below",
        "beside",
        "ahead",
        "then",
        "now",
        "back",
        "what",
        "when",
        "where",
        "who",
        "which",
        "why",
        "how",
        "thing",
        "things",
        "likewise",
        "other",
        "others",
        "another",
        "both",
        "either",
        "each",
        "every",
        "one",
        "some",
        "any",
        "all",
        "only",
        "own",
        "about",
        "against",
        "with",
    ]
)
# Names that the command line, JSON or Python's own protocols give.
GIVEN_NAMES = {
    "render/output_schemas.py _why": "the schema of `account why`",
    "cli/commands/deal.py lost": "the command `deal lost`",
    "cli/commands/deal.py won": "the command `deal won`",
    "cli/commands/why.py": "the command `account why`",
    "cli/commands/why.py why": "the command `account why`",
    "cli/app/session.py Session.now": "the clock's time, as `datetime.now`",
    "store/datafiles/splices.py _Rest.all": "all that is left, as `all` of a query",
}
# Functions that give a bool and are no predicates: they do something, and tell what came of it.
ACTIONS = {
    "cli/actions/selection.py confirm": "asks, as `click.confirm`",
    "cli/commands/check.py run_check": "runs a command; whether it found something",
    "cli/commands/file.py run_verify": "runs a command; whether it found something",
    "core/checks/context.py Unread.has": "`has` alone, of its two arguments",
    "core/model/values.py _read_yes_no": "reads a value that is a bool",
    "store/commit/commit.py recover": "finishes a commit; whether there was one",
    "store/commit/lock.py _try_lock": "takes the lock, or does not",
    "store/config/rates_reader.py _Cut.close": "reads an entry; whether it could",
    "store/config/rates_reader.py _Cut.take": "takes a line; whether it could",
    "store/files/filesystem.py exists": "as `Path.exists`",
    "store/files/last_run.py RunMemory.forget": "removes a file; whether there was one",
    "store/undo/rollback.py TouchedFile.restore_bytes": "restores bytes; whether it could",
}


class _Name(NamedTuple):
    file: str
    qualified: str
    node: ast.ClassDef | ast.FunctionDef

    @property
    def last(self) -> str:
        return self.node.name

    @property
    def is_public(self) -> bool:
        return not self.last.startswith("_")

    def __str__(self) -> str:
        return f"{self.file} {self.qualified}"


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PRODUCT.rglob("*.py")):
        yield path.relative_to(PRODUCT).as_posix(), path


def names_in(body: list[ast.stmt], file: str, above: str = "") -> Iterator[_Name]:
    """The classes and functions of a module or class, but for what stands in functions."""
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield _Name(file, above + node.name, node)
        if isinstance(node, ast.ClassDef):
            yield from names_in(node.body, file, f"{above}{node.name}.")
        elif isinstance(node, ast.If | ast.Try | ast.With):
            yield from names_in(node.body, file, above)


NAMES = [
    name
    for file, path in modules()
    for name in names_in(ast.parse(path.read_text("utf-8")).body, file)
]


def repeated(found: dict[tuple[str, ...], list[str]]) -> dict[str, list[str]]:
    return {" ".join(key): files for key, files in found.items() if len(files) > 1}


def test_a_public_class_stands_once_in_the_product() -> None:
    found = defaultdict[tuple[str, ...], list[str]](list)
    for name in NAMES:
        if isinstance(name.node, ast.ClassDef) and name.is_public:
            found[name.last,].append(name.file)
    assert repeated(found) == {}


def is_click_command(node: ast.ClassDef | ast.FunctionDef) -> bool:
    """Whether a function is a command or a group, which has the name that users type."""
    return any(
        re.search(r"\.(command|group)\(|\bgroup\(|\bcommand\(", ast.unparse(each))
        for each in node.decorator_list
    )


def test_a_public_function_stands_once_in_its_package() -> None:
    found = defaultdict[tuple[str, ...], list[str]](list)
    for name in NAMES:
        is_function = isinstance(name.node, ast.FunctionDef) and "." not in name.qualified
        if is_function and name.is_public and not is_click_command(name.node):
            found[name.file.split("/")[0], name.last].append(name.file)
    assert repeated(found) == {}


def test_no_folder_holds_more_modules_than_a_reader_takes_in() -> None:
    found = defaultdict[str, int](int)
    for file, path in modules():
        if path.name != "__init__.py" and path.parent != COMMANDS:
            found[file.rpartition("/")[0]] += 1
    assert {folder: count for folder, count in found.items() if count > MOST_MODULES} == {}


def test_nothing_is_named_by_a_participle_a_pronoun_or_an_adverb() -> None:
    found = {file for file, path in modules() if path.stem.strip("_") in BANNED}
    found |= {str(name) for name in NAMES if name.last.strip("_").lower() in BANNED}
    assert found == set(GIVEN_NAMES)


def is_predicate(name: str) -> bool:
    return bool(re.match("_?(is|has|can)_|__", name))


def test_what_gives_a_bool_asks_a_question() -> None:
    found = {
        str(name)
        for name in NAMES
        if isinstance(name.node, ast.FunctionDef)
        and name.node.returns is not None
        and ast.unparse(name.node.returns) == "bool"
        and not is_predicate(name.last)
    }
    assert found == set(ACTIONS)


def test_every_package_is_looked_at() -> None:
    assert {name.file.split("/")[0] for name in NAMES if "/" in name.file} == set(PACKAGES)
