"""The standard error output while something is at work: lines, and on a terminal a progress bar below them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Self

import typer
from rich.console import Console

from ..models import Failed, Outcome, PageProblem, Skipped

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def outcome_state(outcome: Outcome) -> str:
    """One word for what became of an article: new, unchanged, skipped, captcha, deleted, failed, …"""
    if isinstance(outcome, Failed):
        return outcome.problem.state.value if isinstance(outcome.problem, PageProblem) else "failed"
    return "skipped" if isinstance(outcome, Skipped) else outcome.change.value


class Screen:
    """Where lines go. On a terminal a bar shows sources, articles, states, rate, and the time left when known.

    Args:
        bar: whether there may be a bar.
        console: what stands for the standard error output.
    """

    def __init__(self, *, bar: bool = True, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._draws = bar and self._console.is_terminal
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._counts: Counter[str] = Counter()
        self._sources = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def line(self, text: str) -> None:
        """Prints a line, above the bar if there is one."""
        if self._progress is not None:
            self._progress.console.print(text)
        elif self._console.is_terminal:
            self._console.print(text)
        else:
            typer.echo(text, err=True)

    def begin(self, *, expected: int | None = None) -> None:
        """Begins a bar.

        Args:
            expected: how many articles there will be, when that is known.
        """
        if not self._draws:
            return
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        self._counts.clear()
        columns = (
            SpinnerColumn(),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
            *([TimeRemainingColumn()] if expected else []),
        )
        self._progress = Progress(*columns, console=self._console, transient=True)
        self._task = self._progress.add_task("", total=expected or None, told="")
        self._progress.start()

    def source(self, number: int, total: int) -> None:
        """Tells which of how many sources is being read."""
        self._sources = f"source {number}/{total}  " if total > 1 else ""
        self._draw(0)

    def advance(self, outcome: Outcome) -> None:
        """Counts one more article."""
        self._counts[outcome_state(outcome)] += 1
        self._draw(1)

    def _draw(self, step: int) -> None:
        if self._progress is None or self._task is None:
            return
        task = self._progress.tasks[self._task]
        done = int(task.completed) + step
        total = max(int(task.total), done) if task.total else None
        of = f"/{total}" if total else ""
        states = "  ".join(f"{count} {state}" for state, count in self._counts.items())
        # Over the whole run: files come in batches, of which each would seem to take no time.
        speed = f"  {done / task.elapsed:.1f}/s" if task.elapsed and done else ""
        told = f"{self._sources}{done}{of} articles  {states}{speed}"
        self._progress.update(self._task, advance=step, told=told, total=total)

    def end(self) -> None:
        """Takes the bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
