"""What a terminal shows while a run goes on."""

from __future__ import annotations

import io

from rich.console import Console
from wenzhai.commands.progress import Screen, outcome_state
from wenzhai.models import Change, Failed, FetchError, PageProblem, PageRef, PageState, Skipped, Stored

REF = PageRef("https://example.org/a", "url")
NEW = Stored(REF, "0123456789ab", "类器官", Change.NEW)
CAPTCHA = Failed(REF, PageProblem(REF, PageState.CAPTCHA, "verify.html"))


def terminal(*, width: int = 120) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, force_terminal=True, width=width, color_system=None), out


def test_states() -> None:
    outcomes = [NEW, CAPTCHA, Failed(REF, FetchError("no")), Skipped(REF, "deleted")]
    assert [outcome_state(outcome) for outcome in outcomes] == ["new", "captcha", "failed", "skipped"]


def test_bar_counts_sources_articles_and_states() -> None:
    console, out = terminal()
    with Screen(console=console) as screen:
        screen.begin(expected=3)
        screen.source(2, 5)
        for outcome in (NEW, NEW, CAPTCHA):
            screen.advance(outcome)
        screen.line("failed: something")
    shown = out.getvalue()
    assert "source 2/5  3/3 articles  2 new  1 captcha" in shown
    assert "failed: something" in shown


def test_more_articles_than_expected() -> None:
    console, out = terminal()
    with Screen(console=console) as screen:
        screen.begin(expected=1)
        screen.source(1, 1)
        for _ in range(3):
            screen.advance(NEW)
    assert "3/3 articles  3 new" in out.getvalue()


def test_no_bar_where_none_is_wanted() -> None:
    console, out = terminal()
    with Screen(bar=False, console=console) as screen:
        screen.begin()
        screen.advance(NEW)
        screen.line("line")
    assert out.getvalue() == "line\n"
