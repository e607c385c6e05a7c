"""NCBI's E-utilities, Crossref and Europe PMC on the loopback interface, in their own formats, faults on request.

Needs nothing but the standard library, so that the benchmark can use it as well.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

_DOCTYPE = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)


@dataclass(frozen=True)
class ServedPaper:
    """A paper that the services know; without a PMID PubMed and Europe PMC do not, without a DOI Crossref does not."""

    title: str
    journal: str = "The Journal of Invented Results"
    abbreviation: str = "J Invent Results"
    year: int = 2024
    pmid: str = ""
    doi: str = ""
    pmcid: str = ""
    issn: str = ""
    abstract: str = ""
    retraction_pmid: str = ""
    retraction_doi: str = ""
    erratum_pmid: str = ""


class BibliographyServer:
    """Serves until its block ends.

    Attributes:
        faults: what the next requests get instead of an answer: ``429``, ``limit``, ``500``, ``html``, ``cut``.
        asked: how often each path was asked for.
        queries: the parameters of every request, in order.
    """

    def __init__(self, papers: Iterable[ServedPaper]) -> None:
        self.papers = list(papers)
        self.faults: deque[str] = deque()
        self.asked: Counter[str] = Counter()
        self.queries: list[tuple[str, dict[str, str]]] = []

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def settings(self) -> dict[str, str]:
        """The settings that lead to this server."""
        return {
            "ncbi_address": f"{self.base}/eutils",
            "crossref_address": f"{self.base}/crossref",
            "europe_pmc_address": f"{self.base}/europepmc",
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Cut connections are what some tests are about."""


def _handler(server: BibliographyServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        service = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    service: BibliographyServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        given = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.service.asked[parts.path] += 1
        self.service.queries.append((parts.path, given))
        if self.service.faults:
            self._misbehave(self.service.faults.popleft())
            return
        routes: dict[str, Callable[[Sequence[ServedPaper], Mapping[str, str]], str]] = {
            "/eutils/esearch.fcgi": esearch,
            "/eutils/esummary.fcgi": esummary,
            "/eutils/efetch.fcgi": efetch,
            "/crossref/works": crossref_works,
            "/europepmc/search": europe_pmc_search,
        }
        route = routes.get(parts.path)
        if route is None:
            self._answer(404, "Resource not found.", "text/plain")
            return
        media = "text/xml; charset=UTF-8" if route is efetch else "application/json; charset=UTF-8"
        self._answer(200, route(self.service.papers, given), media)

    def _misbehave(self, fault: str) -> None:
        if fault == "cut":
            # A reset in the middle of the body: what a dropped connection looks like.
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b'{"header":')
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
        elif fault == "429":
            self._answer(429, "Too many requests", "text/plain", {"Retry-After": "7"})
        elif fault == "limit":  # NCBI's own words
            told = {"error": "API rate limit exceeded", "api-key": "127.0.0.1", "count": "4", "limit": "3"}
            self._answer(429, json.dumps(told), "application/json")
        elif fault == "html":
            self._answer(200, "<!DOCTYPE html><html><body>Service temporarily unavailable</body></html>", "text/html")
        else:
            self._answer(int(fault), "<html><body>error</body></html>", "text/html")

    def _answer(self, status: int, body: str, media: str, headers: Mapping[str, str] | None = None) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def esearch(papers: Sequence[ServedPaper], given: Mapping[str, str]) -> str:
    """esearch.fcgi, retmode=json: PMIDs for ``"10.…"[doi]`` joined by OR, or ``word[Title]`` joined by AND."""
    term = given["term"]
    dois = {doi.lower() for doi in re.findall(r'"([^"]+)"\[doi\]', term)}
    words = {word.casefold() for word in re.findall(r"(\w+)\[Title\]", term)}
    found = [
        paper.pmid
        for paper in papers
        if paper.pmid and (paper.doi.lower() in dois if dois else words and words <= _words(paper.title))
    ][: int(given.get("retmax", "20"))]
    result = {
        "count": str(len(found)),
        "retmax": str(len(found)),
        "retstart": "0",
        "idlist": found,
        "translationset": [],
        "querytranslation": term,
    }
    return json.dumps({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result})


