"""One frozen settings object: defaults < wenzhai.toml < WENZHAI_* variables < flags.

Every setting is a field of `Settings` with a default and a sentence; ``wenzhai init`` writes them all
into a commented file, and a key that is not a setting is an error that names it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from .models import ConfigError

CONFIG_FILE = "wenzhai.toml"
ENVIRONMENT_PREFIX = "WENZHAI_"


HomePath = Annotated[Path, AfterValidator(Path.expanduser)]


class Settings(BaseModel):
    """All settings. Times are seconds, sizes bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: Annotated[HomePath, Field(description="the SQLite file that holds everything")] = Path("wenzhai.db")
    data_folder: Annotated[HomePath, Field(description="where updated and personal lexicons are kept")] = (
        platformdirs.user_data_path("wenzhai", appauthor=False)
    )
    sources: Annotated[
        tuple[str, ...],
        Field(description="what `wenzhai harvest` reads when nothing is named: folders, archives, addresses"),
    ] = ()
    user_agent: Annotated[str, Field(description="how requests introduce themselves; empty for wenzhai's own")] = ""
    delay_seconds: Annotated[float, Field(ge=0, description="least time between two requests to one host")] = 3.0
    timeout_seconds: Annotated[float, Field(gt=0, description="how long a request may wait for an answer")] = 20.0
    retries: Annotated[int, Field(ge=0, le=10, description="how often a failed request is repeated")] = 3
    max_page_bytes: Annotated[int, Field(ge=1, description="a larger page or file is refused")] = 32 * 1024 * 1024
    allow_private_hosts: Annotated[
        bool, Field(description="whether addresses on this machine and in private networks may be asked")
    ] = False
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
    path = config or (Path(CONFIG_FILE) if Path(CONFIG_FILE).is_file() else None)
    if path is not None:
        for key, value in _read_toml(path).items():
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


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError("cannot be read", subject=str(path), hint=str(error.strerror)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"is not valid TOML: {error}", subject=str(path), hint="`wenzhai init` writes one") from error


def _from_variable(key: str, value: str) -> Any:
    return tuple(value.split()) if key == "sources" else value


def _explained(error: ValidationError, origin: Mapping[str, str]) -> ConfigError:
    first = error.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        return ConfigError(
            "is not a setting", subject=origin.get(key, key), hint=f"settings are: {', '.join(Settings.model_fields)}"
        )
    return ConfigError(f"does not fit: {first['msg']}", subject=origin.get(key, key))


def commented_config() -> str:
    """The text of a wenzhai.toml with every setting, its default and what it means."""
    lines = [
        "# wenzhai.toml: settings of this folder's archive. Take the # from before a name to change its default.",
        "# Environment variables (WENZHAI_DATABASE, …) win over this file, flags over both.",
        "",
    ]
    for key, field in Settings.model_fields.items():
        lines.append(f"# {field.description}")
        lines.append(f"#{key} = {_toml_value(field.default)}")
        lines.append("")
    return "\n".join(lines)


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml_value, value)) + "]"
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False)  # TOML's basic strings are written like JSON's
