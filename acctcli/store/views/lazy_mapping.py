"""Mappings that stream their items."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from typing import TypeVar

_Value = TypeVar("_Value")


class StreamingMapping(Mapping[str, _Value]):
    """A mapping that gives all of its pairs in one look through them."""

    @abstractmethod
    def pairs(self) -> Iterator[tuple[str, _Value]]:
        """All keys and values, in order."""

    def items(self) -> ItemsView[str, _Value]:
        """The pairs, in one look through all of them."""
        return _Items(self)

    def values(self) -> ValuesView[_Value]:
        """The values, in one look through all of them."""
        return _Values(self)


class _Items(ItemsView[str, _Value]):
    _mapping: StreamingMapping[_Value]

    def __iter__(self) -> Iterator[tuple[str, _Value]]:
        return self._mapping.pairs()


class _Values(ValuesView[_Value]):
    _mapping: StreamingMapping[_Value]

    def __iter__(self) -> Iterator[_Value]:
        return (value for _, value in self._mapping.pairs())
