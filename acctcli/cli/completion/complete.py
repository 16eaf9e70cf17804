"""Words that may stand at the cursor.

It loads neither Click nor any command.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from acctcli.cli.app.command_tree import tree
from acctcli.core.model.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from acctcli.cli.app.command_tree import ColumnInfo, CommandNode, OptionInfo
    from acctcli.cli.completion.book_words import BookWords

_MANY = 200  # words at the most: nobody looks through more
_NAME_LENGTH = 80  # of a name that is put on the command line
_TERM = re.compile(r"(!?)([^=!<>~]*)(!=|<=|>=|[=<>~])?(.*)", re.DOTALL)
# What fields hold that are texts, of which there are few.
_SORTS = {"owner": "owners", "tier": "tiers", "type": "type", "playbook": "playbooks"}
# The day that a name without its end stands for, as in `core.query.columns`.
_SHORT = {"next_activity": "next_activity.due_date", "last_contact": "last_contact.date"}
_DAYS = (
    ("today", ""),
    ("tomorrow", ""),
    ("yesterday", ""),
    *((day, "the next one") for day in ("monday", "tuesday", "wednesday", "thursday", "friday")),
    *(("+1d", "a day ahead"), ("+1w", "a week ahead"), ("+1m", "a month ahead")),
    *(("+3bd", "three business days ahead"), ("eom", "the end of the month")),
    *(("eoq", "the end of the quarter"), ("eoy", "the end of the year")),
)


class Offer(NamedTuple):
    """A word that may stand there, and what is said of it."""

    word: str
    about: str = ""


class Answer(NamedTuple):
    """What a shell is told.

    Attributes:
        offers: The words, each in full.
        goes_on: Whether more may follow such a word without a space: no space is put behind it.
        files: `path` for the names of files and folders, `folder` for those of folders, which the
            shell knows best; else empty.
    """

    offers: tuple[Offer, ...] = ()
    goes_on: bool = False
    files: str = ""


class _Line(NamedTuple):
    """A command line up to the cursor's word.

    Attributes:
        branch: The command that is reached.
        path: Its path.
        arguments: Its arguments.
        pending: What the cursor's word is as the value of the option before it; else None.
        given: The names of the options that were given.
        only_arguments: Whether `--` came before.
    """

    branch: CommandNode
    path: str
    arguments: tuple[str, ...]
    pending: str | None
    used_options: frozenset[str]
    only_arguments: bool


def book_of(words: Sequence[str]) -> str | None:
    """The book that a command line names."""
    found = None
    for number, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == "--book":
            found = value if equals else "".join(words[number + 1 : number + 2])
    return found or None


def complete(words: Sequence[str], current: str, known: BookWords) -> Answer:
    """What may stand at the end of a command line.

    Args:
        words: The words before that of the cursor, without the program's name.
        current: The cursor's word as far as it is written.
        known: What there is in the book.
    """
    line = _read(words)
    if line is None:
        return Answer()
    if line.pending is not None:
        return _values(line, line.pending, current, known)
    if current.startswith("-") and not line.only_arguments:
        return _option_or_value(line, current, known)
    if line.branch.verbs:
        verbs = _verbs(line.branch, line.path)
        return Answer(tuple(each for each in verbs if each.word.startswith(current)))
    answers = [_values(line, wanted, current, known) for wanted in _arguments(line)]
    offers = tuple(offer for answer in answers for offer in answer.offers)
    return answers[0]._replace(offers=offers) if answers else Answer()


def _option_or_value(line: _Line, current: str, known: BookWords) -> Answer:
    """The names of options; behind `--option=`, what its value may be."""
    name, equals, value = current.partition("=")
    if not equals:
        return Answer(tuple(_options(line, current)))
    option = _option(line.branch, name)
    if option is None or len(option.wants) != 1:
        return Answer()
    return _with_prefix(_values(line, option.wants[0], value, known), f"{name}=")


# where the cursor is


def _read(words: Sequence[str]) -> _Line | None:
    """What stands before the cursor; None when it is no command line that there could be."""
    branches = tree().branches
    path, only_arguments = "", False
    arguments: list[str] = []
    given: set[str] = set()
    waiting: list[str] = []
    for word in words:
        branch = branches[path]
        if waiting:
            waiting.pop(0)
        elif only_arguments or not word.startswith("-") or word == "-":
            if branch.verbs:
                if word not in branch.verbs:
                    return None
                path = f"{path} {word}".strip()
            else:
                arguments.append(word)
        elif word == "--":
            only_arguments = True
        else:
            name, equals, _ = word.partition("=")
            option = _option(branch, name)
            if option is not None:
                given.add(option.names[0])
                waiting = [] if equals else list(option.wants)
    if path not in branches:  # a verb that completion was not told of
        return None
    pending = waiting[0] if waiting else None
    return _Line(branches[path], path, tuple(arguments), pending, frozenset(given), only_arguments)


def _option(branch: CommandNode, name: str) -> OptionInfo | None:
    return next((option for option in _all_options(branch) if name in option.names), None)


def _all_options(branch: CommandNode) -> Iterator[OptionInfo]:
    found = tree()
    yield from branch.options
    yield from (found.lists[name] for name in branch.lists)
    own = {name for option in branch.options for name in option.names}
    yield from (option for name, option in found.globals.items() if name not in own)


def _options(line: _Line, begin: str) -> Iterator[Offer]:
    for option in _all_options(line.branch):
        name = option.names[0]
        if name.startswith(begin) and (option.repeats or name not in line.used_options):
            yield Offer(name, option.help)


def _verbs(branch: CommandNode | None, path: str) -> Iterator[Offer]:
    branches = tree().branches
    for verb in branch.verbs if branch else ():
        found = branches.get(f"{path} {verb}".strip())
        yield Offer(verb, found.help if found else "")


def _arguments(line: _Line) -> tuple[str, ...]:
    """What the next argument may be; behind one that may be repeated, what follows it too."""
    wanted, repeats, number = line.branch.arguments, line.branch.repeats, len(line.arguments)
    if repeats is None or number <= repeats:
        return wanted[number : number + 1]
    return wanted[repeats:]


# what it may be


def _values(line: _Line, wanted: str, current: str, known: BookWords) -> Answer:
    """The words for a value, by what it is."""
    what, _, rest = wanted.partition(":")
    if what in {"path", "folder"}:
        return Answer(files=what)
    if what == "terms":
        return _terms(line, current, known)
    if what in {"order", "columns", "types", "listed"}:
        return _complete_list(line, wanted, current, known)
    if what in {"assignments", "fields"}:
        return _fields(rest, current, known, with_values=what == "assignments")
    return Answer(tuple(_candidates_of_word(line, wanted, current, known)))


def _candidates_of_word(
    line: _Line, wanted: str, current: str, known: BookWords
) -> Iterable[Offer]:
    """The words for a value that is one of them."""
    if wanted == "help":
        return (each for each in _help_offers(line) if each.word.startswith(current))
    if wanted == "schemas":
        return (each for each in _schemas(line) if each.word.startswith(current))
    if wanted == "views":
        is_any = line.path == "views" or line.branch.verbs  # the command is not written yet
        views = known.views(None if is_any else line.path)
        offers = (Offer(name, command) for name, command in views.items())
        return (each for each in offers if each.word.startswith(current))
    return _words(wanted, current, known)


def _help_offers(line: _Line) -> Iterator[Offer]:
    """What there is help for: topics, and commands with their verbs."""
    path = " ".join(line.arguments)
    yield from _verbs(tree().branches.get(path), path)
    if not path:
        yield from map(Offer, tree().words["topics"])


def _schemas(line: _Line) -> Iterator[Offer]:
    """What there are schemas of: files, and behind `output` the commands that print data."""
    if not line.arguments:
        yield from map(Offer, (*tree().words["schemas"], "output"))
    elif line.arguments[0] == "output":
        path = " ".join(line.arguments[1:])
        yield from _verbs(tree().branches.get(path), path)


def _words(wanted: str, current: str, known: BookWords) -> Iterator[Offer]:
    what, _, rest = wanted.partition(":")
    if what in known.kinds:
        return _records((what,), rest, current, known)
    if what == "records":
        kinds = tuple(kind for kind in known.kinds if kind != "accounts")
        return _records(kinds, "", current, known)
    if what.startswith("one of "):
        found: Iterable[Offer] = map(Offer, what.removeprefix("one of ").split(","))
    elif what == "day":
        found = (Offer(*each) for each in _DAYS)
    elif what in tree().words:
        found = map(Offer, tree().words[what])
        if what == "groupings":
            found = (*found, *map(Offer, (c.path for c in known.custom_fields("orgs"))))
    else:
        found = map(Offer, known.words(what))
    folded = fold(current)
    return (each for each in found if fold(each.word).startswith(folded))


def _records(kinds: Sequence[str], state: str, current: str, known: BookWords) -> Iterator[Offer]:
    """Records whose id begins so, by their ids; then those whose name does, by their names."""
    records = [each for kind in kinds for each in known.records(kind, current, state, _MANY)]
    names = [fold(each.name) for each in records]
    for record, name in zip(records[:_MANY], names, strict=False):
        shown = " ".join(record.name.split())
        if record.id.startswith(current) or names.count(name) > 1 or not _is_short(record.name):
            yield Offer(record.id, shown)
        else:
            yield Offer(record.name, record.id)


def _is_short(name: str) -> bool:
    return len(name) <= _NAME_LENGTH and name.isprintable() and not name.startswith("-")


def _complete_list(line: _Line, what: str, current: str, known: BookWords) -> Answer:
    """The words of a list with commas: the last one is completed."""
    before, comma, last = current.rpartition(",")
    if what == "types":
        names = [*(tree().words["types"] if "timeline" in line.path else ()), *known.words("type")]
        offers = [Offer(name) for name in dict.fromkeys(names)]
    elif what.startswith("listed:"):
        offers = [Offer(name) for name in tree().words[what.removeprefix("listed:")]]
    else:
        offers = [Offer(each.path, each.type) for each in _columns(line, known)]
    minus = "-" if what == "order" and last.startswith("-") else ""
    there = {word.strip().removeprefix("-") for word in before.split(",")}
    begin = last.removeprefix(minus)
    found = Answer(
        tuple(each for each in offers if each.word.startswith(begin) and each.word not in there),
        goes_on=True,
    )
    return _with_prefix(found, before + comma + minus)


def _columns(line: _Line, known: BookWords) -> list[ColumnInfo]:
    """The columns of the list, with the fields of the book's own."""
    branch = line.branch
    listed = tree().columns.get(branch.listing or "", ())
    return [*listed, *(known.custom_fields(branch.kind) if branch.kind else ())]


