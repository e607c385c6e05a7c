"""Reasons why words that look like a gene are not one, decided one candidate at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..models import BlockKind
from .folding import CJK, fold, fold_width
from .knowledge import Knowledge
from .reading import Line, Reading
from .term_matcher import Candidate, TermMatch

# Words beside a name that say it is a gene or its product.
_CUE_AFTER = re.compile(
    r"^[\s）)\]]{0,2}(?:[+\-](?!\d)|阳性|阴性)?\s?(?:的)?(?:基因|蛋白|mRNA|受体|配体|抗体|激酶|酶|通路|信号|轴|突变|敲除|敲低|敲降|缺失|沉默|过表达|高表达|低表达|表达|抑制剂|激动剂|拮抗剂|启动子"
    r"|磷酸化|甲基化|扩增|融合|野生型|阳性|水平|转录|缺陷|的表达|编码|介导|依赖|gene|protein|mRNA|receptor|inhibitor|mutation|expression|signaling|pathway|knockout)",
    re.IGNORECASE,
)
_CUE_BEFORE = re.compile(
    r"(?:基因|蛋白|受体|配体|因子|激酶|通路|敲除|敲低|过表达|表达|抑制|激活|靶向|编码|标志物|标记物|marker|markers|gene|genes|protein|anti|抗|突变|分泌|磷酸化)\s?[:：（(]?\s?$",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(r"^\s?(?:[、,，/+]|和|与|及|and\s)\s?")
_LINEAGE = frozenset({"CD3", "CD4", "CD8", "CD45", "CD3D", "CD3E", "CD8A", "PTPRC"})
_LINEAGE_AFTER = re.compile(
    r"^\s?(?:[+\-⁺⁻](?:\s?/\s?CD\d+[+\-⁺⁻]?)?|阳性|阴性)?\s?(?:[A-Za-z]{0,3}\s?)?(?:T|B|NK|淋巴|单核|细胞|cell|naive|初始|效应|记忆|耗竭)"
)
_GENE_WORD = re.compile(
    r"基因|蛋白|受体|因子|激酶|酶|配体|抗原|素|通道|转运体|gene|protein|receptor|factor|kinase|ligase|ligand|antigen|enzyme|ase\b|in\b|homolog|domain|member|family|channel|transporter|inhibitor|regulator|RNA",
    re.IGNORECASE,
)
_NOT_GENE_WORD = re.compile(
    r"细胞$|微环境|陷阱|癌|[病症]$|综合征|分析$|测序|评分|指数|生存|网络|模型$|cells?$|carcinoma|cancer|disease|syndrome|survival|score|index|analysis|traps?$|environment|network|sequencing|therapy|imaging",
    re.IGNORECASE,
)
_LATIN = re.compile(r"[A-Za-z]")
_HAS_CJK = re.compile(f"[{CJK}]")
_UPPER = re.compile(r"[A-Z]")


@dataclass(frozen=True)
class Surroundings:
    """What the guards need to know of the article, gathered once."""

    reading: Reading
    knowledge: Knowledge
    blocked: tuple[tuple[int, int], ...]
    vetoed: frozenset[str]
    defined: frozenset[str]
    gene_places: frozenset[int]
    gene_ends: frozenset[int]


def lines_without_genes(line: Line) -> bool:
    """Tables without a Chinese word are program output: their names are not findings."""
    return line.kind is BlockKind.TABLE_ROW and not _HAS_CJK.search(line.text)


def definition_vetoes(short: str, long: str) -> bool:
    """Whether a definition can take a short form away from a gene.

    巨噬细胞（CD68） and 靶点（IFI27） name a marker, not a definition: what has a digit is only taken by an
    English long form, whose letters have been checked.
    """
    return not any(char.isdigit() for char in short) or not re.search(f"[{CJK}]", long)


def definition_names_gene(long: str, candidate: Candidate) -> bool:
    """Whether a long form given by the article fits this gene rather than something else."""
    wanted = re.sub(r"[\W_]+", "", fold(long))
    for form in candidate.entry.forms:
        known = re.sub(r"[\W_]+", "", fold(form.text))
        if len(known) > 3 and (known in wanted or wanted in known):
            return True
    if _NOT_GENE_WORD.search(long):
        return False
    return bool(_GENE_WORD.search(long))


def needs_cue(match: TermMatch, candidate: Candidate, knowledge: Knowledge) -> bool:
    """Whether this spelling is too often something else to be believed alone."""
    surface = fold_width(match.text)
    glued = surface.replace("-", "")
    if candidate.form.ambiguous or glued in knowledge.ambiguous_genes or glued.upper() in knowledge.ambiguous_genes:
        return True
    if candidate.form.role in ("chinese", "name"):
        return False
    if len(glued) <= 2:
        return True
    if candidate.form.role in ("previous", "hgnc_alias"):
        return True
    # Mouse case (Met, Max, Rest) is also how English words begin: without a digit it is not enough.
    read_as_mouse = surface != fold_width(candidate.form.text) and glued == glued.capitalize() != glued.upper()
    return read_as_mouse and not any(char.isdigit() for char in glued)


def is_hopeless(match: TermMatch, candidate: Candidate, knowledge: Knowledge) -> bool:
    """An obscure alias that is short, letters only, or usually something else: no cue can save it."""
    if candidate.form.role not in ("previous", "hgnc_alias"):
        return False
    glued = fold_width(match.text).replace("-", "")
    letters_only = not any(char.isdigit() for char in glued)
    return len(glued) < 4 or (letters_only and len(glued) < 5) or glued.upper() in knowledge.ambiguous_genes


def has_cue(match: TermMatch, around: Surroundings) -> bool:
    """Whether a neighbouring word, or a neighbouring gene in a list, says that this is a gene."""
    text = around.reading.document_text
    before, after = text[max(match.start - 12, 0) : match.start], text[match.end : match.end + 12]
    if _CUE_AFTER.match(after) or _CUE_BEFORE.search(before):
        return True
    mark = _LIST_MARK.match(after)
    if mark and match.end + mark.end() in around.gene_places:
        return True
    back = re.search(r"(?:[、,，/+\-]|和|与|及)\s?$", before)
    return bool(back and match.start - len(back.group()) in around.gene_ends)


def names_lineage(match: TermMatch, around: Surroundings) -> bool:
    """CD4, CD8, CD3 and CD45 before a cell type name the cell, not the protein."""
    if fold_width(match.text).upper() not in _LINEAGE:
        return False
    after = around.reading.plain_text[match.end : match.end + 16]
    return bool(_LINEAGE_AFTER.match(after))


def in_capitals(match: TermMatch, line: Line) -> bool:
    """Whether the line is set in capitals, where any word looks like a symbol."""
    if any(char.isdigit() for char in match.text) or _HAS_CJK.search(line.text):
        return False
    letters = len(_LATIN.findall(line.text))
    return letters >= 15 and len(_UPPER.findall(line.text)) > 0.8 * letters
