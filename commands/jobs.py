"""What there is to do: which sources are due, or named. Cheap: nothing here loads what harvests or extracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from ..config import Settings
from ..harvester.schedule import Schedule, due, next_run
from ..models import SourceHistory
from ..storage import Store

# The sources of which each target is one page; they are named here, because to load them takes long.
_SINGLE = ("page", "url")


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to read.

    Attributes:
        name: of the source, or the target itself.
        target: a folder, an archive, an address.
        named: whether it is a source of the settings, whose history is kept.
        again: whether it is no source, but the single addresses whose next try has come.
    """

    name: str
    target: str
    named: bool
    again: bool = False


def schedules(settings: Settings, *, unscheduled: timedelta | None = None) -> list[Schedule]:
    """The schedules of all sources; those that set neither `every` nor `cron` get `unscheduled`."""
    found = [source.schedule(name) for name, source in settings.sources.items()]
    if unscheduled is None:
        return found
    return [each if each.every or each.cron else replace(each, every=unscheduled) for each in found]


def histories(settings: Settings, store: Store) -> dict[str, SourceHistory]:
    """What is remembered of the sources of the settings; one that reads another target now has no history."""
    return {
        name: history
        for name, history in store.runs.histories().items()
        if name in settings.sources and settings.sources[name].target == history.target
    }


def jobs_due(
    settings: Settings, known: Mapping[str, SourceHistory], now: datetime, *, unscheduled: timedelta | None = None
) -> list[Job]:
    """The sources to be read now. Crontab lines mean this machine's local time."""
    names = due(schedules(settings, unscheduled=unscheduled), known, now, zone=local_zone(now))
    return [Job(name, settings.sources[name].target, named=True) for name in names]


def jobs_again(store: Store, now: datetime) -> list[Job]:
    """Trying again single addresses that failed and whose next try has come; nothing if there are none."""
    return [Job("addresses tried again", "", named=False, again=True)] if addresses_due(store, now) else []


def addresses_due(store: Store, now: datetime) -> list[str]:
    """The single addresses whose next try has come. Those that a list had are tried again with their list."""
    found = (store.due_pages(now=now, source=source) for source in _SINGLE)
    return [ref.location for refs in found for ref in refs if ref.is_web_address]


def next_due(
    settings: Settings, known: Mapping[str, SourceHistory], now: datetime, *, unscheduled: timedelta | None = None
) -> tuple[datetime, str] | None:
    """When the next source is due, and its name; None when none ever is."""
    zone = local_zone(now)
    times = (
        (next_run(each, known.get(each.name), now, zone=zone), each.name)
        for each in schedules(settings, unscheduled=unscheduled)
    )
    return min(((when, name) for when, name in times if when is not None), default=None)


def jobs_named(settings: Settings, targets: Iterable[str]) -> list[Job]:
    """What a command line names: sources by name, anything else by target."""
    return [
        Job(target, settings.sources[target].target, named=True)
        if target in settings.sources
        else Job(target, target, named=False)
        for target in dict.fromkeys(targets)
    ]


def local_zone(now: datetime) -> tzinfo:
    """The offset of this machine at a moment: near enough, because what is due is asked again and again."""
    return now.astimezone().tzinfo or UTC
