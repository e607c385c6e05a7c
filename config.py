"""One frozen settings object: defaults < wenzhai.toml < WENZHAI_* variables < flags.

Every setting is a field of `Settings` with a default and a sentence; ``wenzhai init`` writes them all
into a commented file, and a key that is not a setting is an error that names it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self

import platformdirs
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from .config_file import DATABASE_FILE, ENVIRONMENT_PREFIX, find_config, read_config
from .harvester.cron import check_cron
from .harvester.schedule import LONGEST, SHORTEST, Schedule, parse_duration
from .models import ConfigError

HomePath = Annotated[Path, AfterValidator(Path.expanduser)]


def _as_duration(value: object) -> object:
    """What pydantic is given for a length of time; a bare number says no unit and is refused."""
    if not isinstance(value, str):
        if isinstance(value, timedelta):
            return value
        raise ValueError('a length of time is written "30m", "6h" or "1d"')
    try:
        return parse_duration(value)
    except ConfigError as error:
        raise ValueError(str(error)) from error


def _as_cron(value: str) -> str:
    try:
        check_cron(value)
    except ConfigError as error:
        raise ValueError(str(error)) from error
    return value


Duration = Annotated[timedelta, BeforeValidator(_as_duration)]


def _none_if_empty(value: object) -> object:
    return value or None


class SourceSettings(BaseModel):
    """One table ``[sources.NAME]``: what to read, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: Annotated[str, Field(min_length=1, description="a folder, an archive or an address")]
    every: Annotated[
        Duration | None, Field(ge=SHORTEST, le=LONGEST, description='time between two runs: "30m", "6h", "1d"')
    ] = None
    cron: Annotated[
        Annotated[str, AfterValidator(_as_cron)] | None, Field(description='a crontab line instead: "15 */2 * * *"')
    ] = None
    jitter: Annotated[
        Duration | None,
        Field(ge=timedelta(), description="each time is up to so much later, decided by the source's name"),
    ] = None
    enabled: Annotated[bool, Field(description="false: only read when named")] = True

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.every is not None and self.cron is not None:
            raise ValueError("every and cron are two ways of saying one thing: set one of them")
        if self.jitter is not None and self.jitter >= (self.every or LONGEST):
            raise ValueError("jitter must be shorter than every")
        return self

    def schedule(self, name: str) -> Schedule:
        """When it is to be read."""
        return Schedule(name, every=self.every, cron=self.cron, jitter=self.jitter, enabled=self.enabled)


def _as_sources(value: object) -> object:
    """A plain list of targets as tables: each is called what it reads, and read whenever a harvest is run."""
    if isinstance(value, list | tuple):
        if not all(isinstance(target, str) for target in value):
            raise ValueError("a list of sources holds texts: folders, archives, addresses")
        return {target: {"target": target} for target in value}
    return value


