"""What a command takes, said once in its signature, for Typer and for `plain_arguments` alike.

    def search(limit: Annotated[int, Option("How many to show.", "--limit", "-n", minimum=1)] = 10) -> None: ...

Typer takes 0.2 s to import, so a command that should answer at once declares its parameters in these words, and
`typer_commands` puts them into Typer's.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

REQUIRED = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter given by its place.

    Attributes:
        help: a sentence on it.
        metavar: what it is called in the help; None takes the parameter's name.
    """

    help: str
    metavar: str | None = None


class Option:
    """A parameter given by name.

    Args:
        help: a sentence on it.
        flags: how it is written; without any ``--`` and the parameter's name.
        metavar: what its value is called in the help.
        minimum: the least number it can be.
    """

    __slots__ = ("flags", "help", "metavar", "minimum")

    def __init__(self, explanation: str, *flags: str, metavar: str | None = None, minimum: int | None = None) -> None:
        self.help = explanation
        self.flags = flags
        self.metavar = metavar
        self.minimum = minimum


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a command.

    Attributes:
        name: as the command calls it.
        declared: how it is given.
        kind: the type of its value, without ``| None``.
        default: when it is not given; `REQUIRED` when it must be.
    """

    name: str
    declared: Argument | Option
    kind: Any
    default: Any

    @property
    def flags(self) -> tuple[str, ...]:
        """How it is written; nothing for an argument."""
        if isinstance(self.declared, Argument):
            return ()
        return self.declared.flags or (f"--{self.name.replace('_', '-')}",)


def parameters_of(command: Callable[..., None]) -> tuple[Parameter, ...]:
    """The parameters of a command that are declared in the words of this module, in order."""
    hints = get_type_hints(command, include_extras=True)
    return tuple(
        Parameter(name, declared, _without_none(get_args(hints[name])[0]), parameter.default)
        for name, parameter in inspect.signature(command).parameters.items()
        if (declared := declaration(hints[name])) is not None
    )


def declaration(annotation: object) -> Argument | Option | None:
    """What an annotation says in the words of this module."""
    if get_origin(annotation) is Annotated:
        for each in get_args(annotation)[1:]:
            if isinstance(each, Argument | Option):
                return each
    return None


def _without_none(kind: Any) -> Any:
    some = [each for each in get_args(kind) if each is not type(None)]
    return some[0] if len(some) == 1 and type(None) in get_args(kind) else kind
