"""PubMed through NCBI's E-utilities: esearch and esummary (JSON), efetch (XML).

https://www.ncbi.nlm.nih.gov/books/NBK25497/: 3 requests a second, 10 with an API key; a tool name and a mail
address let NCBI write before it blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from ...models import FetchError, Notice, NoticeKind, PublishedPaper, normalise_pmid
from .answer_values import checked_doi, checked_pmcid, json_object, plain_text, printed_title, years_in
from .comparison import same_title, title_words
from .service_client import Answer, ServiceClient, ServiceContext

NAME = "PubMed"
PMIDS_AT_ONCE = 200
DOIS_AT_ONCE = 20
CANDIDATES = 5
_DELAY, _DELAY_WITH_KEY = 0.34, 0.1
_TITLES = ("ArticleTitle", "VernacularTitle")
# https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html#commentscorrections
_NOTICES = {
    "RetractionIn": NoticeKind.RETRACTION,
    "ExpressionOfConcernIn": NoticeKind.CONCERN,
    "ErratumIn": NoticeKind.ERRATUM,
    "CorrectedandRepublishedIn": NoticeKind.ERRATUM,
}


class PubMed:
    """Looks papers up in PubMed.

    Args:
        address: of the E-utilities.
        api_key: raises the limit from 3 to 10 requests a second; may be empty.
        contact: a mail address; may be empty.
    """

    def __init__(self, *, address: str, api_key: str, contact: str, context: ServiceContext) -> None:
        self._client = ServiceClient(
            NAME,
            address=address,
            delay=_DELAY_WITH_KEY if api_key else _DELAY,
            parameters={"db": "pubmed", "tool": "wenzhai", "email": contact, "api_key": api_key},
            context=context,
        )

    def close(self) -> None:
        self._client.close()

    def by_pmids(self, pmids: Sequence[str]) -> dict[str, Answer]:
        """The paper of each PMID."""
        kept = self._client.answers([f"pmid:{pmid}" for pmid in pmids], ask=self._fetch_articles, batch=PMIDS_AT_ONCE)
        return {question.removeprefix("pmid:"): _papers(answer) for question, answer in kept.items()}

    def by_dois(self, dois: Sequence[str]) -> dict[str, Answer]:
        """The paper of each DOI; a DOI that PubMed does not know leads to none."""
        kept = self._client.answers([f"doi:{doi}" for doi in dois], ask=self._search_dois, batch=DOIS_AT_ONCE)
        return {question.removeprefix("doi:"): self._led_to(answer) for question, answer in kept.items()}

    def by_title(self, title: str) -> Answer:
        """The papers that have this title."""
        question = f"title:{title}"
        return self._led_to(self._client.answers([question], ask=self._search_title)[question])

    def _led_to(self, answer: str | FetchError) -> Answer:
        """The papers whose PMIDs are the answer."""
        if isinstance(answer, FetchError):
            return answer
        papers: list[PublishedPaper] = []
        for found in self.by_pmids(answer.split()).values():
            if isinstance(found, FetchError):
                return found
            papers += found
        return tuple(papers)

    def _fetch_articles(self, questions: Sequence[str]) -> dict[str, str]:
        ids = ",".join(question.removeprefix("pmid:") for question in questions)
        articles = self._client.get("/efetch.fcgi", {"id": ids, "retmode": "xml"}, parse=_articles)
        return {f"pmid:{pmid}": text for pmid, text in articles.items()}

    def _search_dois(self, questions: Sequence[str]) -> dict[str, str]:
        dois = [question.removeprefix("doi:") for question in questions]
        pmids = self._search(" OR ".join(f'"{doi}"[doi]' for doi in dois), limit=len(dois) * 2)
        found: dict[str, str] = {}
        for answer in self.by_pmids(pmids).values():
            if isinstance(answer, FetchError):
                raise answer
            found |= {f"doi:{paper.doi}": paper.pmid for paper in answer if paper.doi and paper.pmid}
        return found

    def _search_title(self, questions: Sequence[str]) -> dict[str, str]:
        title = questions[0].removeprefix("title:")
        pmids = self._search(" AND ".join(f"{word}[Title]" for word in title_words(title)), limit=CANDIDATES)
        if not pmids:
            return {}
        summaries = self._client.get(
            "/esummary.fcgi", {"id": ",".join(pmids), "retmode": "json", "version": "2.0"}, parse=_summary_titles
        )
        return {questions[0]: " ".join(pmid for pmid, found in summaries.items() if same_title(title, found))}

    def _search(self, term: str, *, limit: int) -> list[str]:
        return self._client.get(
            "/esearch.fcgi", {"term": term, "retmode": "json", "retmax": str(limit)}, parse=_found_pmids
        )


def _found_pmids(content: bytes) -> list[str]:
    answer = json_object(content)
    result = answer.get("esearchresult")
    if "error" in answer or not isinstance(result, dict) or "idlist" not in result:
        told = answer.get("error") or (isinstance(result, dict) and result.get("ERROR")) or "no esearchresult"
        raise ValueError(str(told))
    return [normalise_pmid(str(pmid)) for pmid in result["idlist"]]


def _summary_titles(content: bytes) -> dict[str, str]:
    answer = json_object(content)
    result = answer.get("result")
    if "error" in answer or not isinstance(result, dict):
        raise ValueError(str(answer.get("error") or "no result"))
    summaries = {str(uid): result.get(str(uid), {}) for uid in result.get("uids", ())}
    return {uid: str(summary.get("title", "")) for uid, summary in summaries.items() if "error" not in summary}


def _root(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"no XML: {error}") from error


def _articles(content: bytes) -> dict[str, str]:
    """The articles of an efetch answer by PMID, each as it came."""
    root = _root(content)
    if root.tag != "PubmedArticleSet":
        raise ValueError(f"<{root.tag}> where a <PubmedArticleSet> should be")
    return {
        pmid: etree.tostring(article, encoding="unicode", with_tail=False)
        for article in root.iterfind("PubmedArticle")
        if (pmid := article.findtext("MedlineCitation/PMID"))
    }


def _papers(answer: str | FetchError) -> Answer:
    if isinstance(answer, FetchError):
        return answer
    return (read_article(answer),) if answer else ()


def read_article(text: str) -> PublishedPaper:
    """The paper that a ``<PubmedArticle>`` describes (DTD: https://dtd.nlm.nih.gov/ncbi/pubmed/)."""
    root = _root(text.encode())
    article = root.find("MedlineCitation/Article")
    if article is None:
        return PublishedPaper(services=(NAME,), pmid=root.findtext("MedlineCitation/PMID"))
    ids = {each.get("IdType"): each.text for each in root.iterfind("PubmedData/ArticleIdList/ArticleId")}
    located = article.findtext("ELocationID[@EIdType='doi']")
    issns = (*article.iterfind("Journal/ISSN"), *root.iterfind("MedlineCitation/MedlineJournalInfo/ISSNLinking"))
    names = ("Journal/Title", "Journal/ISOAbbreviation")
    abbreviation = root.findtext("MedlineCitation/MedlineJournalInfo/MedlineTA")
    return PublishedPaper(
        services=(NAME,),
        titles=tuple(filter(None, (printed_title(_text(article.find(name))) for name in _TITLES))),
        journals=tuple(dict.fromkeys(filter(None, (*map(article.findtext, names), abbreviation)))),
        issns=tuple(dict.fromkeys(each.text for each in issns if each.text)),
        years=tuple(dict.fromkeys(_years(article))),
        doi=checked_doi(ids.get("doi") or located),
        pmid=root.findtext("MedlineCitation/PMID"),
        pmcid=checked_pmcid(ids.get("pmc")),
        abstract=" ".join(_text(each) for each in article.iterfind("Abstract/AbstractText")),
        notices=tuple(_notices(root)),
    )


def _text(element: etree._Element | None) -> str:
    return "" if element is None else plain_text("".join(map(str, element.itertext())))


def _years(article: etree._Element) -> Iterator[int]:
    for date in (article.find("Journal/JournalIssue/PubDate"), *article.iterfind("ArticleDate")):
        if date is not None:
            yield from years_in(date.findtext("Year") or date.findtext("MedlineDate") or "")


def _notices(root: etree._Element) -> Iterator[Notice]:
    told = False
    for each in root.iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections"):
        kind = _NOTICES.get(each.get("RefType", ""))
        if kind is not None:
            told = told or kind is NoticeKind.RETRACTION
            pmid = each.findtext("PMID")
            source = re.sub(r"\s+", " ", each.findtext("RefSource") or "").strip()
            yield Notice(kind=kind, reference=" ".join(filter(None, (source, pmid and f"PMID {pmid}"))))
    types = {each.text for each in root.iterfind("MedlineCitation/Article/PublicationTypeList/PublicationType")}
    if "Retracted Publication" in types and not told:
        yield Notice(kind=NoticeKind.RETRACTION)
