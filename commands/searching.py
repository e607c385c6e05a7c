"""`search` and `related`: what is in the database, for people and for programs.

They load neither Typer nor rich nor pydantic, nor anything else that is not Python's own: see `quick_commands`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Literal

from ..models import QueryError
from ..storage import Searcher, SearchQuery, open_searcher
from .common import Config, Database, counted_noun, database_from
from .filter_options import comma_separated, takes_filters
from .hit_lines import show_finding_hits, show_hits, show_related
from .json_lines import print_json
from .options import Argument, Option
from .screen import cell_width, plain, screen

# More are not counted for the last line of a listing; `--count` counts all.
COUNTED = 10_000
_NOTHING = "nothing found"


@takes_filters
def search(
    filters: SearchQuery,
    limit: Annotated[int, Option("How many to show, of --facets how many values.", "--limit", "-n", minimum=1)] = 10,
    offset: Annotated[int, Option("How many to pass over.", minimum=0)] = 0,
    sort: Annotated[
        Literal["relevance", "date", "exact"] | None,
        Option("Best first, newest first, or exact: best first by all of the text. [default: relevance]"),
    ] = None,
    newest: Annotated[bool, Option("Short for --sort date.")] = False,
    findings: Annotated[bool, Option("Show sentences that state results.")] = False,
    count: Annotated[bool, Option("Only tell how many articles there are.")] = False,
    facets: Annotated[
        list[str] | None,
        Option("Tell how the articles divide, as in gene,journal,month; repeatable.", metavar="NAMES"),
    ] = None,
    as_json: Annotated[bool, Option("One JSON object a line.", "--json")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Find articles by their words and by what they say.

    Chinese terms of any length, and Latin ones with their punctuation, are found inside Chinese text:

        wenzhai search '单细胞 PD-L1' --journal Nature --since 2024-01-01

    --has knows pmid, doi, journal, impact_factor, genes, methods, tools, diseases, accessions, findings, limitations
    and more; --facets knows journal, gene, central_gene, method, tool, disease, account, kind, year, month, day.
    """
    divisions = comma_separated(facets)
    wanted = replace(filters, limit=limit, offset=offset, sort=_order(sort, newest=newest))
    _check_one_answer({"--findings": findings, "--count": count, "--facets": bool(divisions)})
    with open_searcher(database_from(config, db)) as store, pointing_into(wanted.text):
        if divisions:
            from .facet_lines import tell_facets

            tell_facets(store, wanted, divisions, as_json=as_json)
        elif count:
            number = store.count(wanted)
            print(f'{{"count": {number}}}' if as_json else number)
        elif findings:
            _tell_findings(store, wanted, as_json=as_json)
        else:
            _tell_articles(store, wanted, as_json=as_json)


def _order(
    sort: Literal["relevance", "date", "exact"] | None, *, newest: bool
) -> Literal["relevance", "date", "exact"]:
    if newest and sort not in (None, "date"):
        raise QueryError(f"is not --sort {sort}", subject="--newest", hint="leave out one of them")
    return "date" if newest else sort or "relevance"


def _check_one_answer(asked: dict[str, bool]) -> None:
    several = [option for option, is_given in asked.items() if is_given]
    if len(several) > 1:
        raise QueryError("are different answers", subject=" and ".join(several), hint="ask for one of them")


def _tell_articles(store: Searcher, wanted: SearchQuery, *, as_json: bool) -> None:
    hits = store.search(wanted)
    if as_json:
        print_json(hits)
        return
    show_hits(screen(), hits, first=wanted.offset + 1)
    number = store.count(wanted, up_to=COUNTED + 1)
    all_of_them = f"more than {COUNTED} articles" if number > COUNTED else counted_noun(number, "article")
    print(f"{len(hits)} of {all_of_them}" if number else _NOTHING)


def _tell_findings(store: Searcher, wanted: SearchQuery, *, as_json: bool) -> None:
    sentences = store.search_findings(wanted)
    if as_json:
        print_json(sentences)
        return
    show_finding_hits(screen(), sentences, first=wanted.offset + 1)
    print(counted_noun(len(sentences), "sentence") if sentences else _NOTHING)


def related(
    key: Annotated[str, Argument("An article's id, the beginning of one, or its address.", metavar="ID")],
    limit: Annotated[int, Option("How many to show of those that share genes.", "--limit", "-n", minimum=1)] = 10,
    as_json: Annotated[bool, Option("One JSON object a line.", "--json")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Find articles on the same paper, then those that are about the same genes, the rarest genes first."""
    with open_searcher(database_from(config, db)) as store:
        found = store.related(store.locate_article(key), limit=limit)
    if as_json:
        print_json(found)
        return
    show_related(screen(), found)
    same = sum(1 for each in found if each.same_paper)
    told = f"{same} on the same paper, {len(found) - same} with central genes in common"
    print(told if found else _NOTHING)


@contextmanager
def pointing_into(query: str) -> Iterator[None]:
    """Shows where in the query a QueryError stopped, before it goes on its way."""
    try:
        yield
    except QueryError as error:
        if error.position is not None:
            print(f"  {plain(query)}\n  {' ' * cell_width(query[: error.position])}^", file=sys.stderr)
        raise
