"""Our part of Datasette: two pages, links from its tables to them, and the way they look.

A module of hooks as https://docs.datasette.io/en/stable/plugin_hooks.html describes them; `server`
registers it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from datasette import Response
from markupsafe import Markup
from pluggy import HookimplMarker

from ..models import ArticleNotFoundError, QueryError, WenzhaiError
from ..storage import Store, open_store
from .addresses import RECORD, SEARCH, entity_address, record_address
from .record_page import record_page
from .search_page import search_page

DATABASE = "wenzhai"
_ID = re.compile(r"[0-9a-f]{12}")
_LINKED = {"symbol": "gene", "journal": "journal", "account": "account"}
_T = TypeVar("_T")

hookimpl = HookimplMarker("datasette")


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Ours come before Datasette's own."""
    return [("/$", home), (f"{SEARCH}$", search), (f"{RECORD}/(?P<key>[^/]+)$", record)]


async def home() -> Any:
    """The search page is where one begins; Datasette's list of tables is behind its link."""
    return Response.redirect(SEARCH)


async def search(datasette: Any, request: Any) -> Any:
    """The search page."""
    parameters = {name: request.args.getlist(name) for name in request.args}
    try:
        context = await _read(datasette, lambda store: search_page(store, parameters))
    except QueryError as error:
        return await _page(datasette, request, "wenzhai_error.html", {"error": error}, status=400)
    except WenzhaiError as error:
        return await _page(datasette, request, "wenzhai_error.html", {"error": error}, status=500)
    return await _page(datasette, request, "wenzhai_search.html", context)


async def record(datasette: Any, request: Any) -> Any:
    """The page of a record, by its id or the beginning of one."""
    key = request.url_vars["key"]
    try:
        found = await _read(datasette, lambda store: store.read_record(store.locate_article(key)))
    except ArticleNotFoundError as error:
        return await _page(datasette, request, "wenzhai_error.html", {"error": error}, status=404)
    except WenzhaiError as error:
        return await _page(datasette, request, "wenzhai_error.html", {"error": error}, status=500)
    if found.article.id != key:
        return Response.redirect(record_address(found.article.id))
    return await _page(datasette, request, "wenzhai_record.html", record_page(found))


@hookimpl
def render_cell(value: Any, column: str) -> Markup | None:
    """In Datasette's tables, what has a page of ours leads there."""
    if not isinstance(value, str) or not value:
        return None
    if column in ("id", "article_id") and _ID.fullmatch(value):
        return _link(record_address(value), value)
    if column in _LINKED:
        return _link(entity_address(_LINKED[column], value), value)
    return None


@hookimpl
def extra_css_urls(datasette: Any) -> list[str]:
    """Datasette's pages get our fonts and colours."""
    return [datasette.urls.path("/wenzhai-static/wenzhai.css")]


@hookimpl
def extra_template_vars() -> dict[str, Any]:
    """What our templates link with."""
    return {"entity_address": entity_address, "search_path": SEARCH, "tables_path": f"/{DATABASE}"}


def _link(href: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(href, text)


async def _read(datasette: Any, work: Callable[[Store], _T]) -> _T:
    """Work on the store, in a thread: others are answered meanwhile."""
    path = Path(datasette.get_database(DATABASE).path)

    def run() -> _T:
        with open_store(path, read_only=True) as store:
            return work(store)

    return await asyncio.to_thread(run)


async def _page(datasette: Any, request: Any, template: str, context: dict[str, Any], *, status: int = 200) -> Any:
    html = await datasette.render_template(template, context, request=request)
    return Response.html(html, status=status)
