"""Reading plainly well-formed arguments with nothing but the standard library.

It knows ``--option value``, ``--option=value``, ``-n value``, ``--flag`` and arguments. Whatever else there is
(``--help``, an unknown or shortened option, a value that is missing, does not fit or begins with a hyphen) is not
judged here: the answer is None, and Typer, which takes 0.2 s to import, explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from .options import REQUIRED, Option, Parameter

_NUMBER = re.compile("[0-9]{1,18}")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _NotPlain(Exception):  # noqa: N818 - it never leaves this module
    """Typer must look at the arguments."""


def read_plainly(parameters: Sequence[Parameter], arguments: Sequence[str]) -> dict[str, Any] | None:
    """The value of every parameter, or None when Typer must look at the arguments."""
    values = {each.name: each.default for each in parameters}
    try:
        for parameter, word in _given(parameters, arguments):
            if parameter.kind is bool:
                values[parameter.name] = True
            elif get_origin(parameter.kind) is list:
                values[parameter.name] = [*(values[parameter.name] or ()), word]
            else:
                values[parameter.name] = _value(parameter, word)
    except _NotPlain:
        return None
    return None if REQUIRED in values.values() else values


def _given(parameters: Sequence[Parameter], arguments: Sequence[str]) -> Iterator[tuple[Parameter, str]]:
    """Each parameter that is given, with the word that stands for it."""
    by_flag = {flag: each for each in parameters for flag in each.flags}
    places = (each for each in parameters if not each.flags)
    words = iter(arguments)
    for word in words:
        if not word.startswith("-"):
            yield _known(next(places, None)), word
            continue
        flag, _, value = word.partition("=") if word.startswith("--") else (word, "", "")
        parameter = _known(by_flag.get(flag))
        if parameter.kind is bool:
            if flag != word:
                raise _NotPlain
        elif flag == word:
            value = next(words, "-")
        if value.startswith("-"):
            raise _NotPlain
        yield parameter, value


def _known(parameter: Parameter | None) -> Parameter:
    if parameter is None:
        raise _NotPlain
    return parameter


def _value(parameter: Parameter, word: str) -> Any:
    kind = parameter.kind
    if kind is str:
        return word
    if kind is Path:
        return Path(word)
    if kind is int:
        return _number(parameter, word)
    if get_origin(kind) is Literal and word in get_args(kind):
        return word
    try:
        if kind is datetime and _DAY.fullmatch(word):
            return datetime.fromisoformat(word)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(word)
    except ValueError:
        pass
    raise _NotPlain


def _number(parameter: Parameter, word: str) -> int:
    least = parameter.declared.minimum if isinstance(parameter.declared, Option) else None
    if _NUMBER.fullmatch(word) is None or (least is not None and int(word) < least):
        raise _NotPlain
    return int(word)
