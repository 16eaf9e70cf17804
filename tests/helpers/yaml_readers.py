"""Other readers of YAML, for what they make of a text: by the core schema of 1.2, and by 1.1."""

from __future__ import annotations

import re
from typing import Any

import yaml


class Core(yaml.CSafeLoader):
    """YAML 1.2 by its core schema, as editors read it."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 - PyYAML's own way


def _resolve(tag: str, pattern: str, first: str) -> None:
    Core.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first)
    )


_resolve("null", "~|null|Null|NULL|", "~nN")
Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^$"), [""])
_resolve("bool", "true|True|TRUE|false|False|FALSE", "tTfF")
_resolve("int", "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789")
_resolve(
    "float",
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
    "-+0123456789.",
)


def _int(loader: Core, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    if text[:2] in {"0o", "0x"}:
        return int(text, 0)
    return int(text)


Core.add_constructor("tag:yaml.org,2002:int", _int)


class Old(yaml.CSafeLoader):
    """YAML 1.1, with dates left as the texts they are in JSON."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way
        first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


READERS: tuple[type[yaml.CSafeLoader], ...] = (Core, Old)


def read(text: str, reader: type[yaml.CSafeLoader]) -> Any:  # noqa: ANN401 - any JSON value
    """What a reader makes of a text, as the JSON value that a schema sees."""
    return _json(yaml.load(text, reader))  # noqa: S506 - both are safe loaders


def _json(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {
            str(key).lower() if isinstance(key, bool) else str(key): _json(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_json(each) for each in value]
    return value