def esummary(papers: Sequence[ServedPaper], given: Mapping[str, str]) -> str:
    """esummary.fcgi, retmode=json, version=2.0."""
    by_pmid = {paper.pmid: paper for paper in papers if paper.pmid}
    uids = given["id"].split(",")
    result: dict[str, Any] = {"uids": uids}
    for uid in uids:
        paper = by_pmid.get(uid)
        if paper is None:
            result[uid] = {"uid": uid, "error": "cannot get document summary"}
            continue
        result[uid] = {
            "uid": uid,
            "pubdate": f"{paper.year} Mar 5",
            "epubdate": "",
            "source": paper.abbreviation,
            "title": _printed_title(paper) + ".",
            "issn": paper.issn,
            "essn": "",
            "pubtype": ["Journal Article"],
            "articleids": [
                {"idtype": "pubmed", "idtypen": 1, "value": uid},
                {"idtype": "doi", "idtypen": 3, "value": paper.doi},
            ],
            "fulljournalname": paper.journal,
            "elocationid": f"doi: {paper.doi}" if paper.doi else "",
            "sortpubdate": f"{paper.year}/03/05 00:00",
        }
    return json.dumps({"header": {"type": "esummary", "version": "0.3"}, "result": result})


def _printed_title(paper: ServedPaper) -> str:
    return f"RETRACTED: {paper.title}" if paper.retraction_pmid else paper.title


def efetch(papers: Sequence[ServedPaper], given: Mapping[str, str]) -> str:
    """efetch.fcgi, retmode=xml: articles that do not exist are left out without a word."""
    wanted = given["id"].split(",")
    articles = "\n".join(_pubmed_article(paper) for paper in papers if paper.pmid in wanted)
    return f'<?xml version="1.0" ?>\n{_DOCTYPE}\n<PubmedArticleSet>\n{articles}\n</PubmedArticleSet>'


