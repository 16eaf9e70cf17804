"""Terms of --where, parsed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.values import quote

if TYPE_CHECKING:
    from acctcli.core.model.errors import AcctcliError

WHERE = "--where"
_OPERATOR = re.compile(r"([^=!<>~]*)(!=|!~|<=|>=|[=<>~])(.*)", re.DOTALL)
_NAME = re.compile(r"(!?)([^=!<>~]*)")
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^",][^,]*)?)\s*(,|$)', re.DOTALL)
# What people write for an operator, and what it is here.
_SLIPS = {
    "==": "=", "!==": "!=", "=<": "<=", "=>": ">=", "<>": "!=", "=~": "~", "~=": "~", ">>": ">",
    "<<": "<", "=!": "!=", "~~": "~", "!~~": "!~", "!~=": "!~", "!=~": "!~", "=!~": "!~",
}  # fmt: skip
_HINT = (
    "write a field, one of = != < <= > >= ~ !~ and a value, such as 'won_value>50000', in quotes"
    " because of the shell; or owner for what has one, '!owner' for what has none"
)


class Term(NamedTuple):
    """What must hold of an item.

    Attributes:
        text: As it was written.
        origin: Where: the option, or the place in acctcli.yaml.
        name: The field, as it was written.
        operator: ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, ``~``, ``!~``; or ``set`` or
            ``unset`` for a field alone.
        values: What the field is compared with; of several, any counts.
    """

    text: str
    origin: str
    name: str
    operator: str
    values: tuple[str, ...]

    @property
    def is_denied(self) -> bool:
        """Whether it holds where the comparison does not, so of what is not set too."""
        return self.operator in {"!=", "!~", "unset"}

    def error(self, name: str, message: str, hint: str | None) -> AcctcliError:
        """The error that something is wrong with the term, which the message names."""
        return InvalidInputError.of(name, f"{self.origin} {quote(self.text)}: {message}", hint=hint)

    def with_term(self, error: AcctcliError) -> AcctcliError:
        """An error that came of a value, with a message that names the term."""
        told = f"{self.origin} {quote(self.text)}: "
        return type(error)(
            *(each._replace(message=f"{told}{each.message}") for each in error.problems)
        )


def parse_term(text: str, origin: str = WHERE) -> Term:
    """The term that a text is.

    That is a field alone, or one behind an exclamation mark; or a field, the first operator
    behind it, and values parted by commas. A value in double quotes may have commas in it, and
    quotes that are doubled. White space around the parts does not count.

    Raises:
        InvalidInputError: ``bad-term``.
    """
    bare = text.strip()
    if found := _OPERATOR.fullmatch(bare):
        name, operator, rest = found[1].strip(), found[2], found[3]
        term = Term(text, origin, name, operator, ())
        _check_operator(term, rest)
        if not name:
            raise term.error("bad-term", "the field is missing", _HINT)
        term = term._replace(values=_values(term, rest))
        if operator[0] in "<>" and len(term.values) > 1:
            raise term.error(
                "bad-term",
                f"{operator} takes one value",
                "write one value; a number has no commas in it, and a point before its decimals",
            )
        return term
    found = _NAME.fullmatch(bare)
    if found is None or not found[2].strip():
        raise Term(text, origin, "", "set", ()).error("bad-term", "this is no term", _HINT)
    return Term(text, origin, found[2].strip(), "unset" if found[1] else "set", ())


def _check_operator(term: Term, rest: str) -> None:
    """Refuse an operator of another language, which would be read as one and a strange value."""
    written = term.operator + rest[: len(rest) - len(rest.lstrip("=!<>~"))]
    if written == term.operator:
        return
    meant = _SLIPS.get(written)
    near = f'did you mean "{meant}"? ' if meant else ""
    raise term.error(
        "bad-term",
        f"{quote(written)} is no operator",
        f"{near}A value that begins so stands in double quotes; {_HINT}",
    )


def _values(term: Term, rest: str) -> tuple[str, ...]:
    values: list[str] = []
    start = 0
    while True:
        found = _ITEM.match(rest, start)
        if found is None:
            raise term.error(
                "bad-term",
                "a double quote is not closed, or something stands behind it",
                'write each value whole in double quotes, such as name="Acme, Inc.",Beta',
            )
        value = (found[2] or "").strip() if found[1] is None else found[1].replace('""', '"')
        if not value.strip():
            raise term.error(
                "bad-term",
                f"a value is missing behind {term.operator}"
                if not values and found[3] == ""
                else "a value is missing between commas",
                f"write a value; what is not set is found by '!{term.name}'",
            )
        values.append(value)
        if not found[3]:
            return tuple(values)
        start = found.end()
