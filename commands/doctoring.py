"""`doctor`: whether a harvest could work, and what to do if not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Annotated

import typer

from ..config import Settings
from ..harvester.clock import utc_now
from .checkup import (
    Ask,
    CheckResult,
    Verdict,
    check_database,
    check_lexicons,
    check_network,
    check_space,
    check_targets,
)
from .common import EXIT_SOME_FAILED, Config, Database, settings_from
from .screen import plain


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Ask no host.")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Check disk, database, lexicons, sources, network and clock, and say what to do about what is wrong.

    Asks only the hosts that the settings name. Ends with 1 when something fails.
    """
    settings = settings_from(config, database=db)
    failed = False
    for found in _checks(settings, offline=offline):
        failed = failed or found.verdict is Verdict.FAIL
        way_out = f": {found.way_out}" if found.way_out and found.way_out not in found.told else ""
        typer.echo(plain(f"{found.verdict.value:<4}  {found.subject:<8}  {found.told}{way_out}"))
    if failed:
        raise typer.Exit(EXIT_SOME_FAILED)


def _checks(settings: Settings, *, offline: bool) -> Iterator[CheckResult]:
    yield from chain(
        check_space(settings),
        check_database(settings, now=utc_now()),
        check_lexicons(settings),
        check_targets(settings),
    )
    if not offline:
        yield from check_network(settings, now=utc_now, ask=_ask(settings))


def _ask(settings: Settings) -> Ask:
    """Asks as the harvester would, but only for the head of an answer."""
    import httpx

    from ..harvester.hosts import private_address, resolve_host
    from ..pipeline import fetch_options

    options = fetch_options(settings)

    def ask(address: str) -> str:
        host = httpx.URL(address).host
        if not options.allow_private_hosts and (private := private_address(host, resolve=resolve_host)):
            raise OSError(f"{private} is a private address (allow_private_hosts permits it)")
        headers = {"user-agent": options.user_agent}
        try:
            answer = httpx.head(address, headers=headers, timeout=options.read_timeout, proxy=options.proxy or None)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise OSError(str(error) or type(error).__name__) from error
        return str(answer.headers.get("date", ""))

    return ask