def _pubmed_article(paper: ServedPaper) -> str:
    kinds = ["Journal Article"] + (["Retracted Publication"] if paper.retraction_pmid else [])
    types = "".join(f'<PublicationType UI="D016428">{kind}</PublicationType>' for kind in kinds)
    notices = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>{escape(paper.abbreviation)}. {paper.year + 1};9:1.'
        f'</RefSource><PMID Version="1">{pmid}</PMID></CommentsCorrections>'
        for kind, pmid in (("RetractionIn", paper.retraction_pmid), ("ErratumIn", paper.erratum_pmid), ("Cites", "1"))
        if pmid
    )
    location = f'<ELocationID EIdType="doi" ValidYN="Y">{escape(paper.doi)}</ELocationID>' if paper.doi else ""
    ids = "".join(
        f'<ArticleId IdType="{kind}">{escape(value)}</ArticleId>'
        for kind, value in (("pubmed", paper.pmid), ("doi", paper.doi), ("pmc", paper.pmcid))
        if value
    )
    issn = f'<ISSN IssnType="Electronic">{paper.issn}</ISSN>' if paper.issn else ""
    abstract = f'<Abstract><AbstractText Label="RESULTS">{escape(paper.abstract)}</AbstractText></Abstract>'
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM" IndexingMethod="Automated">
<PMID Version="1">{paper.pmid}</PMID><DateRevised><Year>2026</Year><Month>01</Month><Day>02</Day></DateRevised>
<Article PubModel="Print-Electronic"><Journal>{issn}<JournalIssue CitedMedium="Internet"><Volume>9</Volume>
<PubDate><Year>{paper.year}</Year><Month>Mar</Month></PubDate></JournalIssue><Title>{escape(paper.journal)}</Title>
<ISOAbbreviation>{escape(paper.abbreviation)}.</ISOAbbreviation></Journal>
<ArticleTitle>{escape(_printed_title(paper))}.</ArticleTitle>{location}{abstract if paper.abstract else ""}
<PublicationTypeList>{types}</PublicationTypeList></Article>
<MedlineJournalInfo><MedlineTA>{escape(paper.abbreviation)}</MedlineTA><NlmUniqueID>1</NlmUniqueID></MedlineJournalInfo>
<CommentsCorrectionsList>{notices}</CommentsCorrectionsList></MedlineCitation>
<PubmedData><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>{ids}</ArticleIdList></PubmedData>
</PubmedArticle>"""


def crossref_works(papers: Sequence[ServedPaper], given: Mapping[str, str]) -> str:
    """/works: by ``filter=doi:…,doi:…`` or by ``query.bibliographic``, whose best hits need not be right."""
    known = [paper for paper in papers if paper.doi]
    if "filter" in given:
        dois = {part.removeprefix("doi:") for part in given["filter"].split(",")}
        found = [paper for paper in known if paper.doi.lower() in dois]
    else:
        wanted = _words(given["query.bibliographic"])
        found = sorted(known, key=lambda paper: -len(wanted & _words(paper.title)))
    items = [_work(paper) for paper in found[: int(given.get("rows", "20"))]]
    message = {"facets": {}, "total-results": len(found), "items": items, "items-per-page": 20, "query": {}}
    return json.dumps({"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message})


def _work(paper: ServedPaper) -> dict[str, Any]:
    work: dict[str, Any] = {
        "DOI": paper.doi.upper(),
        "type": "journal-article",
        "title": [f"<i>{paper.title}</i>"],
        "container-title": [paper.journal],
        "short-container-title": [paper.abbreviation],
        "ISSN": [paper.issn] if paper.issn else [],
        "issued": {"date-parts": [[paper.year, 3, 5]]},
        "reference": [{"key": "1", "unstructured": "x" * 200}],
        "score": 1.0,
    }
    if paper.retraction_doi:
        updated = {"date-parts": [[paper.year + 1, 1, 1]], "date-time": f"{paper.year + 1}-01-01T00:00:00Z"}
        work["updated-by"] = [
            {"DOI": paper.retraction_doi, "type": "retraction", "label": "Retraction", "source": source}
            | {"updated": updated}
            for source in ("publisher", "retraction-watch")
        ]
    return work


def europe_pmc_search(papers: Sequence[ServedPaper], given: Mapping[str, str]) -> str:
    """/search?format=json&resultType=core: by EXT_ID, DOI or TITLE words."""
    query = given["query"]
    pmid, doi = re.search(r"EXT_ID:(\d+)", query), re.search(r'DOI:"([^"]+)"', query)
    words = {word.casefold() for word in re.findall(r"TITLE:(\w+)", query)}
    found = [
        paper
        for paper in papers
        if (pmid and paper.pmid == pmid[1])
        or (doi and paper.doi.lower() == doi[1])
        or (words and words <= _words(paper.title))
    ]
    results = [_europe_pmc_result(paper) for paper in found[: int(given.get("pageSize", "25"))]]
    return json.dumps(
        {"version": "6.9", "hitCount": len(found), "request": dict(given), "resultList": {"result": results}}
    )


def _europe_pmc_result(paper: ServedPaper) -> dict[str, Any]:
    journal = {"title": paper.journal, "isoabbreviation": paper.abbreviation, "essn": paper.issn, "nlmid": "1"}
    result: dict[str, Any] = {
        "id": paper.pmid or "PPR1",
        "source": "MED" if paper.pmid else "PPR",
        "doi": paper.doi,
        "title": paper.title + ".",
        "journalInfo": {"yearOfPublication": paper.year, "journal": journal},
        "pubYear": str(paper.year),
        "abstractText": f"<h4>Results</h4>{paper.abstract}",
        "pubTypeList": {"pubType": ["research-article", "Journal Article"]},
    }
    if paper.pmid:
        result["pmid"] = paper.pmid
    if paper.retraction_pmid:
        notice = {"id": paper.retraction_pmid, "source": "MED", "type": "Retraction in", "reference": "J Invent. 2025"}
        result["commentCorrectionList"] = {"commentCorrection": [notice]}
    return result
