"""Records that have everything an exporter can trip over."""

from __future__ import annotations

from wenzhai.models import (
    Accession,
    DigestRecord,
    Disease,
    Finding,
    FindingRole,
    Journal,
    Method,
    PageProblem,
    PageRef,
    PageState,
    Paper,
    PaperMention,
    PaperRole,
    Part,
    Tool,
)
from wenzhai.storage import Store

from .examples import finding, gene, make_article, make_page, make_record, mention, put_text

TITLE = "𝒳-连锁与<PD-L1> & “CD8⁺ T”细胞 #1_{x}"
SENTENCE = "PD-L1在CD8⁺ T细胞浸润的肿瘤中升高，𠮷野家样本除外。"
TEXT = f"=1+1 是引文 [1] *号* `码` <b>粗</b>\n{SENTENCE}\n采用单细胞RNA\n测序与Seurat分析GSE113854。局限是样本少。"


def rich_record(name: str = "a", *, url: str = "") -> DigestRecord:
    """A digest of one paper that also cites another, with characters beyond the BMP, markup and formulas."""
    article = make_article(
        title=TITLE, text=TEXT, aliases=(f"url:{url or f'https://example.org/{name}?a=1&b=<2>'}",), account="@生信人"
    )
    found = mention(article, "GSE113854")
    digested = Paper(
        role=PaperRole.PRIMARY,
        title="Regulation of {CD274} by 50% & more_things: a $5 ~study^2 \\ #1",
        title_zh="CD274的调控",
        journal=Journal(name="Nature", as_written="自然", abbreviation="Nature", issn="0028-0836"),
        impact_factor=50.5,
        quartile="Q1",
        published="2025年6月18日",
        doi="10.1038/s41586_025(1)",
        pmid="40000001",
        pmcid="PMC1234567",
        url="https://example.org/paper?q={1}&r=50%25",
        mentions=(PaperMention(text=found.text, start=found.start, end=found.end, field="title"),),
    )
    cited = Paper(role=PaperRole.CITED, title="=cmd()", published="2019年")
    nameless = Paper(role=PaperRole.CITED, impact_factor=3.0)
    limitation = "局限是样本少。"
    start = article.text.index(limitation)
    return make_record(
        article,
        papers=(digested, cited, nameless),
        genes=(
            gene(article, "CD274", "PD-L1").model_copy(
                update={
                    "central": True,
                    "mentions": (mention(article, "PD-L1"), mention(article, "PD-L1", part=Part.TITLE)),
                }
            ),
        ),
        methods=(Method(name="scRNA-seq", id="OBI:0002631", mentions=(mention(article, "单细胞RNA\n测序"),)),),
        tools=(Tool(name="Seurat", mentions=(mention(article, "Seurat"),)),),
        diseases=(Disease(name="cancer", id="DOID:162", mentions=(mention(article, "肿瘤"),)),),
        accessions=(Accession(kind="GEO", value="GSE113854", mentions=(found,)),),
        findings=(
            finding(article, SENTENCE, genes=("CD274",), key=True),
            Finding(text=limitation, start=start, end=start + len(limitation), role=FindingRole.LIMITATION),
        ),
    )


def empty_record(name: str = "empty") -> DigestRecord:
    """A record that claims nothing, of an article without address and date."""
    return make_record(make_article(title="", text="", aliases=(f"file:{name}.md",), account="", published_at=None))


def control_record() -> DigestRecord:
    """A record whose article has what XML cannot hold and what terminals, spreadsheets and brat trip over."""
    article = make_article(
        title="\x0b铃\x07", text="前\x08后\r\nTP53\ufffe尾\u2028", aliases=("url:https://example.org/c",)
    )
    return make_record(article, genes=(gene(article, "TP53", "TP53"),))


def fill(store: Store) -> None:
    """Articles with everything there can be of them."""
    rich = rich_record()
    page = make_page("https://example.org/rich", content=b"<p>rich</p>")
    article = make_article(title=TITLE, text=TEXT, aliases=("url:https://example.org/a?a=1&b=<2>",), page=page)
    store.put_article(article, page, rich)
    page = make_page("empty.md", content=b"")
    empty = make_article(title="", text="", aliases=("file:empty.md",), account="", published_at=None, page=page)
    store.put_article(empty, page, empty_record())
    for number in range(30):
        put_text(store, f"第{number}篇，肿瘤微环境。" * 20, title=f"题{number}", name=str(number))
    ref = PageRef("https://example.org/gone", "example")
    store.put_problem(ref, PageProblem(ref, PageState.DELETED, "gone"), make_page("x", content=b"gone"), None)