def _terms(line: _Line, current: str, known: BookWords) -> Answer:
    """A term of `--where`: the field, then what it may be compared with."""
    found = _TERM.fullmatch(current)
    assert found is not None  # noqa: S101 - every text is one
    no, name, sign, value = found.groups()
    columns = _columns(line, known)
    if not sign:
        offers = tuple(
            Offer(each.path, each.type) for each in columns if each.path.startswith(name)
        )
        return _with_prefix(Answer(offers, goes_on=True), no)
    paths = (name, _SHORT.get(name))
    column = next((each for each in columns if each.path in paths), None)
    if column is None:
        return Answer()
    before, comma, last = value.rpartition(",")
    offers = tuple(_comparison_offers(column, last, known))
    return _with_prefix(Answer(offers, goes_on=bool(offers)), f"{no}{name}{sign}{before}{comma}")


def _comparison_offers(column: ColumnInfo, begin: str, known: BookWords) -> Iterator[Offer]:
    """What a field may be compared with."""
    if column.link is not None:
        return _records((column.link,), "", begin, known)
    if column.choices:
        return _words("one of " + ",".join(column.choices), begin, known)
    name = column.path.rpartition(".")[2]
    if name in _SORTS:
        return _words(_SORTS[name], begin, known)
    return _words("day" if column.type in {"date", "timestamp"} else "", begin, known)


def _fields(kind: str, current: str, known: BookWords, *, with_values: bool) -> Answer:
    """A field of a kind, and with values what it may be set to: `--set key=value`."""
    name, equals, value = current.partition("=")
    columns = [*tree().columns[kind], *known.custom_fields(kind)]
    if not (equals and with_values):
        end = "=" if with_values else ""
        offers = tuple(
            Offer(each.path + end, each.type) for each in columns if each.path.startswith(current)
        )
        return Answer(offers, goes_on=with_values)
    column = next((each for each in columns if each.path == name), None)
    offers = () if column is None else tuple(_comparison_offers(column, value, known))
    return _with_prefix(Answer(offers), f"{name}=")


def _with_prefix(answer: Answer, begin: str) -> Answer:
    """The same with what stands before the words, in the cursor's word, put before them."""
    offers = tuple(each._replace(word=begin + each.word) for each in answer.offers)
    return answer._replace(offers=offers)
