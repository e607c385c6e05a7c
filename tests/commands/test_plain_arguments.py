"""Typer is the judge: whatever `read_plainly` understands, Typer understands alike."""

from __future__ import annotations

import functools
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.commands.options import parameters_of
from wenzhai.commands.plain_arguments import read_plainly
from wenzhai.commands.quick_commands import QUICK_COMMANDS, quick_command
from wenzhai.commands.typer_commands import for_typer
from wenzhai.models import ArticleKind


def plainly(name: str, *arguments: str) -> dict[str, Any] | None:
    return read_plainly(parameters_of(quick_command(name)), arguments)


@functools.cache
def typers(name: str) -> tuple[typer.Typer, list[dict[str, Any]]]:
    """The command as Typer has it, and the values it was called with."""
    seen: list[dict[str, Any]] = []

    @functools.wraps(quick_command(name))
    def recorded(**values: Any) -> None:
        seen.append(values)

    app = typer.Typer(add_completion=False)
    app.command()(for_typer(recorded))
    return app, seen


def through_typer(name: str, *arguments: str) -> dict[str, Any] | None:
    """What Typer calls the command with, None when it refuses."""
    app, seen = typers(name)
    seen.clear()
    try:
        app(list(arguments), standalone_mode=False)
    except (Exception, SystemExit):  # noqa: BLE001 - click's errors and Typer's copies of them share no other class
        return None
    return seen[0] if seen else None


PLAIN = [
    [],
    ["单细胞"],
    ["单细胞 PD-L1", "-n", "5", "--offset", "0"],
    ["--limit=3", "肝癌 OR 胃癌", "--json"],
    ["--gene", "TP53", "--gene", "CD274", ""],
    ["--since", "2024-01-01", "--until=2024-02-29", "--kind", "paper_digest"],
    ["--journal", "", "--account=a=b", "--db", "a folder/x.db", "--config=~/wenzhai.toml"],
    ["--limit", "3", "--limit", "4", "--findings", "--findings"],
]
FOR_TYPER = [
    ["--help"],
    ["--lim", "3"],
    ["--limit"],
    ["--limit", "0"],
    ["-n5"],
    ["-n=5"],
    ["--limit", "５"],
    ["--limit", "three"],
    ["--json=yes"],
    ["--nonsense"],
    ["-小鼠"],
    ["--", "-小鼠"],
    ["a", "b"],
    ["--gene", "--json"],
    ["--since", "yesterday"],
    ["--since", "2024-02-30"],
    ["--kind", "poem"],
    ["-"],
]


@pytest.mark.parametrize("arguments", PLAIN, ids=" ".join)
def test_plain_arguments_are_understood_as_typer_does(arguments: list[str]) -> None:
    values = plainly("search", *arguments)
    assert values is not None
    assert values == through_typer("search", *arguments)


@pytest.mark.parametrize("arguments", FOR_TYPER, ids=" ".join)
def test_other_arguments_are_left_to_typer(arguments: list[str]) -> None:
    assert plainly("search", *arguments) is None


def test_values_have_their_types() -> None:
    values = plainly("search", "--since", "2024-01-02", "--kind", "tutorial", "--db", "x.db", "-n", "7", "--gene", "A")
    assert values is not None
    assert values["since"] == datetime(2024, 1, 2)  # noqa: DTZ001 - a day, as Typer gives it
    assert values["kind"] is ArticleKind.TUTORIAL
    assert values["db"] == Path("x.db")
    assert (values["limit"], values["gene"], values["as_json"]) == (7, ["A"], False)


def test_an_argument_that_must_be_given() -> None:
    assert plainly("show", "--json") is None
    assert plainly("show", "ab12") == through_typer("show", "ab12")


words = st.sampled_from(
    ["单细胞", "", "TP53", "5", "0", "-1", "-", "2024-01-01", "2024-1-1", "tutorial", "a=b", "--x", "date"]
)


@st.composite
def argument_lists(draw: st.DrawFn, name: str) -> list[str]:
    flags = [flag for each in parameters_of(quick_command(name)) for flag in each.flags]
    one = st.one_of(
        st.tuples(words),
        st.tuples(st.sampled_from(flags)),
        st.tuples(st.sampled_from(flags), words),
        st.builds(lambda flag, word: (f"{flag}={word}",), st.sampled_from(flags), words),
    )
    return [word for several in draw(st.lists(one, max_size=4)) for word in several]


@pytest.mark.parametrize("name", sorted(QUICK_COMMANDS))
def test_whatever_is_understood_typer_understands_alike(name: str) -> None:
    @given(argument_lists(name))
    def check(arguments: list[str]) -> None:
        values = plainly(name, *arguments)
        if values is not None:
            assert values == through_typer(name, *arguments)

    check()
