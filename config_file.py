"""Where the database is, read without the rest of the settings.

`config.Settings` checks every setting with pydantic, which takes longer to import than a search takes. Commands that
need the database alone ask here; a file that says anything unusual is left to `config`, which explains.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .models.errors import ConfigError

CONFIG_FILE = "wenzhai.toml"
ENVIRONMENT_PREFIX = "WENZHAI_"
DATABASE_FILE = "wenzhai.db"

# A misspelt ``database`` must not go unnoticed, so a file with other keys than these is read in full.
SETTING_NAMES = frozenset(
    {
        "database",
        "data_folder",
        "sources",
        "user_agent",
        "headers",
        "cookie_file",
        "proxy",
        "delay_seconds",
        "timeout_seconds",
        "retries",
        "look_again_days",
        "max_page_bytes",
        "allow_private_hosts",
        "webhook_url",
        "webhook_after_failures",
        "contact",
        "ncbi_api_key",
        "resolve_again_days",
        "ncbi_address",
        "crossref_address",
        "europe_pmc_address",
        "hgnc_address",
        "journals_address",
        "diseases_address",
        "assays_address",
    }
)


def find_config(config: Path | None) -> Path | None:
    """The file that is named, or wenzhai.toml of the current folder if there is one."""
    return config or (Path(CONFIG_FILE) if Path(CONFIG_FILE).is_file() else None)


def read_config(path: Path) -> dict[str, Any]:
    """What a file says. Raises ConfigError when it cannot be read or is not TOML."""
    import tomllib  # here, because most searches have no file to read

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError("cannot be read", subject=str(path), hint=str(error.strerror)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"is not valid TOML: {error}", subject=str(path), hint="`wenzhai init` writes one") from error


def database_setting(*, config: Path | None, environment: Mapping[str, str], flag: Path | None) -> Path | None:
    """The database in force, as `config.load_settings` would tell it; None: only that can tell.

    Args:
        config: as for `find_config`.
        environment: usually `os.environ`.
        flag: what the command line says.

    Raises:
        ConfigError: as `read_config` does.
    """
    path = find_config(config)
    values = {} if path is None else read_config(path)
    told = flag or environment.get(f"{ENVIRONMENT_PREFIX}DATABASE", values.get("database", DATABASE_FILE))
    if not values.keys() <= SETTING_NAMES or not isinstance(told, str | Path):
        return None
    return Path(told).expanduser()
