"""Links of rows, resolved to records.

It gives no ids and makes no records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import Problem
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.names import fold
from acctcli.exchange.import_map import LinkRule
from acctcli.exchange.row_drafts import LinkedRecord, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from acctcli.core.model.records import Data, Record
    from acctcli.exchange.import_map import ImportMap
    from acctcli.exchange.row_drafts import Draft

_PARENT = "parent"
_MOST = 10  # how many records of one name a message lists
_BY_ID = LinkRule()


class Matcher:
    """Follows the links of all drafts of one file."""

    def __init__(
        self,
        import_map: ImportMap,
        data: Data,
        drafts: Sequence[Draft],
        links: Mapping[str, KindName],
    ) -> None:
        """Prepare for the drafts of a file.

        Args:
            import_map: The map.
            data: The records of the book.
            drafts: Every draft of the file, in order, bad ones too.
            links: What kind each link points at.
        """
        self._map = import_map
        self._data = data
        self._drafts = drafts
        self._links = links
        self._columns = {name: column for column, name in import_map.columns.items()}
        self._names: dict[KindName, dict[str, list[Target]]] = {}
        self._external: dict[KindName, dict[str, list[Target]]] = {}
        self._folded: dict[KindName, dict[str, list[Target]]] = {}
        self._joined: dict[KindName, str | None] = {}
        self._made: dict[tuple[KindName, str], LinkedRecord] = {}
        self._known: dict[tuple[str, str], Target | Problem] = {}
        self._updated = {
            draft.existing.id: number
            for number, draft in enumerate(drafts)
            if draft.existing is not None
        }

    def follow(self) -> None:
        """Find the target of every link, and tell each draft that it cannot be imported, and why.

        A draft falls when a link of it points at nothing, at several records, or at a new row
        that falls itself; and when its parent would close a circle (rule 9).
        """
        for draft in self._drafts:
            for name, text in draft.links.items():
                found = self._known.get((name, text))
                if found is None:
                    found = self._known[name, text] = self._find(name, text)
                if isinstance(found, Problem):
                    draft.problems.append(found)
                else:
                    draft.targets[name] = found
        self._spread(number for number, draft in enumerate(self._drafts) if draft.problems)
        while circled := self._circles():
            self._spread(circled)

    def ids_of_name(self, kind: KindName, name: str) -> list[str]:
        """The ids of the book's records of a kind that have a name, case and accents aside."""
        found = self._by_name(kind).get(fold(name), ())
        return [target for target in found if isinstance(target, str)]

    # one link

    def _find(self, name: str, text: str) -> Target | Problem:
        rule = self._map.links.get(name, _BY_ID)
        kind = self._links[name]
        match rule.match:
            case "id":
                found: list[Target] = [text] if text in self._data.of(kind) else []
            case "external_id":
                found = self._by_external(kind).get(text, [])
            case "name":
                found = self._by_name(kind).get(fold(text), [])
                if not found and rule.create:
                    found = self._linked_before(kind, text)
        if len(found) == 1:
            return found[0]
        if found:
            return self._ambiguous(name, text, kind, found)
        if rule.create:
            return self._made.setdefault((kind, fold(text)), LinkedRecord(kind, text))
        return self._nothing(name, text, kind)

    def _linked_before(self, kind: KindName, text: str) -> list[Target]:
        """What an earlier import made of that name, though it may be renamed since."""
        found = self._by_external(kind).get(text)
        if found:
            return found
        if kind not in self._folded:
            folded: dict[str, list[Target]] = {}
            for external_id, targets in self._by_external(kind).items():
                folded.setdefault(fold(external_id), []).extend(targets)
            self._folded[kind] = folded
        return self._folded[kind].get(fold(text), [])

    def _by_name(self, kind: KindName) -> Mapping[str, list[Target]]:
        """The records of a kind by folded name, as they will be named after the import."""
        if kind not in self._names:
            label = KINDS[kind].label
            found: dict[str, list[Target]] = {}
            updated = self._updated if kind == self._map.kind else {}
            for record in self._data.of(kind).values():
                row = updated.get(record.id)
                draft = None if row is None else self._drafts[row]
                for name in _labels(record, label, draft):
                    found.setdefault(fold(name), []).append(record.id)
            for number, new in self._new_of(kind):
                cell = new.cells.get(label)
                if cell is not None and isinstance(cell.raw, str):
                    found.setdefault(fold(cell.raw), []).append(number)
            self._names[kind] = found
        return self._names[kind]

    def _by_external(self, kind: KindName) -> Mapping[str, list[Target]]:
        """The records of a kind and of the map's source by external_id."""
        if kind not in self._external:
            found: dict[str, list[Target]] = {}
            for record in self._data.of(kind).values():
                if record.source == self._map.source and record.external_id is not None:
                    found.setdefault(record.external_id, []).append(record.id)
            for number, draft in self._new_of(kind):
                found.setdefault(draft.external_id, []).append(number)
            self._external[kind] = found
        return self._external[kind]

    def _new_of(self, kind: KindName) -> Iterable[tuple[int, Draft]]:
        if kind != self._map.kind:
            return ()
        return (pair for pair in enumerate(self._drafts) if pair[1].existing is None)

    # which rows fall

    def _spread(self, fallen: Iterable[int]) -> None:
        """Let the rows fall that point at a new row that fell, and those that point at them.

        A record of the book can be linked to, though its row falls: it stays as it is.
        """
        pointing: dict[int, list[tuple[int, str]]] = {}
        for number, draft in enumerate(self._drafts):
            for name, target in draft.targets.items():
                if isinstance(target, int):
                    pointing.setdefault(target, []).append((number, name))
        waiting = list(fallen)
        while waiting:
            number = waiting.pop()
            draft = self._drafts[number]
            for other, name in pointing.get(number, ()):
                if other == number:
                    continue
                pointer = self._drafts[other]
                if not pointer.problems:
                    waiting.append(other)
                if all(problem.field != name for problem in pointer.problems):
                    pointer.problems.append(
                        self._bad_row_problem(name, pointer.links[name], draft.line)
                    )

    def _circles(self) -> list[int]:
        """Tell the rows that close a circle of parents; gives their numbers."""
        if self._map.kind != "orgs" or _PARENT not in self._links:
            return []
        circled: list[int] = []
        seen: set[str | int] = set()
        for number, draft in enumerate(self._drafts):
            if _PARENT not in draft.targets or draft.problems:
                continue
            path = self._climb(number if draft.existing is None else draft.existing.id, seen)
            names = " -> ".join(f'"{self._label(node)}"' for node in (*path, *path[:1]))
            for node in path:
                row = self._row(node)
                if row is not None and _PARENT in self._drafts[row].targets:
                    self._drafts[row].problems.append(self._circle(names))
                    circled.append(row)
        return circled

    def _climb(self, start: str | int, seen: set[str | int]) -> list[str | int]:
        """The circle that the parents above a record run into, empty when they end.

        What is passed is added to `seen`, and is not climbed a second time.
        """
        path: dict[str | int, None] = {}
        current: str | int | None = start
        while current is not None and current not in seen:
            path[current] = None
            seen.add(current)
            current = self._parent(current)
        if current is None or current not in path:
            return []
        nodes = list(path)
        return nodes[nodes.index(current) :]

    def _parent(self, node: str | int) -> str | int | None:
        row = self._row(node)
        if row is not None:
            target = self._drafts[row].targets.get(_PARENT)
            return None if isinstance(target, LinkedRecord) else target
        org = self._data.orgs.get(node) if isinstance(node, str) else None
        return None if org is None else org.parent

    def _row(self, node: str | int) -> int | None:
        """The number of the good draft that says what the parent of an organization is."""
        number = self._updated.get(node) if isinstance(node, str) else node
        return None if number is None or self._drafts[number].problems else number

    def _label(self, node: str | int) -> str:
        if isinstance(node, int):
            return str(self._drafts[node].cells["name"].raw)
        return self._data.orgs[node].name

    # what is wrong

    def _origin_text(self, name: str) -> str:
        column = self._columns.get(name)
        return f"default of {name}" if column is None else f'column "{column}"'

    def _nothing(self, name: str, text: str, kind: KindName) -> Problem:
        match = self._map.links.get(name, _BY_ID).match
        how = {"name": "named", "id": "with the id", "external_id": "with the external_id"}[match]
        also = f" of the source {self._map.source}" if match == "external_id" else ""
        hint = f"correct it, or import the {KINDS[kind].title} first"
        if match == "name" and kind in {"orgs", "people"}:
            hint = f"{hint}, or write links: {{{name}: {{match: name, create: true}}}} in the map"
        if match == "external_id" and (joined := self._joined_id(kind)):
            hint = f'{hint}; external ids of this source look like "{joined}"'
        message = f'{self._origin_text(name)}: there is no {KINDS[kind].title} {how} "{text}"{also}'
        return Problem(id="link-to-nothing", message=message, hint=hint, field=name)

    def _joined_id(self, kind: KindName) -> str | None:
        """An external_id of the source that may be made of several columns, if there is one."""
        if kind not in self._joined:
            self._joined[kind] = next((key for key in self._by_external(kind) if "|" in key), None)
        return self._joined[kind]

    def _ambiguous(self, name: str, text: str, kind: KindName, found: Sequence[Target]) -> Problem:
        named = ", ".join(
            f"line {self._drafts[target].line}" if isinstance(target, int) else str(target)
            for target in found[:_MOST]
        )
        if len(found) > _MOST:
            named += f" and {len(found) - _MOST} more"
        return Problem(
            id="ambiguous-link",
            message=f'{self._origin_text(name)}: "{text}" is more than one of the {kind}: {named}',
            hint=f"match by id or external_id, such as links: {{{name}: {{match: external_id}}}}",
            field=name,
        )

    def _bad_row_problem(self, name: str, text: str, line: int) -> Problem:
        return Problem(
            id="link-to-bad-row",
            message=f'{self._origin_text(name)}: "{text}" is line {line}, which cannot be imported',
            hint=f"correct line {line} first",
            field=name,
        )

    def _circle(self, names: str) -> Problem:
        return Problem(
            id="parent-cycle",
            message=f"{self._origin_text(_PARENT)}: an organization would be above itself: {names}",
            hint="leave the parent of one of them empty",
            field=_PARENT,
        )


def _labels(record: Record, label: str, draft: Draft | None) -> list[str]:
    """What a record of the book is named after the import; both names when its row is bad."""
    old = str(getattr(record, label))
    cell = None if draft is None else draft.cells.get(label)
    new = old if cell is None or not isinstance(cell.raw, str) else cell.raw
    if draft is None or not draft.problems or fold(new) == fold(old):
        return [new]
    return [old, new]
