"""Datasette on a wenzhai database, put together and run."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
import yaml
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from ..models import ConfigError
from ..storage import is_out_of_reach, open_store
from . import plugin
from .guard import LOOPBACK_NAMES, Application, guarded

_HERE = Path(__file__).parent
_SETTINGS = {
    "allow_download": False,  # the file holds the pages as they came: what others wrote
    "suggest_facets": False,
    "default_page_size": 50,
    "default_facet_size": 10,
    "facet_time_limit_ms": 5_000,
    "sql_time_limit_ms": 10_000,
    "truncate_cells_html": 400,
}


def build_datasette(path: Path) -> Any:
    """A Datasette that shows this database, read only, with our pages in it.

    Raises:
        DatabaseMissingError, StorageError: as `open_store` does.
    """
    with open_store(path, read_only=True):
        pass  # whatever is wrong with it is said now, and in our words
    if not pm.is_registered(plugin):
        pm.register(plugin, name="wenzhai")
    datasette = Datasette(
        metadata=yaml.safe_load((_HERE / "metadata.yaml").read_text(encoding="utf-8")),
        template_dir=str(_HERE / "templates"),
        static_mounts=[("wenzhai-static", str(_HERE / "static"))],
        settings=_SETTINGS,
    )
    database = Database(datasette, path=str(path.absolute()), is_mutable=not is_out_of_reach(path))
    datasette.add_database(database, name=plugin.DATABASE)
    return datasette


def build_application(path: Path, *, host: str) -> Application:
    """The same as an ASGI application behind its guards, for a server at ``host``."""
    names = LOOPBACK_NAMES if host in ("localhost", "127.0.0.1", "::1") else None
    return guarded(build_datasette(path).app(), names=names)


def serve(path: Path, *, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        path: the database.
        host: the address to bind; port 0 takes any free one.
        port: the port to bind.
        announce: told the address once requests are taken.

    Raises:
        ConfigError: host and port cannot be had.
        DatabaseMissingError, StorageError: as `open_store` does.
    """
    application = build_application(path, host=host)
    with _bound(host, port) as listener:
        name = f"[{host}]" if ":" in host else host
        address = f"http://{name}:{listener.getsockname()[1]}/"
        config = uvicorn.Config(application, log_level="warning", lifespan="on")
        _AnnouncingServer(config, announce=lambda: announce(address)).run(sockets=[listener])


class _AnnouncingServer(uvicorn.Server):
    """Tells when it takes requests."""

    def __init__(self, config: uvicorn.Config, *, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._announce()


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, OverflowError) as error:
        raise ConfigError("is not an address of this machine", subject=f"{host}:{port}", hint=str(error)) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise ConfigError("cannot be served at", subject=f"{host}:{port}", hint="another --port may do") from error
    return listener
