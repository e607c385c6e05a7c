"""What `doctor` looks at. Each check gives one or more findings and raises nothing that is ours."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from ..config import Settings
from ..models import DatabaseMissingError, WenzhaiError
from ..storage import open_store
from .common import counted_noun
from .jobs import histories

GIGABYTE = 1_000_000_000
LITTLE_SPACE, TOO_LITTLE_SPACE = 2 * GIGABYTE, GIGABYTE // 5
# Servers' clocks are right to the second; ours decides what is due and dates what is stored.
CLOCK_TOLERANCE = timedelta(minutes=2)


class Verdict(StrEnum):
    """How a check came out: WARN works for now, FAIL does not."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line of the doctor's: what was looked at, how it is, and what to do about it."""

    verdict: Verdict
    subject: str
    told: str
    way_out: str = ""


# Asks an address and returns the ``Date`` header of the answer, whatever its status. Raises OSError.
Ask = Callable[[str], str]


def check_space(settings: Settings) -> Iterator[CheckResult]:
    """Whether there is room on the disk of the database."""
    folder = settings.database.absolute().parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    verdict = Verdict.FAIL if free < TOO_LITTLE_SPACE else Verdict.WARN if free < LITTLE_SPACE else Verdict.OK
    way_out = "" if verdict is Verdict.OK else "free some space, or set `database` to another disk"
    yield CheckResult(verdict, "disk", f"{free / GIGABYTE:.1f} GB free at {folder}", way_out)


def check_database(settings: Settings, *, now: datetime) -> Iterator[CheckResult]:
    """Whether the database can be opened and is of our schema, and how its sources fare."""
    path = settings.database
    try:
        with open_store(path, read_only=True) as store:
            yield CheckResult(Verdict.OK, "database", f"{path}: schema is current")
            failing = [history for history in histories(settings, store).values() if history.failures]
            noted = [each.last_run_at for each in store.runs.histories().values() if each.last_run_at]
    except DatabaseMissingError:
        yield CheckResult(Verdict.WARN, "database", f"{path}: not there yet", "`wenzhai harvest` makes it")
        return
    except WenzhaiError as error:
        yield CheckResult(Verdict.FAIL, "database", str(error), error.hint)
        return
    for history in failing:
        told = f"{history.name}: failed {counted_noun(history.failures, 'time')} in a row: {history.error}"
        yield CheckResult(Verdict.WARN, "source", told, f"see with `wenzhai harvest {history.name} --log-format text`")
    if noted and max(noted) > now + CLOCK_TOLERANCE:
        told = f"a run is noted for {max(noted):%Y-%m-%d %H:%M}, which is in the future"
        yield CheckResult(Verdict.WARN, "clock", told, "set the clock of this machine")


def check_lexicons(settings: Settings) -> Iterator[CheckResult]:
    """Whether every lexicon can be read."""
    from ..extractors.knowledge import load_knowledge

    try:
        entries = len(load_knowledge(settings.data_folder).entries)
    except WenzhaiError as error:
        yield CheckResult(Verdict.FAIL, "lexicons", str(error), error.hint or "mend or remove the file")
    else:
        yield CheckResult(Verdict.OK, "lexicons", f"{entries} entries")


def check_targets(settings: Settings) -> Iterator[CheckResult]:
    """Whether the sources that are files and folders are there."""
    if not settings.sources:
        yield CheckResult(Verdict.WARN, "sources", "none are set", "`wenzhai init` writes a file with examples")
    for name, source in settings.sources.items():
        path = source.target.removeprefix("@")  # a file with addresses
        if ":" not in path and path != "-" and not Path(path).expanduser().exists():
            yield CheckResult(Verdict.FAIL, "source", f"{name}: {source.target} is not there", "mend its target")


def check_network(settings: Settings, *, now: Callable[[], datetime], ask: Ask) -> Iterator[CheckResult]:
    """Whether the hosts of the sources answer, and whether our clock agrees with theirs."""
    dates: dict[str, tuple[str, datetime]] = {}
    for host, address in web_hosts(settings).items():
        try:
            dates[host] = (ask(address), now())
        except OSError as error:
            way_out = "check the connection, the proxy settings, and the target's spelling"
            yield CheckResult(Verdict.FAIL, "network", f"{host}: {error}", way_out)
        else:
            yield CheckResult(Verdict.OK, "network", f"{host} answers")
    yield from check_clock(dates)


def check_clock(dates: Mapping[str, tuple[str, datetime]]) -> Iterator[CheckResult]:
    """Compares ``Date`` headers with our time when they came."""
    for host, (header, ours) in dates.items():
        try:
            theirs = parsedate_to_datetime(header)
            apart = abs(ours - theirs)
        except (ValueError, TypeError):
            continue  # no date, or one without a zone
        if apart > CLOCK_TOLERANCE:
            told = f"{int(apart.total_seconds())} seconds apart from {host}"
            yield CheckResult(Verdict.WARN, "clock", told, "set the clock of this machine")
        else:
            yield CheckResult(Verdict.OK, "clock", f"agrees with {host}")
        return


def web_hosts(settings: Settings) -> dict[str, str]:
    """The hosts that enabled sources name, each with the address of its root."""
    found: dict[str, str] = {}
    for source in settings.sources.values():
        target = "https://api.github.com/" if source.target.startswith("github:") else source.target
        parts = urlsplit(target)
        scheme = parts.scheme.rpartition("+")[2]  # feed+https
        if source.enabled and scheme in ("http", "https") and parts.netloc:
            host = parts.netloc.rpartition("@")[2]
            found.setdefault(host, f"{scheme}://{host}/")
    return found
