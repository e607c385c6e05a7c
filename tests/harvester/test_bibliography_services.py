"""The three services, asked over real connections: what they say, and what becomes of their failures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from wenzhai.harvester.bibliography.pubmed import read_article
from wenzhai.harvester.bibliography.service_client import ServiceContext
from wenzhai.harvester.bibliography.services import BibliographicServices, ServiceAddresses
from wenzhai.harvester.clock import Clock
from wenzhai.harvester.fetch_options import FetchOptions
from wenzhai.models import Journal, NoticeKind, Paper, PaperField, PaperResolution, PaperRole, Verdict

from ..bibliography_server import BibliographyServer, ServedPaper

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FOG = ServedPaper(
    "Fog protein one drives the formation of mist in lungs",
    pmid="101",
    doi="10.1234/fog",
    pmcid="PMC77",
    issn="1234-5678",
    abstract="FOG1 & TP53 rise.",
    erratum_pmid="111",
)
RAIN = ServedPaper(
    "Rain of another kind falls on the clouds", "Cloud Science", "Cloud Sci", pmid="102", doi="10.1234/rain"
)
SNOW = ServedPaper(
    "Snow was never seen in this desert before", pmid="103", retraction_pmid="999", doi="10.1234/snow", year=2020
)
PREPRINT = ServedPaper("A preprint about hail that nobody reviewed", "bioRxiv", "", doi="10.1101/hail", year=2025)
RETRACTED_AT_CROSSREF = ServedPaper(
    "Sleet in two dimensions, withdrawn", doi="10.1234/sleet", retraction_doi="10.1234/note"
)


class Memory:
    """A cache that forgets when the test ends."""

    def __init__(self) -> None:
        self.now = NOW
        self.kept: dict[tuple[str, str], tuple[str, datetime]] = {}

    def read_answer(self, service: str, question: str) -> tuple[str, datetime] | None:
        return self.kept.get((service, question))

    def write_answers(self, service: str, answers: Mapping[str, str]) -> None:
        self.kept |= {(service, question): (answer, self.now) for question, answer in answers.items()}


class Bench:
    """The services before a loopback server, with a clock that does not wait."""

    def __init__(self, server: BibliographyServer) -> None:
        self.server = server
        self.cache = Memory()
        self.waits: list[float] = []
        self.seconds = 0.0

    def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds

    def check(self, *papers: Paper, offline: bool = False, key: str = "", contact: str = "") -> list[PaperResolution]:
        clock = Clock(now=lambda: self.cache.now, monotonic=lambda: self.seconds, sleep=self._sleep, random=lambda: 0.0)
        context = ServiceContext(
            options=FetchOptions(allow_private_hosts=True, use_system_proxy=False),
            cache=self.cache,
            clock=clock,
            offline=offline,
        )
        base = self.server.base
        addresses = ServiceAddresses(
            ncbi=f"{base}/eutils",
            crossref=f"{base}/crossref",
            europe_pmc=f"{base}/europepmc",
            ncbi_api_key=key,
            contact=contact,
        )
        with BibliographicServices(addresses, context=context) as services:
            return [resolution for resolution, _ in services.check(papers)]


@pytest.fixture
def bench() -> Iterator[Bench]:
    with BibliographyServer([FOG, RAIN, SNOW, PREPRINT, RETRACTED_AT_CROSSREF]) as server:
        yield Bench(server)


def claim(title: str | None = None, *, journal: str | None = None, **fields: str) -> Paper:
    named = Journal(name=journal, as_written=journal) if journal else None
    return Paper(role=PaperRole.PRIMARY, title=title, journal=named, **fields)  # type: ignore[arg-type]


def told(resolution: PaperResolution) -> dict[str, tuple[str, str | None]]:
    return {check.field.value: (check.verdict.value, check.found) for check in resolution.fields}


def test_all_agrees(bench: Bench) -> None:
    [checked] = bench.check(
        claim(FOG.title, journal="J Invent Results", doi=FOG.doi, pmid="101", published="2024年3月"), contact="a@b.org"
    )
    assert checked.verdict is Verdict.MATCH
    assert {check.verdict for check in checked.fields} == {Verdict.MATCH}
    assert (checked.pmcid, checked.services) == ("PMC77", ("PubMed", "Crossref"))
    assert [(notice.kind, notice.reference) for notice in checked.notices] == [
        (NoticeKind.ERRATUM, "J Invent Results. 2025;9:1. PMID 111")
    ]
    paths = dict(bench.server.queries)
    assert paths["/crossref/works"]["mailto"] == "a@b.org"
    assert paths["/eutils/efetch.fcgi"]["tool"] == "wenzhai"


def test_wrong_pmid(bench: Bench) -> None:
    [checked] = bench.check(claim(FOG.title, pmid="102"))
    assert checked.verdict is Verdict.MISMATCH
    assert told(checked)["pmid"] == ("mismatch", "101")
    assert told(checked)["doi"] == ("resolved", "10.1234/fog")
    assert checked.found_by == "title"


def test_swapped_doi(bench: Bench) -> None:
    [checked] = bench.check(claim(FOG.title, doi=RAIN.doi, journal="J Invent Results"))
    assert told(checked)["doi"] == ("mismatch", "10.1234/fog")
    assert told(checked)["journal"][0] == "match"


def test_wrong_journal(bench: Bench) -> None:
    [checked] = bench.check(claim(FOG.title, doi=FOG.doi, journal="Cloud Science"))
    assert told(checked)["journal"] == ("mismatch", "The Journal of Invented Results")
    assert told(checked)["pmid"] == ("resolved", "101")


def test_wrong_journal_and_nothing_but_a_doi_resolves_nothing(bench: Bench) -> None:
    [checked] = bench.check(claim(doi=FOG.doi, journal="Cloud Science"))
    assert set(told(checked)) == {"doi", "journal"}


def test_retracted(bench: Bench) -> None:
    [snow, sleet] = bench.check(claim(pmid="103"), claim(RETRACTED_AT_CROSSREF.title))
    assert snow.retracted
    assert snow.notices[0].reference == "J Invent Results. 2021;9:1. PMID 999"
    assert sleet.retracted
    assert [notice.reference for notice in sleet.notices] == ["DOI 10.1234/note"], "two say so, of one notice"
    assert snow.verdict is sleet.verdict is Verdict.MATCH


def test_preprint_is_found_elsewhere(bench: Bench) -> None:
    [by_doi, by_title] = bench.check(claim(doi=PREPRINT.doi), claim(PREPRINT.title, journal="bioRxiv"))
    assert by_doi.verdict is Verdict.MATCH
    assert by_doi.services == ("Crossref",)
    assert told(by_title)["doi"] == ("resolved", PREPRINT.doi)
    assert told(by_title)["journal"][0] == "match"


def test_what_nobody_knows(bench: Bench) -> None:
    papers = [claim("Nobody ever wrote about nothing at all"), claim(journal="Nature"), claim(pmid="5555555")]
    unknown, bare, no_such = bench.check(*papers, claim(title_zh="雾的研究"))[:3]
    assert unknown.verdict is bare.verdict is Verdict.UNVERIFIABLE
    assert told(no_such)["pmid"] == ("mismatch", None)
    assert not any(each.unanswered for each in (unknown, bare, no_such))


def test_numbers_are_asked_for_together_and_only_once(bench: Bench) -> None:
    papers = [claim(pmid="101"), claim(pmid="102"), claim(pmid="103"), claim(pmid="101")]
    first = bench.check(*papers)
    assert bench.server.asked == {"/eutils/efetch.fcgi": 1}
    assert bench.check(*papers) == first
    assert bench.server.asked == {"/eutils/efetch.fcgi": 1}
    bench.cache.now += timedelta(days=31)
    bench.check(*papers)
    assert bench.server.asked == {"/eutils/efetch.fcgi": 2}


@pytest.mark.parametrize("fault", ["429", "limit", "cut", "500", "503", "html"])
def test_a_failure_that_passes(bench: Bench, fault: str) -> None:
    bench.server.faults.extend([fault])
    [checked] = bench.check(claim(pmid="101"))
    assert checked.verdict is Verdict.MATCH
    assert not checked.unanswered
    if fault == "429":
        assert max(bench.waits) == pytest.approx(7.0, abs=2.1), "as Retry-After says"


def test_a_failure_that_lasts_is_a_value_and_is_asked_again(bench: Bench) -> None:
    bench.server.faults.extend(["500"] * 8)
    [failed] = bench.check(claim(pmid="101"))
    assert failed.verdict is Verdict.UNVERIFIABLE
    assert [reason.partition(":")[0] for reason in failed.unanswered] == ["PubMed", "Europe PMC"]
    bench.server.faults.clear()
    [checked] = bench.check(claim(pmid="101"))
    assert checked.verdict is Verdict.MATCH


def test_europe_pmc_answers_for_pubmed(bench: Bench) -> None:
    bench.server.faults.extend(["500"] * 4)
    [checked] = bench.check(claim(pmid="101", journal="Cloud Science"))
    assert checked.services == ("Europe PMC",)
    assert told(checked)["journal"][0] == "mismatch"
    assert checked.unanswered, "PubMed is asked again another time"


def test_a_service_out_of_reach_is_soon_left_alone(bench: Bench) -> None:
    bench.server.faults.extend(["500"] * 400)
    bench.check(*[claim(f"Some title number {number} of nothing") for number in range(20)])
    assert bench.server.asked.total() == 3 * 3 * 4, "three services, three questions, four tries"


def test_old_answers_serve_when_the_network_is_gone(bench: Bench) -> None:
    bench.check(claim(pmid="101"))
    bench.cache.now += timedelta(days=300)
    bench.server.faults.extend(["500"] * 100)
    [checked] = bench.check(claim(pmid="101"))
    assert checked.verdict is Verdict.MATCH


def test_offline_asks_nobody(bench: Bench) -> None:
    [checked] = bench.check(claim(FOG.title, pmid="101"), offline=True)
    assert not bench.server.asked
    assert checked.verdict is Verdict.UNVERIFIABLE
    assert all("offline" in reason for reason in checked.unanswered)
    bench.check(claim(pmid="101"))
    [checked] = bench.check(claim(pmid="101"), offline=True)
    assert checked.verdict is Verdict.MATCH
    assert not checked.unanswered


@pytest.mark.parametrize(("key", "pause"), [("", 0.34), ("secret", 0.1)])
def test_pubmed_is_asked_3_times_a_second_and_with_a_key_10_times(bench: Bench, key: str, pause: float) -> None:
    bench.check(claim(FOG.title), key=key)
    asked = [path for path, _ in bench.server.queries if path.startswith("/eutils")]
    assert asked == ["/eutils/esearch.fcgi", "/eutils/esummary.fcgi", "/eutils/efetch.fcgi"]
    assert bench.waits == pytest.approx([pause, pause])


def test_no_message_names_the_key(bench: Bench) -> None:
    bench.server.faults.extend(["500"] * 100)
    [checked] = bench.check(claim(pmid="101"), key="very-secret-key", contact="a@b.org")
    assert checked.unanswered
    assert "secret" not in checked.model_dump_json()
    assert "a@b" not in checked.model_dump_json()


def test_entities_in_xml_are_not_resolved() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><PubmedArticle><MedlineCitation><PMID>1</PMID>'
    paper = read_article(
        f"{bomb}<Article><ArticleTitle>&x;A</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    )
    assert paper.titles in (("A",), ("&x;A",))


def test_only_fields_that_are_claimed_or_known_are_told(bench: Bench) -> None:
    [checked] = bench.check(claim(title_zh="雾蛋白", pmid="101"))
    assert told(checked)["title"][0] == "unverifiable"
    assert checked.verdict is Verdict.MATCH
    assert checked.check(PaperField.JOURNAL) is not None