class Settings(BaseModel):
    """All settings. Times are seconds, sizes bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: Annotated[HomePath, Field(description="the SQLite file that holds everything")] = Path(DATABASE_FILE)
    data_folder: Annotated[HomePath, Field(description="where updated and personal lexicons are kept")] = (
        platformdirs.user_data_path("wenzhai", appauthor=False)
    )
    sources: Annotated[
        Mapping[str, SourceSettings],
        BeforeValidator(_as_sources),
        Field(description="what `wenzhai harvest` reads when nothing is named: tables, or a plain list of targets"),
    ] = {}
    user_agent: Annotated[str, Field(description="how requests introduce themselves; empty for wenzhai's own")] = ""
    headers: Annotated[
        Mapping[str, str],
        Field(description="further request headers, for every host; Cookie and Authorization follow no redirect"),
    ] = {}
    cookie_file: Annotated[
        HomePath | None, BeforeValidator(_none_if_empty), Field(description="a Netscape cookies.txt; empty for none")
    ] = None
    proxy: Annotated[str, Field(description="the proxy of all requests: http://HOST:PORT; empty for the system's")] = ""
    delay_seconds: Annotated[float, Field(ge=0, description="least time between two requests to one host")] = 3.0
    timeout_seconds: Annotated[float, Field(gt=0, description="how long a request may wait for an answer")] = 20.0
    retries: Annotated[int, Field(ge=0, le=10, description="how often a failed request is repeated")] = 3
    look_again_days: Annotated[
        float,
        Field(ge=0, description="a stored article is looked at for edits after so many days, then 2×, 4× …; 0: never"),
    ] = 0.0
    max_page_bytes: Annotated[int, Field(ge=1, description="a larger page or file is refused")] = 32 * 1024 * 1024
    allow_private_hosts: Annotated[
        bool, Field(description="whether addresses on this machine and in private networks may be asked")
    ] = False
    webhook_url: Annotated[
        str,
        Field(
            pattern="^(https?://.+)?$", description="is sent JSON on new digests and failing sources; empty for none"
        ),
    ] = ""
    webhook_after_failures: Annotated[
        int, Field(ge=1, description="a source that failed so often in a row is told to the webhook, once")
    ] = 3
    contact: Annotated[
        str, Field(description="your mail address, for the services that `wenzhai resolve` asks; may be empty")
    ] = ""
    ncbi_api_key: Annotated[str, Field(description="an NCBI API key: 10 requests a second instead of 3")] = ""
    resolve_again_days: Annotated[int, Field(ge=0, description="papers checked longer ago are checked again")] = 30
    ncbi_address: Annotated[str, Field(description="NCBI's E-utilities")] = (
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    )
    crossref_address: Annotated[str, Field(description="Crossref's REST API")] = "https://api.crossref.org"
    europe_pmc_address: Annotated[str, Field(description="Europe PMC's REST service")] = (
        "https://www.ebi.ac.uk/europepmc/webservices/rest"
    )
    hgnc_address: Annotated[str, Field(description="HGNC's complete set of genes")] = (
        "https://storage.googleapis.com/public-download-files/hgnc/tsv/tsv/hgnc_complete_set.txt"
    )
    journals_address: Annotated[str, Field(description="NLM's list of journals")] = (
        "https://ftp.ncbi.nlm.nih.gov/pubmed/J_Medline.txt"
    )
    diseases_address: Annotated[str, Field(description="the Disease Ontology")] = (
        "http://purl.obolibrary.org/obo/doid.obo"
    )
    assays_address: Annotated[str, Field(description="the assays of OBI")] = (
        "https://raw.githubusercontent.com/obi-ontology/obi/master/src/ontology/templates/assays.tsv"
    )


def load_settings(*, config: Path | None, environment: Mapping[str, str], flags: Mapping[str, Any]) -> Settings:
    """The settings in force.

    Args:
        config: a TOML file; None takes wenzhai.toml of the current folder if there is one.
        environment: usually `os.environ`; ``WENZHAI_DATABASE`` sets `database`, and so on.
        flags: command line values; None means not given.

    Raises:
        ConfigError: a file is missing or malformed, a key is unknown, or a value does not fit.
    """
    values: dict[str, Any] = {}
    origin: dict[str, str] = {}
    path = find_config(config)
    if path is not None:
        for key, value in read_config(path).items():
            values[key], origin[key] = value, f"{path}: {key}"
    for key in Settings.model_fields:
        variable = ENVIRONMENT_PREFIX + key.upper()
        if variable in environment:
            values[key], origin[key] = _from_variable(key, environment[variable]), variable
    for key, value in flags.items():
        if value is not None:
            values[key], origin[key] = value, f"--{key.replace('_', '-')}"
    try:
        return Settings(**values)
    except ValidationError as error:
        raise _explained(error, origin) from error


def _from_variable(key: str, value: str) -> Any:
    """What a variable says; headers are written as in requests, one a line: ``Cookie: a=1``."""
    if key == "headers":
        pairs = (line.partition(":") for line in value.splitlines() if line.strip())
        return {name.strip(): told.strip() for name, _, told in pairs}
    return tuple(value.split()) if key == "sources" else value


def _explained(error: ValidationError, origin: Mapping[str, str]) -> ConfigError:
    first = error.errors()[0]
    key, *inner = (str(part) for part in first["loc"])
    subject = ".".join((origin.get(key, key), *inner))
    if first["type"] == "extra_forbidden":
        known = SourceSettings.model_fields if inner else Settings.model_fields
        return ConfigError("is not a setting", subject=subject, hint=f"settings are: {', '.join(known)}")
    return ConfigError(f"does not fit: {first['msg'].removeprefix('Value error, ')}", subject=subject)


# Commented out like the settings: the last part of what `wenzhai init` writes.
_EXAMPLE_SOURCES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "cell-notes": ("a feed, four times a day", {"target": "https://feeds.example.org/cell-notes.xml", "every": "6h"}),
    "gut-album": (
        "an album of a public account, at a quarter past every second hour",
        {
            "target": "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzAwMDAwMDAwMA==&album_id=1000000000000000000",
            "cron": "15 */2 * * *",
        },
    ),
    "archive": (
        "a folder of saved articles, or a zip or tar of them, once a day",
        {"target": "digests/", "every": "1d", "jitter": "1h", "enabled": True},
    ),
}


def commented_config() -> str:
    """The text of a wenzhai.toml with every setting, its default and what it means, and examples of sources."""
    lines = [
        "# wenzhai.toml: settings of this folder's archive. Take the # from before a name to change its default.",
        "# Environment variables (WENZHAI_DATABASE, …) win over this file, flags over both.",
        "",
    ]
    for key, field in Settings.model_fields.items():
        if key != "sources":
            lines += [f"# {field.description}", f"#{key} = {_toml_value(field.default)}", ""]
    return "\n".join((*lines, *_example_lines()))


def _example_lines() -> Iterator[str]:
    yield f"# Sources: {Settings.model_fields['sources'].description}."
    yield "# They stand at the end of the file. In a table:"
    for key, field in SourceSettings.model_fields.items():
        yield f"#   {key:<8} {field.description}"
    for name, (told, values) in _EXAMPLE_SOURCES.items():
        yield from ("", f"# {told}", f"#[sources.{name}]")
        yield from (f"#{key} = {_toml_value(value)}" for key, value in values.items())
    yield ""


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return '""'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml_value, value)) + "]"
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False)  # TOML's basic strings are written like JSON's
